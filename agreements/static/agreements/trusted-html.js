// The one way in which a script may write HTML: nothing in it may be a program, or lead to one.
"use strict";
{
    const TAG = /<([a-z][^\s\/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)/gi;
    const ATTRIBUTE = /([^\s"'>\/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
    const ELEMENTS = /^(?:script|i?frame|frameset|object|embed|base|link|meta|style|svg|math|template|portal)$/i;
    const PROGRAMS = /^(?:on.*|srcdoc|style)$/i;
    const LEADS = /^(?:href|src|action|formaction)$/i;
    const SOMEWHERE = /^(?:https?:\/\/|[\/?#]|$)/i;

    const refuse = (html) => {
        for (const [tag, element, attributes] of html.matchAll(TAG)) {
            const isForbidden = ELEMENTS.test(element) ||
                [...attributes.matchAll(ATTRIBUTE)].some(([, name, ...given]) =>
                    PROGRAMS.test(name) ||
                    (LEADS.test(name) && !SOMEWHERE.test(given.find((value) => value) ?? "")));
            if (isForbidden) {
                throw new TypeError(`This may not be written into a page: ${tag.slice(0, 80)}`);
            }
        }
        return html;
    };

    // Scripts and their addresses are made of text nowhere, so the policy makes neither.
    window.trustedTypes?.createPolicy("default", {createHTML: refuse});
}
