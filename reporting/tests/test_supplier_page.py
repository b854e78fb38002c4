"""A supplier's page: as far as each may see its contracts, by the months that are its own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import HistoryRow
from conftest import make_contract
from contracts.models import Contract, SupplierStatus
from contracts.suppliers import merging
from contracts.suppliers.finding import find_or_make
from kpis.library.models import Cohort
from kpis.tests.factories import make_measure
from reporting.tests.making import APRIL, MAY, NOW, make_return, promise

FEBRUARY, MARCH = dt.date(2026, 2, 1), dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _eleventh_of_june(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def weeks(db):
    return make_measure("Apprenticeship weeks")


@pytest.fixture
def children(db):
    return make_measure(
        "Our Children hired", unit="people", cohort=Cohort.objects.create(name="Our Children", code="oc")
    )


def page_of(client, supplier):
    return client.get(reverse("reporting:supplier-page", args=[supplier.pk]))


def figures(page):
    """Return measure -> (committed, due, reported, verified) as shown."""
    return {
        row.title: tuple(getattr(row, name).shown for name in ("committed", "due", "reported", "verified"))
        for row in page.context["measures"]
    }


def supplier_of(contract):
    return contract.supplier_links.get(until=None).supplier


def test_measures_add_up_over_the_contracts_one_may_see(highways, home_care, weeks, as_person, lena, colin):
    for contract, amount in ((highways, 8), (home_care, 5)):
        make_return(promise(contract, (weeks, 120)), APRIL, {weeks: amount}, verified={weeks: amount - 1})
    seen = page_of(as_person(lena), supplier_of(highways))
    assert figures(seen) == {"Apprenticeship weeks": ("240", "20", "13", "11")}
    assert seen.context["totals"]["value"] == Decimal(4800000)
    assert "2 contracts in 2 directorates" in seen.content.decode()
    own = page_of(as_person(colin), supplier_of(highways))
    assert figures(own) == {"Apprenticeship weeks": ("120", "10", "8", "7")}
    assert "Home care" not in own.content.decode()
    assert "Adult Services" not in own.content.decode()


def test_after_a_novation_each_month_is_whose_supplier_it_was_on_its_last_day(
    highways, weeks, as_person, lena
):
    kpi_set = promise(highways, (weeks, 120))
    for month, amount in ((FEBRUARY, 1), (MARCH, 2), (APRIL, 4), (MAY, 8)):
        make_return(kpi_set, month, {weeks: amount})
    first, second = supplier_of(highways), find_or_make("Next Ltd")
    highways.supplier_links.update(until=dt.date(2026, 4, 14))
    highways.supplier_links.create(supplier=second, since=dt.date(2026, 4, 15))
    client = as_person(lena)
    before, after = page_of(client, first), page_of(client, second)
    assert figures(before) == {"Apprenticeship weeks": ("", "20", "3", "")}
    assert figures(after) == {"Apprenticeship weeks": ("120", "20", "12", "")}
    (past,), (now,) = before.context["past"], after.context["now"]
    assert (past.expected, past.received, past.kpis, past.time_words) == (2, 2, 0, "until 14 April 2026")
    assert (now.expected, now.received, now.kpis, now.time_words) == (2, 2, 1, "from 15 April 2026")
    for page in (before, after):
        assert "whoever supplied it on the last day of the month" in page.content.decode()
    named = client.get(reverse("reporting:contract-page", args=[highways.pk])).content.decode()
    assert "Past suppliers" in named
    assert "(until 14 April 2026)" in named


def test_a_figure_about_few_people_is_shown_to_those_only_who_see_it_on_the_contract(
    highways, children, weeks, as_person, lena, colin, sami, ewa, adam
):
    other = make_contract("Gritting", highways.directorate)
    make_return(promise(highways, (children, 12), (weeks, 120)), APRIL, {children: 3, weeks: 4})
    make_return(promise(other, (children, 24)), APRIL, {children: 40})
    supplier = supplier_of(highways)
    for person in (lena, colin):
        assert figures(page_of(as_person(person), supplier))["Our Children hired"][2] == "43"
    for person in (sami, ewa, adam):
        page = page_of(as_person(person), supplier)
        assert figures(page)["Our Children hired"][2:] == ("Not shown", "Not shown")
        assert figures(page)["Apprenticeship weeks"][2] == "4"
        words = page.content.decode()
        assert ">43<" not in words
        assert ">40<" not in words
        (line,) = [one for one in page.context["lines"] if one.contract == highways]
        # The rating of the hidden KPI is not counted either.
        assert sum(line.ratings.values()) == 1
        told = page_of_file(as_person(person), supplier)
        assert "43" not in told


def page_of_file(client, supplier):
    address = reverse("reporting:supplier-page", args=[supplier.pk])
    return b"".join(client.get(f"{address}?format=csv").streaming_content).decode("utf-8-sig")


def test_status_stands_beside_what_the_registers_rows_say(highways, as_person, lena):
    other = make_contract("Gritting", highways.directorate)
    Contract.objects.filter(pk=highways.pk).update(sme="yes")
    Contract.objects.filter(pk=other.pk).update(sme="no")
    SupplierStatus.objects.create(
        supplier=supplier_of(highways),
        kind="sme",
        answer="no",
        source="Accounts 2025",
        as_at=APRIL,
        said_by=lena,
    )
    words = page_of(as_person(lena), supplier_of(highways)).content.decode()
    assert "As at 1 April 2026, from Accounts 2025" in words
    assert "yes on 1 of 2, no on 1 of 2 contracts" in words


def test_returns_are_counted_in_and_late(highways, weeks, as_person, lena):
    kpi_set = promise(highways, (weeks, 120))
    make_return(kpi_set, MARCH, {weeks: 1}, came_on=dt.date(2026, 5, 30))
    make_return(kpi_set, APRIL, came_on=None)
    (line,) = page_of(as_person(lena), supplier_of(highways)).context["now"]
    assert line.returns_words == "1 of 2 in, 2 late"
    assert page_of_file(as_person(lena), supplier_of(highways)).count("\n") >= 2


def test_it_asks_no_more_of_the_database_for_more_contracts(
    highways, weeks, as_person, sami, django_assert_max_num_queries
):
    make_return(promise(highways, (weeks, 120)), APRIL, {weeks: 4})
    supplier, client = supplier_of(highways), as_person(sami)
    page_of(client, supplier)
    with django_assert_max_num_queries(45) as few:
        page_of(client, supplier)
    for number in range(5):
        make_return(
            promise(make_contract(f"More {number}", highways.directorate), (weeks, 12)), APRIL, {weeks: 1}
        )
    with django_assert_max_num_queries(len(few)):
        page_of(client, supplier)


def test_a_supplier_of_contracts_one_may_not_see_is_not_there(home_care, as_person, colin, nadia, lena):
    supplier = supplier_of(home_care)
    for person in (colin, nadia):
        assert page_of(as_person(person), supplier).status_code == 404
    gone = find_or_make("Home Carers")
    merging.merge(supplier, gone, by=lena, reason="Same")
    assert page_of(as_person(colin), gone).status_code == 404
    words = page_of(as_person(lena), gone).content.decode()
    assert "Undo the merge" in words
    assert HistoryRow.objects.filter(action="contracts.supplier_merge").exists()
