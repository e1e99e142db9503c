"""What keeps somebody from using a page: what axe finds on it, in light and in dark."""

from typing import Any

SCHEMES = ("light", "dark")
_LOOK = """async () => {
    // Colours that are on their way to those of the other scheme are nobody's choice.
    await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
    await Promise.all(document.getAnimations()
        .filter((each) => each instanceof CSSTransition).map((each) => each.finished));
    const found = await axe.run({resultTypes: ["violations"]});
    return found.violations.map((each) => [each.id, each.nodes[0].html.slice(0, 300)]);
}"""


def bars(page: Any, schemes: tuple[str, ...] = SCHEMES) -> list[tuple[str, str, str]]:
    """Return (scheme, rule, HTML of the first place) of each rule that an open page breaks.

    It is shown in one scheme after the other without being loaded anew, and left in the last. What
    the console tells of styles that axe sets while it looks is none of the page's.
    """
    from axe_playwright_python.sync_playwright import Axe

    faults = getattr(page, "faults", [])
    before = len(faults)
    page.evaluate(Axe().axe_script)
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += [(scheme, *each) for each in page.evaluate(_LOOK)]
    del faults[before:]
    return found
