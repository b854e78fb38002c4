"""Coverage by award year: each contract counted once, in the financial year it was awarded in."""

import datetime as dt

import pytest

from contracts.models import Contract, ContractSupplier, Offer, Supplier

pytestmark = pytest.mark.django_db
ADDRESS = "/contracts/by-award-year/"


def counts(page):
    """Return {year: its counts} as the page shows them."""
    return {line.name: dict(line.count) for line in page.context["years"]}


def test_each_contract_counts_once_under_what_it_has(as_person, bare, covered, colin):
    day = {"starts_on": dt.date(2025, 3, 31)}
    covered("Parks", **day)
    bare("Bare", **day)
    bare("Exempt", kpi_exemption="Monopoly", **day)
    offered = bare("Offered", **day)
    Offer.objects.create(contract=offered, kind="in_kind", description="A day in the park")
    bare("Signed later", starts_on=dt.date(2025, 3, 31), signed_on=dt.date(2025, 4, 1))
    bare("Not awarded", stage="tender", **day)
    bare("Undated", starts_on=None)
    page = as_person(colin).get(ADDRESS)
    assert counts(page) == {
        "2025/26": {"none": 1},
        "2024/25": {"kpis": 1, "none": 1, "exempt": 1, "offer": 1},
    }
    assert page.context["undated"].total == 1
    assert "1 of 6" in page.context["sentence"]


def test_a_figure_leads_to_its_contracts(as_person, bare, covered, colin):
    covered("Parks", starts_on=dt.date(2025, 3, 31))
    bare("Bare", starts_on=dt.date(2025, 3, 31))
    page = as_person(colin).get(ADDRESS, {"year": "2024", "has": "none"})
    assert [contract.title for contract, *_ in page.context["listed"]] == ["Bare"]
    assert "1 contract awarded in 2024/25 with nothing" in page.content.decode()


def test_only_contracts_one_may_see_are_counted(as_person, bare, adults, oscar, unmapped, lena):
    bare()
    bare("Home care", adults, starts_on=dt.date(2025, 5, 1))
    assert counts(as_person(oscar).get(ADDRESS)) == {"2025/26": {"none": 1}}
    assert as_person(lena).get(ADDRESS).context["page_obj"].paginator.count == 2


def test_it_downloads_by_year_and_directorate(as_person, bare, adults, lena):
    bare(starts_on=dt.date(2025, 5, 1))
    bare("Home care", adults, starts_on=dt.date(2025, 5, 1))
    text = b"".join(as_person(lena).get(ADDRESS + "?format=csv").streaming_content).decode()
    assert text.splitlines()[1:] == [
        "2025/26,Adult Services,1,0,0,0,0,1",
        "2025/26,Neighbourhoods,1,0,0,0,0,1",
    ]
    assert as_person(lena).get(ADDRESS + "?format=xlsx").content[:2] == b"PK"


def test_more_than_a_thousand_suppliers_are_no_obstacle(as_person, bare, colin):
    bare("First", starts_on=dt.date(2025, 3, 31))
    names = [f"Supplier {number}" for number in range(1100)]
    suppliers = Supplier.objects.bulk_create(Supplier(name=name, name_key=name.lower()) for name in names)
    facts = Contract.objects.get()
    numbers = Contract.objects.bulk_create(
        Contract(title=name, directorate=facts.directorate, stage="live", commissioner=colin)
        for name in names
    )
    ContractSupplier.objects.bulk_create(
        ContractSupplier(contract=contract, supplier=supplier)
        for contract, supplier in zip(numbers, suppliers, strict=True)
    )
    page = as_person(colin).get(ADDRESS)
    assert page.status_code == 200
    assert page.context["undated"].total == 1100


def test_without_a_signed_contract_the_page_does_not_say_that_none_was_awarded(as_person, colin):
    assert b"You see no signed contract with a directorate." in as_person(colin).get(ADDRESS).content


def test_the_picture_names_no_best_year_where_none_has_kpis(as_person, bare, colin):
    bare("Bare", starts_on=dt.date(2025, 3, 31))
    bare("Later", starts_on=dt.date(2025, 5, 31))
    page = as_person(colin).get(ADDRESS).content.decode()
    assert "No contract awarded since 2024/25 has approved KPIs" in page
    assert "Best covered" not in page
