// Names the search boxes that select2 puts in place of selects: it leaves them without a label.
"use strict";
{
    const labelOf = (select) => document.querySelector(`label[for="${CSS.escape(select.id)}"]`);

    const name = (container) => {
        const select = container.previousElementSibling;
        if (!(select instanceof HTMLSelectElement) || !select.id) {
            return;
        }
        const label = labelOf(select);
        if (!label) {
            return;
        }
        label.id = `${select.id}_label`;
        container.querySelectorAll('[role="combobox"]').forEach((box) => {
            const shown = container.querySelector(".select2-selection__rendered[id]");
            if (shown) {
                // A text box inside the combobox would need a name of its own; it is plain text.
                shown.removeAttribute("role");
                shown.removeAttribute("aria-readonly");
            }
            box.setAttribute("aria-labelledby", shown ? `${label.id} ${shown.id}` : label.id);
        });
        container.querySelectorAll("input.select2-search__field").forEach((input) => {
            input.setAttribute("aria-labelledby", label.id);
        });
    };

    const nameAll = (root) => root.querySelectorAll(".select2-container").forEach(name);

    const nameOpenSearch = () => {
        const open = document.querySelector(".select2-container--open [aria-labelledby]");
        document
            .querySelectorAll(".select2-dropdown input.select2-search__field")
            .forEach((input) => {
                if (open) {
                    input.setAttribute("aria-labelledby", open.getAttribute("aria-labelledby"));
                }
            });
    };

    const watch = () => {
        nameAll(document);
        new MutationObserver((changes) => {
            for (const {addedNodes} of changes) {
                for (const node of addedNodes) {
                    if (node instanceof HTMLElement) {
                        if (node.matches(".select2-container")) {
                            name(node);
                        }
                        nameAll(node);
                    }
                }
            }
            nameOpenSearch();
        }).observe(document.body, {childList: true, subtree: true});
    };

    if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", watch);
    } else {
        watch();
    }
}
