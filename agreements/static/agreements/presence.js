// Tells the server that this page is open, and its reader who else has it open or saved it.
"use strict";
{
    const EVERY = 20000;

    const show = (line, {others, version, by}) => {
        const parts = [];
        if (others.length) {
            parts.push(`${line.dataset.open} ${others.join(", ")}`);
        }
        if (String(version) !== line.dataset.version) {
            parts.push(`${line.dataset.saved} ${by}`);
        }
        const text = parts.join(". ");
        line.hidden = !text;
        if (line.textContent !== text) {
            line.textContent = text;
        }
    };

    const tell = async (line) => {
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        try {
            const response = await fetch(line.dataset.presenceUrl, {
                method: "POST",
                headers: {"X-CSRFToken": token, Accept: "application/json"},
            });
            if (response.ok) {
                show(line, await response.json());
            }
        } catch (error) {
            // Without an answer the line stays as it was; the next one may come.
        }
    };

    // Looked for each time: the record that is open on the workbench changes.
    const tellAll = () => {
        if (!document.hidden) {
            document.querySelectorAll("[data-presence-url]").forEach(tell);
        }
    };

    setInterval(tellAll, EVERY);
    document.addEventListener("visibilitychange", tellAll);
}
