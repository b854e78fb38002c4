"""CSV files as people really send them."""

from __future__ import annotations

import pytest

from spreadsheets import reading
from spreadsheets.tests.files import BUS, CARE, HEAD, WANTED


def opened(text: str | bytes, **answers: object) -> reading.Table:
    data = text if isinstance(text, bytes) else text.encode()
    answers.setdefault("wanted", WANTED)
    return reading.open_table(data, name="register.csv", **answers)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp437", "mac_roman"])
def test_the_encoding_is_told_from_letters_two_thousand_lines_in(encoding: str) -> None:
    late = "C9,Café “Été” – Mayor’s,Acme,,,£500\n" if encoding != "cp437" else "C9,Café d'été,Acme,,,£500\n"
    table = opened((HEAD + CARE * 2000 + late).encode(encoding))
    assert table.encoding == encoding
    assert table.encoding_why
    assert table.rows[-1].cells[5] == "£500"
    assert str(table.rows[-1].cells[1]).startswith("Café")


def test_a_lone_dos_pound_sign_is_not_taken_for_a_letter() -> None:
    table = opened((HEAD + "C9,X,Y,,,£500\nC10,X,Y,,,£7\n").encode("cp437"))
    assert [row.cells[5] for row in table.rows] == ["£500", "£7"]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("“best value” services", "cp1252"),
        ("Care\u00a0homes", "cp1252"),
        ("North–South link", "cp1252"),
        ("and so on…", "cp1252"),
        ("Costs €500", "cp1252"),
        ("Heating to 20°C", "cp1252"),
        ("over £5m", "cp437"),
        ("in £k", "cp437"),
        ("Crème brûlée", "cp437"),
    ],
)
def test_one_odd_letter_is_enough_to_tell_windows_from_dos(words: str, encoding: str) -> None:
    assert opened((HEAD + f"C1,{words},A,,,1\n").encode(encoding)).rows[0].cells[1] == words


def test_marks_that_old_programs_leave_at_the_end_are_not_a_row() -> None:
    assert len(opened((HEAD + BUS).encode() + b"\x1a\x00\x00").rows) == 1


def test_a_pound_sign_in_a_heading_is_read_as_windows() -> None:
    table = opened("Reference,Title,Net Amount(£)\nA,B,1\n".encode("cp1252"), header_row=1)
    assert (table.encoding, table.headers[2].text) == ("cp1252", "Net Amount(£)")


def test_the_other_encodings_are_offered_with_the_lines_they_change() -> None:
    table = opened((HEAD + "C9,Café,Y,,,£500\n").encode("cp1252"))
    samples = {choice.encoding: choice.samples for choice in table.encodings}
    assert "£500" in samples["cp1252"][0]
    assert "ú500" in samples["cp437"][0]


def test_the_encoding_a_person_chose_wins() -> None:
    table = opened((HEAD + "C9,X,Y,,,£500\n").encode("cp1252"), encoding="cp437")
    assert table.rows[0].cells[5] == "ú500"


def test_an_encoding_that_does_not_fit_asks_for_another() -> None:
    with pytest.raises(reading.NeedsEncoding) as refused:
        opened((HEAD + "C9,X,Y,,,£500\n").encode("cp1252"), encoding="utf-8")
    assert "cp1252" in {choice.encoding for choice in refused.value.choices}


def test_a_file_joined_from_two_encodings_keeps_both_readable() -> None:
    good, odd = "C2,Café,X,,,£1\n", "C3,Café,X,,,£2\n"
    table = opened(HEAD.encode() + good.encode() * 2 + odd.encode("cp1252"))
    assert not table.encoding_sure
    assert {row.cells[1] for row in table.rows} == {"Café"}


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found(delimiter: str) -> None:
    table = opened((HEAD + BUS).replace(",", delimiter))
    assert table.delimiter == delimiter
    assert table.rows[0].cells[1] == "Bus passes"


def test_title_rows_are_passed_over_and_listed() -> None:
    table = opened("Our register,,,,,\n\nAs at 1 May\n" + HEAD + CARE)
    assert table.header_row == 4
    assert [row.number for row in table.rows] == [5]
    assert [row.number for row in table.skipped] == [1, 3]
    assert table.blank_rows == (2,)


def test_the_headings_may_be_the_last_row() -> None:
    table = opened(CARE * 3 + BUS + HEAD)
    assert table.header_row == 5
    assert len(table.rows) == 4
    assert "rows above" in table.warnings[0].sentence


def test_headings_sorted_into_the_middle_lose_no_row() -> None:
    table = opened(BUS * 3 + HEAD + CARE * 3)
    assert table.header_row == 4
    assert len(table.rows) == 6


def test_a_data_row_is_never_taken_for_the_headings() -> None:
    for wanted in (WANTED, None):
        with pytest.raises(reading.NeedsHeader) as refused:
            opened(CARE + BUS * 4, wanted=wanted)
        assert [candidate.number for candidate in refused.value.candidates] == [1, 2, 3, 4, 5]


def test_unknown_headings_over_figures_are_found_by_their_shape() -> None:
    table = opened("Ref,What,When,Sum\nA,B,01/02/2024,5\nC,D,02/02/2024,6\n", wanted={})
    assert table.header_row == 1
    assert "figures or dates" in table.header_why


def test_the_row_a_person_chose_is_the_headings() -> None:
    table = opened("a,b\nc,d\ne,f\n", header_row=2)
    assert [header.text for header in table.headers] == ["c", "d"]
    with pytest.raises(reading.NeedsHeader):
        opened("a,b\nc,d\n", header_row=9)


def test_repeated_headings_and_a_row_of_units_are_not_data() -> None:
    table = opened(HEAD + ",,,dd/mm/yyyy,dd/mm/yyyy,£\n" + CARE + HEAD + BUS)
    assert [row.number for row in table.rows] == [3, 5]
    assert [row.number for row in table.skipped] == [2, 4]


def test_ghost_columns_go_and_blank_headings_keep_their_place() -> None:
    table = opened("Contract number,,Title,,,\nC1,x,T,,,\n" + ",,,,,\n" * 400)
    assert [header.text for header in table.headers] == ["Contract number", "", "Title"]
    assert table.rows[0].cells == ("C1", "x", "T")
    assert table.trailing_blank_rows == 400


def test_row_numbers_count_records_not_lines() -> None:
    table = opened(HEAD + 'C1,"Line one\nline two",Acme,,,5\n' + BUS)
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[0].cells[1] == "Line one\nline two"


def test_every_row_of_the_file_is_accounted_for() -> None:
    table = opened("A title\n\n" + HEAD + CARE + ",,\n" + HEAD + BUS + ",,\n,,\n")
    assert table.rows_read == 9
    assert (len(table.rows), len(table.blank_rows), table.trailing_blank_rows, len(table.skipped)) == (
        2,
        2,
        2,
        2,
    )


def test_an_open_quotation_mark_is_refused_where_it_stands() -> None:
    with pytest.raises(reading.BrokenFile, match="row 2"):
        opened(HEAD + 'C1,"Open title,Acme,,,5\n' + BUS * 5)


def test_rows_swallowed_by_quotation_marks_are_warned_of() -> None:
    table = opened(HEAD + 'C1,"Open title,Acme,,,5\n' + BUS * 5 + 'C7,"x",a,b,c,d\n')
    assert any("quotation mark" in warned.sentence for warned in table.warnings)


def test_a_comma_outside_quotation_marks_is_warned_of() -> None:
    table = opened(HEAD + "C1,Care, homes,Acme,01/04/2024,,5\n")
    assert table.warnings[0].row == 2
    assert "more cells" in table.warnings[0].sentence


def test_a_total_row_is_pointed_out() -> None:
    table = opened(HEAD + CARE + "Total,,,,,1000\n")
    assert [warned.row for warned in table.warnings] == [3]


def test_the_same_row_has_the_same_fingerprint_in_any_file() -> None:
    first, second = opened(HEAD + CARE).rows[0], opened("x\n" + HEAD + BUS + CARE).rows[1]
    assert first.fingerprint == second.fingerprint != opened(HEAD + BUS).rows[0].fingerprint


@pytest.mark.parametrize("nothing", [b"", b"\xef\xbb\xbf\r\n", b",,,\n,,,\n", b'"",""\n'])
def test_an_empty_file_is_said_to_be_empty(nothing: bytes) -> None:
    with pytest.raises(reading.EmptyFile):
        opened(nothing)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"<html><table>",
        b'{"releases": []}',
        b'<?xml version="1.0"?>',
        bytes(range(256)) * 40,
    ],
)
def test_other_kinds_of_file_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(reading.NotASpreadsheet):
        opened(data)


def test_a_file_with_too_many_cells_is_refused() -> None:
    with pytest.raises(reading.TooBig):
        opened(HEAD + CARE * 10, limits=reading.Limits(most_cells=50))
    with pytest.raises(reading.TooBig):
        opened(HEAD + CARE * 10, limits=reading.Limits(most_bytes=50))
