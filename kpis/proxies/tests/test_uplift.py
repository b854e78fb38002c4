"""Prices said in another year's: the working in full, and nothing uplifted unless somebody asks."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

import kpis
from accounts.calendar import today
from accounts.verbs.recipe import Invalid, Stale
from kpis.models import DeflatorSeries, Proxy, ProxyValue
from kpis.proxies import deflators, uplift
from kpis.proxies.tests.making import make_proxy
from kpis.tests.factories import make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return DeflatorSeries.objects.get(key="hmt-gdp-deflators-2025-12")


@pytest.fixture
def wellby(lena):
    return make_proxy(make_measure(), lena, "13000", low="10000", high="16000", price_year=2019)


def everything():
    return list(Proxy.objects.order_by("pk").values()), list(ProxyValue.objects.order_by("pk").values())


def test_the_working_is_shown_in_full_and_nothing_changes_by_looking(wellby, series, as_person, lena):
    before = everything()
    address = reverse("kpis:proxy-uplift", args=[wellby.measure_id, wellby.pk])
    page = as_person(lena).get(address, {"series": series.pk, "year": "2024"}).content.decode()
    assert "Say it in 2024 prices" in page
    assert "£13,000.00 × 100 / 81.1085 = £16,027.9132" in page
    assert "Low: £10,000.00 × 100 / 81.1085 = £12,329.1640" in page
    assert "High: £16,000.00 × 100 / 81.1085 = £19,726.6624" in page
    assert everything() == before


def test_the_form_begins_with_the_last_year_that_is_over(wellby, as_person, lena):
    """Not with a forecast at the end of the series; with no year where the value is in that one's prices."""
    last = today().year - 1
    deflators.add_series(
        by=lena,
        name="With forecasts",
        source="HM Treasury",
        licence="Open Government Licence v3.0",
        published_on=today(),
        indices=[(2019, Decimal(75)), *((last + ahead, Decimal(100 + ahead)) for ahead in range(5))],
    )
    address = reverse("kpis:proxy-uplift", args=[wellby.measure_id, wellby.pk])
    begun = as_person(lena).get(address).context["form"].initial
    assert (begun["series"].name, begun["year"]) == ("With forecasts", last)
    new = make_proxy(make_measure("Another"), lena, "13000", price_year=last)
    address = reverse("kpis:proxy-uplift", args=[new.measure_id, new.pk])
    assert as_person(lena).get(address).context["form"].initial["year"] is None


def test_it_is_added_as_a_new_value_that_keeps_its_working(wellby, series, as_person, lena):
    address = reverse("kpis:proxy-uplift", args=[wellby.measure_id, wellby.pk])
    asked = {"series": series.pk, "year": "2024", "name": "In 2024 prices", "place": "replace"}
    answer = as_person(lena).post(address, asked)
    new = Proxy.objects.get(name="In 2024 prices")
    assert answer["Location"] == new.get_absolute_url()
    row = new.values.get()
    assert (row.value, row.low, row.high) == tuple(map(Decimal, ("16027.9132", "12329.1640", "19726.6624")))
    assert (new.price_year, new.deflators, new.replaces, new.is_usual) == (2024, series, wellby, True)
    assert "£13,000.00 × 100 / 81.1085" in new.uplift_working
    wellby.refresh_from_db()
    assert (wellby.is_withdrawn, wellby.price_year, wellby.values.get().value) == (True, 2019, 13000)


def test_it_may_stand_beside_the_old_one(wellby, series, lena):
    new = uplift.add_uplifted(wellby, by=lena, series=series, to_year=2024, name="New", replacing=False)
    wellby.refresh_from_db()
    assert (wellby.is_usual, wellby.is_withdrawn, new.is_usual) == (True, False, False)


def test_a_year_the_series_hasnt_is_refused_with_its_reach(wellby, series):
    with pytest.raises(Invalid, match="no index for 2025"):
        uplift.uplifted(wellby, series, 2025)


def test_a_series_no_longer_offered_uplifts_nothing(wellby, series, lena):
    deflators.set_current(series, by=lena, current=False)
    series.refresh_from_db()
    with pytest.raises(Stale):
        uplift.add_uplifted(wellby, by=lena, series=series, to_year=2024, name="New", replacing=True)


def test_only_the_lead_adds_what_everybody_may_work_out(wellby, series, as_person, colin):
    address = reverse("kpis:proxy-uplift", args=[wellby.measure_id, wellby.pk])
    page = as_person(colin).get(address, {"series": series.pk, "year": "2024"}).content.decode()
    assert "£16,027.9132" in page
    assert "Add as a new £ value" not in page
    asked = {"series": series.pk, "year": "2024", "name": "Mine", "place": "replace"}
    assert as_person(colin).post(address, asked).status_code == 403


def test_a_new_series_changes_no_value(wellby, lena):
    before = everything()
    deflators.add_series(
        by=lena,
        name="A later publication",
        source="HM Treasury",
        licence="Open Government Licence v3.0",
        indices=[(2019, Decimal(75)), (2025, Decimal(100))],
    )
    assert everything() == before


def test_nothing_but_the_uplift_page_reads_deflators():
    room = Path(kpis.__file__).parent / "proxies"
    may = {
        room / name for name in ("uplift.py", "models.py", "deflators.py", "deflator_views.py", "bundled.py")
    }
    reads = re.compile(r"DeflatorIndex\b|\.indices\b")
    root = Path(kpis.__file__).parents[1]
    for floor in ("contracts", "kpis", "reporting"):
        for file in (root / floor).rglob("*.py"):
            known = file in may or {"tests", "migrations"} & set(file.parts) or file.name == "models.py"
            if not known:
                assert not reads.search(file.read_text("utf-8")), f"{file} reads deflators"


def test_the_lead_pastes_a_series_and_wrong_lines_are_named(as_person, lena):
    client, address = as_person(lena), reverse("kpis:deflator-add")
    facts = {"name": "Ours", "source": "ONS", "licence": "OGL"}
    page = client.post(address, {**facts, "lines": "2023, 96.2507\n2024, none"}).content.decode()
    assert "Line 2: index “none” is not a number" in page
    answer = client.post(address, {**facts, "lines": "2023, 96.2507\n2024, 100"})
    series = DeflatorSeries.objects.get(name="Ours")
    page = client.get(answer["Location"]).content.decode()
    assert "96.2507" in page
    client.post(reverse("kpis:deflator-current", args=[series.pk]), {"current": "no"})
    series.refresh_from_db()
    assert not series.is_current
