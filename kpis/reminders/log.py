"""What was sent: of one return, and lately."""

from kpis.proposals.models import KPISet
from kpis.reminders.models import ReminderClaim, ReminderStep
from kpis.returns.models import MonthlyReturn

Subject = ReminderStep.Subject


def reminders_of(monthly_return: MonthlyReturn):
    """Return the reminders about a return that were told, newest first, with step, person and letter."""
    return ReminderClaim.objects.filter(
        step__subject=Subject.RETURN, subject_id=monthly_return.pk, is_told=True
    ).select_related("step", "person", "letter")


def latest(count: int) -> list[tuple[ReminderClaim, MonthlyReturn | KPISet | None]]:
    """Return the last reminders told, each with its item: three queries."""
    claims = list(
        ReminderClaim.objects.filter(is_told=True).select_related("step", "person", "letter")[:count]
    )
    returns = MonthlyReturn.objects.select_related("contract").in_bulk(_ids(claims, Subject.RETURN))
    sets = KPISet.objects.select_related("contract").in_bulk(_ids(claims, Subject.APPROVAL))
    return [
        (claim, (returns if claim.step.subject == Subject.RETURN else sets).get(claim.subject_id))
        for claim in claims
    ]


def _ids(claims: list[ReminderClaim], subject: str) -> list[int]:
    return [claim.subject_id for claim in claims if claim.step.subject == subject]
