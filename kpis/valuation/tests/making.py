"""£ values for tests: a proxy with its values, and sets whose KPIs take them."""

from decimal import Decimal

from django.utils import timezone

from kpis.models import KPITerms, Proxy, ProxyValue


def make_proxy(measure, *values, name="National value", **facts):
    """Return a proxy of a measure; each value is £, (£, low, high) or (year, £, low, high)."""
    proxy = Proxy.objects.create(
        **{
            "measure": measure,
            "name": name,
            "unit": measure.unit,
            "price_year": 2025,
            "geography": "United Kingdom",
            "source": "A published table",
            "licence": "Open Government Licence 3.0",
            "added_at": timezone.now(),
            **facts,
        }
    )
    for given in values:
        parts = given if isinstance(given, tuple) else (given,)
        year = parts[0] if len(parts) in {2, 4} else None
        value, low, high = (*parts[1:], None, None)[:3] if year else (*parts, None, None)[:3]
        ProxyValue.objects.create(
            proxy=proxy,
            year=year,
            value=Decimal(value),
            low=None if low is None else Decimal(low),
            high=None if high is None else Decimal(high),
        )
    return proxy


def price(kpi_set, *proxies):
    """Let the set's KPIs take these proxies, each that of its measure; return the set."""
    for proxy in proxies:
        KPITerms.objects.filter(kpi_set=kpi_set, kpi__measure=proxy.measure).update(proxy=proxy)
    return kpi_set
