"""The open values that come with the service: exact, sourced, idempotent, nothing licensed."""

from decimal import Decimal

import pytest
from django.apps import apps

from kpis.models import DeflatorSeries, Measure, Proxy
from kpis.proxies import bundled, verbs
from kpis.proxies.lines import Figure
from kpis.proxies.tests.making import FACTS

pytestmark = pytest.mark.django_db


def test_carbon_saved_and_emitted_take_the_governments_values_by_year():
    for code in ("SV-31", "SV-32"):
        proxy = Proxy.objects.get(measure__code=code, is_usual=True)
        row = proxy.value_in(2026)
        assert (row.value, row.low, row.high) == (Decimal("277.22"), Decimal("138.61"), Decimal("415.83"))
        assert proxy.values.count() == 31
        assert proxy.value_in(2051) is None
        assert (proxy.price_year, proxy.stream, proxy.licence) == (2022, "social", bundled.OGL)


def test_money_counts_at_face_value_and_no_pound_counts_twice():
    spend = Proxy.objects.get(measure__code="SV-17")
    assert (spend.value_in(2026).value, spend.stream, spend.factor) == (1, "local", 1)
    assert {Proxy.objects.get(measure__code=code).stream for code in ("SV-23", "SV-24")} == {"social"}
    assert not Proxy.objects.filter(measure__code="SV-18").exists(), "it is part of the spend in the area"


def test_every_value_names_its_source_licence_and_prices():
    for proxy in Proxy.objects.all():
        assert proxy.source
        assert proxy.licence
        assert proxy.price_year
        assert proxy.measure.can_be_priced
        assert proxy.unit_id == proxy.measure.unit_id


def test_the_deflators_are_those_published():
    series = DeflatorSeries.objects.get(key=bundled.GDP["key"])
    found = dict(series.indices.values_list("year", "value"))
    assert (found[2019], found[2022], found[2024]) == (Decimal("81.1085"), Decimal("90.5005"), Decimal(100))


def test_loading_again_adds_nothing_and_brings_nothing_withdrawn_back(lena):
    proxy = Proxy.objects.get(measure__code="SV-32")
    verbs.replace_proxy(proxy, by=lena, values=[Figure(None, Decimal(300))], why="Ours", **FACTS)
    before = list(Proxy.objects.order_by("pk").values())
    bundled.load(apps)
    assert list(Proxy.objects.order_by("pk").values()) == before


def test_a_councils_own_usual_value_stays_usual():
    Proxy.objects.filter(measure__code="SV-32").delete()
    measure = Measure.objects.get(code="SV-32")
    own = Proxy.objects.create(measure=measure, unit=measure.unit, is_usual=True, **FACTS)
    bundled.load(apps)
    assert Proxy.objects.get(measure=measure, is_usual=True) == own
    assert measure.proxies.count() == 2


def test_a_measure_made_into_another_takes_no_value():
    Proxy.objects.filter(measure__code="SV-32").delete()
    Measure.objects.filter(code="SV-32").update(roll_up="latest")
    bundled.load(apps)
    assert not Proxy.objects.filter(measure__code="SV-32").exists()


def test_unloading_leaves_what_is_used(lena):
    saved = Proxy.objects.get(measure__code="SV-32")
    verbs.replace_proxy(saved, by=lena, values=[Figure(None, Decimal(300))], why="Ours", **FACTS)
    bundled.unload(apps)
    assert list(Proxy.objects.exclude(key="")) == [saved]
