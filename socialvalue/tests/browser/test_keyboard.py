"""The service by keyboard alone: skip link, sign in, decide."""

import pytest

from conftest import PASSWORD
from kpis.models import KPISet
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.browser
FOCUSED = (
    "(() => { const e = document.activeElement; return (e.innerText || e.name || e.id || '').trim(); })()"
)
RINGED = """(() => { const s = getComputedStyle(document.activeElement);
    return s.outlineStyle !== 'none' || s.boxShadow !== 'none' ||
        s.backgroundColor === 'rgb(255, 221, 0)'; })()"""


def tab_to(page, words, limit=80):
    """Press Tab until what has the focus says these words; each stop on the way must show its focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert page.evaluate(RINGED), f"the focus can't be seen on {page.evaluate(FOCUSED)!r}"
        if page.evaluate(FOCUSED).startswith(words):
            return
    raise AssertionError(f"{words!r} can't be reached by Tab")


def test_a_director_signs_in_and_approves_without_a_mouse(visit, world):  # noqa: F811
    dana = world.who.dana
    dana.set_password(PASSWORD)
    dana.save()
    visitor = visit()
    page = visitor.page
    decide = f"/contracts/{world.parks.pk}/kpi-sets/{world.pending.number}/decide/"
    visitor.open(decide)
    tab_to(page, "Skip to main content")
    page.keyboard.press("Enter")
    tab_to(page, "login")
    page.keyboard.type(dana.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    tab_to(page, "Approve")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.pending.refresh_from_db()
    assert world.pending.status == KPISet.Status.APPROVED
    visitor.check()
