"""Tags of the KPI set pages: amounts as their measure counts, targets by financial year."""

from dataclasses import dataclass

from django import template

from accounts.calendar import parse_month
from govuk import formats
from kpis.proposals.checks import amount_in_words

register = template.Library()


@dataclass(frozen=True)
class Year:
    """One financial year of a KPI's targets, with its months where they differ."""

    name: str
    words: str
    months: list[tuple[str, str]]


@register.simple_tag
def amount(terms, value):
    """Return an amount of the KPI in words, blank for None."""
    return amount_in_words(terms.kpi.measure, value)


@register.simple_tag
def profile_by_year(terms):
    """Return the KPI's targets as one `Year` each; reads the monthly targets already fetched."""
    found: dict[str, list] = {}
    for row in terms.monthly_targets.all():
        found.setdefault(formats.financial_year(row.month), []).append(row)
    measure = terms.kpi.measure
    years = []
    for name, rows in found.items():
        amounts = {row.amount for row in rows}
        if terms.adds_up:
            words = (
                f"{_show(measure, sum(row.amount for row in rows))} in {formats.plural(len(rows), 'month')}"
            )
        else:
            words = (
                f"{_show(measure, rows[-1].amount)} by {formats.month(rows[-1].month)}"
                if len(amounts) > 1
                else (f"{_show(measure, rows[0].amount)} each month")
            )
        differ = len(amounts) > 1 and terms.profile in ("by_hand", "by_term")
        months = (
            [
                (formats.short_month(row.month), _show(measure, row.amount))
                for row in rows
                if row.amount or terms.profile == "by_hand"
            ]
            if differ
            else []
        )
        years.append(Year(name, words, months))
    return years


def _show(measure, value):
    return formats.figure(value, 2) if measure.kind == "count" else amount_in_words(measure, value)


@register.filter
def as_month(text):
    """Return "April 2026" for the "2026-04" of frozen content; blank for none."""
    return formats.month(parse_month(text)) if text else ""


@register.filter
def frozen_years(kpi):
    """Return the frozen monthly targets of one KPI as [(financial year, [(month, figure)])]."""
    found: dict[str, list] = {}
    for text, figure in sorted(kpi["monthly_targets"].items()):
        month = parse_month(text)
        found.setdefault(formats.financial_year(month), []).append(
            (formats.short_month(month), formats.figure(figure))
        )
    return list(found.items())
