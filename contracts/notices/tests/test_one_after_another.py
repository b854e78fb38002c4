"""Notices of one procurement in files that come one after another: the same as in one file."""

from decimal import Decimal

import pytest

from accounts.models import HistoryRow
from contracts.models import Buyer, Contract, PublishedRecord
from contracts.notices.tests.files import SUPPLIER, SUPPLIER_PARTY, award, release

BELL = {"id": "b", "name": "Bell, Book and Candle Ltd"}
WICK = {"id": "c", "name": "Candlewick CIC"}


def later(number, **more):
    """Return a release some months after the award."""
    return release(name=f"r{number}", date=f"2025-{number + 8:02}-01T09:00:00Z", **more)


def test_suppliers_named_later_join_those_named_before_as_in_one_file(bring_in, db):
    large = {**WICK, "roles": ["supplier"], "details": {"scale": "large"}}
    bring_in(release(awards=[award(suppliers=[SUPPLIER, BELL])]))
    second = later(2, tag=["awardUpdate"], awards=[award(suppliers=[SUPPLIER, WICK])],
                   parties=[SUPPLIER_PARTY, large])  # fmt: skip
    found = bring_in(second)
    assert "It no longer names Bell, Book and Candle Ltd" in found["warnings"][1]["message"]
    contract = Contract.objects.get()
    assert contract.supplier_text == "Fellside Works Ltd; Bell, Book and Candle Ltd; Candlewick CIC"
    assert (contract.suppliers.count(), contract.sme) == (3, "")
    assert bring_in(second)["unchanged"] == 1
    whole = bring_in(release(awards=[award(suppliers=[SUPPLIER, BELL])]), second)
    assert (whole["unchanged"], contract.suppliers.count()) == (1, 3)


def test_one_supplier_under_two_ids_or_with_its_name_corrected_is_one(bring_in, db):
    renumbered = {"id": "GB-FTS-222", "name": "FELLSIDE WORKS LIMITED"}
    bring_in(release(), later(2, awards=[award(suppliers=[renumbered])]))
    contract = Contract.objects.get()
    assert contract.suppliers.get().company_number == "00123456"
    assert contract.supplier_text == "FELLSIDE WORKS LIMITED"
    bring_in(later(3, awards=[award(suppliers=[{**renumbered, "name": "Fellside Parks Ltd"}])]))
    contract.refresh_from_db()
    assert contract.supplier_text == "Fellside Parks Ltd"


def test_an_amount_without_a_currency_goes_on_from_the_one_before(bring_in, db):
    euros = {"amount": 100, "currency": "EUR"}
    bring_in(release(awards=[award(value=euros)]))
    found = bring_in(later(2, tag=["awardUpdate"], awards=[{"id": "1", "value": {"amount": 200}}]))
    assert [one["message"] for one in found["warnings"]] == [
        "The value is given without a currency, after one in EUR: left out."
    ]
    assert Contract.objects.get().value is None
    bring_in(later(3, tag=["awardUpdate"], awards=[{"id": "1", "value": {"amount": 7, "currency": "GBP"}}]))
    assert Contract.objects.get().value == Decimal(7)


def test_an_amount_of_an_award_without_a_currency_is_in_that_of_the_tender(bring_in, db):
    tender = {"title": "Paving", "value": {"amount": 1, "currency": "EUR"}}
    bring_in(release(tender=tender, awards=[award(value={"amount": 200})]))
    assert Contract.objects.get().value is None


def test_history_names_the_notice_that_gave_what_changed(bring_in, db):
    bring_in(release())
    bring_in(
        later(2, tag=["awardUpdate"], awards=[{"id": "1", "value": {"amount": 5}}]),
        later(3, tag=["awardUpdate"], awards=[{"id": "1", "status": "active"}]),
    )
    changed = HistoryRow.objects.get(action="notices.update")
    assert changed.summary.endswith("from the notice r2 of 1 October 2025")


def test_a_contract_that_does_not_name_the_only_award_is_that_awards(bring_in, db):
    bring_in(release())
    found = bring_in(later(2, tag=["contract"], awards=..., contracts=[{"id": "c", "value": {"amount": 5}}]))
    assert (found["updated"], Contract.objects.get().value) == (1, Decimal(5))


def test_a_change_under_a_number_of_its_own_is_a_question_and_then_known_by_both(bring_in, db):
    bring_in(release())
    known = Contract.objects.get()
    change = later(
        2, tag=["contractAmendment"], awards=[award("9")],
        contracts=[{"id": "9", "awardID": "9", "period": {"endDate": "2030-03-31"}}],
    )  # fmt: skip
    asked = bring_in(change)
    assert asked["rejected"][0]["candidates"] == [known.pk]
    assert bring_in(change, answers={1: str(known.pk)})["updated"] == 1
    for again in ((change,), (release(),)):
        assert bring_in(*again)["unchanged"] == 1
    both = bring_in(release(), change)
    assert (both["unchanged"], both["created"]) == (1, 0)
    assert Contract.objects.get().ends_on.isoformat() == "2030-03-31"
    assert PublishedRecord.objects.count() == 1


def test_an_id_that_means_something_in_its_release_only_makes_no_other_council_ours(bring_in, db):
    ours = {"id": "1", "name": "Calderbeck Council"}
    bring_in(release(buyer=ours, parties=[]))
    assert Buyer.objects.get().identifier == ""
    stranger = release(ocid="ocds-test01-9", buyer={"id": "1", "name": "Elsewhere Council"}, parties=[])
    found = bring_in(release(buyer=ours, parties=[]), stranger)
    assert (found["other_buyer"], found["created"]) == (1, 0)


@pytest.mark.parametrize("at_once", [True, False])
def test_ids_that_are_unique_within_a_release_only_mix_nobody_up(bring_in, db, at_once):
    ours = {"id": "1", "name": "Calderbeck Council"}
    bell, wick = ({"id": "2", "name": one["name"]} for one in (BELL, WICK))
    number = {"identifier": {"scheme": "GB-COH", "id": "07654321"}, "roles": ["supplier"]}
    first = release(buyer=ours, parties=[ours, {**bell, **number}], awards=[award(suppliers=[{"id": "2"}])])
    swapped = {"id": "2", "name": "Calderbeck Council"}
    second = later(2, tag=["award"], buyer=swapped, parties=[swapped, {**wick, "id": "1"}],
                   awards=[award("2", suppliers=[{"id": "1"}])])  # fmt: skip
    for files in ([first, second],) if at_once else ([first], [second]):
        bring_in(*files)
    told = {one.supplier_text: one.suppliers.get().company_number for one in Contract.objects.all()}
    assert told == {BELL["name"]: "07654321", WICK["name"]: ""}
    assert [(one.name, one.identifier) for one in Buyer.objects.all()] == [("Calderbeck Council", "")]
