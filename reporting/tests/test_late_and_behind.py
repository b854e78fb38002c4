"""What a report names: late returns, contracts without KPIs, sets that wait, KPIs that are behind."""

import datetime as dt
from decimal import Decimal

import pytest

from conftest import make_contract
from kpis.models import KPISet
from reporting.tests.making import APRIL, HERE, MAY, add_up, make_return, promise, table_of

pytestmark = pytest.mark.usefixtures("eleventh_of_june")


def test_late_returns_are_named_with_manager_and_working_days(as_person, dana, highways, parks, weeks):
    """April's return of Parks was due on 15 May; 25 May was a bank holiday."""
    kpi_set = promise(parks, (weeks, 120))
    late = make_return(kpi_set, APRIL, came_on=None)
    make_return(kpi_set, MAY, came_on=None)
    add_up()
    rows = table_of(as_person(dana), HERE, "late")
    assert [(r["Contract"], r["Contract manager"], r["Due"], r["Working days late"]) for r in rows] == [
        ("Parks upkeep", "Priya Shah", late.due_on.isoformat(), "18")
    ]
    page = as_person(dana).get(HERE).content.decode()
    assert "18 working days" in page
    assert "Never submitted" in page
    assert "April 2026: overdue, was due 15 May 2026, 18 working days ago" in page
    assert "May 2026: not due yet, due 12 June 2026" in page


def test_contracts_with_no_kpis_are_named_with_the_reason_as_far_as_it_is_known(
    as_person, dana, sami, neighbourhoods, highways, parks, weeks
):
    """A draft is named to the directorate's own people only."""
    promise(highways, (weeks, 120))
    KPISet.objects.create(contract=parks, number=1)
    make_contract("Tree surgery", neighbourhoods, kpi_exemption="Under the threshold", value=None)
    rows = table_of(as_person(dana), HERE, "no-kpis")
    assert [(r["Contract"], r["Value (£)"], r["Why"]) for r in rows] == [
        ("Parks upkeep", "900.00", "KPI set 1: draft"),
        ("Tree surgery", "", "Exempt: Under the threshold"),
    ]
    assert "2 live contracts have no KPIs." in as_person(dana).get(HERE).content.decode()
    rows = table_of(as_person(sami), HERE, "no-kpis")
    assert rows[0]["Why"] == "KPIs are being prepared"


def test_kpi_sets_waiting_say_with_whom_to_those_who_work_on_them(as_person, dana, sami, highways):
    """Members read how many wait, not what is in them."""
    KPISet.objects.create(
        contract=highways,
        number=1,
        status="submitted",
        submitted_at=dt.datetime(2026, 6, 3, 9, tzinfo=dt.UTC),
    )
    row = table_of(as_person(dana), HERE, "waiting")[0]
    assert (row["With"], row["Since"], row["Working days"]) == (
        "Dana Okafor (Strategic Director)", "2026-06-03", "6",
    )  # fmt: skip
    assert table_of(as_person(sami), HERE, "waiting") == []
    assert "1 KPI set waits for a decision" in " ".join(as_person(sami).get(HERE).content.decode().split())


def test_kpis_behind_are_named_with_the_last_comment_that_was_submitted(as_person, dana, highways, weeks):
    """Words of a return that is being corrected stay with those who write them."""
    kpi_set = promise(highways, (weeks, 1200))
    make_return(kpi_set, APRIL, {weeks: 20}, comment="Two apprentices left.")
    make_return(
        kpi_set, MAY, {weeks: 20}, came_on=dt.date(2026, 6, 9), status="sent_back", comment="Still typing"
    )
    add_up()
    row = table_of(as_person(dana), HERE, "behind")[0]
    assert (row["Contract"], row["Last comment"], row["Comment of"]) == (
        "Highways resurfacing", "Two apprentices left.", "April 2026",
    )  # fmt: skip
    assert (Decimal(row["Due to date"]), Decimal(row["Reported to date"])) == (200, 40)
    assert "Still typing" not in as_person(dana).get(HERE).content.decode()


def test_a_member_is_told_how_many_more_are_behind_outside_her_portfolio(
    as_person, ewa, home_care, highways, weeks
):
    """Contracts outside the portfolio are counted, not named."""
    for contract in (home_care, highways):
        make_return(promise(contract, (weeks, 1200)), MAY, {weeks: 1}, came_on=dt.date(2026, 6, 9))
    add_up()
    page = as_person(ewa).get("/reports/council/2026-05/").content.decode()
    assert "Highways resurfacing" in page
    assert "Home care" not in page
    assert (
        "1 more are counted but not named: they are in directorates outside your portfolio, or about a few "
        "people." in page
    )
