"""Tags that show good practice notes and guidance where they help: by measures and proposals."""

from typing import Any

from django import template

from contracts.models import Contract
from kpis.library.models import Measure
from kpis.library.permissions import may_read
from kpis.practice import reading
from kpis.practice.models import GuidancePage
from kpis.practice.permissions import may_write

register = template.Library()


@register.inclusion_tag("kpis/_practice_notes.html", takes_context=True)
def practice_of(context: dict[str, Any], measure: Measure) -> dict[str, Any]:
    """Show the newest notes on a measure or on what it replaced, and the link to write one."""
    person = context["request"].user
    notes = list(reading.of_measure(measure)[: reading.FEW + 1])
    return {
        "measure": measure,
        "lines": reading.lines(notes[: reading.FEW], person),
        "more": len(notes) > reading.FEW,
        "may_write": bool(may_write(person)),
    }


@register.inclusion_tag("kpis/_practice_elsewhere.html", takes_context=True)
def practice_elsewhere(
    context: dict[str, Any], contract: Contract, measure: Measure | None = None
) -> dict[str, Any]:
    """Show what worked for others, for somebody who proposes KPIs for the contract; nothing where none is."""
    found = reading.elsewhere(contract, context["request"].user, measure)
    return {"found": found, "contract": contract, "measure": measure}


@register.inclusion_tag("kpis/_guidance_links.html", takes_context=True)
def guidance_links(context: dict[str, Any]) -> dict[str, Any]:
    """Show links to the published guidance pages: one query."""
    pages = GuidancePage.objects.published().only("slug", "title", "summary")
    return {"pages": pages if may_read(context["request"].user) else []}
