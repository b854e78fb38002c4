"""What was asked about a KPI set before it is decided, drawn on its pages."""

from __future__ import annotations

from typing import Any

from django import template

from kpis.approvals import challenge_permissions as permissions
from kpis.approvals.challenges import ANSWERABLE
from kpis.approvals.challenges_read import lines_of
from kpis.approvals.outcomes import COLOURS, Outcome, with_outcomes
from kpis.approvals.records import authority_of
from kpis.proposals.models import KPISet, SetSubmission
from kpis.proposals.permissions import may_propose

register = template.Library()
register.filter("authority_words", authority_of)


@register.inclusion_tag("kpis/_challenges.html", takes_context=True)
def challenges_of(context: Any, kpi_set: KPISet) -> dict[str, Any]:
    """Draw the questions and answers, with what this reader may do; nothing for those who read it later."""
    person = context["request"].user
    shown = bool(permissions.may_read(person, kpi_set))
    lines = lines_of(kpi_set) if shown else []
    answerable = kpi_set.status in ANSWERABLE
    return {
        "kpi_set": kpi_set,
        "lines": lines,
        "unanswered": sum(line.is_open for line in lines) if answerable else 0,
        "answerable": answerable,
        "waits": kpi_set.status == KPISet.Status.SUBMITTED,
        "may_ask": shown and kpi_set.status == KPISet.Status.SUBMITTED and bool(permissions.may_ask(person)),
        "may_answer": answerable and bool(lines) and bool(may_propose(person, kpi_set.contract)),
        "withdrawable": {
            line.challenge.pk
            for line in lines
            if answerable and line.is_open and permissions.may_withdraw(person, line.challenge)
        },
    }


@register.inclusion_tag("kpis/_submission_records.html")
def records_of(kpi_set: KPISet) -> dict[str, Any]:
    """Draw links to the record of each submission of the set, with what became of it: for who works on it."""
    rows: Any = with_outcomes(SetSubmission.objects.filter(kpi_set=kpi_set)).defer("content")
    lines = [
        (one, Outcome(one.outcome).label, COLOURS[Outcome(one.outcome)]) for one in rows.order_by("ordinal")
    ]
    return {"kpi_set": kpi_set, "lines": lines}
