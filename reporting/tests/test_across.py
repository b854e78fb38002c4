"""Contracts' figures that are not to be added up: kept apart, or the highest of them, on page and in file."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Directorate
from kpis.library.models import Cohort
from kpis.tests.factories import make_measure
from reporting.queries.measures import measure_table
from reporting.queries.periods import YEAR, Period
from reporting.queries.scope import Scope
from reporting.tests.making import APRIL, HERE, MAY, NOW, add_up, make_return, promise, table_of

pytestmark = pytest.mark.django_db
JUNE_3 = dt.date(2026, 6, 3)
FIGURES = ("Committed (whole life)", *(f"{w}, 2026/27 to May" for w in ("Due", "Reported", "Verified")))


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def two(highways, parks, measure, *, cohort=False):
    """Report April and May of one measure on two contracts: 30 and 40, 20 and 25; the first is verified."""
    figures = {highways: (30, 40), parks: (20, 25)}
    for contract, (april, may) in figures.items():
        kpi_set = promise(contract, (measure, 120 if contract == highways else 240))
        make_return(kpi_set, APRIL, {measure: april}, came_on=dt.date(2026, 5, 5), verified={measure: april})
        make_return(kpi_set, MAY, {measure: may}, came_on=JUNE_3)
    add_up()


def row_of(client, url, measure, table="measures"):
    """Return a measure's row of the file."""
    return next(row for row in table_of(client, url, table) if row["Code"] == measure.code)


def test_what_is_not_combined_has_no_total_on_any_page_and_blanks_in_files(
    as_person, dana, lena, highways, parks
):
    footprint = make_measure("Share of our size", across="none")
    two(highways, parks, footprint)
    for person, url in ((dana, HERE), (lena, "/reports/council/2026-05/")):
        row = row_of(as_person(person), url, footprint)
        assert [row[name] for name in FIGURES] == ["", "", "", ""]
        assert row["Status"] == "By contract"
        page = as_person(person).get(url).content.decode()
        assert "Not combined" in page
        assert "65" not in page.split("Share of our size")[1].split("</tr>")[0]
    # The drill goes to the contracts, each with its own figure and status.
    page = as_person(dana).get(f"{HERE}measures/{footprint.pk}/").content.decode()
    assert "Not combined" in page
    assert "Highways resurfacing" in page
    lines = {row["Contract"]: row for row in table_of(
        as_person(dana), f"{HERE}measures/{footprint.pk}/", "contracts")}  # fmt: skip
    reported = next(name for name in lines["Parks upkeep"] if name.startswith("Reported"))
    assert Decimal(lines["Highways resurfacing"][reported]) == 70
    assert Decimal(lines["Parks upkeep"][reported]) == 45


def test_the_highest_contract_counts_where_the_library_says_so(as_person, dana, highways, parks):
    wait = make_measure("Longest wait", across="maximum", direction="lower")
    two(highways, parks, wait)
    row = row_of(as_person(dana), HERE, wait)
    assert [Decimal(row[name]) for name in FIGURES] == [240, 40, 70, 30]
    assert row["Status"] == "By contract"
    page = as_person(dana).get(HERE).content.decode()
    assert "never their sum" in page


def test_the_highest_of_held_levels_is_the_latest_months_highest(dana, neighbourhoods, highways, parks):
    level = make_measure("Highest lowest age", across="maximum", roll_up="latest")
    two(highways, parks, level)
    period = Period(MAY, YEAR)
    table = measure_table(Scope(dana, neighbourhoods), period)
    row = next(row for row in table.rows if row.measure == level)
    assert row.reported.value == 40
    assert [value for _, value in row.values if value is not None] == [30, 40]


def test_the_highest_of_figures_about_a_group_is_kept_from_outsiders_where_one_is_small(
    as_person, sami, dana, highways, parks
):
    hired = make_measure(
        "Our Children in one team",
        across="maximum",
        unit="test-people",
        cohort=Cohort.objects.get(is_our_children=True),
    )
    for contract, count in ((highways, 4), (parks, 3)):
        make_return(promise(contract, (hired, 12)), MAY, {hired: count}, came_on=JUNE_3)
    add_up()
    found = row_of(as_person(sami), "/reports/council/2026-05/", hired)
    assert found["Reported, 2026/27 to May"] == "Not shown"
    found = row_of(as_person(dana), HERE, hired)
    assert Decimal(found["Reported, 2026/27 to May"]) == 4


def test_the_highest_cost_one_query_more_and_only_where_there_is_such_a_measure(dana, highways, parks):
    weeks = make_measure("Weeks of training")
    two(highways, parks, weeks)
    period = Period(MAY, YEAR)

    def queries():
        scope = Scope(dana, Directorate.objects.get(slug="neighbourhoods"))
        with CaptureQueriesContext(connection) as captured:
            measure_table(scope, period)
        return len(captured)

    queries()
    added_up = queries()
    weeks.across = "maximum"
    weeks.save()
    assert queries() == added_up + 1
