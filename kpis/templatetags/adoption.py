"""What waits to be adopted as signed, drawn on the pages of approvals."""

from __future__ import annotations

from typing import Any

from django import template

from kpis.adoption.presenting import waiting_parts

register = template.Library()


@register.inclusion_tag("kpis/_adoption_waiting.html", takes_context=True)
def adoption_waiting(context: Any) -> dict[str, Any]:
    """Draw one line for each part of a batch that waits, for those who may see it."""
    return {"parts": waiting_parts(context["request"].user)}
