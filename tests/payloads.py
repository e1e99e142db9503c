"""Texts that run as a program, or become markup, wherever one of them is not escaped.

Each calls `__xss`, asks for an address below `/xss-sentinel/`, or leaves an attribute `data-xss`
on an element: whoever watches a browser sees all three.
"""

SENTINEL = "xss-sentinel"

_FORMS = (
    # Markup
    "<script>__xss(%d)</script>",
    "<ScRiPt src=/xss-sentinel/%d.js></sCrIpT>",
    "<img src=/xss-sentinel/%d onerror=__xss(%d) data-xss>",
    "<img data-xss src=x: onerror='__xss(%d)'>",
    "<svg onload=__xss(%d) data-xss>",
    "<svg><script>__xss(%d)</script></svg>",
    "<svg><animate onbegin=__xss(%d) attributeName=x dur=1s data-xss>",
    "<svg><a xlink:href='javascript:__xss(%d)' data-xss><text y=9>x</text></a></svg>",
    "<iframe srcdoc='<script>parent.__xss(%d)</script>' data-xss></iframe>",
    "<iframe src=javascript:parent.__xss(%d) data-xss></iframe>",
    "<object data='data:text/html,<script>__xss(%d)</script>' data-xss></object>",
    "<embed src=/xss-sentinel/%d data-xss>",
    "<link rel=stylesheet href=/xss-sentinel/%d data-xss>",
    "<meta http-equiv=refresh content='0;url=/xss-sentinel/%d' data-xss>",
    "<base href=/xss-sentinel/%d/ data-xss>",
    "<form action=/xss-sentinel/%d data-xss><button>Save</button></form>",
    "<details open ontoggle=__xss(%d) data-xss>",
    "<body onload=__xss(%d) data-xss>",
    "<input autofocus onfocus=__xss(%d) data-xss>",
    "<video><source onerror=__xss(%d) data-xss></video>",
    "<math><mtext><table><mglyph><style><img src=x: onerror=__xss(%d)></style></mglyph></table>",
    "<noscript><p title='</noscript><img src=x: onerror=__xss(%d) data-xss>'>",
    "<template><img src=x: onerror=__xss(%d)></template><x data-xss>",
    "<a href='javascript:__xss(%d)' data-xss>x</a>",
    "<style>@import '/xss-sentinel/%d';</style>",
    # Out of an attribute, an element, a script, a comment
    '" autofocus onfocus=__xss(%d) data-xss x="',
    "' autofocus onfocus=__xss(%d) data-xss x='",
    '"><img src=x: onerror=__xss(%d) data-xss>',
    "'><svg onload=__xss(%d) data-xss>",
    "` onmouseover=__xss(%d) data-xss `",
    "</script><script>__xss(%d)</script>",
    "</title></style></textarea><img src=x: onerror=__xss(%d) data-xss>",
    "--><img src=x: onerror=__xss(%d) data-xss><!--",
    "]]><img src=x: onerror=__xss(%d) data-xss xmlns='http://www.w3.org/1999/xhtml'/><![CDATA[",
    "</option></select><img src=x: onerror=__xss(%d) data-xss>",
    '\\";__xss(%d);//',
    "';__xss(%d);'",
    "</text></g></svg><script>__xss(%d)</script>",
    # In the languages of templates, of styles, of addresses, and of tables
    "{{constructor.constructor('__xss(%d)')()}}${__xss(%d)}{%% debug %%}",
    "x;background:url(/xss-sentinel/%d);xss:expression(__xss(%d))",
    "javascript:__xss(%d)",
    "JaVa\tScRiPt:__xss(%d)",
    "\x01javascript:__xss(%d)",
    "data:text/html,<script>__xss(%d)</script>",
    '=HYPERLINK("/xss-sentinel/%d")',
    # Escaped already, or hidden by how letters are written
    "&lt;img src=x: onerror=__xss(%d) data-xss&gt;&#60;script&#62;__xss(%d)&#60;/script&#62;",
    "\\u003cimg src=x: onerror=__xss(%d) data-xss\\u003e",
    "%%3Cscript%%3E__xss(%d)%%3C/script%%3E",
    "\u202e<img src=x: onerror=__xss(%d) data-xss>\u202c",
    "\N{FULLWIDTH LESS-THAN SIGN}script\N{FULLWIDTH GREATER-THAN SIGN}__xss(%d)",
    "<im\u00adg src=x: onerror=__xss(%d)>\u2028<img\u00a0src=x: onerror=__xss(%d) data-xss>",
    "x\r\nContent-Type: text/html\r\n\r\n<script>__xss(%d)</script>",
)
PAYLOADS = tuple(form.replace("%d", str(n)).replace("%%", "%") for n, form in enumerate(_FORMS))
# Those that are addresses.
PROGRAMS = tuple(each for each in PAYLOADS if "script:" in each.lower()[:13] or each[:5] == "data:")
ALL_TOGETHER = "\n".join(PAYLOADS)


def payload(number: int, length: int | None = None) -> str:
    """Return a payload that fits a length: the next that does, from one on.

    Where none does, one is cut: half of a payload may be what another field completes.
    """
    for further in range(len(PAYLOADS)):
        found = PAYLOADS[(number + further) % len(PAYLOADS)]
        if length is None or len(found) <= length:
            return found
    return PAYLOADS[number % len(PAYLOADS)][:length]
