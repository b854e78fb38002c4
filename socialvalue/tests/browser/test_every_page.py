"""Every page of the URL conf in a real browser, wide and on a phone: axe, the console, no sideways scroll."""

import pytest

from socialvalue.tests.access import OPEN, PAGES
from socialvalue.tests.addresses import address
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.browser
GROUPS = 8
WIDTHS = (1280, 320)
# Files to keep, not pages to read; and addresses that only lead on to the page of the latest month.
NOT_PAGES = {
    "contracts:import-problems",
    "contracts:notice-import-problems",
    "contracts:statement-download",
    "kpis:adoption-problems",
    "kpis:evidence-open",
    "kpis:framework-differences-download",
    "kpis:measure-import-problems",
}


def pages():
    """Return (name, first name of somebody who may open it), nobody where it is open to all."""
    first = {name: row.split("|")[0].split()[0] for name, row in PAGES.items()}
    return [(name, None) for name in OPEN] + [
        (name, "lena" if who == "EVERYBODY" else who)
        for name, who in first.items()
        if name not in NOT_PAGES and not name.endswith("-latest")
    ]


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_page_is_accessible_wide_and_on_a_phone(group, visit, world):  # noqa: F811
    visitors, wrong = {}, {}
    for name, who in sorted(pages(), key=str)[group::GROUPS]:
        if who not in visitors:
            visitors[who] = visit(world.cast[who] if who else None)
        visitor = visitors[who]
        visitor.noise.clear()
        visitor.resize(WIDTHS[0])
        response = visitor.open(address(name, world))
        if "html" not in response.headers.get("content-type", ""):
            continue  # the brand's stylesheet and mark
        # A link that has run out and a moment that has passed are pages too.
        if response.status not in {200, 409, 410}:
            wrong[name] = f"answered {response.status}"
        for width in WIDTHS:
            visitor.resize(width)
            if found := visitor.problems():
                wrong[name, width] = found
    assert wrong == {}
