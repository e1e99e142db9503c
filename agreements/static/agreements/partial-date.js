// Shows under each date input how the server reads what is typed.
"use strict";
{
    const DELAY = 250;
    const pending = new WeakMap();

    // Admin inlines renumber the id of the line, but not the reference to it.
    const lineOf = (input) => {
        const line = input.parentElement.querySelector(".partial-date-reading");
        if (line && line.id) {
            const others = (input.getAttribute("aria-describedby") || "")
                .split(/\s+/)
                .filter((id) => id && !id.endsWith("_reading"));
            input.setAttribute("aria-describedby", [...others, line.id].join(" "));
        }
        return line;
    };

    const show = (input, valid, text) => {
        const line = lineOf(input);
        if (line && line.textContent !== text) {
            line.textContent = text;
        }
        if (valid) {
            input.removeAttribute("aria-invalid");
        } else {
            input.setAttribute("aria-invalid", "true");
        }
    };

    const interpret = async (input, signal) => {
        const url = new URL(input.dataset.interpretUrl, document.baseURI);
        url.searchParams.set("value", input.value);
        try {
            const response = await fetch(url, {
                signal,
                credentials: "same-origin",
                headers: {Accept: "application/json"},
            });
            const {valid, text} = await response.json();
            if (!signal.aborted) {
                show(input, valid === true, String(text));
            }
        } catch (error) {
            // Without an answer, nothing is better than the reading of an earlier text.
            if (!signal.aborted) {
                show(input, true, "");
            }
        }
    };

    const schedule = (input) => {
        const last = pending.get(input);
        if (last) {
            clearTimeout(last.timer);
            last.controller.abort();
        }
        const controller = new AbortController();
        const timer = setTimeout(() => interpret(input, controller.signal), DELAY);
        pending.set(input, {timer, controller});
    };

    const isDate = (target) =>
        target instanceof HTMLInputElement && Boolean(target.dataset.interpretUrl);

    // On the document, so that rows added later are covered too.
    document.addEventListener("input", (event) => {
        if (isDate(event.target)) {
            schedule(event.target);
        }
    });
    document.addEventListener("focusin", (event) => {
        if (isDate(event.target)) {
            lineOf(event.target);
        }
    });
    document.addEventListener("formset:added", (event) => {
        event.target.querySelectorAll("input[data-interpret-url]").forEach(lineOf);
    });
}
