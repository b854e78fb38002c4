"""Which ready KPI sets fit a contract, the closest drawn first, and what of each it may not propose."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.models import Contract
from contracts.rules.finding import bands, by_closeness
from contracts.rules.words import why_it_fits
from govuk.formats import plural
from kpis.library.choosing import frameworks_for
from kpis.library.models import KPITemplate, Measure


@dataclass(frozen=True)
class Fitting:
    """A template that fits a contract, why, and which of its measures may not be proposed."""

    template: KPITemplate
    why: str
    # How many of its measures may be proposed.
    count: int
    other_framework: list[Measure] = field(default_factory=list)
    not_live: list[Measure] = field(default_factory=list)

    @property
    def left_out(self) -> str:
        """Return what beginning from it leaves out: "2 of 6 measures belong to another framework: ..."."""
        whole = self.count + len(self.other_framework) + len(self.not_live)
        said = []
        for measures, one, many in (
            (self.other_framework, "belongs to another framework", "belong to another framework"),
            (self.not_live, "can’t be proposed any more", "can’t be proposed any more"),
        ):
            if measures:
                names = ", ".join(measure.title for measure in measures)
                verb = one if len(measures) == 1 else many
                said.append(f"{len(measures)} of {plural(whole, 'measure')} {verb}: {names}.")
        return " ".join([*said, "They are left out."] if said else [])


def fitting(contract: Contract) -> list[Fitting]:
    """Return the templates offered for the contract, the closest drawn first: five queries.

    A template without a measure the contract may propose is not among them.
    """
    offered = (
        KPITemplate.objects.filter(is_active=True)
        .select_related("tier", "category", "band")
        .prefetch_related("items__measure")
    )
    frameworks = {one.pk for one in frameworks_for(contract)}
    found = []
    for template in by_closeness(contract, offered, bands()):
        items = list(template.items.all())
        not_live = [item.measure for item in items if item.measure.status != Measure.Status.LIVE]
        live = [item.measure for item in items if item.measure.status == Measure.Status.LIVE]
        other = [measure for measure in live if measure.framework_id not in frameworks]
        count = len(live) - len(other)
        if count:
            why = why_it_fits(template) if template.closeness else ""
            found.append(Fitting(template, why, count, other, not_live))
    return found


def for_which(template: KPITemplate) -> str:
    """Return for which contracts a template is: "Gold, Highways"; "Any contract"."""
    parts = [str(one) for one in (template.tier, template.category, template.band) if one is not None]
    return ", ".join(parts) or "Any contract"
