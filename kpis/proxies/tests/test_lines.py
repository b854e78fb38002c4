"""Figures pasted by line: what is read, and what each wrong line says."""

from decimal import Decimal

import pytest

from kpis.proxies.lines import Figure, WrongLines, read_figures, read_indices, written


def test_lines_are_read_with_commas_tabs_or_semicolons_and_without_their_headings():
    asked = [Figure(2026, Decimal("277.22"), Decimal("138.61"), Decimal("415.83")), Figure(2027, Decimal(5))]
    for text in (
        "Year, value, low, high\n2026, 277.22, 138.61, 415.83\n2027, 5",
        "2027\t£5\n\n2026\t277.22\t138.61\t415.83\n",
        "2026; 277.22; 138.61; 415.83\n2027; 5; ; ",
    ):
        assert read_figures(text) == asked


def test_thousands_are_read_where_they_cant_be_mistaken():
    assert read_figures("2026\t1,234.50\t1,000\t2,000")[0].value == Decimal("1234.50")
    assert read_figures('2026, "13,000"')[0].value == 13000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026, 13,000", "Line 1: “13,000” may be one number or two"),
        ("2026, 13,000, 10,000, 16,000", "may be one number or two"),
        ("2026, 1\n2026, 2", "Line 2: 2026 stands on line 1 already"),
        ("2026, 1\ntwo, 2", "Line 2: “two” is not a year"),
        ("2026, 1\n26, 2", "Line 2: “26” is not a year"),
        ("2026, dear", "Line 1: value “dear” is not a number"),
        ("2026", "Line 1: enter the value after the year"),
        ("2026, 1, 2, 3, 4", "there are 5 columns"),
        ("1066, 1", "the year must be between"),
        ("", "Enter at least one line"),
        ("2026, 1, 0.5\n2027, 1, 2\n2026, NaN", "Line 3"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(text, said):
    with pytest.raises(WrongLines) as caught:
        read_figures(text)
    assert any(said in sentence for sentence in caught.value.sentences)


def test_every_wrong_line_is_said_at_once():
    with pytest.raises(WrongLines) as caught:
        read_figures("2026, x\n2027, 1\n2028, y")
    assert [sentence[:7] for sentence in caught.value.sentences] == ["Line 1:", "Line 3:"]


def test_a_form_begins_with_lines_that_are_read_back_the_same():
    figures = [Figure(2026, Decimal("1234.5"), None, Decimal(2000)), Figure(2027, Decimal("0.0125"))]
    assert read_figures(written(figures)) == figures


def test_indices_are_read_by_year():
    assert read_indices("year,index\n2023,96.2507\n2024,100") == [
        (2023, Decimal("96.2507")),
        (2024, Decimal(100)),
    ]
