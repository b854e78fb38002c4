"""Merging two records of one supplier, and taking it back after whatever else was done."""

import datetime as dt

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from contracts import verbs as contract_verbs
from contracts.models import Contract, ContractSupplier, Supplier, SupplierStatus
from contracts.register.tests.conftest import bring_in  # noqa: F401
from contracts.register.tests.files import row
from contracts.suppliers import merging
from contracts.suppliers.families import Families, latest_statuses
from contracts.suppliers.finding import find_or_make


@pytest.fixture
def twins(neighbourhoods, adults):
    """Return two records of one supplier with a contract each, and one contract of both."""
    one = make_contract("Cleaning", neighbourhoods, supplier="Brushworks Facilities Ltd")
    two = make_contract("Windows", adults, supplier="Brush Works Facilities")
    both = make_contract("Hygiene", adults, supplier="Brushworks Facilities Ltd")
    kept, other = (contract.supplier_links.get().supplier for contract in (one, two))
    both.supplier_links.create(supplier=other, position=2)
    Supplier.objects.filter(pk=other.pk).update(company_number="1234567", company_key="01234567")
    other.refresh_from_db()
    return kept, other


def state():
    """Return who supplies what, and each supplier's numbers."""
    return (
        sorted(
            ContractSupplier.objects.values_list(
                "contract__title", "supplier__name", "position", "since", "until"
            ),
            key=str,
        ),
        list(
            Supplier.objects.order_by("pk").values_list(
                "name", "company_number", "company_key", "charity_number", "merged_into"
            )
        ),
    )


def names(title):
    return [one.name for one in Contract.objects.get(title=title).current_suppliers]


def merge(kept, other, by, **more):
    return merging.merge(kept, other, by=by, reason="Same number at Companies House", **more)


def test_contracts_move_a_contract_of_both_keeps_one_and_numbers_are_filled_in(twins, lena):
    kept, other = twins
    merge(kept, other, lena)
    kept.refresh_from_db()
    assert (names("Cleaning"), names("Windows"), names("Hygiene")) == ([kept.name],) * 3
    assert (kept.company_number, kept.company_key) == ("1234567", "01234567")
    assert not other.contract_links.exists()
    assert find_or_make("Brush Works Facilities") == find_or_make("Anybody", "01234567") == kept


def test_undoing_it_makes_everything_as_it_was(twins, lena):
    before = state()
    made = merge(*twins, lena)
    assert state() != before
    assert merging.undo_merge(made, by=lena) == []
    assert state() == before
    with pytest.raises(Stale, match="undone already"):
        merging.undo_merge(made, by=lena)


def test_both_suppliers_and_each_contract_tell_of_it(twins, lena):
    kept, other = twins
    made = merge(kept, other, lena)
    merging.undo_merge(made, by=lena)
    for supplier in twins:
        assert [line.action for line in history_of(supplier)] == [
            "contracts.supplier_merge_undo",
            "contracts.supplier_merge",
        ]
    windows = Contract.objects.get(title="Windows")
    undone, merged = history_of(windows)
    assert (merged.before, merged.after) == ({"Supplier": other.name}, {"Supplier": kept.name})
    assert merged.contract_number == windows.pk
    assert (undone.before, undone.after) == ({"Supplier": kept.name}, {"Supplier": other.name})
    assert not history_of(Contract.objects.get(title="Cleaning")).exists()
    # The summary counts no contracts: not all who read it may know of them.
    assert history_of(kept).first().before == {}


def test_statuses_stay_where_they_were_said_and_count_for_the_kept_one(twins, lena):
    kept, other = twins
    said = SupplierStatus.objects.create(
        supplier=other, kind="sme", answer="yes", source="Accounts", as_at=dt.date(2026, 1, 1), said_by=lena
    )
    made = merge(kept, other, lena)
    assert latest_statuses(Families(), [kept.pk]) == {(kept.pk, "sme"): said}
    merging.undo_merge(made, by=lena)
    assert latest_statuses(Families(), [kept.pk]) == {}


def test_into_itself_twice_or_without_a_reason_is_refused(twins, lena, priya):
    kept, other = twins
    with pytest.raises(Invalid, match="into itself"):
        merge(kept, kept, lena)
    with pytest.raises(Invalid, match="how you know"):
        merging.merge(kept, other, by=lena, reason=" ")
    with pytest.raises(Refused):
        merge(kept, other, priya)
    merge(kept, other, lena)
    for pair in ((kept, other), (other, kept)):
        with pytest.raises(Stale, match="was merged into"):
            merge(*pair, lena)


def test_the_second_of_two_people_is_told_that_it_has_changed(twins, lena, adam):
    kept, other = twins
    seen = (kept.version, other.version)
    third = find_or_make("Brushworks")
    merge(kept, third, lena)
    with pytest.raises(Stale, match="Somebody else changed"):
        merge(kept, other, adam, versions=seen)


def test_a_merge_under_a_later_one_waits_for_that_to_be_undone(twins, lena):
    kept, other = twins
    before = state()
    first = merge(kept, other, lena)
    top = find_or_make("Brushworks Group")
    second = merge(top, kept, lena)
    assert names("Windows") == ["Brushworks Group"]
    with pytest.raises(
        Stale, match="Undo the merge of Brushworks Facilities Ltd into Brushworks Group first"
    ):
        merging.undo_merge(first, by=lena)
    assert merging.undo_merge(second, by=lena) == []
    assert merging.undo_merge(first, by=lena) == []
    assert state()[0] == before[0]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_merges_into_one_supplier_are_undone_in_either_order(twins, lena, order):
    kept, other = twins
    third = find_or_make("Brush-works Facility")
    windows = Contract.objects.get(title="Windows")
    windows.supplier_links.create(supplier=third, position=2)
    before = state()
    # Both supplied it: the first merge moves its link there, the second drops the other's beside it.
    merges = [merge(kept, other, lena), merge(kept, third, lena)]
    assert names("Windows") == [kept.name]
    merging.undo_merge(merges[order[0]], by=lena)
    assert sorted(names("Windows")) == sorted([kept.name, (other, third)[order[0]].name])
    merges[order[1]].refresh_from_db()
    assert merging.undo_merge(merges[order[1]], by=lena) == []
    assert state() == before


def test_what_was_changed_since_stays_and_is_said(twins, lena):
    kept, other = twins
    made = merge(kept, other, lena)
    windows, hygiene = (Contract.objects.get(title=title) for title in ("Windows", "Hygiene"))
    contract_verbs.edit(windows, by=lena, suppliers=["Somebody Else Ltd"])
    contract_verbs.edit(hygiene, by=lena, suppliers=["Brushworks Facilities Ltd", "Joint Ltd"])
    skipped = merging.undo_merge(made, by=lena)
    assert skipped == [
        f"The supplier of contract {windows.pk} was changed since, away from Brushworks Facilities Ltd: "
        "that stays, and Brush Works Facilities was not put back there."
    ]
    assert names("Windows") == ["Somebody Else Ltd"]
    assert sorted(names("Hygiene")) == ["Brush Works Facilities", "Brushworks Facilities Ltd", "Joint Ltd"]


def test_a_novation_since_is_kept_and_the_past_goes_back_to_whose_it_was(twins, lena):
    kept, other = twins
    made = merge(kept, other, lena)
    day = dt.date(2026, 3, 31)
    new = find_or_make("New Holder Ltd")
    for title in ("Windows", "Hygiene"):
        contract = Contract.objects.get(title=title)
        contract.supplier_links.update(until=day)
        contract.supplier_links.create(supplier=new, since=day + dt.timedelta(days=1))
    assert merging.undo_merge(made, by=lena) == []
    past = ContractSupplier.objects.filter(until=day).values_list("contract__title", "supplier__name")
    assert sorted(past) == [
        ("Hygiene", "Brush Works Facilities"),
        ("Hygiene", "Brushworks Facilities Ltd"),
        ("Windows", "Brush Works Facilities"),
    ]
    assert names("Windows") == names("Hygiene") == ["New Holder Ltd"]


def test_undoing_it_after_the_register_came_in_again(bring_in, lena):  # noqa: F811
    rows = [
        row(company=""),
        row(reference="R2", title="Verges", supplier="Fellbeck Contracting", company=""),
    ]
    bring_in(rows)
    kept, other = Supplier.objects.order_by("pk")
    made = merge(kept, other, lena)
    rows[1]["value"] = "999"
    rows.append(row(reference="R3", title="Hedges", supplier="Fellbeck Contracting", company=""))
    found = bring_in(rows)
    assert (found["created"], found["updated"]) == (1, 1)
    assert names("Hedges") == names("Verges") == ["Fellside Works Ltd"]
    assert Supplier.objects.count() == 2
    assert merging.undo_merge(made, by=lena) == []
    assert names("Verges") == ["Fellbeck Contracting"]
    # What came in under the merged name stays with the kept supplier: the merge didn't move it.
    assert names("Hedges") == ["Fellside Works Ltd"]


def test_not_the_same_is_said_once_and_can_be_taken_back(twins, lena):
    one, other = twins
    assert merging.say_distinct(other, one, by=lena) == merging.say_distinct(one, other, by=lena)
    assert history_of(one).count() == 1
    merging.take_back_distinct(other, one, by=lena)
    assert history_of(other).first().summary == "Taken back: not the same as Brushworks Facilities Ltd"
    with pytest.raises(Invalid):
        merging.say_distinct(one, one, by=lena)
