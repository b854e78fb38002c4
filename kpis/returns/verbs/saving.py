"""Filling a return in: figures KPI by KPI, a note that the supplier is awaited, benefits beyond the
promises.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.calendar import today
from accounts.history import record
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from govuk.formats import month as show_month
from kpis.readings.models import CohortCount, Reading
from kpis.returns import permissions
from kpis.returns.models import MonthlyReturn
from kpis.returns.moves import MOVES
from kpis.returns.verbs.figures import Entry, as_text, checked, cohorts_of


class SavedMeanwhile(Stale):
    """Somebody else saved the same KPI first; `theirs` is the reading as it stands, to show beside mine."""

    def __init__(self, theirs: Reading):
        self.theirs = theirs
        who = theirs.saved_by or "Somebody else"
        super().__init__(
            f"{who} saved “{theirs.terms.title}” while you had it open. "
            "Nothing of yours was saved over theirs."
        )


def open_return(pk: int, *, by) -> MonthlyReturn:
    """Return the return, locked, where this person may fill it in and it can still be changed."""
    monthly_return = lock(MonthlyReturn, pk)
    require(permissions.may_fill_in(by, monthly_return))
    if not monthly_return.is_unfinished:
        MOVES.check(monthly_return, "submit")
    return monthly_return


def save_reading(
    reading: Reading,
    *,
    by,
    version: int | None = None,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    date_value: dt.date | None = None,
    text_value: str = "",
    nothing_to_report: bool = False,
    comment: str = "",
    cohort_counts: dict[int, int | None] | None = None,
) -> Reading:
    """Save what one KPI came to in its month, as a whole: what isn't given is blank.

    `cohort_counts` (cohort's key -> people) left out keeps the counts as they are; None takes a count away.
    "Nothing to report" is stored as 0 and says so. Raises Invalid by field, SavedMeanwhile where the version
    is old, Stale where the return can't be changed now.
    """
    with transaction.atomic():
        monthly_return = open_return(reading.monthly_return_id, by=by)
        reading = lock(Reading, reading.pk)
        kept = {row.cohort_id: row.count for row in reading.cohort_counts.all()}
        entry = Entry(
            value=value,
            numerator=numerator,
            denominator=denominator,
            date_value=date_value,
            text_value=text_value.strip(),
            nothing_to_report=nothing_to_report,
            comment=comment.strip(),
            cohort_counts=kept if cohort_counts is None and not nothing_to_report else cohort_counts or {},
        )
        if version is not None and version != reading.version:
            raise SavedMeanwhile(reading)
        cohorts = cohorts_of(reading)
        entry, errors = checked(reading, entry, cohorts)
        if errors:
            raise Invalid(errors)
        names = {cohort.pk: cohort.name for cohort in cohorts}
        before = _shown(reading, kept, names)
        for name in (
            "value",
            "numerator",
            "denominator",
            "date_value",
            "text_value",
            "nothing_to_report",
            "comment",
        ):
            setattr(reading, name, getattr(entry, name))
        counts = {key: count for key, count in entry.cohort_counts.items() if count is not None}
        after = _shown(reading, counts, names)
        if before == after and reading.saved_at is not None:
            return reading
        _write_counts(reading, kept, counts)
        reading.saved_by, reading.saved_at = by, timezone.now()
        reading.version += 1
        reading.save()
        reading.editors.add(by)
        monthly_return.version += 1
        monthly_return.save(update_fields=["version"])
        record(
            action="returns.save_reading",
            subject=monthly_return,
            by=by,
            contract_number=reading.contract_id,
            summary=f"{reading.terms.title}: {show_month(reading.month)} figure saved",
            before={name: was for name, was in before.items() if after[name] != was},
            after={name: now for name, now in after.items() if before[name] != now},
        )
    return reading


def _shown(reading: Reading, counts: dict[int, int], names: dict[int, str]) -> dict[str, str]:
    """Return what stands, as the history shows it."""
    return {
        "Figure": as_text(reading),
        "Nothing to report": "yes" if reading.nothing_to_report else "",
        "Comment": reading.comment,
        **{name: str(counts.get(key, "")) for key, name in names.items()},
    }


def _write_counts(reading: Reading, kept: dict[int, int], counts: dict[int, int]) -> None:
    """Make the stored splits those given. A count that was submitted before is set to 0, not removed."""
    for key, count in counts.items():
        if kept.get(key) != count:
            CohortCount.objects.update_or_create(reading=reading, cohort_id=key, defaults={"count": count})
    gone = CohortCount.objects.filter(reading=reading, cohort__in=[key for key in kept if key not in counts])
    gone.filter(reported_count=None).delete()
    gone.update(count=0)


def note_additional_benefits(
    monthly_return: MonthlyReturn, *, by, text: str, version: int | None = None
) -> MonthlyReturn:
    """Keep what was delivered beyond the commitments, apart from them."""
    with transaction.atomic():
        monthly_return = open_return(monthly_return.pk, by=by)
        check_version(monthly_return, version, "this return")
        text = text.strip()
        if text == monthly_return.additional_benefits:
            return monthly_return
        before, monthly_return.additional_benefits = monthly_return.additional_benefits, text
        monthly_return.version += 1
        monthly_return.save()
        record(
            action="returns.note_additional_benefits",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return: benefits beyond the commitments noted",
            before={"Additional benefits": before},
            after={"Additional benefits": text},
        )
    return monthly_return


def await_supplier(monthly_return: MonthlyReturn, *, by, note: str) -> MonthlyReturn:
    """Note that the supplier was asked and has not answered, since today; reminders pause for a time."""
    with transaction.atomic():
        monthly_return = open_return(monthly_return.pk, by=by)
        note = note.strip()
        if not note:
            raise Invalid([("note", "Say what you asked the supplier for.")])
        if len(note) > 250:
            raise Invalid([("note", "What you asked for must be 250 characters or fewer.")])
        if monthly_return.awaiting_supplier_since is None:
            monthly_return.awaiting_supplier_since = today()
        monthly_return.awaiting_supplier_note = note
        monthly_return.version += 1
        monthly_return.save()
        record(
            action="returns.await_supplier",
            subject=monthly_return,
            by=by,
            note=note,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return: waiting for the supplier",
        )
    return monthly_return


def supplier_answered(monthly_return: MonthlyReturn, *, by) -> MonthlyReturn:
    """Note that the supplier has answered: the return no longer waits."""
    with transaction.atomic():
        monthly_return = open_return(monthly_return.pk, by=by)
        if monthly_return.awaiting_supplier_since is None:
            return monthly_return
        since = monthly_return.awaiting_supplier_since
        monthly_return.awaiting_supplier_since, monthly_return.awaiting_supplier_note = None, ""
        monthly_return.version += 1
        monthly_return.save()
        record(
            action="returns.supplier_answered",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            before={"Waiting since": since},
            summary=f"{monthly_return.period_words} return: the supplier has answered",
        )
    return monthly_return
