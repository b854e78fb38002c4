"""What is understood of a register's cells, headings and letters."""

import datetime as dt
from decimal import Decimal

import pytest

from contracts.models import Category, CategoryMapping, Contract, DirectorateMapping
from contracts.register.tests.files import HEADINGS, UNTITLED, csv_file, row


def test_dates_are_read_day_first_cell_by_cell_and_brackets_are_negative(bring_in):
    bring_in([row(start="01-Apr-2025", end="03/05/2029", last="4 Jun 30", value="(1,234.50)")])
    contract = Contract.objects.get()
    assert (contract.starts_on, contract.ends_on) == (dt.date(2025, 4, 1), dt.date(2029, 5, 3))
    assert (contract.last_extension_to, contract.value) == (dt.date(2030, 6, 4), Decimal("-1234.50"))


def test_blank_is_unknown_and_a_missing_end_is_normal(bring_in):
    found = bring_in([row(end="", value="", sme="", vcse="N/A")])
    contract = Contract.objects.get()
    assert (contract.ends_on, contract.value, contract.sme, contract.vcse) == (None, None, "", "")
    assert [one for one in found["warnings"] if one["row"]] == []


def test_a_cell_that_cant_be_read_is_left_blank_and_said_with_row_column_and_text(bring_in):
    found = bring_in([row(start="soon", value="lots", company="not one")])
    contract = Contract.objects.get()
    assert (contract.starts_on, contract.value) == (None, None)
    said = [one["message"] for one in found["warnings"] if one["row"] == 2]
    assert len(said) == 3
    assert (
        said[0].startswith("Supplier registered company number: “not one”")
        or "Contract start date: “soon”" in said[0]
    )
    kept = contract.register_rows.get().values["cells"]
    assert kept[4] == "soon"
    assert kept[7] == "lots"


def test_only_a_row_without_title_and_description_is_rejected(bring_in):
    found = bring_in([row(title="", description="Mowing the verges"), row(title="", description="")])
    assert Contract.objects.get().title == "Mowing the verges"
    assert found["rejected"] == [{"row": 3, "reasons": [UNTITLED.format("R1")]}]
    assert {
        "row": None,
        "message": "1 row has no title: its description was used as the title.",
    } in found["warnings"]


def test_a_last_extension_before_the_end_is_warned_not_refused(bring_in):
    found = bring_in([row(end="31/03/2029", last="31/03/2028")])
    assert "is before the end date 31/03/2029" in str(found["warnings"])
    assert found["created"] == 1


def test_text_too_long_is_cut_with_a_warning_and_kept_whole_in_the_row(bring_in):
    found = bring_in([row(title="x" * 600)])
    contract = Contract.objects.get()
    assert len(contract.title) == 500
    assert "the first 499 are kept" in str(found["warnings"])
    assert contract.register_rows.get().values["cells"][1] == "x" * 600


@pytest.mark.parametrize(
    ("start", "end", "stage"),
    [
        ("01/04/2199", "", "mobilisation"),
        ("01/04/2020", "31/03/2021", "ended"),
        ("", "", "live"),
        ("01/04/2020", "", "live"),
    ],
)
def test_the_stage_follows_from_the_dates(bring_in, start, end, stage):
    bring_in([row(start=start, end=end)])
    assert Contract.objects.get().stage == stage


def test_a_stage_a_person_set_stays_when_dates_change(bring_in):
    bring_in([row()])
    Contract.objects.update(stage="tender")
    bring_in([row(end="31/03/2021")])
    assert Contract.objects.get().stage == "tender"


def test_title_rows_repeated_headings_totals_and_empty_rows_are_counted_apart(bring_in):
    rows = [
        row(),
        HEADINGS,
        [""] * 12,
        row(reference="R2"),
        ["Total", *[""] * 6, "£2,400", *[""] * 4],
        [],
        [],
    ]
    found = bring_in(rows, above=[["Register of contracts"], []])
    assert (found["header_row"], found["rows_read"], found["created"]) == (3, 7, 2)
    assert found["empty"] == 3
    assert [one["row"] for one in found["rejected"]] == [5, 8]


def test_letters_of_windows_are_guessed_and_said(bring_in):
    found = bring_in(csv_file([row(title="Café – £50 vouchers")], encoding="cp1252"))
    assert found["encoding"] == "cp1252"
    assert Contract.objects.get().title == "Café – £50 vouchers"


def test_the_annual_value_is_taken_as_a_years_where_no_other_is_given(bring_in):
    bring_in(b"Contract title,Contract no.,Estimated annual value\nHome care,H1,1000\n")
    contract = Contract.objects.get()
    assert (contract.value, contract.value_basis) == (1000, "annual")


def test_department_and_category_texts_are_mapped_once_and_later_mappings_fill(
    bring_in, neighbourhoods, adults
):
    data = b"Contract title,Department,Category\nMowing,NEIGHBOURHOODS,Parks\nHome care,Care,Adult care\n"
    found = bring_in(data)
    assert found["unmapped_directorates"] == {"Care": 1}
    home_care, mowing = Contract.objects.order_by("title")
    assert (mowing.directorate, home_care.directorate) == (neighbourhoods, None)
    assert home_care.directorate_text == "Care"
    DirectorateMapping.objects.create(key="care", text="Care", directorate=adults)
    parks = Category.objects.create(name="Green spaces")
    CategoryMapping.objects.create(key="parks", text="Parks", category=parks)
    found = bring_in(data)
    assert (found["updated"], found["unchanged"]) == (2, 0)
    home_care.refresh_from_db()
    mowing.refresh_from_db()
    assert (home_care.directorate, mowing.category) == (adults, parks)
    assert bring_in(data)["unchanged"] == 2


def test_a_directorate_given_by_hand_is_kept(bring_in, neighbourhoods, adults):
    data = b"Contract title,Department\nMowing,Parks\n"
    bring_in(data)
    Contract.objects.update(directorate=adults)
    DirectorateMapping.objects.create(key="parks", text="Parks", directorate=neighbourhoods)
    found = bring_in(data)
    assert Contract.objects.get().directorate == adults
    assert found["conflicts"] == [
        {"row": 2, "field": "Directorate", "kept": "Adult Services", "file": "Neighbourhoods"}
    ]


def test_headings_in_two_rows_are_read_together(bring_in):
    lines = [
        ["Contract ref", "", "Supplier", "", "Dates", "", "Value"],
        ["", "Title", "Name", "Company number", "Start", "End", "(£)"],
        ["R1", "Mowing", "Fellside Works Ltd", "01234567", "01/04/2025", "31/03/2029", "(1,200.50)"],
    ]
    found = bring_in("\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode())
    assert (found["created"], found["rows_read"], found["header_row"]) == (1, 1, 2)
    contract = Contract.objects.get()
    assert (contract.reference, contract.value) == ("R1", Decimal("-1200.50"))
    assert contract.suppliers.get().company_number == "01234567"


@pytest.mark.parametrize("text", ["SME", "Micro", "Medium enterprise", "small business", "Y"])
def test_sizes_that_are_small_or_medium_count_as_such(bring_in, text):
    bring_in([row(sme=text)])
    assert Contract.objects.get().sme == "yes"
