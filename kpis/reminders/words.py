"""The words of a digest: each line from its step's text, with the item's own facts filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from string import Template

from django.utils import timezone

from accounts.calendar import working_days_between
from accounts.letters import link
from govuk import formats
from kpis.proposals.models import KPISet
from kpis.reminders import timing
from kpis.reminders.models import ReminderStep
from kpis.reminders.owing import Owed
from kpis.returns.models import MonthlyReturn

PLACEHOLDERS = {
    ReminderStep.Subject.RETURN: ("title", "month", "due", "late", "manager"),
    ReminderStep.Subject.APPROVAL: ("title", "number", "since", "late"),
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


def _facts(item: MonthlyReturn | KPISet, day: dt.date) -> dict[str, str]:
    if isinstance(item, MonthlyReturn):
        due = timing.due_on(item)
        return {
            "title": item.contract.title,
            "month": formats.month(item.month),
            "due": formats.day(due),
            "late": formats.plural(max(working_days_between(due, day), 0), "working day"),
            "manager": str(item.contract.manager or "nobody"),
        }
    since = timezone.localdate(item.submitted_at)
    return {
        "title": item.contract.title,
        "number": str(item.number),
        "since": formats.day(since),
        "late": formats.plural(max(working_days_between(since, day), 0), "working day"),
    }


def digest(told: Sequence[Owed], day: dt.date) -> dict[str, str]:
    """Return the values of the digest letter: what it is about, and its lines with addresses."""
    lines = [f"* {line_of(one, day)}\n  {link(one.item.get_absolute_url())}" for one in told]
    return {"about": about(told), "lines": "\n\n".join(lines)}


def about(told: Sequence[Owed]) -> str:
    """Return "2 monthly returns and 1 KPI set waiting for approval"."""
    returns = sum(isinstance(one.item, MonthlyReturn) for one in told)
    sets = len(told) - returns
    parts = []
    if returns:
        parts.append(formats.plural(returns, "monthly return"))
    if sets:
        parts.append(formats.plural(sets, "KPI set") + " waiting for approval")
    return " and ".join(parts)
