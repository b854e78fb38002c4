"""Dates, money and figures read the same everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from govuk import formats


def test_dates_are_written_the_house_way():
    assert formats.day(date(2026, 5, 3)) == "3 May 2026"
    assert formats.long_day(date(2026, 6, 11)) == "Thursday 11 June 2026"
    assert formats.month(date(2026, 5, 1)) == "May 2026"


def test_a_moment_reads_as_london_does_in_summer():
    assert formats.day_time(datetime(2026, 5, 3, 13, 5, tzinfo=UTC)) == "3 May 2026 at 2:05pm"
    assert formats.day(datetime(2026, 5, 3, 23, 30, tzinfo=UTC)) == "4 May 2026"
    assert formats.day_time(datetime(2026, 1, 3, 12, 0, tzinfo=UTC)) == "3 January 2026 at midday"
    assert formats.day_time(datetime(2026, 1, 3, 0, 0, tzinfo=UTC)) == "3 January 2026 at midnight"


@pytest.mark.parametrize(
    ("value", "year"),
    [(date(2026, 4, 1), "2026/27"), (date(2026, 3, 31), "2025/26"), (date(2099, 12, 1), "2099/00")],
)
def test_a_financial_year_starts_in_april(value, year):
    assert formats.financial_year(value) == year


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12345.67"), "£12,345.67"),
        (Decimal("12345.00"), "£12,345"),
        (Decimal("-5"), "−£5"),
        (Decimal("0"), "£0"),
        (Decimal("0.005"), "£0.01"),
        (Decimal("-0.001"), "£0"),
        (None, ""),
    ],
)
def test_money_is_exact_and_without_pence_when_whole(value, text):
    assert formats.money(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("9999"), "£9,999"),
        (Decimal("12400"), "£12.4k"),
        (Decimal("999950"), "£1m"),
        (Decimal("1234567"), "£1.2m"),
        (Decimal("-1100000000"), "−£1.1bn"),
        (Decimal("5000000000000"), "£5,000bn"),
        (None, ""),
    ],
)
def test_large_sums_are_short_on_pages(value, text):
    assert formats.money_short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.500"), "1,234.5"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("-0.50"), "−0.5"),
        (0, "0"),
        (100, "100"),
        (None, ""),
    ],
)
def test_a_figure_has_thousands_and_no_trailing_zeros(value, text):
    assert formats.figure(value) == text


def test_a_blank_is_never_a_nought():
    assert [formats.figure(None), formats.percent(None), formats.day(None), formats.financial_year(None)] == [
        ""
    ] * 4


def test_a_percentage_stands_alone_only_when_the_whole_is_large():
    assert formats.n_of(3, 14) == "3 of 14"
    assert formats.n_of(21, 100) == "21 of 100 (21%)"
    assert formats.n_of(0, 0) == "0 of 0"


def test_words_follow_their_number():
    assert formats.plural(1, "return") == "1 return"
    assert formats.plural(1200, "directory", "directories") == "1,200 directories"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "people", "1 person"),
        (12, "people", "12 people"),
        (1, "activities", "1 activity"),
        (Decimal("1.00"), "weeks", "1 week"),
        (Decimal("0.5"), "weeks", "0.5 weeks"),
        (1, "FTE", "1 FTE"),
        (1, "tCO2e", "1 tCO2e"),
        (1, "full-time equivalents", "1 full-time equivalents"),
        (1, "", "1"),
    ],
)
def test_one_of_a_unit_is_told_in_the_singular(value, unit, text):
    assert formats.with_unit(value, unit) == text
