// Fills in what a text that was pasted or chosen shows of the document, and what is held already.
"use strict";
{
    const form = document.querySelector(".read-document[data-propose-url]");
    const text = form.querySelector("#id_text");
    const file = form.querySelector("#id_file");
    const said = document.getElementById("read-said");
    const alike = document.getElementById("alike");
    const DELAY = 400;
    let read = "";
    let reading = Promise.resolve();
    let isReading = false;
    let asked = 0;
    let timer = null;

    const inputOf = (name) => form.querySelector(`#id_${name}`);

    // What somebody typed is theirs; what is empty, or was proposed before, is filled in.
    const fill = (values) => {
        for (const [name, value] of Object.entries(values)) {
            const input = inputOf(name);
            if (input && (!input.value || input.value === input.dataset.proposed)) {
                input.value = value;
                input.dataset.proposed = value;
                input.dispatchEvent(new Event("input", {bubbles: true}));
            }
        }
    };

    const mark = () => {
        if (!form.elements.proposed) {
            const proposed = document.createElement("input");
            Object.assign(proposed, {type: "hidden", name: "proposed", value: "1"});
            form.append(proposed);
        }
    };

    const propose = async () => {
        const mine = ++asked;
        const data = new FormData();
        data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        if (file.files.length) {
            data.set("file", file.files[0]);
        } else {
            data.set("text", text.value);
        }
        read = text.value;
        said.textContent = form.dataset.reading;
        isReading = true;
        try {
            const response = await fetch(form.dataset.proposeUrl, {method: "POST", body: data, credentials: "same-origin"});
            const answer = await response.json();
            if (mine !== asked) {
                return;
            }
            alike.innerHTML = answer.alike || "";
            if (answer.error) {
                said.textContent = answer.error;
                file.value = "";
                return;
            }
            if (answer.text) {
                text.value = read = answer.text;
                file.value = "";
            }
            fill(answer.values);
            mark();
            said.textContent = answer.held ? "" : form.dataset.done;
        } catch (error) {
            if (mine === asked) {
                said.textContent = form.dataset.failed;
            }
        } finally {
            isReading = isReading && mine !== asked;
        }
    };

    const soon = (delay) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (text.value.trim() && text.value !== read) {
                reading = propose();
            }
        }, delay);
    };

    text.addEventListener("paste", () => soon(0));
    text.addEventListener("input", () => soon(DELAY));
    file.addEventListener("change", () => {
        if (file.files.length) {
            reading = propose();
        }
    });

    // The document is made once what was proposed is there.
    form.addEventListener("submit", (event) => {
        if (text.value.trim() && text.value !== read) {
            clearTimeout(timer);
            reading = propose();
        }
        if (!isReading) {
            return;
        }
        event.preventDefault();
        const {submitter} = event;
        reading.then(() => setTimeout(() => form.requestSubmit(submitter)));
    });

    form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            form.requestSubmit(form.querySelector("button.default"));
        } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
            // Between the fields Enter is no decision to make the document.
            event.preventDefault();
        }
    });

    form.querySelector("[aria-invalid=true]")?.focus();

    alike.addEventListener("click", (event) => {
        const button = event.target.closest("[data-origin]");
        if (button) {
            const box = inputOf("origin").closest(".lookup");
            box.querySelector("input[type=hidden]").value = button.dataset.origin;
            box.dataset.chosen = inputOf("origin").value = button.dataset.label;
            inputOf("origin").scrollIntoView({block: "nearest"});
            said.textContent = `${button.textContent}: ${button.dataset.label}`;
        }
    });
}
