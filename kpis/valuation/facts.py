"""What the arithmetic of £ needs to know of proxies and measures, fetched for many at once."""

from __future__ import annotations

from collections.abc import Iterable

from govuk import formats
from kpis.library.models import Measure
from kpis.proxies.models import Proxy
from kpis.valuation.worth import MeasureFacts, ProxyFacts, YearValue


def measure_facts(keys: Iterable[int]) -> dict[int, MeasureFacts]:
    """Return what is needed of each measure: one query."""
    found = Measure.objects.filter(pk__in=set(keys)).select_related("framework", "unit")
    return {measure.pk: facts_of_measure(measure) for measure in found}


def facts_of_measure(measure: Measure) -> MeasureFacts:
    """Return what is needed of one measure; its framework and unit fetched beforehand."""
    return MeasureFacts(
        pk=measure.pk,
        code=measure.code,
        title=measure.title,
        edition=str(measure.framework),
        unit=measure.unit.short,
        kind=measure.kind,
        roll_up=measure.roll_up,
        record_only=measure.record_only,
    )


def proxy_facts(keys: Iterable[int]) -> dict[int, ProxyFacts]:
    """Return what is needed of each proxy: two queries."""
    found = Proxy.objects.filter(pk__in=set(keys)).select_related("unit").prefetch_related("values")
    return {proxy.pk: facts_of_proxy(proxy) for proxy in found}


def facts_of_proxy(proxy: Proxy) -> ProxyFacts:
    """Return what is needed of one proxy; its unit and values fetched beforehand."""
    return ProxyFacts(
        pk=proxy.pk,
        name=proxy.name,
        measure_id=proxy.measure_id,
        unit=proxy.unit.short,
        stream=proxy.stream,
        price_year=proxy.price_year,
        geography=proxy.geography,
        source=proxy.source,
        source_url=proxy.source_url,
        is_local=proxy.is_local,
        factor=proxy.factor,
        values=tuple(YearValue.of(row.year, row.value, row.low, row.high) for row in proxy.values.all()),
        adjustments=adjustments_of(proxy),
        uplift_working=proxy.uplift_working,
    )


def adjustments_of(proxy: Proxy) -> tuple[str, ...]:
    """Return each of the council's adjustments in words; none where it sets none."""
    lines = []
    for share, words in (
        (proxy.deadweight, "taken off, because it would have happened anyway"),
        (proxy.displacement, "taken off, because it is taken from elsewhere"),
    ):
        if share is not None:
            lines.append(f"{formats.percent(share, 2)} {words}")
    if proxy.attribution is not None:
        lines.append(f"{formats.percent(proxy.attribution, 2)} counted, as the share due to the contract")
    if proxy.lasts_years > 1:
        falls = (
            f", falling by {formats.percent(proxy.drop_off, 2)} each year after the first"
            if proxy.drop_off
            else ""
        )
        lines.append(f"lasts {formats.plural(proxy.lasts_years, 'year')}{falls}")
    if lines and proxy.adjustments_why:
        lines.append(f"why: {proxy.adjustments_why}")
    return tuple(lines)
