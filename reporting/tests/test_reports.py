"""Reports: the figures, who may read them, and that files say what pages say."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import make_contract
from contracts.models import Category
from kpis.library.models import Direction, RollUp
from kpis.models import TotalRow
from kpis.readings.rating import Rating
from kpis.readings.to_date import figures_of
from kpis.tests.factories import make_measure
from reporting.queries.measures import measure_table
from reporting.queries.periods import LIFE, MONTH, Period
from reporting.queries.scope import Scope
from reporting.queries.standing import standings
from reporting.tests.making import APRIL, HERE, MAY, START, add_up, make_return, promise, table_of

pytestmark = pytest.mark.usefixtures("eleventh_of_june")


def test_the_figures_are_those_of_bare_sql_over_the_readings(as_person, dana, two_contracts, weeks):
    """What the page adds up is what the database adds up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(reported_value), SUM(target), SUM(verified_value) FROM kpis_reading "
            "WHERE measure_id = %s AND month BETWEEN %s AND %s",
            [weeks.pk, APRIL, MAY],
        )
        reported, due, verified = (Decimal(str(value)) for value in cursor.fetchone())
    row = next(r for r in table_of(as_person(dana), HERE, "measures") if r["Code"] == weeks.code)
    assert Decimal(row["Reported, 2026/27 to May"]) == reported == Decimal("170.25")
    assert Decimal(row["Due, 2026/27 to May"]) == due == 220
    assert Decimal(row["Verified, 2026/27 to May"]) == verified == 88
    assert Decimal(row["Committed (whole life)"]) == 1320
    assert row["Monthly figures in"] == "3 of 4"
    page = as_person(dana).get(HERE).content.decode()
    assert "170.3" in page or "170.2" in page
    assert "1,320" in page


def test_months_not_in_are_left_out_of_the_comparison_and_said_so(dana, neighbourhoods, two_contracts, weeks):
    """170.25 is held against the 210 due where figures are in, not against 220."""
    table = measure_table(Scope(dana, neighbourhoods), Period(MAY))
    row = next(r for r in table.rows if r.measure == weeks)
    assert row.rating == Rating.BEHIND
    assert any("10 weeks of it belongs to returns that are not in" in line for line in row.worked_out)


def test_a_percentage_is_of_the_latest_month_by_its_two_halves_and_never_summed(
    as_person, dana, two_contracts, share
):
    """May: 9 of 10 in one contract, nothing in yet from the other."""
    row = next(r for r in table_of(as_person(dana), HERE, "measures") if r["Code"] == share.code)
    assert Decimal(row["Reported, 2026/27 to May"]) == 90
    assert row["Monthly figures in"] == "1 of 2"
    assert row["Committed (whole life)"] == "80% to 90%"
    april = table_of(as_person(dana), "/reports/directorates/neighbourhoods/2026-04/", "measures")
    row = next(r for r in april if r["Code"] == share.code)
    # 68 of 110, not the mean of 80% and 60%, nor their sum.
    assert Decimal(row["Reported, 2026/27 to April"]) == Decimal("61.8182")


def test_the_months_added_up_can_be_the_month_the_year_or_all(dana, neighbourhoods, two_contracts, weeks):
    """The month alone is May, all months are April and May here."""
    for basis, amount in ((MONTH, Decimal(70)), (LIFE, Decimal("170.25"))):
        table = measure_table(Scope(dana, neighbourhoods), Period(MAY, basis))
        assert next(r for r in table.rows if r.measure == weeks).reported.value == amount


def test_coverage_comes_first_in_a_sentence_that_changes_with_the_data(
    as_person, dana, two_contracts, highways
):
    """One of May's two returns is in; the sentence follows when the other comes."""
    page = as_person(dana).get(HERE).content.decode()
    assert "1 of 2 returns is in, 1 on time for May 2026." in page
    assert "As at 11 June 2026" in page
    assert page.index("Can these figures be trusted?") < page.index("What was promised, what we have had")
    row = table_of(as_person(dana), HERE, "coverage")[1]
    assert row == {
        "Months": "2026/27 to May", "Expected": "4", "Received": "3", "On time": "2", "Sampled": "1",
        "Verified": "1",
    }  # fmt: skip


def test_a_cut_by_category_counts_only_its_contracts(as_person, dana, sami, two_contracts, weeks, highways):
    """Totals then come from readings; those who may not cut freely get the fixed cut."""
    category = Category.objects.get(name="Highways")
    row = next(
        r
        for r in table_of(as_person(dana), HERE, "measures", category=category.pk)
        if r["Code"] == weeks.code
    )
    assert Decimal(row["Reported, 2026/27 to May"]) == 160
    row = next(
        r
        for r in table_of(as_person(sami), HERE, "measures", category=category.pk)
        if r["Code"] == weeks.code
    )
    assert Decimal(row["Reported, 2026/27 to May"]) == Decimal("170.25")


REPORTS = {
    "council": "/reports/council/2026-05/",
    "directorate": HERE,
    "measure": "/reports/measures/{pk}/2026-05/",
    "contracts": HERE + "measures/{pk}/",
    "cohort": "/reports/our-children/2026-05/",
}
ALL = {"council", "directorate", "measure", "contracts", "cohort"}
OWN = {"directorate", "contracts"}
MAY_READ = {
    "colin": OWN, "priya": set(), "dafydd": set(), "dana": OWN, "desmond": OWN, "della": OWN, "lena": ALL,
    "ewa": ALL, "sami": ALL, "adam": ALL, "oscar": set(), "olga": set(), "otto": set(), "nadia": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", MAY_READ)
def test_each_person_reads_the_reports_of_their_post_and_no_others(
    name, cast, as_person, two_contracts, weeks
):
    """Others are refused with a reason, on the page and for its files."""
    client = as_person(cast[name])
    for report, url in REPORTS.items():
        allowed = report in MAY_READ[name]
        for query in ({}, {"table": "measures", "format": "csv"}):
            response = client.get(url.format(pk=weeks.pk), query)
            if not allowed:
                assert response.status_code == 403, (name, report)
                assert b"report" in response.content.lower()
            else:
                assert response.status_code in (200, 404), (name, report)
                assert query or response.status_code == 200


def test_the_list_of_reports_leads_a_director_straight_to_her_own(
    as_person, dana, sami, priya, two_contracts, adults
):
    """Scrutiny sees the list with each directorate's coverage; a manager is told where her figures are."""
    assert as_person(dana).get("/reports/").url == HERE
    page = as_person(sami).get("/reports/").content.decode()
    assert "1 of 2 returns is in, 1 on time" in page
    assert "No returns are expected" in page
    assert "No reports for you here" in as_person(priya).get("/reports/").content.decode()


def test_a_picked_month_becomes_the_address_and_nonsense_is_not_found(as_person, dana, neighbourhoods):
    """Empty filters are dropped from the address; a month to come has no report."""
    client = as_person(dana)
    response = client.get(HERE, {"month": "2026-03", "period": "life", "category": ""})
    assert response.url == "/reports/directorates/neighbourhoods/2026-03/?period=life"
    assert client.get("/reports/directorates/neighbourhoods/").url == HERE
    for month in ("2026-13", "2026-09", "may", "1999-01"):
        assert client.get(f"/reports/directorates/neighbourhoods/{month}/").status_code == 404
    assert client.get(HERE, {"table": "nothing", "format": "csv"}).status_code == 404
    assert client.get(HERE, {"table": "late", "format": "exe"}).status_code == 404


@pytest.mark.parametrize("kind", ["count", "money", "percentage"])
@pytest.mark.parametrize("how", RollUp.values)
@pytest.mark.parametrize("direction", Direction.values)
def test_standings_agree_with_the_figures_to_date_of_each_kpi(
    kind, how, direction, lena, neighbourhoods, highways, parks
):
    """The database's sums and the one rule for figures to date say the same, blank months and all."""
    measure = make_measure("Any", kind=kind, roll_up=how, direction=direction)
    figures = [(7, 9), (0, 0), (11, 12)] if kind == "percentage" else ["7.5", 0, "11.25"]
    for contract, target in ((highways, 84), (parks, 150)):
        kpi_set = promise(contract, (measure, target), green_from=Decimal(95), amber_from=Decimal(80))
        for month, figure in zip((START, dt.date(2026, 2, 1), APRIL), figures, strict=True):
            make_return(kpi_set, month, {measure: figure})
        make_return(
            kpi_set, MAY, {measure: figures[0]} if contract == highways else {}, came_on=dt.date(2026, 6, 9)
        )
    found = standings(Scope(lena), Period(MAY))
    expected = figures_of([s.kpi_id for s in found], MAY)
    assert len(found) == 2
    for standing in found:
        one = expected[standing.kpi_id]
        assert standing.rating == one.rating
        for mine, theirs in ((standing.actual, one.actual), (standing.target, one.target)):
            if one.actual is not None:
                assert abs((mine or Fraction(0)) - Fraction(theirs or 0)) < Fraction(1, 5000)


def test_a_measure_leads_to_its_contracts_and_each_month_to_its_return(
    as_person, dana, two_contracts, weeks, highways
):
    """Three clicks: the report, the measure, the return."""
    client = as_person(dana)
    url = f"{HERE}measures/{weeks.pk}/"
    assert url in client.get(HERE).content.decode()
    page = client.get(url).content.decode()
    assert f"/contracts/{highways.pk}/returns/2026-05/" in page
    assert f'href="/contracts/{highways.pk}/"' in page
    rows = table_of(client, url, "contracts")
    assert [(r["Contract"], Decimal(r["Reported, 2026/27 to May"])) for r in rows] == [
        ("Highways resurfacing", 160), ("Parks upkeep", Decimal("10.25")),
    ]  # fmt: skip
    months = table_of(client, url, "months")
    assert months[1]["May 2026"] == "not in"


def test_an_empty_directorate_says_what_will_be_here_and_an_empty_council_too(as_person, dana, lena, weeks):
    """No figure is made up where there is none."""
    page = as_person(dana).get(HERE).content.decode()
    assert "Nothing to report yet" in page
    assert "Nothing to report yet" in as_person(lena).get("/reports/council/2026-05/").content.decode()
    page = as_person(dana).get(f"{HERE}measures/{weeks.pk}/").content.decode()
    assert "No contract here has promised this" in page
    assert "Nobody counted yet" in as_person(lena).get("/reports/our-children/2026-05/").content.decode()


def test_two_hundred_contracts_cost_as_many_queries_as_ten(as_person, lena, neighbourhoods, weeks, share):
    """However many rows, the same number of queries."""

    def add(count):
        for number in range(count):
            kpi_set = promise(make_contract(f"Contract {number}", neighbourhoods), (weeks, 120), (share, 90))
            late = number % 3 == 0
            make_return(
                kpi_set, MAY, {weeks: number % 9, share: (number % 9, 9)},
                came_on=None if late else dt.date(2026, 6, 9), comment="Words",
            )  # fmt: skip
        add_up()

    def queries():
        counted = []
        for url in (HERE, "/reports/council/2026-05/", f"{HERE}measures/{weeks.pk}/"):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counted.append(len(seen))
        return counted

    client = as_person(lena)
    add(10)
    queries()
    ten = queries()
    add(190)
    assert TotalRow.objects.get(measure=weeks).n_expected == 200
    assert queries() == ten
