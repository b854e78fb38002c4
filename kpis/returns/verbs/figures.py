"""What may stand in a reading: each kind of figure checked, and written as text for the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from govuk.formats import day, figure, money
from kpis.library.models import Cohort, Kind
from kpis.readings.models import Reading

LARGEST = Decimal(10) ** 14
Errors = list[tuple[str, str]]


@dataclass(frozen=True)
class Entry:
    """What somebody entered for one KPI; None and "" are blank, never 0."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    date_value: dt.date | None = None
    text_value: str = ""
    nothing_to_report: bool = False
    comment: str = ""
    # Cohort's key -> count; None takes a count away.
    cohort_counts: Mapping[int, int | None] = field(default_factory=dict)


def cohorts_of(reading: Reading) -> list[Cohort]:
    """Return the groups a reading's people may be split by: the measure's, and the one its terms name."""
    found = {cohort.pk: cohort for cohort in reading.measure.cohort_splits.all()}
    if reading.terms.cohort_id and reading.terms.cohort:
        found.setdefault(reading.terms.cohort_id, reading.terms.cohort)
    return sorted(found.values(), key=lambda cohort: (cohort.position, cohort.name))


def checked(reading: Reading, entry: Entry, cohorts: list[Cohort]) -> tuple[Entry, Errors]:
    """Return the entry with "nothing to report" written out as 0, and what is wrong with it by field."""
    kind = reading.measure.kind
    errors: Errors = []
    given = {
        "value": entry.value,
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "date_value": entry.date_value,
        "text_value": entry.text_value or None,
    }
    fits = {
        Kind.PERCENTAGE: {"numerator", "denominator"},
        Kind.MILESTONE: {"date_value"},
        Kind.TEXT: {"text_value"},
    }.get(Kind(kind), {"value"})
    errors += [
        (name, "This KPI doesn't take that kind of figure.")
        for name, what in given.items()
        if what is not None and name not in fits
    ]
    counts = {key: count for key, count in entry.cohort_counts.items() if count is not None}
    if entry.nothing_to_report:
        if any(what not in (None, Decimal(0)) for what in given.values()) or any(counts.values()):
            errors.append(
                (
                    sorted(fits)[-1] if "value" not in fits else "value",
                    "Enter a figure or say there is nothing to report, not both.",
                )
            )
        zero = Decimal(0)
        entry = Entry(
            value=zero if "value" in fits else None,
            numerator=zero if "numerator" in fits else None,
            denominator=zero if "denominator" in fits else None,
            nothing_to_report=True,
            comment=entry.comment,
        )
        return entry, errors
    errors += _amounts(reading, entry, kind)
    errors += _splits(reading, entry, counts, cohorts)
    return entry, errors


def _amounts(reading: Reading, entry: Entry, kind: str) -> Errors:
    measure, errors = reading.measure, []
    for name in ("value", "numerator", "denominator"):
        amount = getattr(entry, name)
        if amount is None:
            continue
        places = 2 if kind == Kind.MONEY else measure.unit.places
        if not amount.is_finite() or abs(amount) >= LARGEST:
            errors.append((name, "Enter a number that has 14 digits or fewer before the decimal point."))
        elif amount < 0 and not measure.allows_negative:
            errors.append((name, "The figure must be 0 or more."))
        elif -amount.normalize().as_tuple().exponent > places and kind != Kind.PERCENTAGE:
            errors.append(
                (
                    name,
                    "Enter a whole number."
                    if places == 0
                    else f"Enter a number with {places} decimal place{'s' if places > 1 else ''} or fewer.",
                )
            )
        elif -amount.normalize().as_tuple().exponent > 4:
            errors.append((name, "Enter a number with 4 decimal places or fewer."))
    if kind == Kind.YES_NO and entry.value not in (None, Decimal(0), Decimal(1)):
        errors.append(("value", "Select yes or no."))
    if kind == Kind.PERCENTAGE:
        if (entry.numerator is None) != (entry.denominator is None):
            missing = "numerator" if entry.numerator is None else "denominator"
            errors.append((missing, "Enter both numbers: what was counted, and out of how many."))
        elif (
            entry.numerator is not None
            and entry.denominator is not None
            and entry.numerator > entry.denominator
        ):
            errors.append(("numerator", "The first number can't be more than the number it is out of."))
    return errors


def _splits(reading: Reading, entry: Entry, counts: Mapping[int, int], cohorts: list[Cohort]) -> Errors:
    errors: Errors = []
    allowed = {cohort.pk: cohort for cohort in cohorts}
    for key, count in counts.items():
        if key not in allowed:
            errors.append((f"cohort_{key}", "This KPI isn't counted for that group."))
        elif count < 0 or count != int(count):
            errors.append((f"cohort_{key}", f"{allowed[key].name}: enter a whole number, 0 or more."))
    whole = entry.numerator if reading.measure.is_percentage else entry.value
    if not errors and any(counts.values()):
        first = next(f"cohort_{key}" for key, count in counts.items() if count)
        if whole is None:
            errors.append((first, "Enter the figure these people are part of."))
        elif whole < 0:
            errors.append((first, "Groups can be counted only in a figure of 0 or more."))
        elif sum(counts.values()) > whole:
            errors.append(
                (
                    first,
                    f"The groups come to {sum(counts.values())}, more than the figure of {figure(whole)}. "
                    "Count each person once, under one group.",
                )
            )
    return errors


def as_text(reading: Reading, prefix: str = "") -> str:
    """Return the figure as a reader sees it, without its unit; blank stays blank. Prefix "reported_",
    "verified_".
    """
    kind = reading.measure.kind
    if kind == Kind.MILESTONE:
        return day(reading.date_value)
    if kind == Kind.TEXT:
        return "Nothing to report" if reading.nothing_to_report else reading.text_value
    value = getattr(reading, f"{prefix}value")
    numerator, denominator = getattr(reading, f"{prefix}numerator"), getattr(reading, f"{prefix}denominator")
    if kind == Kind.PERCENTAGE:
        if numerator is None or denominator is None:
            return ""
        return f"{figure(numerator)} of {figure(denominator)}"
    if value is None:
        return ""
    if kind == Kind.YES_NO:
        return "Yes" if value else "No"
    return money(value) if kind == Kind.MONEY else figure(value)
