// Sends a form once more, with the token of whoever has logged in meanwhile in another tab.
"use strict";
{
    const form = document.getElementById("unsent");
    if (form) {
        form.hidden = false;
    }
    form?.addEventListener("submit", async (event) => {
        event.preventDefault();
        const told = form.querySelector("[role=status]");
        told.hidden = true;
        let token = null;
        try {
            const response = await fetch(form.dataset.tokenUrl, {credentials: "same-origin"});
            if (response.ok && !response.redirected) {
                token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(await response.text());
            }
        } catch (error) {
            // Said below: whoever cannot ask is not known to be logged in.
        }
        if (!token) {
            told.hidden = false;
            return;
        }
        form.elements.csrfmiddlewaretoken.value = token[1];
        // A field of the form may be called submit.
        HTMLFormElement.prototype.submit.call(form);
    });
}
