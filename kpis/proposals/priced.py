"""The £ values of KPI sets: which a KPI may take, which it keeps, who uses one, where a newer one waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.calendar import first_of_month, today
from accounts.models import Person
from accounts.verbs.recipe import Invalid
from contracts.models import Contract
from govuk import formats
from kpis.library.models import Measure
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import set_before
from kpis.proxies import words
from kpis.proxies.models import Proxy

MOST_CONTRACTS = 50


def usual_proxy(measure: Measure) -> Proxy | None:
    """Return the £ value a new KPI of the measure takes today; None where it has none."""
    return Proxy.objects.usual(measure, today()) if measure.can_be_priced else None


def kept_by(kpi_set: KPISet) -> set[tuple[int, int]]:
    """Return (measure, proxy) of what was approved before: in the set it follows, or, for a contract that
    was split off or novated, in any approved set of the contract it came from."""
    before = set_before(kpi_set)
    origin = kpi_set.contract.split_from_id
    approved = Q(kpi_set__contract=origin, kpi_set__status=KPISet.Status.APPROVED) if origin else Q(pk=None)
    found = KPITerms.objects.filter(Q(kpi_set=before) if before else approved, proxy__isnull=False)
    return set(found.values_list("kpi__measure", "proxy"))


def check_choice(kpi_set: KPISet, measure: Measure, proxy: Proxy | None) -> None:
    """Raise Invalid unless the £ value is the measure's, and offered today or approved before."""
    if proxy is None:
        return
    if proxy.measure_id != measure.pk:
        raise Invalid(
            [("proxy", f"“{proxy.name}” is the £ value of another measure. Choose one of this one")]
        )
    if not measure.can_be_priced:
        raise Invalid([("proxy", f"{measure.code} can have no £ value. Select “No £ value”")])
    if not proxy.is_offered_on(today()) and (measure.pk, proxy.pk) not in kept_by(kpi_set):
        raise Invalid([("proxy", _not_offered(proxy))])


def _not_offered(proxy: Proxy) -> str:
    if proxy.withdrawn_at:
        why = f" ({proxy.withdrawn_why})" if proxy.withdrawn_why else ""
        gone = f"was withdrawn on {formats.day(proxy.withdrawn_at)}{why}"
    else:
        gone = f"is valid {words.validity(proxy)}"
    return f"Its £ value “{proxy.name}” {gone}. Choose another, or “No £ value”"


def problems_of(kpi_set: KPISet, every: Iterable[KPITerms]) -> list[tuple[KPITerms, str, str]]:
    """Return the KPIs whose £ value may not be sent: withdrawn meanwhile, and not approved before."""
    lost = [terms for terms in every if terms.proxy and not terms.proxy.is_offered_on(today())]
    kept = kept_by(kpi_set) if lost else set()
    return [
        (terms, "proxy", f"{terms.title}: {_lower(_not_offered(terms.proxy))}")
        for terms in lost
        if terms.proxy and (terms.kpi.measure_id, terms.proxy_id) not in kept
    ]


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"


def choices(kpi_set: KPISet, measure: Measure, chosen: Proxy | None) -> list[Proxy]:
    """Return the £ values a KPI of the measure may take: the local, then the national, each usual first.

    What it has now and what was approved before stay among them, offered or not.
    """
    if not measure.can_be_priced:
        return []
    offered = Q(pk__in=Proxy.objects.offered_on(today()).filter(measure=measure).values("pk"))
    kept = {proxy for of, proxy in kept_by(kpi_set) if of == measure.pk}
    if chosen is not None:
        kept.add(chosen.pk)
    found = Proxy.objects.filter(offered | Q(pk__in=kept), measure=measure).prefetch_related("values")
    return list(found.order_by("-is_local", "-is_usual", "-pk"))


def newer_by_measure(every: Iterable[KPITerms]) -> dict[int, Proxy]:
    """Return {measure: the usual £ value that came after the one a KPI has}, for those of these KPIs."""
    having = {terms.kpi.measure_id: terms.proxy for terms in every if terms.proxy}
    usual = Proxy.objects.offered_on(today()).filter(is_usual=True, measure__in=having)
    newer = {}
    for proxy in usual.prefetch_related("values"):
        has = having[proxy.measure_id]
        if proxy.pk != has.pk and (has.is_withdrawn or proxy.added_at > has.added_at):
            newer[proxy.measure_id] = proxy
    return newer


@dataclass(frozen=True)
class Uses:
    """Who counts by a £ value now: how many KPI sets in force, and the contracts the reader sees."""

    sets: int
    contracts: list[Contract]
    seen: int


def uses_of(proxy: Proxy, person: Person) -> Uses:
    """Return the uses of a £ value this month, contracts as the person sees them."""
    in_force = KPISet.objects.in_force(first_of_month(today())).filter(terms__proxy=proxy).distinct()
    contracts = (
        Contract.objects.visible_to(person)
        .filter(pk__in=in_force.values("contract"))
        .select_related("directorate")
        .order_by("title", "pk")
    )
    return Uses(in_force.count(), list(contracts[:MOST_CONTRACTS]), contracts.count())
