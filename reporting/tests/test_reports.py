"""Reports: the figures, who may read them, what is named, and that files say what pages say."""

import csv
import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import make_contract
from contracts.models import Category
from kpis.library.models import Cohort, Direction, RollUp
from kpis.models import KPISet, TotalRow
from kpis.readings.rating import Rating
from kpis.readings.to_date import figures_of
from kpis.tests.factories import make_measure
from reporting.queries.measures import measure_table
from reporting.queries.periods import LIFE, MONTH, Period
from reporting.queries.scope import Scope
from reporting.queries.standing import standings
from reporting.tests.making import APRIL, MAY, NOW, START, add_up, make_return, promise
from spreadsheets.reading import open_table

HERE = "/reports/directorates/neighbourhoods/2026-05/"


@pytest.fixture(autouse=True)
def _eleventh_of_june(monkeypatch):
    """Hold the clock at 11 June 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def weeks(db):
    """Return a measure that adds up."""
    return make_measure("Weeks of apprenticeship")


@pytest.fixture
def share(db):
    """Return a percentage of the latest month."""
    return make_measure(
        "Staff paid a living wage", unit="per cent", kind="percentage", roll_up="latest",
        numerator_name="staff paid it", denominator_name="all staff",
    )  # fmt: skip


@pytest.fixture
def children(db):
    """Return a measure about Our Children alone."""
    cohort = Cohort.objects.filter(is_our_children=True).first() or Cohort.objects.create(
        code="our-children-test", name="Our Children", definition="In care", is_our_children=True
    )
    return make_measure("Our Children in a first job", unit="people-test", cohort=cohort)


@pytest.fixture
def parks(neighbourhoods, priya, colin):
    """Return a second contract of Neighbourhoods."""
    return make_contract(
        "Parks upkeep", neighbourhoods, manager=priya, commissioner=colin, value=Decimal(900)
    )


@pytest.fixture
def two_contracts(highways, parks, weeks, share):
    """Report April and May on two contracts: May of Parks is not in."""
    first = promise(highways, (weeks, 1200), (share, 90))
    second = promise(parks, (weeks, 120), (share, 80))
    make_return(first, APRIL, {weeks: 90, share: (8, 10)}, verified={weeks: 88, share: (8, 10)})
    make_return(first, MAY, {weeks: 70, share: (9, 10)}, came_on=dt.date(2026, 6, 10))
    make_return(second, APRIL, {weeks: "10.25", share: (60, 100)}, came_on=dt.date(2026, 5, 29))
    make_return(second, MAY, came_on=None)
    add_up()


def csv_rows(response):
    """Return a CSV answer as dictionaries."""
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def table_of(client, url, table, **query):
    """Return a report's table as a file's rows."""
    return csv_rows(client.get(url, {"table": table, "format": "csv", **query}))


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


@pytest.fixture
def few_children(highways, home_care, children):
    """Three of Our Children in Neighbourhoods, nine in Adult Services and eight in a third directorate."""
    from accounts.models import Directorate

    third = make_contract("Bus passes", Directorate.objects.create(name="Transport", slug="transport"))
    for contract, count in ((highways, 3), (home_care, 9), (third, 8)):
        make_return(promise(contract, (children, 24)), MAY, {children: count}, came_on=dt.date(2026, 6, 9))
    add_up()
    return children


def test_small_numbers_are_hidden_on_pages_and_in_files_from_all_but_their_own(
    as_person, sami, ewa, dana, lena, few_children
):
    """Others stand on their contracts' pages, so the total is hidden: the small one would follow from it."""
    url = f"/reports/measures/{few_children.pk}/2026-05/"
    for person in (sami, ewa):
        rows = {r["Directorate"]: r for r in table_of(as_person(person), url, "directorates")}
        reported = {name: row["Reported, 2026/27 to May"] for name, row in rows.items()}
        assert reported == {
            "Neighbourhoods": "Not shown",
            "Adult Services": "9.0000",
            "Transport": "8.0000",
        }
        assert rows["Neighbourhoods"]["Status"] == "Not shown"
        council = table_of(as_person(person), "/reports/council/2026-05/", "measures")
        assert council[0]["Reported, 2026/27 to May"] == "Not shown"
    for person in (dana, lena):
        row = table_of(as_person(person), HERE, "measures")[0]
        assert Decimal(row["Reported, 2026/27 to May"]) == 3


def test_no_page_picture_or_file_gives_a_small_number_away(as_person, sami, few_children, highways):
    """Neither the page, nor its working, nor its picture, nor the workbook holds the three."""
    client = as_person(sami)
    for url in (HERE, f"{HERE}measures/{few_children.pk}/"):
        page = client.get(url).content.decode()
        assert "Not shown" in page
        assert "3 people" not in page
        assert ">3<" not in page
        assert "chart-spark" not in page
    for table in ("contracts", "months"):
        rows = table_of(client, f"{HERE}measures/{few_children.pk}/", table)
        assert not {"3", "3.0000"} & set(rows[0].values())
        assert "Not shown" in rows[0].values()
    response = client.get(HERE, {"table": "measures", "format": "xlsx"})
    book = open_table(response.content, name="measures.xlsx", sheet="Measures", header_row=1)
    cells = [cell for row in book.rows for cell in row.cells]
    assert "Not shown" in cells
    assert Decimal(3) not in [cell for cell in cells if isinstance(cell, int | Decimal)]
    about = open_table(response.content, name="measures.xlsx", sheet="About", header_row=1)
    words = " ".join(str(row.cells[0]) for row in about.rows)
    assert "As at 11 June 2026" in words
    assert "are not shown" in words
    assert "Sami Aziz" in words


def test_our_children_are_counted_across_the_council(as_person, lena, sami, few_children):
    """The lead reads each number; others what gives no small one away."""
    url = "/reports/our-children/2026-05/"
    row = table_of(as_person(lena), url, "own")[0]
    assert [Decimal(row[name]) for name in ("Neighbourhoods", "Adult Services", "Transport", "Council")] == [
        3,
        9,
        8,
        20,
    ]
    assert "How many of Our Children got work?" in as_person(lena).get(url).content.decode()
    row = table_of(as_person(sami), url, "own")[0]
    assert row["Neighbourhoods"] == row["Council"] == "Not shown"
    assert row["Adult Services"] == "9.0000"


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
