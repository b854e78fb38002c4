"""The pages of suppliers: the list, status and facts, likely duplicates, merging."""

import datetime as dt

import pytest
from django.urls import reverse

from conftest import make_contract
from contracts.models import DistinctSuppliers, Supplier, SupplierMerge, SupplierStatus
from contracts.suppliers import merging
from contracts.suppliers.finding import find_or_make

LIST = reverse("contracts:supplier-list")


@pytest.fixture
def suppliers(highways, home_care):
    """Return three suppliers: of Neighbourhoods, of Adult Services, and of both."""
    for contract, name in ((home_care, "Kindly at Home CIC"), (highways, "Fellside Works Ltd")):
        contract.supplier_links.update(supplier=find_or_make(name, "01234567" if "CIC" in name else ""))
    both = make_contract("Windows", highways.directorate, supplier="Corbel Ltd", value=100)
    make_contract("Doors", home_care.directorate, supplier="Corbel Ltd", value=7000)
    return (
        find_or_make("Fellside Works Ltd"),
        find_or_make("Kindly at Home CIC"),
        find_or_make("Corbel Ltd"),
        both,
    )


def listed(client, query=""):
    return [row.supplier.name for row in client.get(f"{LIST}?{query}").context["rows"]]


def test_a_person_sees_the_suppliers_and_values_of_their_own_contracts_only(
    suppliers, as_person, colin, lena
):
    page = as_person(colin).get(LIST)
    assert [(row.supplier.name, row.contracts, row.value) for row in page.context["rows"]] == [
        ("Corbel Ltd", 1, 100),
        ("Fellside Works Ltd", 1, 2400000),
    ]
    page = as_person(lena).get(LIST)
    assert [(row.supplier.name, row.contracts) for row in page.context["rows"]] == [
        ("Corbel Ltd", 2),
        ("Fellside Works Ltd", 1),
        ("Kindly at Home CIC", 1),
    ]


def test_it_is_searched_filtered_and_sorted(suppliers, as_person, lena, adults):
    fellside, kindly, corbel, _ = suppliers
    for supplier, answer in ((fellside, "yes"), (kindly, "no")):
        SupplierStatus.objects.create(
            supplier=supplier, kind="sme", answer=answer, source="x", as_at=dt.date(2026, 1, 1), said_by=lena
        )
    client = as_person(lena)
    assert listed(client, "q=kindly") == listed(client, "q=1234567") == ["Kindly at Home CIC"]
    assert listed(client, "sme=yes") == ["Fellside Works Ltd"]
    assert listed(client, "sme=no") == ["Kindly at Home CIC"]
    assert listed(client, "sme=unknown") == ["Corbel Ltd"]
    assert listed(client, f"directorate={adults.pk}") == ["Corbel Ltd", "Kindly at Home CIC"]
    assert listed(client, "sort=-contracts")[0] == "Corbel Ltd"
    assert listed(client, "sort=value")[0] == "Corbel Ltd"
    assert listed(client, "q=none+such") == []


def test_past_and_merged_suppliers_are_listed_as_such(suppliers, as_person, lena):
    fellside, kindly, corbel, windows = suppliers
    windows.supplier_links.update(until=dt.date(2026, 3, 31))
    merging.merge(fellside, kindly, by=lena, reason="Same")
    rows = {row.supplier.name: row for row in as_person(lena).get(LIST).context["rows"]}
    assert set(rows) == {"Corbel Ltd", "Fellside Works Ltd"}
    assert (rows["Corbel Ltd"].contracts, rows["Corbel Ltd"].past) == (1, 1)
    assert rows["Fellside Works Ltd"].other_names == ["Kindly at Home CIC"]
    assert listed(as_person(lena), "q=kindly") == ["Fellside Works Ltd"]


def test_it_downloads_and_asks_no_more_of_the_database_for_more_suppliers(
    suppliers, as_person, lena, django_assert_max_num_queries, neighbourhoods
):
    client = as_person(lena)
    client.get(LIST)
    with django_assert_max_num_queries(16) as few:
        client.get(LIST)
    for number in range(8):
        make_contract(f"More {number}", neighbourhoods, supplier=f"More {number} Ltd")
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)
    told = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode("utf-8-sig")
    assert told.splitlines()[0].startswith("Number here,Supplier,Other names,Company number")
    assert "Kindly at Home CIC" in told
    assert client.get(f"{LIST}?format=xlsx").status_code == 200


def test_a_commissioner_says_what_a_supplier_is(suppliers, as_person, colin):
    address = reverse("contracts:supplier-status", args=[suppliers[0].pk])
    client = as_person(colin)
    wrong = client.post(address, {"kind": "sme", "answer": "", "source": "", "as_at_0": "1"})
    assert wrong.status_code == 200
    for sentence in ("Enter how that is known", "Select an answer: yes, no or not known"):
        assert sentence in wrong.content.decode()
    told = {
        "kind": "sme",
        "answer": "yes",
        "source": "Accounts",
        "as_at_0": "5",
        "as_at_1": "1",
        "as_at_2": "2026",
    }
    assert client.post(address, told).status_code == 302
    assert "As at 5 January 2026, from Accounts" in client.get(address).content.decode()


def test_the_second_of_two_people_keeps_what_they_typed(suppliers, as_person, colin):
    fellside = suppliers[0]
    address = reverse("contracts:supplier-edit", args=[fellside.pk])
    typed = {"name": "Fellside Works (North)", "company_number": "", "charity_number": "", "version": 1}
    Supplier.objects.filter(pk=fellside.pk).update(version=2, name="Fellside Works (South)")
    page = as_person(colin).post(address, typed)
    assert page.status_code == 409
    words = page.content.decode()
    assert "Fellside Works (North)" in words
    assert "Now it is Fellside Works (South)" in words
    again = as_person(colin).post(address, {**typed, "version": 2})
    assert again.status_code == 302
    fellside.refresh_from_db()
    assert fellside.name == "Fellside Works (North)"


def test_a_number_that_another_has_is_pointed_out_without_naming_what_one_may_not_see(
    suppliers, as_person, colin, lena
):
    address = reverse("contracts:supplier-edit", args=[suppliers[0].pk])
    typed = {"name": "Fellside Works Ltd", "company_number": "1234567", "version": 1}
    words = as_person(colin).post(address, typed, follow=True).content.decode()
    assert "also that of another supplier" in words
    assert "Kindly" not in words
    typed = {"name": "Fellside Works", "company_number": "01234567", "version": 2}
    assert (
        "also that of Kindly at Home CIC"
        in as_person(lena).post(address, typed, follow=True).content.decode()
    )


def test_duplicates_are_merged_kept_apart_and_both_taken_back(suppliers, as_person, lena, neighbourhoods):
    fellside = suppliers[0]
    make_contract("Gritting", neighbourhoods, supplier="Fellside Works Limited")
    twin = Supplier.objects.get(name="Fellside Works Limited")
    client = as_person(lena)
    page = client.get(reverse("contracts:supplier-duplicates")).content.decode()
    assert "The names are the same, apart from how they are written." in page
    assert "Gritting" in page
    pair = {"first": fellside.pk, "second": twin.pk}
    client.post(reverse("contracts:suppliers-distinct"), pair)
    page = client.get(reverse("contracts:supplier-duplicates"))
    assert page.context["pairs"] == []
    client.post(reverse("contracts:suppliers-distinct"), {**pair, "take_back": "1"})
    assert not DistinctSuppliers.objects.exists()
    address = reverse("contracts:supplier-merge", args=[fellside.pk]) + f"?with={twin.pk}"
    page = client.get(address).content.decode()
    assert "1 contract of Fellside Works Limited will stand under it." in page
    versions = {"first_version": fellside.version, "second_version": twin.version}
    assert (
        "Enter how you know that they are the same"
        in client.post(address, {"keep": fellside.pk, **versions}).content.decode()
    )
    done = client.post(address, {"keep": fellside.pk, "reason": "Same office", **versions}, follow=True)
    assert "Fellside Works Limited is now part of Fellside Works Ltd" in done.content.decode()
    # Another who had the page open meanwhile is told, not failed.
    assert client.post(address, {"keep": twin.pk, "reason": "x", **versions}).status_code == 409
    gone = client.get(reverse("reporting:supplier-page", args=[twin.pk])).content.decode()
    assert "Merged into" in gone
    made = SupplierMerge.objects.get()
    undone = client.post(reverse("contracts:supplier-merge-undo", args=[made.pk]), follow=True)
    assert "is a supplier of its own again" in undone.content.decode()
    assert client.post(reverse("contracts:supplier-merge-undo", args=[made.pk])).status_code == 409


def test_who_may_not_is_refused_and_who_may_not_know_finds_nothing(suppliers, as_person, priya, oscar):
    fellside = suppliers[0]
    for name in ("supplier-edit", "supplier-status"):
        address = reverse(f"contracts:{name}", args=[fellside.pk])
        assert as_person(priya).get(address).status_code == 403
        assert as_person(oscar).get(address).status_code == 404
    assert as_person(priya).get(reverse("contracts:supplier-duplicates")).status_code == 403
