"""Which contract a row is, and what a second import changes."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import HistoryRow
from contracts import verbs as contract_verbs
from contracts.models import Contract, ContractSupplier, RegisterImport, Supplier
from contracts.register import reading
from contracts.register.plan import make_plan
from contracts.register.summaries import of_plan
from contracts.register.tests.files import FIELDS, HEADINGS, csv_file, row
from spreadsheets.writing import xlsx_bytes


def adds_up(found):
    parts = found["empty"] + found["created"] + found["updated"] + found["unchanged"]
    return found["rows_read"] == parts + len(found["repeated"]) + len(found["rejected"])


def counts(found):
    return (
        found["created"],
        found["updated"],
        found["unchanged"],
        len(found["repeated"]),
        len(found["rejected"]),
    )


LOTS = [
    row(title="Lot 1: north", start="01/04/2025", value="100"),
    row(title="Lot 2: south", start="01/04/2025", value="200"),
    row(title="Lot 2: south", start="01/04/2026", value="300"),
    row(title="Lot 1: north", supplier="Other Works Ltd", company="", value="100"),
    row(reference="", title="No reference", value=""),
]


def test_lots_and_joint_awards_are_contracts_of_their_own(bring_in):
    assert counts(bring_in(LOTS)) == (5, 0, 0, 0, 0)
    assert Contract.objects.filter(reference="R1").count() == 4


def test_the_same_file_again_creates_and_changes_nothing_and_writes_no_history_of_contracts(bring_in):
    bring_in(LOTS)
    before = HistoryRow.objects.filter(subject_type="contracts.contract").count()
    versions = list(Contract.objects.values_list("version", "changed_at"))
    assert counts(bring_in(LOTS)) == (0, 0, 5, 0, 0)
    assert HistoryRow.objects.filter(subject_type="contracts.contract").count() == before == 5
    assert list(Contract.objects.values_list("version", "changed_at")) == versions


def test_shuffled_rows_other_columns_and_a_workbook_are_still_the_same_contracts(bring_in):
    bring_in(LOTS)
    assert counts(bring_in(LOTS[::-1])) == (0, 0, 5, 0, 0)
    assert counts(bring_in(LOTS, order=list(range(len(HEADINGS)))[::-1])) == (0, 0, 5, 0, 0)
    assert counts(bring_in(LOTS, above=[["Contracts register"], [], ["April 2026"]])) == (0, 0, 5, 0, 0)
    cells = [[one[name] for name in FIELDS] for one in LOTS]
    for one in cells:
        one[4] = dt.date(int(one[4][-4:]), 4, 1)
        one[7] = Decimal(one[7]) if one[7] else None
    book = xlsx_bytes("Register", HEADINGS, cells)
    assert counts(bring_in(book, name="register.xlsx")) == (0, 0, 5, 0, 0)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value", "999"),
        ("end", "31/03/2031"),
        ("description", "More"),
        ("sme", "Yes"),
        ("company", "SC123456"),
    ],
)
def test_one_row_edited_changes_exactly_one_contract_even_among_siblings(bring_in, field, text):
    bring_in(LOTS)
    for place in range(len(LOTS)):
        edited = [dict(one) for one in LOTS]
        edited[place][field] = text
        assert counts(bring_in(edited)) == (0, 1, 4, 0, 0)
        assert counts(bring_in(LOTS)) == (0, 1, 4, 0, 0) or (field == "company" and place == 3)
    assert Contract.objects.count() == 5


@pytest.mark.parametrize(
    ("field", "text"),
    [("title", "Renamed"), ("supplier", "New Name Ltd"), ("start", "01/05/2025"), ("reference", "R-77")],
)
def test_a_changed_key_finds_its_contract_where_it_is_unique_on_both_sides(bring_in, field, text):
    rows = [row(), row(reference="R2", title="Other", supplier="Other Ltd", company="")]
    bring_in(rows)
    first = Contract.objects.get(reference="R1")
    rows[0][field] = text
    assert counts(bring_in(rows)) == (0, 1, 1, 0, 0)
    first.refresh_from_db()
    assert Contract.objects.count() == 2


def test_a_new_lot_never_overwrites_a_sibling_that_left_the_file(bring_in):
    bring_in(LOTS)
    found = bring_in([*LOTS[:2], row(title="Lot 3: west", start="01/04/2025", value="5")])
    assert Contract.objects.get(value=300).title == "Lot 2: south"
    assert counts(found) == (0, 0, 2, 0, 1)
    assert "could be contract" in found["rejected"][0]["reasons"][0]
    assert "not in this file" in str(found["warnings"])


def test_a_joint_award_that_changes_hands_is_asked_not_guessed(bring_in):
    joint = [row(supplier=f"Firm {n} Ltd", company="") for n in (1, 2, 3)]
    bring_in(joint)
    found = bring_in([*joint[:2], row(supplier="Firm 9 Ltd", company="")])
    assert counts(found) == (0, 0, 2, 0, 1)
    assert Contract.objects.filter(supplier_text="Firm 3 Ltd").exists()
    again = bring_in([*joint, row(supplier="Firm 9 Ltd", company="")])
    assert counts(again) == (1, 0, 3, 0, 0)


def test_an_answer_is_remembered_by_the_row_it_made(bring_in):
    joint = [row(supplier=f"Firm {n} Ltd", company="") for n in (1, 2, 3)]
    bring_in(joint)
    changed = [*joint[:2], row(supplier="Firm 9 Ltd", company="")]
    assert counts(bring_in(changed, answers={4: "new"})) == (1, 0, 2, 0, 0)
    assert counts(bring_in(changed)) == (0, 0, 3, 0, 0)


def test_exact_repeats_are_counted_and_name_the_row_that_is_used(bring_in):
    found = bring_in([row(), row(reference="R2"), row(), []])
    assert counts(found) == (2, 0, 0, 1, 0)
    assert found["repeated"] == [{"row": 4, "reasons": ["It is the same as row 2, which is used."]}]
    assert found["empty"] == 1
    assert adds_up(found)


def test_rows_that_differ_only_in_a_column_not_used_stay_two_contracts(bring_in):
    headings = [*HEADINGS, "Lot"]
    cells = [[row()[name] for name in FIELDS] + [lot] for lot in ("A", "B")]
    assert counts(bring_in(cells, headings=headings)) == (2, 0, 0, 0, 0)
    assert counts(bring_in(cells[::-1], headings=headings)) == (0, 0, 2, 0, 0)


def test_what_a_person_changed_stays_and_is_listed_only_where_the_file_changed_too(bring_in, lena):
    bring_in([row()])
    contract = Contract.objects.get()
    contract_verbs.edit(contract, by=lena, title="Parks and verges", value=Decimal(5))
    found = bring_in([row()])
    assert counts(found) == (0, 0, 1, 0, 0)
    assert found["conflicts"] == []
    found = bring_in([row(value="£1,300", end="31/03/2030")])
    assert counts(found) == (0, 1, 0, 0, 0)
    assert found["conflicts"] == [{"row": 2, "field": "Value (£)", "kept": "£5", "file": "£1,300"}]
    contract.refresh_from_db()
    assert (contract.title, contract.value, contract.ends_on) == ("Parks and verges", 5, dt.date(2030, 3, 31))


def test_a_column_that_left_the_file_deletes_nothing_and_a_blank_cell_does(bring_in):
    bring_in([row(description="Mowing", sme="Yes")])
    order = [n for n, name in enumerate(FIELDS) if name != "sme"]
    found = bring_in([row(description="")], order=order)
    contract = Contract.objects.get()
    assert (contract.description, contract.sme) == ("", "yes")
    assert counts(found) == (0, 1, 0, 0, 0)


@pytest.mark.parametrize(
    "gone", [["start", "end"], ["supplier", "company"], ["reference"], ["title"], ["value"], ["department"]]
)
def test_a_register_that_lost_columns_makes_no_contract_and_changes_none(bring_in, gone):
    rows = [
        *({**one, "description": f"{one['title']} for the council"} for one in LOTS),
        row(reference="R9", title="Minibuses", supplier="Fell Coaches", company="", description="Minibuses"),
    ]
    bring_in(rows)
    facts = list(Contract.objects.order_by("pk").values_list("title", "starts_on", "supplier_text", "value"))
    kept = [n for n, name in enumerate(FIELDS) if name not in gone]
    # Joint awards are the same row where nothing says who won them.
    alike = int("supplier" in gone)
    assert counts(bring_in(rows, order=kept)) == (0, 0, 6 - alike, alike, 0)
    assert facts == list(
        Contract.objects.order_by("pk").values_list("title", "starts_on", "supplier_text", "value")
    )
    assert counts(bring_in(rows)) == (0, 0, 6, 0, 0)


def test_a_sibling_without_a_start_never_takes_the_others_after_a_file_without_starts(bring_in):
    rows = [row(start="01/04/2014"), row(start="")]
    bring_in(rows)
    kept = [n for n, name in enumerate(FIELDS) if name != "start"]
    for order in (kept, None, kept, None):
        found = bring_in(rows, order=order)
        assert (found["created"], found["updated"], found["rejected"]) == (0, 0, [])
    assert Contract.objects.filter(starts_on=dt.date(2014, 4, 1)).count() == 1


def test_without_a_column_of_dates_a_changed_lot_is_asked_not_guessed(bring_in):
    bring_in([row(start="01/04/2025"), row(start="01/04/2026")])
    kept = [n for n, name in enumerate(FIELDS) if name not in ("start", "end")]
    found = bring_in([row(value="5")], order=kept)
    assert counts(found) == (0, 0, 0, 0, 1)
    assert "could be contract" in found["rejected"][0]["reasons"][0]


def test_a_title_made_of_the_description_follows_it_and_a_real_one_stays(bring_in):
    kept = [n for n, name in enumerate(FIELDS) if name != "title"]
    bring_in([row(reference="R2", description="Mowing")], order=kept)
    bring_in([row(description="Cutting")])
    changed = [row(reference="R2", description="Mowing verges"), row(description="Cutting verges")]
    assert counts(bring_in(changed, order=kept)) == (0, 2, 0, 0, 0)
    assert [one.title for one in Contract.objects.order_by("pk")] == ["Mowing verges", "Grounds maintenance"]


def test_repeats_stay_repeats_where_a_new_column_not_used_tells_them_apart(bring_in):
    bring_in([row(), row(), row(reference="R2")])
    lines = [[one[name] for name in FIELDS] + [f"line {n}"] for n, one in enumerate((row(), row()))]
    found = bring_in([*lines, [*row(reference="R2").values(), "x"]], headings=[*HEADINGS, "Ledger line"])
    assert counts(found) == (0, 0, 2, 1, 0)
    assert "exact repeat when the register was last imported" in found["repeated"][0]["reasons"][0]


def test_a_contract_added_by_hand_is_found_and_only_its_blanks_are_filled(bring_in, lena):
    contract_verbs.add(
        by=lena,
        reference="r-1",
        title="Grounds Maintenance",
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2029, 3, 31),
        supplier_text="FELLSIDE WORKS LIMITED",
        value=Decimal(7),
        suppliers=["Fellside Works Ltd"],
    )
    found = bring_in([row(sme="No")])
    contract = Contract.objects.get()
    assert counts(found) == (0, 1, 0, 0, 0)
    assert (contract.sme, contract.value, contract.directorate_text) == ("no", 7, "Neighbourhoods")


def test_suppliers_are_made_once_and_follow_the_register(bring_in):
    rows = [
        row(),
        row(reference="R2", supplier="FELLSIDE WORKS LIMITED"),
        row(reference="R3", supplier="Smith, Jones and Partners, LLP", company=""),
        row(reference="R4", supplier="Multiple suppliers - see attached", company=""),
    ]
    found = bring_in(rows)
    assert list(Supplier.objects.values_list("name", "company_key")) == [
        ("Fellside Works Ltd", "01234567"),
        ("Smith, Jones and Partners, LLP", ""),
    ]
    assert ContractSupplier.objects.count() == 3
    assert "names no supplier" in str(found["warnings"])
    rows[2]["supplier"] = "Brown and Co"
    bring_in(rows)
    assert list(Contract.objects.get(reference="R3").suppliers.values_list("name", flat=True)) == [
        "Brown and Co"
    ]


def test_history_tells_who_brought_what_in_and_what_changed(bring_in, lena):
    bring_in([row()])
    bring_in([row(value="£1,300")])
    contract = Contract.objects.get()
    changed, added = HistoryRow.objects.of(contract)
    assert (added.action, added.actor, added.contract_number) == ("register.create", lena, contract.pk)
    assert added.after["Title"] == "Grounds maintenance"
    assert (changed.before, changed.after) == ({"Value (£)": "£1,200.50"}, {"Value (£)": "£1,300"})
    assert "register.csv, row 2" in changed.summary
    assert contract.version == 2


few = st.sampled_from(["", "A", "B"])
register_rows = st.lists(
    st.builds(
        lambda reference, title, supplier, start, value: row(
            reference=reference, title=title, supplier=supplier, company="", start=start, value=value
        ),
        few,
        few,
        few,
        st.sampled_from(["", "01/04/2025", "2 May 2026"]),
        st.sampled_from(["", "1", "(2)", "junk"]),
    ),
    min_size=1,
    max_size=12,
)


def planned(rows):
    table = reading.open_table(csv_file(rows), name="r.csv")
    return of_plan(make_plan(reading.read_register(table, reading.propose_columns(table))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=register_rows, data=st.data())
def test_any_register_twice_creates_nothing_and_always_adds_up(bring_in, rows, data):
    RegisterImport.objects.all().delete()
    Contract.objects.all().delete()
    first = bring_in(rows)
    assert adds_up(first)
    assert first["questions"] == 0
    again = bring_in(data.draw(st.permutations(rows)))
    assert adds_up(again)
    assert (again["created"], again["updated"]) == (0, 0)
    assert first["rows_read"] == again["rows_read"] == len(rows)
