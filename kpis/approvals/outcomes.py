"""What became of each submission: decided, taken back, withdrawn or still waiting, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone

from accounts.calendar import today, working_days_between
from accounts.models import HistoryRow
from kpis.approvals.models import Decision
from kpis.proposals.models import KPISet, SetSubmission

TAKE_BACK, WITHDRAW = "proposals.take_back", "proposals.withdraw"
Status = KPISet.Status


class Outcome(TextChoices):
    """What became of what was sent."""

    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"
    TAKEN_BACK = "taken_back", "Taken back"
    WITHDRAWN = "withdrawn", "Withdrawn"


COLOURS = {
    Outcome.WAITING: "yellow",
    Outcome.APPROVED: "green",
    Outcome.RETURNED: "orange",
    Outcome.TAKEN_BACK: "grey",
    Outcome.WITHDRAWN: "grey",
}


def with_outcomes(submissions: QuerySet[Any]) -> QuerySet[Any]:
    """Return the submissions with `outcome`, `decided_at` and `ended_at` (taken back or withdrawn)."""
    later = SetSubmission.objects.filter(kpi_set=OuterRef("kpi_set"), ordinal__gt=OuterRef("ordinal"))
    decisions = Decision.objects.filter(submission=OuterRef("pk")).order_by()
    last = decisions.values("submission").annotate(at=Max("decided_at")).values("at")
    ended = HistoryRow.objects.filter(
        subject_type=KPISet._meta.label_lower,
        subject_id=OuterRef("kpi_set_id"),
        action__in=[TAKE_BACK, WITHDRAW],
        at__gte=OuterRef("submitted_at"),
    ).order_by("at", "pk")
    return submissions.annotate(
        is_latest=~Exists(later),
        decided_at=Subquery(last, output_field=DateTimeField()),
        ended_by=Subquery(ended.values("action")[:1]),
        first_end=Subquery(ended.values("at")[:1]),
        outcome=Case(
            When(Exists(decisions.filter(outcome=Decision.Outcome.RETURNED)), then=Value(Outcome.RETURNED)),
            When(is_latest=True, kpi_set__status=Status.APPROVED, then=Value(Outcome.APPROVED)),
            When(is_latest=True, kpi_set__status=Status.SUBMITTED, then=Value(Outcome.WAITING)),
            When(ended_by=WITHDRAW, then=Value(Outcome.WITHDRAWN)),
            When(ended_by=TAKE_BACK, then=Value(Outcome.TAKEN_BACK)),
            When(is_latest=True, kpi_set__status=Status.WITHDRAWN, then=Value(Outcome.WITHDRAWN)),
            default=Value(Outcome.TAKEN_BACK),
            output_field=CharField(),
        ),
        ended_at=Case(
            When(outcome__in=[Outcome.TAKEN_BACK, Outcome.WITHDRAWN], then=F("first_end")),
            output_field=DateTimeField(),
        ),
    )


def seen_by(person) -> QuerySet[Any]:
    """Return the submissions a person may read: all of sets they work on, else what was approved."""
    worked_on = KPISet.objects.worked_on_by(person).values("pk")
    approved = KPISet.objects.visible_to(person).filter(status=Status.APPROVED).values("pk")
    return with_outcomes(SetSubmission.objects.all()).filter(
        Q(kpi_set__in=worked_on) | Q(kpi_set__in=approved, outcome=Outcome.APPROVED)
    )


def closed_at(outcome: str, decided_at: dt.datetime | None, ended_at: dt.datetime | None):
    """Return when the waiting ended, or None while it goes on (or where nobody wrote down when)."""
    if outcome == Outcome.WAITING:
        return None
    return decided_at if outcome in {Outcome.APPROVED, Outcome.RETURNED} else ended_at


def days_waited(
    submitted_at: dt.datetime, outcome: str, decided_at: dt.datetime | None, ended_at: dt.datetime | None
) -> int | None:
    """Return the working days from sending to the end of waiting or today; None where nobody knows."""
    closed = closed_at(outcome, decided_at, ended_at)
    if closed is None and outcome != Outcome.WAITING:
        return None
    until = timezone.localdate(closed) if closed else today()
    return max(0, working_days_between(timezone.localdate(submitted_at), until))
