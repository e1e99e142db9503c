// Suggestions on the workbench: a list in the panel, a dotted line in the text, and the way between them.
"use strict";
{
    const bench = document.getElementById("workbench");
    const text = document.getElementById("text");
    const body = document.getElementById("panel-body");
    const list = document.getElementById("suggestions");
    const slot = document.getElementById("panel-notice");
    const VIEW = "workbench-view";

    const start = () => {
        const {say, request, flash, unfold, repainted} = window.workbench;
        const {paragraphOf, select} = window.workbench.places;
        const aside = `suggestions-aside:${bench.dataset.text}`;
        const count = document.getElementById("suggestions-count");
        const items = () => [...list.querySelectorAll(".suggestion")];
        let places = [];
        let isShown = false;

        // What this browser keeps: which of the two is shown, and what was set aside

        const kept = (store, name, otherwise) => {
            try {
                return JSON.parse(store.getItem(name)) ?? otherwise;
            } catch (error) {
                return otherwise;
            }
        };
        const keep = (store, name, value) => {
            try {
                store.setItem(name, JSON.stringify(value));
            } catch (error) {
                // It is not kept then, and all else works.
            }
        };
        const setAside = () => new Set(kept(localStorage, aside, []));

        // Which are shown: by their types, and unless they are done, said before or set aside

        const hiddenTypes = new Set(kept(sessionStorage, "suggestions-hidden", []));
        const alsoShown = new Set(kept(sessionStorage, "suggestions-also", []));

        const filter = () => {
            const away = setAside();
            for (const item of items()) {
                item.classList.toggle("aside", away.has(item.id));
                const put = [["done", "done"], ["again", "again"], ["aside", "dismissed"]];
                const isLeftOut = put.some(([name, box]) => item.classList.contains(name) && !alsoShown.has(box));
                item.hidden = isLeftOut || hiddenTypes.has(item.dataset.type);
            }
            for (const group of list.querySelectorAll("[data-group]")) {
                group.hidden = !group.querySelector(".suggestion:not([hidden])");
            }
            for (const button of list.querySelectorAll("[data-types] [data-type]")) {
                button.setAttribute("aria-pressed", String(!hiddenTypes.has(button.dataset.type)));
            }
            for (const box of list.querySelectorAll("[data-show]")) {
                box.checked = alsoShown.has(box.dataset.show);
            }
            const dismissed = list.querySelector(".dismissed-count");
            if (dismissed) {
                dismissed.hidden = !items().some((item) => item.classList.contains("aside"));
            }
            draw();
        };

        // The text: a dotted line below what is suggested. Offsets count characters, as the server does

        const wrap = (paragraph, place) => {
            const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
            const nodes = [];
            while (walker.nextNode()) {
                nodes.push(walker.currentNode);
            }
            let at = 0;
            for (const node of nodes) {
                const letters = [...node.data];
                const units = (letter) => letters.slice(0, Math.max(0, letter - at)).join("").length;
                const from = units(place.start);
                const to = units(place.end);
                at += letters.length;
                if (from < to) {
                    const range = document.createRange();
                    range.setStart(node, from);
                    range.setEnd(node, to);
                    const span = document.createElement("span");
                    span.className = "suggested";
                    span.dataset.suggestion = place.id;
                    span.title = place.hint;
                    range.surroundContents(span);
                }
            }
        };

        const unwrap = (paragraph) => {
            for (const span of paragraph.querySelectorAll(".suggested")) {
                span.replaceWith(...span.childNodes);
            }
            paragraph.normalize();
        };

        // Paragraphs that were not written anew and have the same suggestions stay as they are,
        // and so does the caret in them.
        const draw = () => {
            const drawn = new Map();
            for (const place of isShown ? places : []) {
                const item = document.getElementById(place.id);
                const isAgain = item?.classList.contains("again") && !item.classList.contains("aside");
                if (item && !hiddenTypes.has(place.type) && (!item.hidden || isAgain)) {
                    drawn.set(place.paragraph, [...(drawn.get(place.paragraph) || []), place]);
                }
            }
            for (const paragraph of text.children) {
                const here = drawn.get(Number(paragraph.dataset.number)) || [];
                const ids = here.map((place) => place.id).join(" ");
                const held = paragraph.querySelector(".suggested") ? paragraph.dataset.drawn : "";
                if (ids !== (held || "")) {
                    const words = getSelection().focusNode && paragraph.contains(getSelection().focusNode)
                        && text.contains(document.activeElement) ? window.workbench.caret() : null;
                    unwrap(paragraph);
                    here.forEach((place) => wrap(paragraph, place));
                    paragraph.dataset.drawn = ids;
                    if (words) {
                        select(words);
                    }
                }
            }
            repainted();
        };

        // The list anew, with the focus, what was unfolded and what was chosen in it

        const focusIn = () => {
            const item = list.contains(document.activeElement) && document.activeElement.closest(".suggestion");
            if (!item) {
                return list.contains(document.activeElement) ? [document.activeElement.id] : [];
            }
            const after = items().slice(items().indexOf(item)).filter((each) => !each.hidden);
            return [...after.map((each) => each.id), "suggestions-for", "suggestions-heading"];
        };

        const refocus = (names, hadRecord) => {
            const [first] = names;
            const isBegun = bench.dataset.record !== hadRecord && first?.startsWith("suggested-event");
            for (const name of isBegun ? ["suggestions-for"] : names) {
                const target = document.getElementById(name);
                if (target && !target.hidden) {
                    const button = target.matches(".suggestion") && !target.matches(".done")
                        && target.querySelector("form button, [data-set-aside]");
                    if (button || !target.matches(".suggestion")) {
                        (button || target).focus({preventScroll: true});
                        (button || target).scrollIntoView({block: "nearest"});
                        return;
                    }
                }
            }
        };

        let asked = 0;
        let record = bench.dataset.record;
        const load = async (aloud) => {
            const mine = ++asked;
            const url = new URL(list.dataset.url, document.baseURI);
            url.searchParams.set("record", bench.dataset.record);
            list.setAttribute("aria-busy", "true");
            if (aloud) {
                say(bench.dataset.working, "quiet");
            }
            try {
                const answer = await request(url, {});
                if (mine !== asked) {
                    return;
                }
                const focus = focusIn();
                const unfolded = [...list.querySelectorAll("details[open]")].map((each) => each.id);
                const top = list.parentElement.parentElement.scrollTop;
                list.innerHTML = answer.html;
                unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
                list.parentElement.parentElement.scrollTop = top;
                places = answer.places;
                count.textContent = String(items().filter((item) => !item.matches(".done, .again")).length);
                filter();
                refocus(focus, record);
                record = answer.record;
                if (aloud) {
                    say(answer.said, "quiet");
                }
            } catch (error) {
                say(error instanceof TypeError ? bench.dataset.failed : error.message, "refused");
            } finally {
                list.removeAttribute("aria-busy");
            }
        };

        const view = async (name, aloud) => {
            isShown = name === "suggestions";
            keep(sessionStorage, VIEW, name);
            body.hidden = isShown;
            list.hidden = !isShown;
            for (const link of document.querySelectorAll("[data-view]")) {
                if (link.dataset.view === name) {
                    link.setAttribute("aria-current", "true");
                } else {
                    link.removeAttribute("aria-current");
                }
            }
            if (isShown) {
                await load(aloud);
            } else {
                draw();
            }
        };

        // From the text to the list, and from the list to the text

        const toItem = async (id, withFocus) => {
            unfold(true);
            if (!isShown) {
                await view("suggestions", false);
            }
            const item = document.getElementById(id);
            if (!item) {
                return;
            }
            item.hidden = false;
            item.closest("[data-group]").hidden = false;
            flash(item);
            if (withFocus) {
                (item.querySelector("form button") || item).focus({preventScroll: true});
            }
        };

        const atCaret = () => {
            const {focusNode, focusOffset, isCollapsed} = getSelection();
            if (!focusNode || !isCollapsed || !text.contains(focusNode)) {
                return null;
            }
            const next = focusNode instanceof Element ? focusNode.childNodes[focusOffset] : null;
            const node = next instanceof Element && next.matches(".suggested") ? next : focusNode;
            return (node instanceof Element ? node : node.parentElement).closest(".suggested");
        };

        const step = (forward) => {
            const {focusNode, focusOffset} = getSelection();
            const caret = document.createRange();
            caret.setStart(focusNode || text, focusNode ? focusOffset : 0);
            const here = atCaret();
            const all = [...text.querySelectorAll(".suggested")].filter((each) => each !== here);
            const ahead = all.filter((each) => caret.comparePoint(each, 0) > 0);
            const behind = all.filter((each) => caret.comparePoint(each, 0) < 0 && !each.contains(focusNode));
            const to = forward ? ahead[0] : behind[behind.length - 1];
            if (to) {
                const walker = document.createTreeWalker(to, NodeFilter.SHOW_TEXT);
                getSelection().collapse(walker.nextNode(), 0);
                to.scrollIntoView({block: "nearest"});
                say(to.title, "quiet");
            }
        };

        text.addEventListener("keydown", async (event) => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
                return;
            }
            if (event.key === "." || event.key === ",") {
                event.preventDefault();
                if (!isShown) {
                    await view("suggestions", false);
                }
                step(event.key === ".");
            } else if (event.key === "Enter") {
                const here = atCaret();
                if (here && !here.closest(".cited")) {
                    event.preventDefault();
                    event.stopImmediatePropagation();
                    toItem(here.dataset.suggestion, true);
                }
            }
        }, true);

        text.addEventListener("click", (event) => {
            const here = event.target.closest(".suggested");
            if (here && !here.closest(".cited") && getSelection().isCollapsed) {
                toItem(here.dataset.suggestion, false);
            }
        });

        document.addEventListener("click", (event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) {
                return;
            }
            const link = event.target.closest?.("[data-view]");
            if (link) {
                event.preventDefault();
                view(link.dataset.view, true);
            }
            const words = event.target.closest?.("#suggestions [data-select]");
            if (words) {
                event.preventDefault();
                const {paragraph, start: from, end: to} = words.dataset;
                unfold(false);
                text.focus({preventScroll: true});
                select({number: paragraph, start: Number(from), end: Number(to)});
                paragraphOf(getSelection().focusNode).scrollIntoView({block: "nearest"});
            }
            const type = event.target.closest?.("#suggestions [data-types] [data-type]");
            if (type) {
                toggle(hiddenTypes, type.dataset.type, "suggestions-hidden");
            }
            const put = event.target.closest?.("#suggestions [data-set-aside]");
            if (put) {
                asideOrBack(put.dataset.setAside);
            }
        });

        list.addEventListener("change", (event) => {
            if (event.target.matches("[data-show]")) {
                toggle(alsoShown, event.target.dataset.show, "suggestions-also");
            }
        });

        const toggle = (names, name, store) => {
            if (!names.delete(name)) {
                names.add(name);
            }
            keep(sessionStorage, store, [...names]);
            filter();
        };

        const asideOrBack = (id) => {
            const away = setAside();
            if (!away.delete(id)) {
                away.add(id);
            }
            keep(localStorage, aside, [...away]);
            const after = focusIn().slice(1);
            filter();
            if (document.getElementById(id)?.hidden) {
                refocus(after, bench.dataset.record);
            }
        };

        // What an answer says of a change is shown above both

        document.addEventListener("workbench:answered", () => {
            const notice = body.querySelector(".notice");
            slot.replaceChildren(...(notice ? [notice] : []));
            if (isShown) {
                load(false);
            }
        });
        // Input methods write before they ask; the text is then put back without the lines.
        text.addEventListener("input", draw);

        if (kept(sessionStorage, VIEW, "records") === "suggestions") {
            view("suggestions", false);
        }
    };

    if (text && list) {
        start();
    }
}
