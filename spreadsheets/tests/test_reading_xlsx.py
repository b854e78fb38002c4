"""Workbooks as people really send them."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spreadsheets import reading
from spreadsheets.tests.files import WANTED, moment, sheet_of, workbook

HEADINGS: list[object] = ["Contract number", "Title", "Start", "Value"]
SOUND = sheet_of(HEADINGS, ["C1", "T", None, 5])


def opened(data: bytes, **answers: object) -> reading.Table:
    answers.setdefault("wanted", WANTED)
    return reading.open_table(data, name="register.xlsx", **answers)  # type: ignore[arg-type]


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with old replaced by new in its first sheet's markup."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            if name.endswith("sheet1.xml"):
                assert old in part
                part = part.replace(old, new)
            after.writestr(name, part)
    return output.getvalue()


def test_dates_are_dates_and_numbers_are_exact() -> None:
    table = opened(sheet_of(HEADINGS, ["C1", "T", moment(2024, 4, 1), 0.1 + 0.2]))
    assert table.rows[0].cells == ("C1", "T", date(2024, 4, 1), Decimal("0.3"))
    assert table.encoding is None


def test_a_time_of_day_is_kept_for_the_caller_to_drop() -> None:
    table = opened(sheet_of(HEADINGS, ["C1", "T", moment(2024, 4, 1, 1), 5]))
    assert table.rows[0].cells[2] == moment(2024, 4, 1, 1)


def test_several_sheets_with_something_in_them_are_asked_about() -> None:
    def fill(book: Any) -> None:
        book.active.append(HEADINGS)
        book.create_sheet("Old").append(HEADINGS)
        book.create_sheet("Blank")
        hidden = book.create_sheet("Hidden")
        hidden.append(HEADINGS)
        hidden.sheet_state = "hidden"

    data = workbook(fill)
    with pytest.raises(reading.NeedsSheet) as asked:
        opened(data)
    assert asked.value.sheets == ("Sheet", "Old")
    table = opened(data, sheet="Old")
    assert table.sheet == "Old"
    assert "Hidden" in table.warnings[0].sentence
    with pytest.raises(reading.NeedsSheet, match="no sheet called"):
        opened(data, sheet="Nope")


def test_a_formula_gives_its_cached_value_and_warns_without_one() -> None:
    data = sheet_of(HEADINGS, ["C1", "T", None, "=1+1"])
    table = opened(data)
    assert table.rows[0].cells[3] is None
    assert (table.warnings[0].row, "D2" in table.warnings[0].sentence) == (2, True)
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        if empty in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml"):
            table = opened(rewritten(data, empty, b"<v>2</v>"))
    assert table.rows[0].cells[3] == 2
    assert table.warnings == ()


def test_error_cells_are_warned_of() -> None:
    table = opened(sheet_of(HEADINGS, ["C1", "#REF!", None, 1]))
    assert table.warnings[0].row == 2
    assert "#REF!" in table.warnings[0].sentence


def test_two_rows_of_merged_headings_become_one() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Register of contracts"])
        sheet.append(["Contract number", "Title", "Original", None, "Extended"])
        sheet.append([None, None, "Start", "Value", "Start", "Value"])
        sheet.append(["C1", "T", moment(2024, 4, 1), 5, moment(2025, 4, 1), 6])
        for merged in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"):
            sheet.merge_cells(merged)

    table = opened(workbook(fill))
    assert [header.text for header in table.headers] == [
        "Contract number",
        "Title",
        "Original Start",
        "Original Value",
        "Extended Start",
        "Extended Value",
    ]
    assert [row.number for row in table.rows] == [4]


def test_a_wrong_dimension_and_ghost_cells_change_nothing() -> None:
    def fill(book: Any) -> None:
        book.active.append(HEADINGS)
        book.active.append(["C1", "T", None, 5])
        for row in range(1, 300):
            book.active.cell(row, 200).number_format = "0.00"

    data = workbook(fill)
    table = opened(rewritten(data, b'<dimension ref="A1:GR299"', b'<dimension ref="A1:A1"'))
    assert len(table.headers) == 4
    assert table.rows[0].cells[3] == 5
    assert table.trailing_blank_rows == 297


def test_leading_zeros_and_percentages_read_as_shown() -> None:
    def fill(book: Any) -> None:
        book.active.append(HEADINGS)
        book.active.append([497029, "T", None, 0.125])
        book.active["A2"].number_format = "00000000"
        book.active["D2"].number_format = "0.0%"

    table = opened(workbook(fill))
    assert table.rows[0].cells == ("00497029", "T", None, "12.5%")


def test_old_and_protected_workbooks_get_a_clear_message() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    with pytest.raises(reading.OldExcel, match=r"Save it as \.xlsx or CSV and upload it again"):
        opened(ole)
    with pytest.raises(reading.PasswordProtected, match="password"):
        opened(ole + "EncryptedPackage".encode("utf-16-le"))


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    data = rewritten(sheet_of(HEADINGS), b"<sheetData>", b"<sheetData>" + b" " * 3_000_000)
    with pytest.raises(reading.TooBig):
        opened(data, limits=reading.Limits(most_unpacked=1_000_000))


def test_a_workbook_with_entities_is_refused() -> None:
    data = rewritten(sheet_of(HEADINGS), b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet')
    with pytest.raises(reading.NotASpreadsheet):
        opened(data)


def test_other_archives_and_damaged_workbooks_are_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("register.csv", "a,b")
    with pytest.raises(reading.NotASpreadsheet):
        opened(output.getvalue())
    for cut in (100, 3000):
        with pytest.raises(reading.BrokenFile):
            opened(sheet_of(HEADINGS)[:cut])
    with pytest.raises(reading.BrokenFile):
        opened(rewritten(sheet_of(HEADINGS), b"</sheetData>", b"<oops>"))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=20))
def test_damage_of_any_kind_ends_in_a_table_or_a_sentence(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOUND)
    for place, byte in changes:
        data[place % len(data)] = byte
    with contextlib.suppress(reading.SpreadsheetError):
        opened(bytes(data))


def test_an_empty_workbook_is_said_to_be_empty() -> None:
    with pytest.raises(reading.EmptyFile):
        opened(workbook(lambda book: None))
