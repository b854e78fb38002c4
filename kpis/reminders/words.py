"""The words of a digest: each line from its step's text, with the item's own facts filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from string import Template
from textwrap import shorten

from django.utils import timezone

from accounts.calendar import working_days_between
from accounts.letters import link
from contracts.models import BreakPoint
from govuk import formats
from kpis.proposals.models import KPISet
from kpis.reminders import timing
from kpis.reminders.models import ReminderStep
from kpis.reminders.owing import Owed
from kpis.returns.models import MonthlyReturn

# Characters of what could be asked for that a line of a letter holds.
LONGEST_ASK = 160
PLACEHOLDERS = {
    ReminderStep.Subject.RETURN: ("title", "month", "due", "late", "manager"),
    ReminderStep.Subject.APPROVAL: ("title", "set", "number", "since", "late"),
    ReminderStep.Subject.EXCEPTION: ("title", "number", "date", "late", "reason", "manager"),
    ReminderStep.Subject.BREAK_POINT: ("title", "kind", "date", "notice", "left", "ask", "manager"),
}


def unknown_placeholders(subject: str, text: str) -> list[str]:
    """Return names a line uses that this kind of step does not have; raise ValueError for a stray $."""
    template = Template(text)
    if not template.is_valid():
        raise ValueError(
            "A dollar sign must be followed by a placeholder's name. Write $$ for a dollar sign."
        )
    return [
        name for name in template.get_identifiers() if name not in PLACEHOLDERS[ReminderStep.Subject(subject)]
    ]


def line_of(one: Owed, day: dt.date) -> str:
    """Return the sentence about one item, without its address."""
    return Template(one.step.line).safe_substitute(_facts(one.item, day))


def _facts(item: MonthlyReturn | KPISet | BreakPoint, day: dt.date) -> dict[str, str]:
    if isinstance(item, MonthlyReturn):
        due = timing.due_on(item)
        return {
            "title": item.contract.title,
            "month": item.period_words,
            "due": formats.day(due),
            "late": formats.plural(max(working_days_between(due, day), 0), "working day"),
            "manager": str(item.contract.manager or "nobody"),
        }
    if isinstance(item, BreakPoint):
        asked = " ".join(item.could_ask.split())
        return {
            "title": item.contract.title,
            "kind": item.get_kind_display().lower(),
            "date": formats.day(item.on),
            "notice": formats.day(item.act_by),
            "left": formats.plural(max(working_days_between(day, item.act_by), 0), "working day") + " left",
            "ask": shorten(asked, LONGEST_ASK, placeholder="...") if asked else "nothing is recorded yet.",
            "manager": str(item.contract.manager or "nobody"),
        }
    if item.is_exception and item.status == KPISet.Status.APPROVED and item.review_on:
        return {
            "title": item.contract.title,
            "number": str(item.number),
            "date": formats.day(item.review_on),
            "late": formats.plural(max(working_days_between(item.review_on, day), 0), "working day"),
            "reason": item.get_reason_display(),
            "manager": str(item.contract.manager or "nobody"),
        }
    since = timezone.localdate(item.submitted_at)
    return {
        "title": item.contract.title,
        "set": str(item),
        "number": str(item.number),
        "since": formats.day(since),
        "late": formats.plural(max(working_days_between(since, day), 0), "working day"),
    }


def digest(told: Sequence[Owed], day: dt.date) -> dict[str, str]:
    """Return the values of the digest letter: what it is about, and its lines with addresses."""
    lines = [f"* {line_of(one, day)}\n  {link(one.item.get_absolute_url())}" for one in told]
    return {"about": about(told), "lines": "\n\n".join(lines)}


def about(told: Sequence[Owed]) -> str:
    """Return "2 monthly returns, 1 KPI set waiting for approval and 1 break point"."""
    returns = sum(isinstance(one.item, MonthlyReturn) for one in told)
    points = sum(isinstance(one.item, BreakPoint) for one in told)
    exceptions = sum(one.step.subject == ReminderStep.Subject.EXCEPTION for one in told)
    sets = len(told) - returns - points - exceptions
    parts = []
    if returns:
        parts.append(formats.plural(returns, "monthly return"))
    if sets:
        parts.append(formats.plural(sets, "KPI set") + " waiting for approval")
    if points:
        parts.append(formats.plural(points, "break point"))
    if exceptions:
        parts.append(formats.plural(exceptions, "exception") + " to be reviewed")
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
