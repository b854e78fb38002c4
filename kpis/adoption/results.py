"""Past results: checked with their row, and recorded as reported before this system once confirmed."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.calendar import add_months, first_of_month, months_between, today
from accounts.history import record
from govuk import formats
from kpis.adoption.models import AdoptedSet
from kpis.adoption.reading import Result
from kpis.library.models import Kind, RollUp
from kpis.measure_imports.meanings import KIND_OF_UNIT, Meanings
from kpis.proposals import targets
from kpis.proposals.content import canonical, number
from kpis.proposals.models import KPITerms
from kpis.readings.models import Reading, ReadingVersion
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs.figures import Entry, checked
from kpis.totals import verbs as totals

if TYPE_CHECKING:
    from kpis.adoption.plan import PlannedRow

NO_MONTH = dt.date.max.replace(day=1)


def check_results(planned: PlannedRow, first_month: dt.date, meanings: Meanings) -> list[dict[str, Any]]:
    """Return a row's past results in order, as they will be frozen; what is wrong is put on the row."""
    row, made = planned.row, planned.made
    assert row is not None
    assert made is not None
    terms, reasons = made.terms, planned.reasons
    if not row.results:
        return []
    kind = made.measure.kind
    if not made.measure.is_number:
        reasons.append("Past results of dates, texts and yes or no can’t come in. Clear these cells.")
        return []
    before = len(reasons)
    for one in row.results:
        if one.to_date and one.last == NO_MONTH:
            one.last = min(add_months(first_month, -1), terms.ends_month, first_of_month(today()))
            planned.warnings.append(
                f"{one.where} says no month: read as delivered up to {formats.month(one.last)}."
            )
        _figure(one, made, meanings, reasons)
        _when(one, terms, first_month, reasons)
    if len(reasons) > before:
        return []
    results = _ordered(row.results, made.measure, planned)
    return [_as_json(one, kind) for one in results]


def _figure(one: Result, made: Any, meanings: Meanings, reasons: list[str]) -> None:
    amount, measure = one.amount, made.measure
    if measure.kind == Kind.PERCENTAGE:
        if amount.numerator is None:
            said = number(amount.value) or ""
            reasons.append(
                f"{one.where}: {said}% alone can’t be added to other months. Write what was counted "
                "and out of how "
                "many, such as 45/60, or clear the cell."
            )
            return
        entry = Entry(numerator=amount.numerator, denominator=amount.denominator)
    elif amount.numerator is not None:
        reasons.append(f"{one.where}: write one number, not one out of another.")
        return
    else:
        if amount.unit:
            said = meanings.unit(amount.unit)
            agrees = said == measure.unit.code or (KIND_OF_UNIT.get(said, "") == measure.kind != Kind.COUNT)
            if not agrees and amount.unit.casefold() not in {
                measure.unit.name.casefold(),
                measure.unit.short.casefold(),
            }:
                reasons.append(
                    f"{one.where}: it is in {amount.unit}, and the KPI is counted in {measure.unit.name}."
                )
                return
        entry = Entry(value=amount.value)
    _, errors = checked(Reading(measure=measure, terms=made.terms), entry, [])
    reasons.extend(f"{one.where}: {sentence}" for _, sentence in errors)


def _when(one: Result, terms: KPITerms, first_month: dt.date, reasons: list[str]) -> None:
    said = formats.month(one.last)
    if one.last >= first_month:
        reasons.append(
            f"{one.where}: {said} is returned here, as {formats.month(first_month)} is the first month "
            "to be. Clear "
            "the cell, or choose a later first month."
        )
    elif one.last > first_of_month(today()):
        reasons.append(f"{one.where}: {said} is still to come.")
    elif one.last < terms.starts_month:
        reasons.append(
            f"{one.where}: {said} is before the KPI’s first month, {formats.month(terms.starts_month)}."
        )
    elif one.last > terms.ends_month:
        reasons.append(
            f"{one.where}: {said} is after the KPI’s last month, {formats.month(terms.ends_month)}."
        )


def _ordered(results: list[Result], measure: Any, planned: PlannedRow) -> list[Result]:
    """Return the results in order, each with its months; overlaps are put on the row."""
    terms, reasons = planned.made.terms, planned.reasons  # type: ignore[union-attr]
    plain = sorted((one for one in results if not one.to_date), key=lambda one: one.last)
    for one in plain:
        one.first = max(one.first or one.last, terms.starts_month)
    for earlier, later in itertools.pairwise(plain):
        if later.first is not None and later.first <= earlier.last:
            reasons.append(
                f"{earlier.where} and {later.where} are for some of the same months. Keep one of them."
            )
    for one in (one for one in results if one.to_date):
        until = [other for other in plain if other.last <= one.last]
        if not until:
            # From the KPI's first month, or from the month after what came before it.
            one.first = terms.starts_month
            plain = sorted([*plain, one], key=lambda each: each.last)
            if any(other.first and other is not one and other.first <= one.last for other in plain):
                reasons.append(
                    f"{one.where} ends in the middle of another figure’s months. Keep one of them."
                )
        elif targets.adds_up(measure):
            total = sum((other.amount.value or Decimal(0) for other in until), Decimal(0))
            if total != one.amount.value:
                reasons.append(
                    f"{one.where} is {number(one.amount.value)}, but the months up to then add up to "
                    f"{number(total)}. Correct one of them, or clear the cell to date."
                )
            else:
                planned.warnings.append(f"{one.where} is what its months add up to: the months are taken.")
        else:
            planned.warnings.append(f"{one.where} is left out: its months have figures of their own.")
    return plain


def _as_json(one: Result, kind: str) -> dict[str, Any]:
    figure = (
        {"numerator": number(one.amount.numerator), "denominator": number(one.amount.denominator)}
        if kind == Kind.PERCENTAGE
        else {"value": number(one.amount.value)}
    )
    return {"first": f"{one.first:%Y-%m}", "last": f"{one.last:%Y-%m}", **figure, "where": one.where}


def hash_of_results(results: list[dict[str, Any]]) -> str:
    """Return the hash of one contract's past results as frozen."""
    return hashlib.sha256(canonical({"results": results})).hexdigest()


def _month(text: str) -> dt.date:
    return dt.date(int(text[:4]), int(text[5:7]), 1)


def write(line: AdoptedSet, *, by: Any) -> int:
    """Record the past results of an adopted set as returns reported before this system; return how many.

    Call once, in the transaction of the approval. Each stands under the last month of its figures, closed,
    with the targets of its months frozen, never verified, never on time or late.
    """
    kpi_set, now = line.kpi_set, timezone.now()
    if not line.results or line.results_written_at is not None:
        return 0
    contract = line.contract
    assert contract.directorate_id is not None
    every = {
        one.kpi_id: one
        for one in kpi_set.terms.select_related("kpi__measure", "cohort").prefetch_related("monthly_targets")
    }
    by_month: dict[dt.date, list[dict[str, Any]]] = defaultdict(list)
    for result in line.results:
        by_month[_month(result["last"])].append(result)
    returns, readings, before = [], [], None
    for month in sorted(by_month):
        first = min(_month(result["first"]) for result in by_month[month])
        if before is not None:
            first = max(first, add_months(before, 1))
        returns.append(
            MonthlyReturn(
                contract=contract, month=month, months_covered=len(months_between(first, month)),
                kpi_set=kpi_set,
                directorate_id=contract.directorate_id, status=MonthlyReturn.Status.CLOSED, opened_at=now,
                due_on=timezone.localdate(now), first_submitted_at=now, submitted_at=now, submitted_by=by,
                checked_at=now, before_system=True,
            )
        )  # fmt: skip
        before = month
    MonthlyReturn.objects.bulk_create(returns)
    for one in returns:
        readings += [_reading(one, every[result["kpi"]], result, by, now) for result in by_month[one.month]]
    Reading.objects.bulk_create(readings, batch_size=500)
    ReadingVersion.objects.bulk_create(
        [
            ReadingVersion(
                reading=reading, act=ReadingVersion.Act.SUBMITTED, recorded_at=now, recorded_by=by,
                reported_value=reading.reported_value, reported_numerator=reading.reported_numerator,
                reported_denominator=reading.reported_denominator,
                nothing_to_report=reading.nothing_to_report,
                comment=reading.comment, reason="Reported before this system",
            )
            for reading in readings
        ],
        batch_size=500,
    )  # fmt: skip
    totals.recompute({(one.directorate_id, one.month, one.measure_id) for one in readings})
    record(
        action="adoption.past_results", subject=kpi_set, by=by, contract_number=contract.pk,
        summary=f"Recorded {formats.plural(len(readings), 'past result')} as reported before this system",
        after={"Months": ", ".join(one.period_words for one in returns), "Hash": line.results_hash},
    )  # fmt: skip
    line.results_written_at = now
    return len(readings)


def _reading(
    one: MonthlyReturn, terms: KPITerms, result: dict[str, Any], by: Any, now: dt.datetime
) -> Reading:
    measure = terms.kpi.measure
    first, last = _month(result["first"]), _month(result["last"])
    amounts = {row.month: row.amount for row in terms.monthly_targets.all()}
    if terms.adds_up:
        target = sum((amounts.get(month, Decimal(0)) for month in months_between(first, last)), Decimal(0))
    else:
        target = amounts.get(last, terms.target)
    figure = {
        name: Decimal(result[name])
        for name in ("value", "numerator", "denominator")
        if result.get(name) is not None
    }
    said = formats.months(first, last)
    return Reading(
        monthly_return=one, kpi_id=terms.kpi_id, terms=terms, contract_id=one.contract_id, month=one.month,
        directorate_id=one.directorate_id, measure_id=measure.pk,
        target=target if measure.is_number or measure.roll_up == RollUp.SUM else None,
        **figure, **{f"reported_{name}": value for name, value in figure.items()},
        comment=f"Reported before this system, for {said}.", saved_by=by, saved_at=now, reported_at=now,
    )  # fmt: skip
