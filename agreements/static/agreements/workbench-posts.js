// Posts the forms of the workbench one after the other, and shows what the server answers.
"use strict";
{
    const bench = document.getElementById("workbench");
    const body = document.getElementById("panel-body");
    const panel = document.getElementById("panel");
    const said = document.getElementById("said");
    const unmarked = new Map();

    const say = (text, tone = "done") => {
        said.textContent = text;
        said.dataset.tone = tone;
    };

    // A button that is pressed must still be there when it is let go.
    let pressed = false;
    let released = [];
    const release = () => {
        pressed = false;
        setTimeout(() => released.splice(0).forEach((go) => go()));
    };
    document.addEventListener("pointerdown", () => { pressed = true; }, true);
    document.addEventListener("pointerup", release, true);
    document.addEventListener("pointercancel", release, true);
    const untilReleased = () =>
        pressed ? new Promise((go) => released.push(go)) : Promise.resolve();

    // What is typed

    const isTyped = (control) =>
        control instanceof HTMLInputElement ||
        control instanceof HTMLTextAreaElement ||
        control instanceof HTMLSelectElement;
    const valueOf = (control) => (control.type === "checkbox" ? String(control.checked) : control.value);
    const givenOf = (control) => {
        if (control.dataset.sent !== undefined) {
            return control.dataset.sent;
        }
        if (control.type === "checkbox") {
            return String(control.defaultChecked);
        }
        if (control.type === "hidden") {
            return control.dataset.given ?? control.value;
        }
        if (control instanceof HTMLSelectElement) {
            const given = [...control.options].find((option) => option.defaultSelected);
            return (given || control.options[0] || {value: ""}).value;
        }
        return control.defaultValue;
    };
    const isChanged = (control) => valueOf(control) !== givenOf(control);
    const setValue = (control, value) => {
        if (control.type === "checkbox") {
            control.checked = value === "true";
        } else {
            control.value = value;
        }
    };

    // The panel anew, with what was typed since, the focus, and what was unfolded

    const focusOf = () => {
        const at = document.activeElement;
        if (!at || !body.contains(at) || !at.id) {
            return null;
        }
        const span = isTyped(at) && at.selectionStart !== undefined ? [at.selectionStart, at.selectionEnd] : null;
        return {id: at.id, span};
    };

    const refocus = (focus) => {
        const at = focus && document.getElementById(focus.id);
        if (at) {
            at.focus({preventScroll: true});
            try {
                if (focus.span && focus.span[0] !== null) {
                    at.setSelectionRange(...focus.span);
                }
            } catch (error) {
                // Inputs of some types have no selection.
            }
        }
        return Boolean(at);
    };

    const replacePanel = (html) => {
        const focus = focusOf();
        const top = panel.scrollTop;
        const typed = [...body.querySelectorAll("input, select, textarea")]
            .filter((control) => control.id && isChanged(control))
            .map((control) => [control.id, valueOf(control)]);
        const unfolded = [...body.querySelectorAll("details[open]")].map((each) => each.id);
        const record = body.querySelector("#editor")?.dataset.record;
        body.innerHTML = html;
        if (record && record === body.querySelector("#editor")?.dataset.record) {
            unfolded.filter(Boolean).forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
            for (const [id, value] of typed) {
                const control = document.getElementById(id);
                if (control) {
                    setValue(control, value);
                }
            }
            panel.scrollTop = top;
        } else {
            panel.scrollTop = 0;
        }
        refocus(focus);
    };

    // The text anew, where anything is cited

    const paragraphs = () => document.querySelectorAll("#text > [data-number]");

    const mark = (marks) => {
        for (const paragraph of paragraphs()) {
            const html = marks[paragraph.dataset.number];
            const shown = unmarked.get(paragraph) ?? paragraph.innerHTML;
            if (html === undefined) {
                if (paragraph.querySelector(".cited")) {
                    paragraph.textContent = paragraph.textContent;
                }
                unmarked.delete(paragraph);
            } else if (html !== shown) {
                paragraph.innerHTML = html;
                unmarked.set(paragraph, html);
            }
        }
    };

    const show = (id) => {
        const target = document.getElementById(id);
        if (!target) {
            return;
        }
        for (let each = target; each; each = each.parentElement) {
            if (each instanceof HTMLDetailsElement) {
                each.open = true;
            }
        }
        flash(target);
    };

    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const flash = (target) => {
        target.scrollIntoView({block: "center", behavior: calm.matches ? "auto" : "smooth"});
        target.classList.remove("flash");
        void target.offsetWidth;
        target.classList.add("flash");
    };

    const apply = (answer) => {
        document.dispatchEvent(new CustomEvent("workbench:before"));
        replacePanel(answer.panel);
        mark(answer.marks);
        bench.dataset.record = answer.record;
        history.replaceState(null, "", answer.record ? `?record=${answer.record}` : location.pathname);
        say(answer.said, answer.tone);
        if (answer.show) {
            show(answer.show);
        }
        if (answer.focus) {
            show(answer.focus);
            document.getElementById(answer.focus)?.focus({preventScroll: true});
        }
        document.dispatchEvent(new CustomEvent("workbench:answered", {detail: answer}));
    };

    // Asking

    const request = async (url, options) => {
        const response = await fetch(url, {
            credentials: "same-origin",
            headers: {Accept: "application/json", "X-Requested-With": "XMLHttpRequest"},
            ...options,
        });
        if (response.redirected) {
            throw new Error(bench.dataset.loggedOut);
        }
        if (!(response.headers.get("Content-Type") || "").includes("json")) {
            throw new Error(bench.dataset.failed);
        }
        return response.json();
    };

    let last = Promise.resolve();
    let waiting = 0;
    const inTurn = (ask) => {
        waiting += 1;
        bench.setAttribute("aria-busy", "true");
        const turn = last.then(ask).catch((error) => {
            say(error instanceof TypeError ? bench.dataset.failed : error.message, "refused");
        }).finally(() => {
            waiting -= 1;
            if (!waiting) {
                bench.removeAttribute("aria-busy");
            }
        });
        last = turn;
        return turn;
    };

    const answerTo = async (url, options) => {
        const answer = await request(url, options);
        await untilReleased();
        refusals += answer.tone === "done" ? 0 : 1;
        apply(answer);
    };

    // A form waits for the answers to those before it, so its token is read when its turn comes.
    // Once one of them was refused, it is for the reader to ask again.
    let refusals = 0;
    const post = (form, data) => {
        const before = refusals;
        return inTurn(() => {
            if (refusals !== before) {
                return null;
            }
            const editor = document.getElementById("editor");
            if (editor && form.dataset.record === editor.dataset.record && data.has("_version")) {
                data.set("_version", editor.dataset.token);
            }
            return answerTo(form.action, {method: "POST", body: data});
        });
    };

    const open = (key) =>
        inTurn(() => answerTo(`${bench.dataset.url}record/${key ? `${key}/` : ""}`, {}));

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.matches("[data-post], [data-on-change]") || !bench.contains(form)) {
            return;
        }
        event.preventDefault();
        if (form.matches("[data-post]")) {
            post(form, new FormData(form, event.submitter));
        } else {
            for (const control of form.elements) {
                changed(control);
            }
        }
    });

    const changed = (control) => {
        const form = control.form;
        if (!form || !form.matches("[data-on-change]") || !control.name || !isChanged(control)) {
            return;
        }
        const data = new FormData();
        for (const hidden of form.querySelectorAll("input[type=hidden]")) {
            if (hidden.form === form) {
                data.set(hidden.name, hidden.value);
            }
        }
        data.set(control.name, control.type === "checkbox" && !control.checked ? "" : control.value);
        control.dataset.sent = valueOf(control);
        post(form, data);
    };

    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target.matches?.("[data-one-line]") && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            changed(event.target);
        }
    });

    document.addEventListener("change", (event) => changed(event.target));

    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("[data-open]");
        if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            open(link.dataset.open);
        }
        const field = event.target.closest?.("[data-field]");
        if (field) {
            event.preventDefault();
            toField(field.dataset.field || "title");
        }
    });

    const toField = (name) => {
        const field = document.getElementById(`field-${name}`);
        if (field) {
            show(field.id);
            field.querySelector("input:not([type=hidden]), select, textarea")?.focus({preventScroll: true});
        }
    };

    window.workbench = {open, show, flash, say, request};
}
