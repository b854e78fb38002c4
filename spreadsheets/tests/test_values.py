"""One cell at a time: dates day first, brackets negative, blank never 0."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spreadsheets import values
from spreadsheets.tests.files import moment
from spreadsheets.workbooks import Cell

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))

MONEY_STYLES: list[Callable[[Decimal], str]] = [
    lambda amount: f"{amount:f}",
    lambda amount: f"{amount:,}",
    lambda amount: f"£{amount:,}",
    lambda amount: f" £ {amount:,} ",
    lambda amount: f"GBP {amount}",
    lambda amount: f"{amount:,}".replace(",", "\u00a0"),
    lambda amount: f"{amount:,}".replace(",", " "),
]
NEGATIVE_STYLES: list[Callable[[str], str]] = [
    lambda text: f"({text})",
    lambda text: f"-{text}",
    lambda text: f"\u2212{text}",
    lambda text: f"{text}-",
    lambda text: f"{text} CR",
]
DATE_STYLES = [
    "%d-%b-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%A %d %B %Y",
    "%Y%m%d",
    "%d-%B-%Y",
]


@given(AMOUNTS, st.sampled_from(MONEY_STYLES))
def test_an_amount_survives_every_way_of_writing_it(amount: Decimal, style: Callable[[Decimal], str]) -> None:
    assert values.read_money(style(amount)) == amount


@given(AMOUNTS, st.sampled_from(MONEY_STYLES), st.sampled_from(NEGATIVE_STYLES))
def test_a_negative_amount_stays_negative_however_written(
    amount: Decimal, style: Callable[[Decimal], str], negative: Callable[[str], str]
) -> None:
    assert values.read_money(negative(style(amount).strip())) == -amount


@given(DATES, st.sampled_from(DATE_STYLES))
def test_a_date_survives_every_way_of_writing_it(day: date, style: str) -> None:
    assert values.read_date(day.strftime(style)) == day


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_two_digit_years_run_from_1970_to_2069(day: date) -> None:
    assert values.read_date(day.strftime("%d/%m/%y")) == day
    assert values.read_date(day.strftime("%d-%b-%y")) == day


@given(st.text(max_size=20))
def test_no_text_breaks_a_reader_other_than_by_a_cell_error(text: str) -> None:
    readers = (
        values.read_money,
        values.read_date,
        values.read_tristate,
        values.read_int,
        values.read_percent,
    )
    for reader in (*readers, values.read_company_number):
        with contextlib.suppress(values.CellError):
            reader(text)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("(£1,234.50)", "-1234.50"),
        ("£(1,234.50)", "-1234.50"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("5-", "-5"),
        ("£1.2m", "1200000"),
        ("250k", "250000"),
        ("0.01", "0.01"),
        ("0.00", "0"),
        ("123,456,789.00", "123456789"),
        (1234, "1234"),
        (Decimal("12.5"), "12.5"),
    ],
)
def test_money_is_read_exactly(cell: Cell, amount: str) -> None:
    assert values.read_money(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "TBC",
        "n/a",
        "Various",
        "-",
        "1.234,56",
        "1,5",
        "12,34",
        "-(5)",
        "$5",
        "1.2E+06",
        "£5 per week",
        "(5",
        "10p",
    ],
)
def test_what_is_not_plainly_an_amount_is_refused_with_its_words(cell: str) -> None:
    with pytest.raises(values.CellError, match="“") as refused:
        values.read_money(cell)
    assert cell in str(refused.value)


def test_blank_is_blank_and_never_nought() -> None:
    for blank in (None, "", "  ", "\u00a0"):
        assert values.read_money(blank) is None
        assert values.read_date(blank) is None
        assert values.read_tristate(blank) is None
        assert values.read_int(blank) is None
        assert values.read_text(blank) == values.read_company_number(blank) == ""


def test_more_than_pence_is_rounded_and_said() -> None:
    notes: list[str] = []
    assert values.read_money(Decimal("2.345"), notes) == Decimal("2.35")
    assert notes == ["2.345 was rounded to 2.35."]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("01-Apr-2015", date(2015, 4, 1)),
        ("03/04/2015", date(2015, 4, 3)),
        ("1st April 2015", date(2015, 4, 1)),
        ("1 Sept 2015", date(2015, 9, 1)),
        ("15/07/24", date(2024, 7, 15)),
        ("01/02/70", date(1970, 2, 1)),
        (moment(2025, 7, 3, 1), date(2025, 7, 3)),
        ("2025-07-02T23:00:00Z", date(2025, 7, 3)),
        ("2025-12-31T23:59:59Z", date(2025, 12, 31)),
        (42000, date(2014, 12, 27)),
    ],
)
def test_dates_are_read_day_first(cell: Cell, day: date) -> None:
    assert values.read_date(cell) == day


@pytest.mark.parametrize("cell", ["31/02/2015", "03/25/2015", "Mar-15", "ongoing", "31/12/9999", "42000", 5])
def test_impossible_and_uncertain_dates_are_refused(cell: Cell) -> None:
    with pytest.raises(values.CellError):
        values.read_date(cell)


def test_an_american_date_is_named_as_such() -> None:
    with pytest.raises(values.CellError, match="not a day-first date"):
        values.read_date("03/25/2015")


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("Y", True),
        ("yes", True),
        ("SME", True),
        (1, True),
        ("No", False),
        (False, False),
        ("0", False),
        ("Non-SME", False),
        ("unknown", None),
        ("?", None),
        (None, None),
    ],
)
def test_a_flag_has_three_states(cell: Cell, answer: bool | None) -> None:
    assert values.read_tristate(cell) is answer


def test_any_other_flag_is_refused() -> None:
    with pytest.raises(values.CellError):
        values.read_tristate("Micro")
    assert values.read_tristate("Micro", yes=["micro"]) is True


@pytest.mark.parametrize(
    ("cell", "number", "key"),
    [
        ("gb/04626424", "04626424", "04626424"),
        ("497029", "497029", "00497029"),
        (497029, "497029", "00497029"),
        ("SC 123456", "SC123456", "SC123456"),
        ("ni12", "NI12", "NI000012"),
        ("IP28718R", "IP28718R", "IP28718R"),
        ("OC301234", "OC301234", "OC301234"),
        ("4626424.0", "4626424", "04626424"),
    ],
)
def test_company_numbers_are_text_and_padded_only_to_match(cell: Cell, number: str, key: str) -> None:
    assert values.read_company_number(cell) == number
    assert values.company_key(number) == key


@pytest.mark.parametrize("cell", ["n/a", "0", "4.6E+6", "Multiple", "123456789"])
def test_junk_is_not_a_company_number(cell: str) -> None:
    with pytest.raises(values.CellError):
        values.read_company_number(cell)


def test_text_is_kept_but_for_spaces_at_line_ends() -> None:
    assert values.read_text("  Care,  homes \r\nand more\u00a0 ") == "Care,  homes\nand more"
    assert values.read_text(Decimal("10.50")) == "10.50"


def test_percentages_and_whole_numbers() -> None:
    assert values.read_percent("12.5 %") == values.read_percent("12.5") == Decimal("12.5")
    assert values.read_int("1,200") == 1200
    with pytest.raises(values.CellError, match="whole"):
        values.read_int("1.5")
