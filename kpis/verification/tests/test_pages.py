"""Pages of checking: listing, verifying with a changed figure, sending back, reopening, the sample."""

import pytest

from kpis.models import MonthlyReturn, SampleDraw
from kpis.returns.tests.conftest import reading_of, submitted

BASE = "/contracts/{}/returns/2026-05/"


@pytest.fixture
def page(may):
    """Return May's address."""
    return BASE.format(may.contract_id)


def figures(may, weeks, local_spend, **changes):
    count, share = reading_of(may, weeks), reading_of(may, local_spend)
    may.refresh_from_db()
    return {
        "version": may.version,
        f"amount_{count.pk}": "10",
        f"reason_{count.pk}": "",
        f"amount_{share.pk}": "40",
        f"of_{share.pk}": "100",
        f"reason_{share.pk}": "",
        "note": "",
        **changes,
    }


def test_the_lead_verifies_on_the_page(as_person, lena, may, priya, weeks, local_spend, page):
    submitted(may, priya)
    client = as_person(lena)
    assert "Highways resurfacing" in client.get("/verification/").content.decode()
    shown = client.get(f"{page}verify/")
    assert 'value="10"' in shown.content.decode()
    count = reading_of(may, weeks)
    wrong = client.post(f"{page}verify/", figures(may, weeks, local_spend, **{f"amount_{count.pk}": "8"}))
    assert f'href="#id_reason_{count.pk}"' in wrong.content.decode()
    assert 'value="8"' in wrong.content.decode()
    done = client.post(
        f"{page}verify/",
        figures(
            may,
            weeks,
            local_spend,
            **{f"amount_{count.pk}": "8", f"reason_{count.pk}": "Two weeks lack evidence"},
        ),
    )
    assert done.status_code == 302
    count.refresh_from_db()
    assert count.verified_value == 8
    assert client.get(f"{page}verify/").status_code == 409


def test_the_lead_sends_back_and_reopens_on_pages(as_person, lena, may, priya, page):
    item = submitted(may, priya)
    client = as_person(lena)
    assert "enter a reason" in client.post(f"{page}send-back/", {"version": item.version}).content.decode()
    stale = client.post(f"{page}send-back/", {"version": 1, "reason": "Wrong month"})
    assert stale.status_code == 409
    assert "Wrong month" in stale.content.decode()
    assert client.post(f"{page}send-back/", {"version": item.version, "reason": "x"}).status_code == 302
    MonthlyReturn.objects.update(status="closed")
    item = MonthlyReturn.objects.get()
    assert client.get(f"{page}reopen/").status_code == 200
    assert client.post(f"{page}reopen/", {"version": item.version, "reason": "x"}).status_code == 302
    assert MonthlyReturn.objects.get().status == "reopened"


def test_the_lead_draws_a_sample_and_picks_by_hand(as_person, lena, may, priya, page):
    submitted(may, priya)
    client = as_person(lena)
    assert client.get("/verification/sample/").status_code == 200
    answer = client.post(
        "/verification/sample/", {"month_0": "5", "month_1": "2026", "seed": "4 June", "share": "10"}
    )
    assert answer.status_code == 302
    assert SampleDraw.objects.get().drawn == [may.pk]
    empty = client.post(
        "/verification/sample/", {"month_0": "4", "month_1": "2026", "seed": "4 June", "share": "10"}
    )
    assert "No submitted returns for April 2026" in empty.content.decode()
    assert client.post(f"{page}pick/").status_code == 302


@pytest.mark.parametrize(
    "name", ["priya", "colin", "dana", "della", "ewa", "sami", "adam", "oscar", "otto", "nadia"]
)
def test_nobody_else_reaches_the_pages_of_checking(cast, as_person, may, page, name):
    submitted(may, cast["priya"])
    client = as_person(cast[name])
    sees = name not in {"oscar", "otto", "nadia"}
    assert client.get("/verification/").status_code == 403
    assert client.get("/verification/sample/").status_code == 403
    for part in ("verify/", "send-back/", "reopen/"):
        assert client.get(page + part).status_code == (403 if sees else 404)
