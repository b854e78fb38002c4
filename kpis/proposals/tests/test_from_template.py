"""A KPI set begun from a template, with targets to start from."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from kpis.library.models import KPITemplate, Measure, TemplateItem
from kpis.models import KPISet
from kpis.proposals.from_template import suggested

pytestmark = pytest.mark.django_db


def item(code, amount):
    measure = Measure.objects.select_related("unit").get(code=code)
    return TemplateItem(measure=measure, suggested_target=None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("code", "per_million", "value", "target"),
    [
        ("SV-09", "52", "2400000", "120"),
        ("SV-09", "52", "2430000", "130"),
        ("SV-01", "1.2", "12345678", "15"),
        ("SV-01", "1.2", "90000", "0.11"),
        ("SV-10", "1", "90000", "1"),
        ("SV-17", "300000", "80000", "24000"),
        ("SV-09", "52", None, "52"),
        ("SV-07", "97.5", "90000000", "97.50"),
        ("SV-30", "0", "5000000", "0"),
        ("SV-10", None, "5000000", "1"),
        ("SV-37", None, "5000000", None),
    ],
)
def test_a_suggestion_is_scaled_by_the_whole_value_and_rounded(db, code, per_million, value, target):
    found = suggested(item(code, per_million), Decimal(value) if value else None)
    assert found == (None if target is None else Decimal(target))


def start_url(contract):
    return reverse("kpis:kpi-set-start", args=[contract.pk])


def test_the_proposer_chooses_a_template_that_fits_and_edits_from_there(as_person, highways, colin):
    client = as_person(colin)
    template = KPITemplate.objects.get(key="care-services")
    page = client.get(start_url(highways)).content.decode()
    assert "Template: Care services" in page
    assert "Works of £5 million" not in page
    answer = client.post(start_url(highways), {"start": template.pk})
    kpi_set = KPISet.objects.get(contract=highways)
    assert answer.url == kpi_set.get_absolute_url()
    terms = {one.kpi.measure.code: one for one in kpi_set.terms.select_related("kpi__measure")}
    assert list(terms) == ["SV-07", "SV-08", "SV-10", "SV-12", "SV-28"]
    assert (terms["SV-12"].target, terms["SV-07"].target) == (14, 100)
    assert terms["SV-10"].why == "A way into care work."
    row = HistoryRow.objects.get(action="proposals.from_template")
    assert row.summary == f"Began KPI set {kpi_set.number} from the template “Care services”"
    assert "The template “Care services”" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "key", ["small-services", "works-under-1m", "works-5m-up", "goods-and-it", "voluntary-sector"]
)
def test_every_template_begins_a_set_as_it_is(as_person, highways, colin, key):
    template = KPITemplate.objects.get(key=key)
    template.band = None
    template.save()
    assert as_person(colin).post(start_url(highways), {"start": template.pk}).status_code == 302
    assert KPISet.objects.get().terms.count() == template.items.count()


def test_nobody_is_forced_to_begin_from_a_template(as_person, highways, colin):
    client = as_person(colin)
    assert client.post(start_url(highways), {"start": ""}).status_code == 302
    kpi_set = KPISet.objects.get()
    assert not kpi_set.terms.exists()
    assert "Begun from" not in client.get(kpi_set.get_absolute_url()).content.decode()


def test_a_template_that_does_not_fit_is_not_accepted(as_person, highways, colin):
    template = KPITemplate.objects.get(key="works-5m-up")
    answer = as_person(colin).post(start_url(highways), {"start": template.pk})
    assert "from the list" in answer.content.decode()
    assert not KPISet.objects.exists()


def test_measures_retired_since_are_left_out(as_person, highways, colin):
    Measure.objects.filter(code="SV-10").update(status="retired")
    template = KPITemplate.objects.get(key="care-services")
    as_person(colin).post(start_url(highways), {"start": template.pk})
    assert KPISet.objects.get().terms.count() == 4


def test_where_a_measure_cannot_be_taken_nothing_is_begun_and_the_page_says_why(as_person, highways, colin):
    template = KPITemplate.objects.get(key="care-services")
    template.items.filter(measure__code="SV-07").update(suggested_target=Decimal(300))
    answer = as_person(colin).post(start_url(highways), {"start": template.pk})
    assert answer.status_code == 200
    assert "Target must be a percentage between 0 and 100" in answer.content.decode()
    assert not KPISet.objects.exists()
