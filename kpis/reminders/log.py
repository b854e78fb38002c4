"""What was sent: of one return, and lately."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max, Model

from contracts.models import BreakPoint
from kpis.proposals.models import KPISet
from kpis.reminders.models import ReminderClaim, ReminderStep
from kpis.returns.models import MonthlyReturn

Subject = ReminderStep.Subject
MODELS: dict[str, type[Model]] = {
    Subject.RETURN: MonthlyReturn,
    Subject.APPROVAL: KPISet,
    Subject.BREAK_POINT: BreakPoint,
    Subject.EXCEPTION: KPISet,
}


def reminders_of(monthly_return: MonthlyReturn):
    """Return the reminders about a return that were told, newest first, with step, person and letter."""
    return ReminderClaim.objects.filter(
        step__subject=Subject.RETURN, subject_id=monthly_return.pk, is_told=True
    ).select_related("step", "person", "letter")


def last_told_of(points: Iterable[BreakPoint]) -> dict[int, dt.datetime]:
    """Return, by break point, when somebody was last reminded of it: one query, none without points."""
    numbers = [point.pk for point in points]
    if not numbers:
        return {}
    told = ReminderClaim.objects.filter(
        step__subject=Subject.BREAK_POINT, subject_id__in=numbers, is_told=True
    )
    return dict(
        told.order_by("subject_id")
        .values("subject_id")
        .annotate(last=Max("claimed_at"))
        .values_list("subject_id", "last")
    )


def latest(count: int) -> list[tuple[ReminderClaim, MonthlyReturn | KPISet | BreakPoint | None]]:
    """Return the last reminders told, each with its item: four queries."""
    claims = list(
        ReminderClaim.objects.filter(is_told=True).select_related("step", "person", "letter")[:count]
    )
    items: dict[str, dict] = {
        str(subject): model._default_manager.select_related("contract").in_bulk(_ids(claims, subject))
        for subject, model in MODELS.items()
    }
    return [(claim, items[claim.step.subject].get(claim.subject_id)) for claim in claims]


def _ids(claims: list[ReminderClaim], subject: str) -> list[int]:
    return [claim.subject_id for claim in claims if claim.step.subject == subject]
