"""What makes a return worth a look before others: said in words, so that the lead can judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings

from kpis.library.models import RollUp
from kpis.readings.models import Reading
from kpis.readings.to_date import Month, roll_up
from kpis.returns.models import MonthlyReturn

# A figure this many times the average of the months before it, or more, is a jump.
JUMP = Decimal(3)
# Fewer months say too little about what is usual.
MONTHS_TO_KNOW = 3


def marks_of(returns: Iterable[MonthlyReturn]) -> dict[int, list[str]]:
    """Return each return's risk marks by its key, from one query whatever their number."""
    items = list(returns)
    if not items:
        return {}
    marks: dict[int, list[str]] = {item.pk: [] for item in items}
    for item in items:
        if item.was_on_time is False:
            marks[item.pk].append("Came in late")
        if item.cycle > 1:
            marks[item.pk].append("Submitted again after it was sent back")
        if item.contract.value is not None and item.contract.value >= settings.CHECK_FROM_POUNDS:
            marks[item.pk].append("Large contract")
    rows = (
        Reading.objects.filter(contract__in={item.contract_id for item in items}, reported_at__isnull=False)
        .order_by("month")
        .values_list(
            "contract",
            "kpi",
            "month",
            "target",
            "reported_value",
            "reported_numerator",
            "reported_denominator",
            "kpi__direction",
            "kpi__kind",
            "measure__roll_up",
            "terms__green_from",
            "terms__amber_from",
            "terms__title",
            "monthly_return__months_covered",
            "monthly_return",
        )
    )
    by_contract: dict[int, dict[int, list[tuple]]] = defaultdict(lambda: defaultdict(list))
    for contract, kpi, *rest in rows:
        by_contract[contract][kpi].append(tuple(rest))
    for item in items:
        for readings in by_contract[item.contract_id].values():
            marks[item.pk] += _of_kpi(item, [row for row in readings if row[0] <= item.month])
    return marks


def _of_kpi(item: MonthlyReturn, rows: list[tuple]) -> list[str]:
    """Return the marks one KPI gives to a return, from its reported months up to it."""
    if not rows or rows[-1][-1] != item.pk:
        return []
    found = []
    _, _, _, _, _, direction, kind, how, green_from, amber_from, title, _, _ = rows[-1]
    to_date = roll_up(
        [Month(*row[:5]) for row in rows],
        how=how,
        direction=direction,
        green_from=green_from,
        amber_from=amber_from,
        is_percentage=kind == "percentage",
        at=item.month,
    )
    if to_date.is_behind:
        found.append(f"Behind: {title}")
    *before, now = [_a_month(row) for row in rows]
    earlier = [amount for amount in before if amount is not None]
    if now is not None and len(earlier) >= MONTHS_TO_KNOW:
        usual = sum(earlier, Decimal(0)) / len(earlier)
        if usual > 0 and now >= usual * JUMP:
            found.append(f"Big jump: {title}")
    return found


def _a_month(row: tuple) -> Decimal | None:
    """Return what a reported figure comes to a month: a quarter's is three months' worth."""
    _, _, value, numerator, _, _, kind, how, *_, months, _ = row
    amount = numerator if kind == "percentage" else value
    adds_up = kind == "percentage" or how == RollUp.SUM
    return amount / months if amount is not None and adds_up else amount
