"""What waits to be adopted as signed, drawn on the pages of approvals."""

from __future__ import annotations

from typing import Any

from django import template

from kpis.adoption.presenting import WaitingPart, waiting_parts

register = template.Library()


@register.simple_tag(takes_context=True)
def adoption_parts(context: Any) -> list[WaitingPart]:
    """Return one line for each part of a batch that waits, for those who may see it."""
    return waiting_parts(context["request"].user)
