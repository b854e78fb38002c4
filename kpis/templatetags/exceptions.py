"""Words of exceptions for templates."""

import datetime as dt

from django import template

from accounts.calendar import today
from govuk import formats
from kpis.proposals.exceptions import standing_words
from kpis.proposals.models import KPISet

register = template.Library()


@register.filter
def standing(kpi_set: KPISet) -> str:
    """Return "approved exception until 3 May 2027", or "exception to be reviewed since 3 May 2027"."""
    return standing_words(kpi_set)


@register.filter
def is_to_be_reviewed(kpi_set: KPISet) -> bool:
    """Return whether it is an approved exception whose day of review has passed."""
    return kpi_set.is_to_be_reviewed_on(today())


@register.filter
def as_day(text: str | None) -> str:
    """Return "3 May 2027" for the "2027-05-03" of frozen content; blank for none."""
    return formats.day(dt.date.fromisoformat(text)) if text else ""
