"""Which ready KPI sets fit a contract, the closest drawn first."""

from dataclasses import dataclass

from contracts.models import Contract
from contracts.rules.finding import bands, by_closeness
from contracts.rules.words import why_it_fits
from kpis.library.models import KPITemplate, Measure


@dataclass(frozen=True)
class Fitting:
    """A template that fits a contract, why, and how many measures of it may be proposed."""

    template: KPITemplate
    why: str
    count: int


def fitting(contract: Contract) -> list[Fitting]:
    """Return the templates offered for the contract, the closest drawn first: three queries."""
    offered = (
        KPITemplate.objects.filter(is_active=True)
        .select_related("tier", "category", "band")
        .prefetch_related("items__measure")
    )
    found = []
    for template in by_closeness(contract, offered, bands()):
        live = sum(item.measure.status == Measure.Status.LIVE for item in template.items.all())
        if live:
            found.append(Fitting(template, why_it_fits(template) if template.closeness else "", live))
    return found


def for_which(template: KPITemplate) -> str:
    """Return for which contracts a template is: "Gold, Highways"; "Any contract"."""
    parts = [str(one) for one in (template.tier, template.category, template.band) if one is not None]
    return ", ".join(parts) or "Any contract"
