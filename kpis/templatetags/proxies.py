"""Tags of £ values: those of a measure, who uses one, pounds to the last figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from accounts.calendar import today
from govuk import formats
from kpis.proposals.priced import uses_of
from kpis.proxies import permissions, words
from kpis.proxies.checks import why_not_priced
from kpis.proxies.models import Proxy

register = template.Library()
register.filter("pounds", words.pounds)
register.filter("pounds_rounded", words.rounded)
register.filter("unit_range", words.unit_range)
register.filter("adjusted_by", words.adjustments)
register.filter("factor_of", words.factor)
register.filter("singular", formats.singular)


@register.filter
def pounds_of_text(text: str | None) -> str:
    """Return "£126.60" for the "126.6" of frozen content; "" for none."""
    return words.pounds(Decimal(text)) if text else ""


@register.simple_tag
def per_unit(terms) -> str:
    """Return what a unit of the KPI is worth in the years it runs; "" where it has no £ value."""
    if terms.proxy is None:
        return ""
    return words.per_unit(terms.proxy, range(terms.starts_month.year, terms.ends_month.year + 1))


@register.simple_tag
def per_unit_of(proxy: Proxy) -> str:
    """Return what a unit is worth by the proxy, whatever the year."""
    return words.per_unit(proxy)


@register.simple_tag
def proxy_ends(proxy: Proxy, terms=None):
    """Return the one value of the proxy, or the first and last of its years (those the KPI runs)."""
    years = range(terms.starts_month.year, terms.ends_month.year + 1) if terms else ()
    return words.ends(proxy, years)


@register.inclusion_tag("kpis/_measure_proxies.html", takes_context=True)
def proxies_of(context: Any, measure) -> dict[str, Any]:
    """Draw the measure's £ values: those offered, and folded those withdrawn; or why it can have none."""
    every = list(
        Proxy.objects.filter(measure=measure)
        .prefetch_related("values")
        .order_by("-is_local", "-is_usual", "-pk")
    )
    rows = [(one, words.ends(one), *words.where_it_stands(one, today())) for one in every]
    return {
        "measure": measure,
        "rows": [row for row in rows if not row[0].is_withdrawn],
        "withdrawn": [row for row in rows if row[0].is_withdrawn],
        "refused": why_not_priced(measure),
        "may_keep": bool(permissions.may_keep(context["request"].user)),
    }


@register.inclusion_tag("kpis/_proxy_uses.html", takes_context=True)
def uses_of_proxy(context: Any, proxy: Proxy) -> dict[str, Any]:
    """Draw how many KPI sets in force count by the proxy, and the contracts the reader sees."""
    return {"uses": uses_of(proxy, context["request"].user)}
