"""Small numbers of people: no two pages, months or totals together give one away."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import make_contract
from kpis.library.models import Cohort
from kpis.models import CohortCount, Reading
from kpis.tests.factories import make_measure
from reporting.queries.hiding import COUNCIL, hidden_keys, keep_back
from reporting.queries.periods import LIFE, MONTH, Period
from reporting.tests.making import APRIL, MAY, NOW, add_up, make_return, promise, table_of

pytestmark = pytest.mark.django_db
JUNE_3 = dt.date(2026, 6, 3)
FEBRUARY, MARCH = dt.date(2026, 2, 1), dt.date(2026, 3, 1)
HERE = "/reports/directorates/neighbourhoods/{}/"


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def children(db):
    """Return the group the figures are about."""
    return Cohort.objects.get(is_our_children=True)


@pytest.fixture
def measure(children):
    """Return a measure about Our Children alone."""
    return make_measure("Our Children hired", unit="test-people", cohort=children)


def report(kpi_set, measure, *counts, verified=()):
    """Put one count a month into the set's KPI, the last for May."""
    months = (FEBRUARY, MARCH, APRIL, MAY)[-len(counts) :]
    checked = dict(zip(months[-len(verified) :] if verified else (), verified, strict=True))
    for month, count in zip(months, counts, strict=True):
        make_return(
            kpi_set,
            month,
            {measure: count},
            came_on=JUNE_3,
            verified={measure: checked[month]} if month in checked else (),
            comment=f"We hired {count} of them.",
        )
    add_up()


def reported(client, where, measure, month, period="year"):
    """Return what a report's table of measures says was reported of the measure in a month."""
    rows = table_of(client, where.format(month), "measures", period=period)
    row = next(row for row in rows if row["Code"] == measure.code)
    return next(cell for name, cell in row.items() if name.startswith("Reported"))


def test_a_month_does_not_follow_from_what_stands_on_two_pages(as_person, sami, highways, measure):
    """Twelve in April and three in May: neither the contract's total nor the return's says fifteen."""
    report(promise(highways, (measure, 24)), measure, 12, 3)
    client = as_person(sami)
    for url in (highways.get_absolute_url(), f"/contracts/{highways.pk}/returns/2026-05/"):
        page = client.get(url).content.decode()
        assert "Not shown" in page
        assert ">15<" not in page
        assert "15 of" not in page


def test_words_on_a_hidden_figure_are_hidden_with_it(as_person, sami, priya, highways, measure):
    report(promise(highways, (measure, 24)), measure, 3)
    url = f"/contracts/{highways.pk}/returns/2026-05/"
    assert "We hired 3 of them" not in as_person(sami).get(url).content.decode()
    assert "We hired 3 of them" in as_person(priya).get(url).content.decode()


@pytest.mark.parametrize("verified", [3, 10])
def test_a_small_verified_figure_or_what_is_left_of_the_reported_one_is_hidden(
    as_person, sami, highways, measure, verified
):
    report(promise(highways, (measure, 24)), measure, 12, verified=(verified,))
    for url in (highways.get_absolute_url(), f"/contracts/{highways.pk}/returns/2026-05/"):
        page = as_person(sami).get(url).content.decode()
        assert f">{verified}<" not in page
        assert "Not shown" in page


def test_the_year_to_date_of_two_months_does_not_give_the_month_between_away(
    as_person, sami, dana, highways, measure
):
    """Four in April is too few; with May's two they are enough, but neither month by itself is."""
    report(promise(highways, (measure, 24)), measure, 4, 2)
    client = as_person(sami)
    for basis in ("year", "month", "life"):
        assert reported(client, HERE, measure, "2026-04", basis) == "Not shown"
    assert reported(client, HERE, measure, "2026-05", "year") == "6.0000"
    assert reported(client, HERE, measure, "2026-05", "month") == "Not shown"
    assert reported(as_person(dana), HERE, measure, "2026-05", "month") == "2.0000"


def test_a_total_does_not_give_away_the_one_contract_that_is_hidden(
    as_person, sami, neighbourhoods, highways, measure
):
    """Twenty here can be read on its contract's page; twenty-three for both would say three of the other."""
    parks = make_contract("Grounds maintenance", neighbourhoods)
    report(promise(parks, (measure, 60)), measure, 20)
    report(promise(highways, (measure, 24)), measure, 3)
    client = as_person(sami)
    assert reported(client, HERE, measure, "2026-05") == "Not shown"
    assert reported(client, "/reports/council/{}/", measure, "2026-05") == "Not shown"
    lines = {
        row["Contract"]: row
        for row in table_of(client, f"{HERE.format('2026-05')}measures/{measure.pk}/", "contracts")
    }
    assert lines["Highways resurfacing"]["Reported, 2026/27 to May"] == "Not shown"
    assert lines["Highways resurfacing"]["Verified, 2026/27 to May"] == "Not shown"
    assert lines["Grounds maintenance"]["Reported, 2026/27 to May"] == "20.0000"


def test_a_kpi_tied_to_a_group_in_a_measure_for_everybody_is_hidden_in_its_total_too(
    as_person, sami, neighbourhoods, highways, children
):
    weeks = make_measure("People hired", unit="test-people")
    parks = make_contract("Grounds maintenance", neighbourhoods)
    report(promise(parks, (weeks, 60)), weeks, 20)
    report(promise(highways, (weeks, 24), cohort=children), weeks, 3)
    client = as_person(sami)
    assert reported(client, HERE, weeks, "2026-05") == "Not shown"
    assert "chart-spark" not in client.get(HERE.format("2026-05")).content.decode()


def test_counts_within_wider_measures_do_not_follow_from_a_total_or_another_month(
    as_person, sami, lena, neighbourhoods, highways, children
):
    hired = make_measure("People hired", unit="test-people")
    hired.cohort_splits.add(children)
    parks = make_contract("Grounds maintenance", neighbourhoods)
    for contract, ours in ((highways, 3), (parks, 9)):
        report(promise(contract, (hired, 60)), hired, 30)
        reading = Reading.objects.get(contract=contract)
        CohortCount.objects.create(reading=reading, cohort=children, count=ours, reported_count=ours)
    url = "/reports/our-children/2026-05/"
    row = table_of(as_person(sami), url, "parts")[0]
    assert row["Neighbourhoods"] == row["Council"] == "Not shown"
    assert table_of(as_person(lena), url, "parts")[0]["Council"] == "12.0000"


counts = st.dictionaries(st.integers(1, 4), st.integers(0, 12), min_size=1)


@given(counts)
def test_what_is_kept_back_is_never_one_alone_nor_a_few_together(given_counts):
    kept = keep_back(given_counts)
    assert {key for key, count in given_counts.items() if 0 < count < 5} <= kept
    hidden = [given_counts[key] for key in kept if key is not None]
    if COUNCIL not in kept and hidden:
        assert len(hidden) > 1
        assert not 0 < sum(hidden) < 5
    if COUNCIL not in kept:
        assert not 0 < sum(given_counts.values()) < 5


MONTHS = [dt.date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(18)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 7), min_size=18, max_size=18))
def test_no_two_totals_that_are_shown_lie_a_few_people_apart(by_month):
    """One directorate, a year and a half: every total of every month, year to date, alone or all."""
    series = {1: dict(zip(MONTHS, by_month, strict=True))}
    for basis in ("year", MONTH, LIFE):
        shown = []
        for index, month in enumerate(MONTHS):
            period = Period(month, basis)
            if 1 not in hidden_keys(series, period):
                start = next(i for i, m in enumerate(MONTHS) if m >= period.start)
                shown.append((period.start, sum(by_month[start : index + 1])))
        for start, total in shown:
            assert not 0 < total < 5
            for other, less in shown:
                if other == start:
                    assert not 0 < abs(total - less) < 5


def test_the_place_of_a_hidden_figure_in_a_list_says_nothing_of_it(as_person, sami, highways, measure):
    """Being behind a target of a few people would say how few: such a KPI is counted, not named."""
    report(promise(highways, (measure, Decimal(8))), measure, 1)
    assert table_of(as_person(sami), HERE.format("2026-05"), "behind") == []


def test_a_contract_that_moved_away_keeps_its_figures_here_but_not_its_name(
    as_person, dana, sami, adults, highways
):
    weeks = make_measure("Weeks of training")
    report(promise(highways, (weeks, 60)), weeks, 20)
    highways.directorate, highways.department = adults, None
    highways.save()
    url = f"{HERE.format('2026-05')}measures/{weeks.pk}/"
    row = table_of(as_person(dana), url, "contracts")[0]
    assert (row["Contract"], row["Supplier"]) == ("A contract that has moved to another directorate", "")
    assert row["Reported, 2026/27 to May"] == "20.0000"
    page = as_person(dana).get(url).content.decode()
    assert "Highways resurfacing" not in page
    assert f"/contracts/{highways.pk}/" not in page
    assert table_of(as_person(sami), url, "contracts")[0]["Contract"] == "Highways resurfacing"


def test_the_highest_of_small_months_is_not_shown_however_many_there_are(as_person, sami, highways, children):
    most = make_measure("Most at once", unit="test-people", cohort=children, roll_up="maximum")
    report(promise(highways, (most, 24)), most, 4, 4, 4)
    assert reported(as_person(sami), HERE, most, "2026-05") == "Not shown"


def test_the_rest_of_a_percentages_cases_is_as_small_a_group_as_the_cases(
    as_person, sami, dana, highways, children
):
    """Nine of ten kept their work: the one who did not would follow."""
    kept = make_measure(
        "Kept at 26 weeks", unit="test-share", kind="percentage", roll_up="latest", cohort=children,
        numerator_name="kept", denominator_name="all",
    )  # fmt: skip
    make_return(promise(highways, (kept, 80)), MAY, {kept: (9, 10)}, came_on=JUNE_3)
    add_up()
    for url in (highways.get_absolute_url(), f"/contracts/{highways.pk}/returns/2026-05/"):
        page = as_person(sami).get(url).content.decode()
        assert "90%" not in page
        assert "Not shown" in page
        assert "90%" in as_person(dana).get(url).content.decode()
