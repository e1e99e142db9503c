// Boxes with suggestions: what is typed is looked up, and one of what was found can be chosen.
"use strict";
{
    const DELAY = 150;
    let timer = null;
    let asked = 0;

    const partsOf = (input) => {
        const box = input.closest(".lookup");
        return {box, hidden: box.querySelector("input[type=hidden]"), list: box.querySelector("[role=listbox]")};
    };

    const close = (input) => {
        const {list} = partsOf(input);
        asked += 1;
        clearTimeout(timer);
        list.hidden = true;
        list.replaceChildren();
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    };

    const choose = (input, option) => {
        const {box, hidden} = partsOf(input);
        input.value = option.dataset.label;
        hidden.value = option.dataset.key;
        box.dataset.chosen = input.value;
        close(input);
        if (box.matches("[data-opens]")) {
            window.workbench.open(hidden.value);
        } else if (box.matches("[data-submits]")) {
            input.form.requestSubmit();
        } else {
            hidden.dispatchEvent(new Event("change", {bubbles: true}));
        }
    };

    const optionFor = (found, id) => {
        const option = document.createElement("li");
        option.id = id;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.key = found.key;
        option.dataset.label = found.label;
        option.textContent = found.label;
        if (found.hint) {
            const hint = document.createElement("span");
            hint.className = "quiet-text";
            hint.textContent = ` ${found.hint}`;
            option.append(hint);
        }
        return option;
    };

    const activate = (input, option) => {
        const {list} = partsOf(input);
        for (const each of list.children) {
            each.setAttribute("aria-selected", String(each === option));
        }
        if (option) {
            input.setAttribute("aria-activedescendant", option.id);
            option.scrollIntoView({block: "nearest"});
        }
    };

    const lookUp = async (input) => {
        const {box, list} = partsOf(input);
        const mine = ++asked;
        const url = new URL(document.querySelector("[data-lookup-url]").dataset.lookupUrl, document.baseURI);
        url.searchParams.set("of", box.dataset.lookup);
        url.searchParams.set("q", input.value);
        let results = [];
        try {
            const response = await fetch(url, {credentials: "same-origin", headers: {Accept: "application/json"}});
            results = (await response.json()).results;
        } catch (error) {
            // Nothing is offered then; what is typed stays.
        }
        if (mine !== asked) {
            return;
        }
        list.replaceChildren(...results.map((found, n) => optionFor(found, `${list.id}_${n}`)));
        list.hidden = results.length === 0;
        input.setAttribute("aria-expanded", String(results.length > 0));
        activate(input, list.firstElementChild);
    };

    const isLookup = (target) => target instanceof HTMLInputElement && target.matches(".lookup [role=combobox]");

    document.addEventListener("input", (event) => {
        const input = event.target;
        if (!isLookup(input)) {
            return;
        }
        const {hidden, box} = partsOf(input);
        clearTimeout(timer);
        if (!input.value.trim()) {
            close(input);
            hidden.value = "";
            box.dataset.chosen = "";
            if (!box.matches("[data-opens], [data-submits]")) {
                hidden.dispatchEvent(new Event("change", {bubbles: true}));
            }
            return;
        }
        timer = setTimeout(() => lookUp(input), DELAY);
    });

    document.addEventListener("keydown", (event) => {
        const input = event.target;
        if (!isLookup(input)) {
            return;
        }
        const {list} = partsOf(input);
        const options = [...list.children];
        const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const step = event.key === "ArrowDown" ? 1 : -1;
            activate(input, options[(at + step + options.length) % options.length]);
        } else if (event.key === "Enter" && options[at]) {
            event.preventDefault();
            choose(input, options[at]);
        } else if (event.key === "Escape" && !list.hidden) {
            // Elsewhere on the page it leads back to the text.
            event.stopImmediatePropagation();
            close(input);
        }
    });

    document.addEventListener("pointerdown", (event) => {
        const option = event.target.closest?.(".lookup [role=option]");
        if (option) {
            event.preventDefault();
            choose(option.closest(".lookup").querySelector("[role=combobox]"), option);
        }
    });

    document.addEventListener("focusout", (event) => {
        if (!isLookup(event.target)) {
            return;
        }
        close(event.target);
        // What was typed and not chosen is not what the record has.
        const {box} = partsOf(event.target);
        if (!box.matches("[data-opens], [data-submits]")) {
            event.target.value = box.dataset.chosen;
        }
    });
}
