"""Which measures a KPI set may take: those its contract is offered, its own, and those the set before has."""

from django.db.models import Q

from accounts.verbs.recipe import Invalid
from contracts.models import Contract
from kpis.library.choosing import Offer, in_words, offer_for
from kpis.library.models import Measure
from kpis.proposals.models import KPISet
from kpis.proposals.months import set_before


def measures_to_take(kpi_set: KPISet, offer: Offer | None = None):
    """Return a queryset of the live measures that may be put into the set: see `open_to`."""
    return open_to(kpi_set.contract, set_before(kpi_set), offer)


def open_to(contract: Contract, before: KPISet | None, offer: Offer | None = None):
    """Return a queryset of the live measures that a set of the contract after this one may take.

    A measure of another edition may be taken only where the approved set this one follows has it: a KPI
    that was approved can go on, or be put back, under the edition it was approved from. What a contract
    wrote in its own words is for that contract alone.
    """
    offer = offer or offer_for(contract)
    held = Q(pk__in=before.terms.values("kpi__measure")) if before else Q(pk=None)
    offered = Q(framework__in=offer.frameworks, contract=None)
    return Measure.objects.live().filter(offered | held | Q(contract=contract.pk))


def refuse_other_frameworks(kpi_set: KPISet, measure: Measure) -> None:
    """Raise Invalid where the measure is of an edition this contract may not propose from."""
    offer = offer_for(kpi_set.contract)
    if measure.framework in offer.frameworks and measure.contract_id is None:
        return
    if measures_to_take(kpi_set, offer).filter(pk=measure.pk).exists():
        return
    if measure.contract_id is not None:
        raise Invalid(
            [
                (
                    "measure",
                    f"“{measure.title}” was written for another contract, in its own words. Choose another "
                    "measure, or write one for this contract",
                )
            ]
        )
    may = f"from {in_words(offer.frameworks)}" if offer.frameworks else "from no framework"
    raise Invalid(
        [
            (
                "measure",
                f"“{measure.title}” is of {measure.framework}, and this contract may propose {may}. "
                "Choose another measure, or choose another framework for the contract first",
            )
        ]
    )
