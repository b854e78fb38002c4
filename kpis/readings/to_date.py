"""The figure to date of a KPI: its months rolled up, beside what was due in the same months."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from kpis.library.models import RollUp
from kpis.readings.models import Reading
from kpis.readings.rating import Rating, rate

WORKING, REPORTED, VERIFIED = "working", "reported", "verified"
PREFIX = {WORKING: "", REPORTED: "reported_", VERIFIED: "verified_"}
STAMP = {WORKING: "saved_at", REPORTED: "reported_at", VERIFIED: "verified_at"}


@dataclass(frozen=True)
class Month:
    """One month of one KPI: its figure (None = blank) and the target frozen on it."""

    month: dt.date
    target: Decimal | None
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def has_figure(self, is_percentage: bool) -> bool:
        """Return whether the month counts: both halves of a percentage, or a value."""
        if is_percentage:
            return self.numerator is not None and self.denominator is not None
        return self.value is not None


@dataclass(frozen=True)
class ToDate:
    """A KPI's figure to date.

    `target` is what was due in the months that have a figure, so that both sides compare like with like;
    `due` is what was due in all opened months. Percentages come as 0 to 100, with numerator and denominator.
    `n_of` of `n` months have a figure. `no_cases`: a percentage of nothing.
    """

    actual: Decimal | None = None
    target: Decimal | None = None
    due: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    rating: Rating = Rating.NOT_DUE
    n_of: int = 0
    n: int = 0
    no_cases: bool = False

    @property
    def is_behind(self) -> bool:
        """Return whether it falls below amber: a comment is then asked for."""
        return self.rating == Rating.BEHIND


def _decimal(value: Fraction | None) -> Decimal | None:
    """Return the fraction as a Decimal of 4 places: exact for sums, rounded half up for quotients."""
    if value is None:
        return None
    scaled = value * 10000
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 1 if rest * 2 >= scaled.denominator else 0
    return (Decimal(whole) / 10000 * (-1 if scaled < 0 else 1)).quantize(
        Decimal("0.0001"), rounding=ROUND_HALF_UP
    )


def _sum(amounts: Iterable[Decimal | None]) -> Fraction:
    return sum((Fraction(amount) for amount in amounts if amount is not None), Fraction(0))


def _target(
    months: Sequence[Month], roll_up: str, weights: Sequence[Fraction] | None = None
) -> Fraction | None:
    """Return the months' targets rolled up as their figures are; None where no month has one."""
    pairs = [
        (Fraction(month.target), weights[index] if weights else Fraction(1))
        for index, month in enumerate(months)
        if month.target is not None
    ]
    if not pairs:
        return None
    if roll_up == RollUp.SUM:
        return sum((target for target, _ in pairs), Fraction(0))
    if roll_up == RollUp.LATEST:
        return pairs[-1][0]
    if roll_up == RollUp.MAXIMUM:
        return max(target for target, _ in pairs)
    weight = sum((share for _, share in pairs), Fraction(0))
    if weight == 0:
        return sum((target for target, _ in pairs), Fraction(0)) / len(pairs)
    return sum((target * share for target, share in pairs), Fraction(0)) / weight


def roll_up(
    months: Iterable[Month],
    *,
    how: str,
    direction: str,
    green_from: Decimal,
    amber_from: Decimal,
    is_percentage: bool = False,
    at: dt.date | None = None,
) -> ToDate:
    """Return the figure to date of one KPI's opened months, in any order.

    Sum: figures added up. Latest: the figure of month `at` itself (the last month where none is given):
    nothing is carried forward. Average: each month alike, percentages by their denominators. Maximum: the
    highest month. A percentage is never summed: its numerators and denominators are.
    """
    opened = sorted(months, key=lambda month: month.month)
    if not opened:
        return ToDate()
    last = at or opened[-1].month
    if is_percentage and how == RollUp.SUM:
        how = RollUp.AVERAGE
    with_figure = [month for month in opened if month.has_figure(is_percentage)]
    counts: dict[str, Any] = {"n_of": len(with_figure), "n": len(opened)}
    if how == RollUp.LATEST:
        with_figure = [month for month in with_figure if month.month == last]
        due = _target([month for month in opened if month.month == last], how)
    else:
        due = _target(opened, how)
    if not with_figure:
        return ToDate(due=_decimal(due), **counts)

    numerator = denominator = None
    if is_percentage:
        cases = [month for month in with_figure if month.denominator]
        weights = [Fraction(month.denominator or 0) for month in cases]
        numerator = _sum(month.numerator for month in with_figure)
        denominator = _sum(month.denominator for month in with_figure)
        if not cases:
            return ToDate(
                due=_decimal(due),
                numerator=_decimal(numerator),
                denominator=Decimal("0.0000"),
                no_cases=True,
                **counts,
            )
        if how == RollUp.MAXIMUM:
            actual = (
                max(Fraction(month.numerator or 0) / Fraction(month.denominator or 1) for month in cases)
                * 100
            )
            numerator = denominator = None
        else:
            actual = numerator / denominator * 100
        target = _target(cases, how, weights)
    else:
        values = [Fraction(month.value or 0) for month in with_figure]
        if how == RollUp.SUM:
            actual = sum(values, Fraction(0))
        elif how == RollUp.MAXIMUM:
            actual = max(values)
        elif how == RollUp.LATEST:
            actual = values[-1]
        else:
            actual = sum(values, Fraction(0)) / len(values)
        target = _target(with_figure, how)
    return ToDate(
        actual=_decimal(actual),
        target=_decimal(target),
        due=_decimal(due),
        numerator=_decimal(numerator),
        denominator=_decimal(denominator),
        rating=rate(actual, target, direction, green_from, amber_from),
        **counts,
    )


def figures_of(kpis: Iterable[Any], month: dt.date, *, which: str = REPORTED) -> dict[int, ToDate]:
    """Return the figures to date of many KPIs by primary key, one query whatever their number.

    `kpis` are KPIs or their keys. The cut points are those of the terms in force in the last opened month.
    """
    prefix = PREFIX[which]
    keys = {getattr(kpi, "pk", kpi) for kpi in kpis}
    rows = (
        Reading.objects.filter(kpi__in=keys, month__lte=month)
        .order_by("kpi", "month")
        .values_list(
            "kpi",
            "month",
            "target",
            f"{prefix}value",
            f"{prefix}numerator",
            f"{prefix}denominator",
            STAMP[which],
            "kpi__direction",
            "kpi__kind",
            "measure__roll_up",
            "terms__green_from",
            "terms__amber_from",
        )
    )
    months: dict[int, list[Month]] = defaultdict(list)
    facts: dict[int, tuple] = {}
    for kpi, of, target, value, numerator, denominator, stamp, *rest in rows:
        given = (value, numerator, denominator) if stamp is not None else (None, None, None)
        months[kpi].append(Month(of, target, *given))
        facts[kpi] = tuple(rest)
    found = {key: ToDate() for key in keys}
    for kpi, of_kpi in months.items():
        direction, kind, how, green_from, amber_from = facts[kpi]
        found[kpi] = roll_up(
            of_kpi,
            how=how,
            direction=direction,
            green_from=green_from,
            amber_from=amber_from,
            is_percentage=kind == "percentage",
            at=month,
        )
    return found


def figures_to_date(kpi: Any, month: dt.date, *, which: str = REPORTED) -> ToDate:
    """Return one KPI's figure to date at a month: "working", "reported" or "verified"."""
    return figures_of([kpi], month, which=which)[getattr(kpi, "pk", kpi)]
