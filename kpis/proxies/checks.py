"""What a £ value must satisfy before it is kept, and why some measures can have none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kpis.library.models import Kind, Measure, RollUp
from kpis.proxies.lines import Figure
from kpis.proxies.words import pounds

Errors = list[tuple[str, str]]

FIRST_PRICES = 1990
MOST_YEARS_LASTING = 60
SHARES = {
    "deadweight": "What would have happened anyway",
    "attribution": "The share due to the contract",
    "displacement": "What is taken from elsewhere",
    "drop_off": "What the benefit falls by each year",
}
NEEDED = {
    "name": "Enter a name",
    "price_year": "Enter the year of the prices",
    "geography": "Enter the area it is for",
    "source": "Enter the source",
    "licence": "Enter the licence",
}


def why_not_priced(measure: Measure) -> str:
    """Return why units of the measure can have no £ value, or "" where they can."""
    if measure.can_be_priced:
        return ""
    if measure.record_only:
        return f"{measure.code} is recorded only, so it never has a £ value"
    if measure.kind == Kind.PERCENTAGE:
        return (
            f"{measure.code} is a percentage, and a percentage is never valued as if it were a count. Give a "
            "£ value to a measure that counts the same thing"
        )
    if measure.kind in {Kind.COUNT, Kind.MONEY} and measure.roll_up != RollUp.SUM:
        return (
            f"{measure.code} is a level that is held, not added up by month: with a £ value each month would "
            "count it again"
        )
    if measure.kind in {Kind.COUNT, Kind.MONEY}:
        return (
            f"{measure.code} is not added up over contracts, and pounds are: a total in £ would be the sum "
            "that the library says means nothing"
        )
    return f"{measure.code} is not a number, so a unit of it can have no £ value"


def check(facts: Mapping[str, Any], figures: Iterable[Figure], day: dt.date) -> Errors:
    """Return everything wrong with a proxy's facts and figures as (field, sentence)."""
    errors = [(name, sentence) for name, sentence in NEEDED.items() if not str(facts.get(name) or "").strip()]
    year = facts.get("price_year")
    if year and not FIRST_PRICES <= year <= day.year:
        errors.append(
            ("price_year", f"The year of the prices must be between {FIRST_PRICES} and {day.year}, like 2022")
        )
    begins, ends = facts.get("valid_from"), facts.get("valid_until")
    if begins and ends and ends < begins:
        errors.append(("valid_until", "The last day it is valid must be the first day or later"))
    errors += _check_shares(facts)
    return errors + check_figures(list(figures))


def _check_shares(facts: Mapping[str, Any]) -> Errors:
    errors = []
    for name, words in SHARES.items():
        share = facts.get(name)
        if share is not None and not 0 <= share <= 100:
            errors.append((name, f"{words} must be a percentage between 0 and 100"))
    lasts = facts.get("lasts_years", 1)
    if lasts is None or not 1 <= lasts <= MOST_YEARS_LASTING:
        errors.append(
            ("lasts_years", f"The years the benefit lasts must be between 1 and {MOST_YEARS_LASTING}")
        )
    elif lasts == 1 and facts.get("drop_off"):
        errors.append(("lasts_years", "A benefit that falls from year to year must last 2 years or more"))
    given = [name for name in SHARES if facts.get(name) is not None] or (lasts or 1) > 1
    if given and not str(facts.get("adjustments_why") or "").strip():
        errors.append(("adjustments_why", "Enter where these shares and years come from"))
    return errors


def check_figures(figures: list[Figure]) -> Errors:
    """Return everything wrong with the figures, the field being "value" or, by year, "by_year"."""
    if not figures:
        return [("value", "Enter the £ of one unit")]
    years = [one.year for one in figures]
    if None in years and len(figures) > 1:
        return [("by_year", "Enter one value for all years, or one for each year, not both")]
    if len(set(years)) != len(years):
        return [("by_year", "Enter each year once")]
    errors = []
    for one in figures:
        field = "value" if one.year is None else "by_year"
        begins = "" if one.year is None else f"{one.year}: "
        told = _check_figure(one)
        errors += [(field, f"{begins}{line}" if begins else line[:1].upper() + line[1:]) for line in told]
    return errors


def _check_figure(one: Figure) -> Iterable[str]:
    if one.value <= 0:
        yield "the £ of one unit must be more than 0. A harm is counted by a measure where lower is better"
    for name, amount in (("value", one.value), ("low", one.low), ("high", one.high)):
        if amount is None:
            continue
        if abs(amount) >= Decimal(10) ** 12:
            yield f"{name} must be less than a million million pounds"
        elif amount != round(amount, 4):
            yield f"{name} must have 4 decimal places or fewer"
    if one.low is not None and one.low < 0:
        yield "low must be 0 or more"
    if one.low is not None and one.low > one.value:
        yield f"low ({pounds(one.low)}) must be {pounds(one.value)}, the value, or less"
    if one.high is not None and one.high < one.value:
        yield f"high ({pounds(one.high)}) must be {pounds(one.value)}, the value, or more"
