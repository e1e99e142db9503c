// The one way in which a script may write HTML: nothing in it may be a script, or call one.
"use strict";
{
    const FORBIDDEN = /^<(?:script|iframe|frame|object|embed|base|link|meta|style|svg|math)\b/i;
    const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>?/gi;
    const ATTRIBUTE = /[\s/"'](?:on[a-z]+|srcdoc|style)\s*=/i;
    const ADDRESS = /[\s/"'](?:href|src|action|formaction|data)\s*=\s*["']?[\s\u0000-\u0020]*(?:javascript|data|vbscript)\s*:/i;

    const refuse = (html) => {
        for (const [tag] of html.matchAll(TAG)) {
            const names = tag.replace(/"[^"]*"|'[^']*'/g, '""');
            if (FORBIDDEN.test(tag) || ATTRIBUTE.test(names) || ADDRESS.test(tag)) {
                throw new TypeError(`This may not be written into a page: ${tag.slice(0, 80)}`);
            }
        }
        return html;
    };

    // Scripts and their addresses are made from text nowhere, so the policy makes neither.
    window.trustedTypes?.createPolicy("default", {createHTML: refuse});
}
