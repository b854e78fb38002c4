"""Submitting a return: everything that is missing said at once, then the whole of it kept."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts.history import readable, record
from accounts.verbs.recipe import Invalid, check_version, lock, require
from kpis.readings.models import CohortCount, Reading, ReadingVersion
from kpis.readings.to_date import WORKING, figures_of
from kpis.returns import permissions
from kpis.returns.models import MonthlyReturn, ReturnSubmission
from kpis.returns.moves import MOVES
from kpis.returns.verbs.figures import as_text
from kpis.returns.verbs.opening import keys_of
from kpis.totals import verbs as totals

# What the person who submits confirms, in these words; they are kept with the submission.
CONFIRMATIONS = {
    "checked": "I have checked these figures with the supplier",
    "period": "The figures are for this contract and the months of this return only",
    "commitment": "The figures relate to commitments made in this contract",
}
Problem = tuple[Reading | None, str, str]


def readings_of(monthly_return: MonthlyReturn) -> list[Reading]:
    """Return the return's readings in the set's order, with all that their pages show fetched."""
    return list(
        monthly_return.readings.select_related(
            "terms", "terms__cohort", "kpi", "measure", "measure__unit", "measure__cohort", "saved_by"
        )
        .prefetch_related("cohort_counts__cohort", "measure__cohort_splits")
        .order_by("terms__position", "pk")
    )


def figure_field(reading: Reading) -> str:
    """Return the name of the field one enters a reading's figure in (the first of two)."""
    return {"percentage": "numerator", "milestone": "date_value", "text": "text_value"}.get(
        reading.measure.kind, "value"
    )


def problems(monthly_return: MonthlyReturn, readings: list[Reading] | None = None) -> list[Problem]:
    """Return all that stands in the way of submitting: (reading or None, field, sentence)."""
    readings = readings_of(monthly_return) if readings is None else readings
    if not readings:
        return [(None, "", "This return has no KPIs to report on.")]
    found: list[Problem] = []
    to_date = figures_of([reading.kpi_id for reading in readings], monthly_return.month, which=WORKING)
    for reading in readings:
        if not reading.is_done:
            found.append(
                (
                    reading,
                    figure_field(reading),
                    f"Enter a figure for “{reading.terms.title}”, or say there is nothing to report",
                )
            )
        elif to_date[reading.kpi_id].is_behind and not reading.comment:
            found.append(
                (
                    reading,
                    "comment",
                    f"“{reading.terms.title}” is behind its target to date: say why in a comment",
                )
            )
    return found


def submit(
    monthly_return: MonthlyReturn, *, by, version: int | None = None, confirmations: Collection[str]
) -> MonthlyReturn:
    """Submit the return: its figures become the reported ones, and the whole of it is kept as it is now.

    Needs all of CONFIRMATIONS. Raises Invalid with every problem at once; the first submission decides
    whether it was on time.
    """
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_fill_in(by, monthly_return))
        MOVES.check(monthly_return, "submit")
        check_version(monthly_return, version, "this return")
        readings = readings_of(monthly_return)
        errors = [(field, sentence) for _, field, sentence in problems(monthly_return, readings)]
        errors += [
            (name, f"Confirm: {words[0].lower() + words[1:] if not words.startswith('I ') else words}")
            for name, words in CONFIRMATIONS.items()
            if name not in confirmations
        ]
        if errors:
            raise Invalid(errors)
        now = timezone.now()
        is_first = monthly_return.first_submitted_at is None
        before = {reading.terms.title: as_text(reading, "reported_") for reading in readings}
        _report(readings, now)
        MOVES.apply(monthly_return, "submit")
        monthly_return.submitted_at, monthly_return.submitted_by = now, by
        if is_first:
            monthly_return.first_submitted_at = now
        monthly_return.awaiting_supplier_since, monthly_return.awaiting_supplier_note = None, ""
        monthly_return.version += 1
        monthly_return.save()
        last = monthly_return.submissions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
        ReturnSubmission.objects.create(
            monthly_return=monthly_return,
            ordinal=last + 1,
            submitted_by=by,
            submitted_at=now,
            content=content_of(monthly_return, readings, sorted(confirmations)),
        )
        add_versions(readings, ReadingVersion.Act.SUBMITTED, by=by, at=now)
        totals.recompute(keys_of(readings))
        after = {reading.terms.title: as_text(reading, "reported_") for reading in readings}
        record(
            action="returns.submit",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return submitted" + ("" if is_first else " again"),
            before={} if is_first else {title: was for title, was in before.items() if after[title] != was},
            after=after
            if is_first
            else {title: now_ for title, now_ in after.items() if before[title] != now_},
        )
    return monthly_return


def _report(readings: list[Reading], now) -> None:
    """Make the working figures the reported ones."""
    counts = []
    for reading in readings:
        for name in ("value", "numerator", "denominator"):
            setattr(reading, f"reported_{name}", getattr(reading, name))
        reading.reported_at = now
        for row in reading.cohort_counts.all():
            row.reported_count = row.count
            counts.append(row)
    Reading.objects.bulk_update(
        readings, ["reported_value", "reported_numerator", "reported_denominator", "reported_at"]
    )
    CohortCount.objects.bulk_update(counts, ["reported_count"])


def add_versions(readings: list[Reading], act: str, *, by, at, reasons: dict[int, str] | None = None) -> None:
    """Keep each reading's figures as they stand from now on."""
    ReadingVersion.objects.bulk_create(
        [
            ReadingVersion(
                reading=reading,
                act=act,
                recorded_at=at,
                recorded_by=by,
                **{
                    name: getattr(reading, name)
                    for name in (
                        "reported_value",
                        "reported_numerator",
                        "reported_denominator",
                        "verified_value",
                        "verified_numerator",
                        "verified_denominator",
                        "nothing_to_report",
                        "text_value",
                        "date_value",
                        "comment",
                    )
                },
                reason=(reasons or {}).get(reading.pk, ""),
                cohort_counts={
                    row.cohort.code: row.reported_count
                    for row in reading.cohort_counts.all()
                    if row.reported_count is not None
                },
            )
            for reading in readings
        ]
    )


def content_of(monthly_return: MonthlyReturn, readings: list[Reading], confirmations: list[str]) -> dict:
    """Return the whole of a submission as text and numbers, to be kept."""
    evidence = monthly_return.evidence.filter(withdrawn_at=None).prefetch_related("readings")

    def exact(amount):
        return None if amount is None else readable(amount)

    return {
        "month": monthly_return.month_slug,
        "months_covered": monthly_return.months_covered,
        "kpi_set": monthly_return.kpi_set.number,
        "additional_benefits": monthly_return.additional_benefits,
        "confirmed": {name: CONFIRMATIONS[name] for name in confirmations if name in CONFIRMATIONS},
        "figures": [
            {
                "kpi": reading.kpi_id,
                "code": reading.measure.code,
                "title": reading.terms.title,
                "unit": reading.measure.unit.name,
                "target": exact(reading.target),
                "value": exact(reading.value),
                "numerator": exact(reading.numerator),
                "denominator": exact(reading.denominator),
                "date": reading.date_value.isoformat() if reading.date_value else None,
                "text": reading.text_value,
                "nothing_to_report": reading.nothing_to_report,
                "comment": reading.comment,
                "cohorts": {row.cohort.code: row.count for row in reading.cohort_counts.all()},
            }
            for reading in readings
        ],
        "evidence": [
            {
                "kind": item.get_kind_display(),
                "description": item.description,
                "sha256": item.sha256,
                "restricted": item.is_restricted,
                "kpis": sorted(reading.kpi_id for reading in item.readings.all()),
            }
            for item in evidence
        ],
    }
