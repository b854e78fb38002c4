"""What becomes of the contracts: made, matched, changed, kept; a second import changes nothing."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import HistoryRow
from contracts.models import Buyer, Contract, NoticeItem, PublishedRecord, Supplier
from contracts.notices import verbs
from contracts.notices.tests.files import SUPPLIER, US, award, package, release, tender
from contracts.register import verbs as register
from contracts.register.tests.files import csv_file, row

OTHER = {"id": "GB-PPON-OTHE-0001-nothing-like-it", "name": "Elsewhere Council"}


def test_an_award_becomes_a_contract_with_its_supplier_and_history(bring_in, db):
    found = bring_in(release())
    contract = Contract.objects.get()
    assert (found["created"], found["releases_read"], found["errors"]) == (1, 1, [])
    assert (contract.title, contract.value, contract.estimated_value_inc_vat) == (
        "Grounds maintenance", Decimal("250000.00"), Decimal("300000.00"),
    )  # fmt: skip
    assert (contract.starts_on, contract.ends_on) == (dt.date(2025, 9, 1), dt.date(2028, 8, 31))
    assert (contract.regime, contract.sme, contract.directorate, contract.reference_key) == (
        "pa2023", "yes", None, "cb100",
    )  # fmt: skip
    supplier = contract.suppliers.get()
    assert (supplier.name, supplier.company_number) == ("Fellside Works Ltd", "00123456")
    history = HistoryRow.objects.get(action="notices.create")
    assert history.summary == "Added from the notice r1 of 1 August 2025"
    assert history.contract_number == contract.pk
    record = PublishedRecord.objects.get()
    assert record.sources["value"]["release"] == "r1"
    assert record.releases == {"r1": "2025-08-01T09:00:00+00:00"}


def test_the_same_file_again_changes_nothing(bring_in):
    releases = [
        release(awards=[award("1"), award("2")]),
        release(ocid="ocds-test01-2", name="t1", tag="tender", awards=...),
    ]
    first, again = bring_in(*releases), bring_in(*releases)
    assert first["created"] == again["unchanged"] == 3
    assert Contract.objects.count() == PublishedRecord.objects.count() == 3
    assert Supplier.objects.count() == 1
    assert HistoryRow.objects.filter(action="notices.update").count() == 0


def test_contracts_of_other_buyers_are_never_written(bring_in):
    theirs = release(ocid="ocds-test01-9", buyer=OTHER, parties=[{**OTHER, "roles": ["buyer"]}])
    found = bring_in(release(), theirs)
    assert (found["created"], found["other_buyer"]) == (1, 1)
    assert Contract.objects.count() == 1
    assert [(one.name, one.is_ours) for one in Buyer.objects.all()] == [(US["name"], True)]
    assert {one["name"]: one["is_ours"] for one in found["buyers"]} == {
        US["name"]: True,
        OTHER["name"]: False,
    }


def test_an_update_changes_only_what_it_says_and_an_older_notice_nothing(bring_in):
    bring_in(release())
    update = release(
        name="r2", date="2025-10-01T09:00:00Z", tag="awardUpdate", tender=..., parties=...,
        awards=[{"id": "1", "value": {"amount": 270000}}],
    )  # fmt: skip
    found = bring_in(update)
    contract = Contract.objects.get()
    assert (found["updated"], contract.value, contract.title) == (1, Decimal("270000"), "Grounds maintenance")
    history = HistoryRow.objects.get(action="notices.update")
    assert (history.before, history.after) == ({"Value (£)": "£250,000"}, {"Value (£)": "£270,000"})
    older = bring_in(release())
    contract.refresh_from_db()
    assert (older["unchanged"], contract.value) == (1, Decimal("270000"))
    assert set(PublishedRecord.objects.get().releases) == {"r1", "r2"}


def test_what_a_person_changed_stays_and_is_listed(bring_in):
    bring_in(release())
    Contract.objects.update(title="Parks", stage="mobilisation")
    update = release(
        name="r2", date="2025-10-01T09:00:00Z", awards=[award(title="Grounds and parks", value={"amount": 1})]
    )
    found = bring_in(update)
    contract = Contract.objects.get()
    assert (contract.title, contract.value, contract.stage) == ("Parks", Decimal("1"), "mobilisation")
    (conflict,) = found["conflicts"]
    assert (conflict["field"], conflict["kept"], conflict["file"]) == ("Title", "Parks", "Grounds and parks")


def test_a_tender_becomes_the_awarded_contract_and_further_awards_are_siblings(bring_in):
    bring_in(release(name="p1", date="2025-05-01T09:00:00Z", tag="planning", awards=..., parties=...,
                     tender=tender(status="planning")))  # fmt: skip
    first = Contract.objects.get()
    assert first.stage == "commissioning"
    bring_in(release(name="t1", date="2025-06-01T09:00:00Z", tag="tender", awards=..., parties=...,
                     tender=tender(status="active", value={"amount": 500000})))  # fmt: skip
    first.refresh_from_db()
    assert (first.stage, first.value, first.supplier_text) == ("tender", Decimal("500000"), "")
    lost = award("0", status="unsuccessful", suppliers=[])
    found = bring_in(release(awards=[lost, award("1"), award("2", value={"amount": 9})]))
    assert (found["updated"], found["created"], len(found["rejected"])) == (1, 1, 1)
    first.refresh_from_db()
    assert (first.stage, first.value) == ("live", Decimal("250000"))
    assert first.suppliers.get().name == "Fellside Works Ltd"
    assert Contract.objects.count() == 2
    # The tender's notice again, even changed since, is about the awarded contract and changes nothing.
    late = release(name="t2", date="2026-01-01T09:00:00Z", tag="tenderAmendment", awards=...,
                   tender=tender(title="Other words"))  # fmt: skip
    assert bring_in(late)["unchanged"] == 1
    assert Contract.objects.count() == 2
    assert not Contract.objects.filter(title="Other words").exists()


def test_an_award_is_the_same_contract_once_its_contract_is_published(bring_in):
    bring_in(release(awards=[award("a1"), award("a2")]))
    signed = release(
        name="r2", date="2025-09-01T09:00:00Z", tag="contract", awards=[award("a2")],
        contracts=[{"id": "1", "awardID": "a2", "dateSigned": "2025-08-30",
                    "period": {"endDate": "2029-08-31"}}],
    )  # fmt: skip
    found = bring_in(signed)
    assert (found["updated"], found["created"], Contract.objects.count()) == (1, 0, 2)
    contract = Contract.objects.get(signed_on=dt.date(2025, 8, 30))
    assert contract.published_records.get().part == "1"
    # The older notice of both awards is still about these two.
    assert bring_in(release(awards=[award("a1"), award("a2")]))["unchanged"] == 2


def test_cancelled_ones_are_left_out_with_a_reason_and_what_is_here_stays(bring_in):
    bring_in(release())
    gone = release(name="r2", date="2025-10-01T09:00:00Z", awards=[{"id": "1", "status": "cancelled"}])
    found = bring_in(gone)
    assert "cancelled" in found["rejected"][0]["reasons"][0]
    assert f"Contract {Contract.objects.get().pk} stays as it is" in found["rejected"][0]["reasons"][1]


def test_several_suppliers_are_linked_and_a_changed_one_takes_its_place(bring_in):
    two = [SUPPLIER, {"id": "b", "name": "Bell, Book and Candle Ltd"}]
    bring_in(release(awards=[award(suppliers=two)]))
    contract = Contract.objects.get()
    assert [one.supplier.name for one in contract.supplier_links.all()] == [
        "Fellside Works Ltd", "Bell, Book and Candle Ltd",
    ]  # fmt: skip
    third = [*two, {"id": "c", "name": "Candlewick CIC"}]
    bring_in(release(name="r2", date="2025-10-01T09:00:00Z", awards=[award(suppliers=third)]))
    assert contract.suppliers.count() == 3
    # Somebody has corrected the links: they stay.
    contract.supplier_links.filter(supplier__name="Candlewick CIC").delete()
    Contract.objects.update(supplier_text="Fellside and Bell")
    bring_in(release(name="r3", date="2025-11-01T09:00:00Z", awards=[award(suppliers=[third[2]])]))
    assert contract.suppliers.count() == 2


@pytest.fixture
def registered(db, lena):
    """Return a function that brings rows in from the register."""

    def run(*rows, headings=()):
        started = register.start(csv_file(list(rows)), by=lena, name="register.csv")
        register.check(started, by=lena)
        register.begin_applying(started, by=lena)
        return register.carry_on(started.pk)

    return run


def test_a_contract_of_the_register_with_the_same_ocid_is_filled_in_and_not_overwritten(bring_in, lena):
    data = (
        b"Contract number,Title of agreement,Supplier name,Contract value,Open Contracting ID\n"
        b"X1,Mowing,Fellside Works Ltd,99000,OCDS-TEST01-1\n"
    )
    started = register.start(data, by=lena, name="register.csv")
    register.check(started, by=lena)
    register.begin_applying(started, by=lena)
    assert register.carry_on(started.pk).status == "applied"
    found = bring_in(release())
    contract = Contract.objects.get()
    assert (found["updated"], found["created"]) == (1, 0)
    assert (contract.title, contract.value, contract.reference) == ("Mowing", Decimal("99000"), "X1")
    assert (contract.ends_on, contract.value_basis, contract.process) == (
        dt.date(2028, 8, 31),
        "",
        "Open procedure",
    )
    kept = {one["field"]: (one["kept"], one["file"]) for one in found["conflicts"]}
    assert kept["Title"] == ("Mowing", "Grounds maintenance")
    assert kept["Value (£)"] == ("£99,000", "£250,000")
    again = bring_in(release())
    assert (again["unchanged"], again["conflicts"]) == (1, [])


def test_the_same_reference_is_a_question_and_each_answer_is_followed(bring_in, registered):
    registered(row(reference="CB 100", title="Mowing"))
    known = Contract.objects.get()
    found = bring_in(release())
    assert (found["questions"], found["created"]) == (1, 0)
    assert found["rejected"][0]["candidates"] == [known.pk]
    assert bring_in(release(), answers={1: "leave"})["rejected"][0]["reasons"] == [
        "You chose to leave it out."
    ]
    assert bring_in(release(), answers={1: str(known.pk)})["updated"] == 1
    assert Contract.objects.count() == 1
    # Now it is known; another procurement with that reference is asked about again, and may be new.
    other = release(ocid="ocds-test01-2", name="x")
    assert bring_in(other, answers={1: "new"})["created"] == 1


def test_a_hand_edit_between_check_and_apply_is_kept(db, lena, bring_in):
    bring_in(release())
    started = verbs.start(
        package(release(name="r2", date="2026-01-01T00:00:00Z", awards=[award(title="New words")])),
        by=lena, name="n.json",
    )  # fmt: skip
    verbs.check(started, by=lena)
    assert NoticeItem.objects.get(notice_import=started).outcome == "updated"
    Contract.objects.update(title="By hand")
    verbs.begin_applying(started, by=lena)
    assert verbs.carry_on(started.pk).status == "applied"
    item = NoticeItem.objects.get(notice_import=started)
    assert (item.outcome, item.conflicts[0]["kept"]) == ("unchanged", "By hand")


def test_a_missing_title_is_made_of_the_supplier_until_a_notice_gives_one(bring_in):
    found = bring_in(release(tender=...))
    title = Contract.objects.get().title
    assert title == "Contract with Fellside Works Ltd (ocds-test01-1)"
    assert "No notice gives a title" in found["warnings"][0]["message"]
    assert bring_in(release(name="r2", date="2025-09-01T00:00:00Z"))["updated"] == 1
    assert Contract.objects.get().title == "Grounds maintenance"


def test_two_of_our_buyers_name_the_directorate_they_stand_for(bring_in, neighbourhoods):
    parks = {"id": "P", "name": "Calderbeck Council - Parks"}
    there = release(ocid="ocds-test01-2", buyer=parks, parties=...)
    Buyer.objects.create(key="calderbeckcouncilparks", name=parks["name"], is_ours=True)
    from contracts.models import DirectorateMapping

    DirectorateMapping.objects.create(
        key="calderbeckcouncilparks", text=parks["name"], directorate=neighbourhoods
    )
    bring_in(release(), there, buyers=(US["name"], parks["name"]))
    mine = dict(Contract.objects.values_list("directorate_text", "directorate"))
    assert mine == {US["name"]: None, parks["name"]: neighbourhoods.pk}
