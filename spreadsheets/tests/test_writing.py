"""Downloads that open safely and read back as they were."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spreadsheets import reading, values, writing

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
RISKY = st.builds(
    lambda start, rest: start + rest, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'=", " ="]), TEXTS
)


@given(st.one_of(TEXTS, RISKY))
def test_no_text_in_a_csv_starts_a_formula(text: str) -> None:
    cell = writing.csv_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))


@given(st.lists(st.one_of(TEXTS, RISKY), min_size=1, max_size=4))
def test_a_csv_of_ours_reads_back_as_it_was(texts: list[str]) -> None:
    headers = [f"Heading {index}" for index in range(len(texts) + 1)]
    text = writing.csv_text(headers, [["x", *texts]])
    table = reading.open_table(text.encode(), name="ours.csv", header_row=1)
    back = [values.read_text(cell) for cell in table.rows[0].cells[1:]]
    back += [""] * (len(texts) - len(back))
    assert back == [values.read_text(text) for text in texts]


def test_negative_figures_are_figures_and_formulas_are_text() -> None:
    text = writing.csv_text(["A", "B", "C"], [[Decimal("-5.20"), -3, "-5"], ["=1+1", None, True]])
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1:] == [["-5.20", "-3", "'-5"], ["'=1+1", "", "Yes"]]


def test_dates_in_a_csv_are_iso() -> None:
    assert writing.csv_cell(date(2026, 5, 3)) == "2026-05-03"
    assert writing.csv_cell(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01 13:00"


def test_a_workbook_holds_real_dates_and_figures_and_no_formula() -> None:
    rows = [["=1+1", "https://example.org", date(2024, 4, 1), Decimal("-5.25")], ["-5", "", None, None]]
    kinds = ["text", "text", "date", "money"]
    data = writing.xlsx_bytes(
        "KPI: [all]", ["A", "B", "C", "D"], rows, kinds=kinds, notes=["As at 1 May 2026"]
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, about = book.worksheets
    assert (sheet.title, about.title, about["A1"].value) == ("KPI all", "About", "As at 1 May 2026")
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "d", "n"]
    assert (sheet["D2"].value, sheet["D3"].value, sheet["A3"].value) == (-5.25, None, "-5")
    assert sheet["B2"].hyperlink is None
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_what_a_cell_cannot_hold_is_said_and_never_lost() -> None:
    data = writing.xlsx_bytes("T", ["A", "B"], [["x" * 40_000, Decimal("12345678901234567.89")]])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert str(sheet["A2"].value).endswith("[cut here: a cell holds 32,767 characters]")
    assert sheet["B2"].value == "12345678901234567.89"


def test_an_unknown_kind_of_column_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown"):
        writing.xlsx_bytes("T", ["A"], [], kinds=["pounds"])


@pytest.mark.parametrize(
    ("title", "name"),
    [("History", "Table"), ("a/b:c", "a b c"), ("'x'", "x"), ("", "Table"), ("y" * 40, "y" * 31)],
)
def test_sheet_names_are_made_legal(title: str, name: str) -> None:
    assert writing.sheet_name(title) == name


def test_downloads_carry_their_name_and_type() -> None:
    response = writing.csv_response("Returns, May", ["A"], [[1]])
    assert b"".join(response) == "\ufeffA\r\n1\r\n".encode()  # type: ignore[arg-type]
    assert response["Content-Disposition"] == 'attachment; filename="Returns, May.csv"'
    workbook = writing.xlsx_response("returns.xlsx", "Returns", ["A"], [[1]])
    assert workbook["Content-Type"] == writing.XLSX
    assert 'filename="returns.xlsx"' in workbook["Content-Disposition"]
