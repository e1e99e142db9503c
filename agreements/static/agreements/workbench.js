// The text of the workbench: a caret in it, its highlights, and what is offered for a selection.
"use strict";
{
    const bench = document.getElementById("workbench");
    const text = document.getElementById("text");
    const toolbar = document.getElementById("toolbar");
    const panel = document.getElementById("panel");
    const handle = panel.querySelector(".panel-handle");
    const keys = document.getElementById("keys");
    const {open, show, flash, say, request} = window.workbench;
    const {paragraphOf, length, offsetOf, selected, select} = window.workbench.places;
    const mayCite = Boolean(text && bench.dataset.mayCite);
    const narrow = matchMedia("(max-width: 900px)");
    const DELAY = 180;

    // The selection or caret that was last in the text
    let kept = null;
    const keep = () => {
        const selection = getSelection();
        const paragraph = selection.focusNode && text?.contains(selection.focusNode) && paragraphOf(selection.focusNode);
        if (paragraph) {
            const at = offsetOf(paragraph, selection.focusNode, selection.focusOffset);
            kept = selected() || {number: paragraph.dataset.number, start: at, end: at};
        }
    };

    const toText = () => {
        const back = kept;
        text.focus({preventScroll: true});
        if (back) {
            select(back);
        }
    };

    // What is offered for a selection

    let offered = null;
    let offering = null;

    const sameWords = (one, other) =>
        one && other && one.number === other.number && one.start === other.start && one.end === other.end;

    const hide = () => {
        offered = offering = null;
        toolbar.hidden = true;
        toolbar.replaceChildren();
    };

    const place = () => {
        if (narrow.matches) {
            toolbar.style.removeProperty("top");
            toolbar.style.removeProperty("left");
            const words = getSelection().getRangeAt(0).getBoundingClientRect();
            const covered = words.bottom - (innerHeight - toolbar.offsetHeight - 16);
            if (covered > 0) {
                scrollBy(0, Math.min(covered, words.top - 80));
            }
            return;
        }
        const section = text.parentElement.getBoundingClientRect();
        const rows = getSelection().getRangeAt(0).getClientRects();
        const first = rows[0];
        const last = rows[rows.length - 1];
        const below = last.bottom + toolbar.offsetHeight + 16 < innerHeight || first.top < toolbar.offsetHeight + 16;
        const top = below ? last.bottom + 8 : first.top - toolbar.offsetHeight - 8;
        const left = Math.min(last.left - section.left, section.width - toolbar.offsetWidth - 8);
        toolbar.style.top = `${top - section.top + text.parentElement.scrollTop}px`;
        toolbar.style.left = `${Math.max(0, left)}px`;
    };

    const offer = async (words) => {
        const url = new URL(`${bench.dataset.url}selection/`, document.baseURI);
        const query = {
            paragraph: words.number, start: words.start, end: words.end, across: words.across ? "1" : "",
            text: bench.dataset.text, record: bench.dataset.record,
        };
        Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
        try {
            const answer = await request(url, {});
            if (offering !== words) {
                return false;
            }
            toolbar.innerHTML = answer.toolbar;
            toolbar.hidden = false;
            offered = words;
            place();
            rove(buttons()[0]);
            say(answer.said, "quiet");
            return true;
        } catch (error) {
            say(error instanceof TypeError ? bench.dataset.failed : error.message, "refused");
            return false;
        }
    };

    let timer = null;
    let answering = null;
    const offerNow = () => {
        clearTimeout(timer);
        const words = selected();
        if (!mayCite || !words) {
            return Promise.resolve(false);
        }
        if (sameWords(words, offering)) {
            return answering;
        }
        offering = words;
        answering = offer(words);
        return answering;
    };

    let pressing = false;
    document.addEventListener("selectionchange", () => {
        if (!text) {
            return;
        }
        keep();
        clearTimeout(timer);
        const words = selected();
        if (!words) {
            if (!toolbar.contains(document.activeElement)) {
                hide();
            }
        } else if (!sameWords(words, offering)) {
            hide();
            if (!pressing) {
                timer = setTimeout(offerNow, DELAY);
            }
        }
    });
    document.addEventListener("pointerdown", (event) => {
        pressing = Boolean(text?.contains(event.target));
    });
    document.addEventListener("pointerup", () => {
        if (pressing) {
            pressing = false;
            timer = setTimeout(offerNow, 30);
        }
    });

    // The toolbar by keyboard: arrows go from button to button, and one of them is a tab stop

    const buttons = () => [...toolbar.querySelectorAll("[role=toolbar] button")];
    const rove = (to) => buttons().forEach((each) => { each.tabIndex = each === to ? 0 : -1; });

    const press = async (key) => {
        if (!(await offerNow())) {
            return;
        }
        toolbar.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
    };

    const stepInToolbar = (event) => {
        const all = buttons();
        const at = all.indexOf(document.activeElement);
        const steps = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};
        const to = {Home: 0, End: all.length - 1}[event.key] ?? (at + steps[event.key] + all.length) % all.length;
        if (Number.isNaN(to)) {
            return;
        }
        event.preventDefault();
        rove(all[to]);
        all[to].focus();
    };

    toolbar?.addEventListener("keydown", stepInToolbar);
    // Pressing a button takes neither the focus nor the selection from the text.
    toolbar?.addEventListener("mousedown", (event) => event.preventDefault());
    toolbar?.addEventListener("click", (event) => {
        if (event.target.closest("[data-close]")) {
            hide();
            toText();
        }
    });

    // Highlights, and the way between them and the panel

    const highlightAtCaret = () => {
        const {focusNode, focusOffset} = getSelection();
        const here = focusNode?.parentElement?.closest(".cited");
        if (here) {
            return here;
        }
        // Between two elements the caret stands before the latter.
        const next = focusNode instanceof Element ? focusNode.childNodes[focusOffset] : focusNode?.nextSibling;
        const atEnd = focusNode instanceof Text && focusOffset === focusNode.length;
        return atEnd || focusNode instanceof Element
            ? (next instanceof Element && (next.matches(".cited") ? next : next.querySelector(".cited"))) || null
            : null;
    };

    const openHighlight = async (cited) => {
        const records = cited.dataset.records.split(" ");
        const passages = cited.dataset.passages.split(" ");
        const at = records.indexOf(bench.dataset.record);
        const isShown = cited.dataset.shown === bench.dataset.record;
        const key = at < 0 ? records[0] : isShown ? records[(at + 1) % records.length] : records[at];
        unfold(true);
        if (key.startsWith("total-")) {
            show(`row-${passages[0]}`);
            return;
        }
        if (key !== bench.dataset.record) {
            await open(key);
        }
        // The answer may have written the paragraph anew.
        document.querySelectorAll(`.cited[data-passages="${cited.dataset.passages}"]`).forEach((each) => {
            each.dataset.shown = key;
        });
        const items = passages.map((name) => document.getElementById(`in-panel-${name}`)).filter(Boolean);
        items.reverse().forEach((item) => show(item.id));
        if (records.length > 1) {
            say(bench.dataset.oneOf);
        }
    };

    const toPassage = (name) => {
        const passage = document.getElementById(name);
        if (!passage) {
            return;
        }
        unfold(false);
        text.querySelectorAll(`.cited[data-passages~="${CSS.escape(name)}"]`).forEach(flash);
        flash(passage);
        const paragraph = paragraphOf(passage);
        const start = offsetOf(paragraph, passage, 0);
        kept = {number: paragraph.dataset.number, start, end: start};
        toText();
    };

    const toHighlight = (step) => {
        const all = [...text.querySelectorAll(".cited")];
        const {focusNode, focusOffset} = getSelection();
        const caret = document.createRange();
        caret.setStart(focusNode || text, focusNode ? focusOffset : 0);
        const ahead = all.filter((each) => caret.comparePoint(each, 0) > 0 && !each.contains(focusNode));
        const behind = all.filter((each) => caret.comparePoint(each, 0) < 0 && !each.contains(focusNode));
        const to = step > 0 ? ahead[0] : behind[behind.length - 1];
        if (to) {
            getSelection().collapse(to.firstChild, 0);
            to.scrollIntoView({block: "nearest"});
            say(to.title, "quiet");
        }
    };

    document.addEventListener("click", (event) => {
        const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
        const cited = event.target.closest?.(".cited");
        if (cited && plain) {
            event.preventDefault();
            if (getSelection().isCollapsed) {
                openHighlight(cited);
            }
        }
        const link = event.target.closest?.("[data-passage]");
        if (link && plain) {
            event.preventDefault();
            toPassage(link.dataset.passage);
        }
        if (event.target.closest?.("[data-keys]")) {
            keys.showModal();
        }
    });

    // Keys in the text

    const sentenceAround = ({number, start, end}) => {
        const words = text.querySelector(`[data-number="${number}"]`).textContent;
        const whole = {number, start: 0, end: length(words)};
        if (!Intl.Segmenter) {
            return whole;
        }
        let from = 0;
        for (const {segment} of new Intl.Segmenter(text.lang || undefined, {granularity: "sentence"}).segment(words)) {
            const to = from + length(segment);
            if (start >= from && start < to) {
                const sentence = {number, start: from, end: from + length(segment.trimEnd())};
                return start === sentence.start && end === sentence.end ? whole : sentence;
            }
            from = to;
        }
        return whole;
    };

    const KEYS = {
        "?": () => keys.showModal(),
        n: () => toHighlight(1),
        p: () => toHighlight(-1),
        s: () => kept && select(sentenceAround(kept)),
    };

    const enter = async () => {
        if (selected()) {
            if (await offerNow()) {
                buttons()[0]?.focus();
            }
        } else {
            const cited = highlightAtCaret();
            if (cited) {
                openHighlight(cited);
            }
        }
    };

    const onKey = (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
            return;
        }
        const key = event.key.toLowerCase();
        if (event.key === "Enter") {
            event.preventDefault();
            enter();
        } else if (event.key === "Escape") {
            hide();
        } else if (KEYS[key]) {
            event.preventDefault();
            KEYS[key]();
        } else if (/^[1-9ame]$/.test(key)) {
            event.preventDefault();
            press(key);
        }
    };

    document.addEventListener("keydown", (event) => {
        if (event.key === "F6") {
            event.preventDefault();
            if (panel.contains(document.activeElement) && text) {
                unfold(false);
                toText();
            } else {
                unfold(true);
                (document.getElementById("editor-heading") || panel).focus();
            }
        } else if (event.key === "Escape" && text && !keys.open && !text.contains(document.activeElement)) {
            unfold(false);
            toText();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            // What is being typed is saved first.
            document.activeElement.dispatchEvent(new Event("change", {bubbles: true}));
            document.getElementById("submit-record")?.requestSubmit();
        }
    });

    // The panel is a sheet over the text where the window is narrow

    const unfold = (isOpen) => {
        panel.classList.toggle("open", isOpen);
        handle.setAttribute("aria-expanded", String(isOpen));
    };
    handle.addEventListener("click", () => unfold(!panel.classList.contains("open")));

    const title = () => {
        handle.textContent = document.getElementById("editor-heading")?.textContent || panel.getAttribute("aria-label");
    };
    title();

    // An answer writes paragraphs anew: the caret and the focus stay where they were

    let hadFocus = false;
    document.addEventListener("workbench:before", () => {
        const at = document.activeElement;
        hadFocus = Boolean(text) && (text.contains(at) || toolbar.contains(at));
    });
    document.addEventListener("workbench:answered", ({detail}) => {
        title();
        if (!text) {
            return;
        }
        pristine = text.innerHTML;
        // Nothing was done where a record was only opened: what is selected can be cited for it.
        const isOpened = !detail.said;
        if (detail.tone === "done") {
            hide();
            if (kept && !isOpened) {
                kept = {...kept, start: kept.end};
            }
        }
        const isSelected = kept && kept.start < kept.end;
        if (detail.focus) {
            unfold(true);
        } else if (hadFocus || (isOpened && isSelected)) {
            toText();
            offerNow();
        }
    });

    let pristine = text?.innerHTML;
    if (mayCite) {
        const attributes = {
            contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-readonly": "true",
            inputmode: "none", spellcheck: "false", autocapitalize: "off", autocorrect: "off", translate: "no",
        };
        Object.entries(attributes).forEach(([name, value]) => text.setAttribute(name, value));
        for (const change of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
            text.addEventListener(change, (event) => event.preventDefault());
        }
        // Input methods write before they ask.
        text.addEventListener("input", () => {
            text.innerHTML = pristine;
            toText();
        });
        text.addEventListener("keydown", onKey);
        if (!location.hash && !matchMedia("(pointer: coarse)").matches) {
            text.focus({preventScroll: true});
            getSelection().collapse(text.firstElementChild, 0);
        }
    }

    const toHash = async () => {
        const name = decodeURIComponent(location.hash.slice(1));
        const cited = name && text?.querySelector(`.cited[data-passages~="${CSS.escape(name)}"]`);
        if (!cited) {
            return;
        }
        const key = cited.dataset.records.split(" ")[0];
        if (!bench.dataset.record && !key.startsWith("total-")) {
            await open(key);
        }
        show(`in-panel-${name}`);
        toPassage(name);
    };
    toHash();

    Object.assign(window.workbench, {
        unfold,
        caret: () => kept,
        repainted: () => { pristine = text.innerHTML; },
    });
}
