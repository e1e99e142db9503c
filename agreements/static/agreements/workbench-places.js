// Places in the text of the workbench, as the server counts them.
"use strict";
{
    const text = document.getElementById("text");

    // Places in the text: the number of a paragraph, and characters (not UTF-16 units) within it

    const paragraphOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest("#text > [data-number]");
    const length = (string) => [...string].length;

    const offsetOf = (paragraph, node, offset) => {
        const range = document.createRange();
        range.selectNodeContents(paragraph);
        range.setEnd(node, offset);
        return length(range.toString());
    };

    const pointAt = (paragraph, offset) => {
        const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
        let left = offset;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const letters = [...node.data];
            if (left <= letters.length) {
                return [node, letters.slice(0, left).join("").length];
            }
            left -= letters.length;
        }
        return [paragraph, paragraph.childNodes.length];
    };

    const partIn = (paragraph, range) => {
        const start = paragraph.contains(range.startContainer)
            ? offsetOf(paragraph, range.startContainer, range.startOffset) : 0;
        const end = paragraph.contains(range.endContainer)
            ? offsetOf(paragraph, range.endContainer, range.endOffset) : length(paragraph.textContent);
        return [start, end];
    };

    // What is selected: the part in the first paragraph, and whether there is more
    const selected = () => {
        const selection = getSelection();
        if (!text || !selection.rangeCount || selection.isCollapsed) {
            return null;
        }
        const range = selection.getRangeAt(0);
        if (!range.intersectsNode(text)) {
            return null;
        }
        const parts = [];
        for (const paragraph of text.children) {
            if (range.intersectsNode(paragraph)) {
                const [start, end] = partIn(paragraph, range);
                if (paragraph.textContent && end > start) {
                    parts.push({number: paragraph.dataset.number, start, end});
                }
            }
        }
        return parts.length ? {...parts[0], across: parts.length > 1} : null;
    };

    const select = ({number, start, end}) => {
        const paragraph = text.querySelector(`[data-number="${number}"]`);
        getSelection().setBaseAndExtent(...pointAt(paragraph, start), ...pointAt(paragraph, end));
    };

    window.workbench.places = {paragraphOf, length, offsetOf, selected, select};
}
