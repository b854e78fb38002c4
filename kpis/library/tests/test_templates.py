"""Templates: read by everybody, kept by the lead."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused
from contracts.models import Category
from kpis.library import starter_templates, template_verbs
from kpis.library.models import KPITemplate, Measure
from kpis.library.templates import fitting

pytestmark = pytest.mark.django_db


def measure(code):
    return Measure.objects.get(code=code)


def works():
    return KPITemplate.objects.get(key="works-5m-up")


def sent(template=None, rows=(), **more):
    """What the form posts: these rows and one left blank."""
    data = {"name": "Highways works", "is_active": "on", "about": "", "tier": "", "category": "", "band": "",
            "items-TOTAL_FORMS": str(len(rows) + 1), "items-INITIAL_FORMS": "0", **more}  # fmt: skip
    for number, (code, target, why) in enumerate([*rows, ("", "", "")]):
        data[f"items-{number}-measure"] = measure(code).pk if code else ""
        data[f"items-{number}-suggested"] = target
        data[f"items-{number}-why"] = why
    return data


def test_every_install_has_templates_with_all_their_measures(db):
    assert KPITemplate.objects.count() == len(starter_templates.TEMPLATES) == 7
    for key, _name, _about, at_least, items in starter_templates.TEMPLATES:
        template = KPITemplate.objects.get(key=key)
        assert template.items.count() == len(items)
        assert (template.band is not None) == (at_least is not None)
    starter_templates.load()
    assert KPITemplate.objects.count() == 7


def test_a_councils_own_edits_survive_another_loading(lena):
    template = works()
    template_verbs.change_template(template, by=lena, items=[(measure("SV-09"), Decimal(9), "")], name="Ours")
    starter_templates.load()
    template.refresh_from_db()
    assert (template.name, template.items.count()) == ("Ours", 1)


def test_templates_that_fit_come_closest_first_and_those_switched_off_not_at_all(highways, lena):
    names = [one.template.name for one in fitting(highways)]
    assert "Works of £5 million and over" not in names
    assert "Care services" in names
    mine = template_verbs.add_template(
        by=lena, items=[(measure("SV-09"), Decimal(5), "")], name="Highways", category=highways.category
    )
    first = fitting(highways)[0]
    assert (first.template, first.count, first.why) == (mine, 1, "because its category is Highways")
    template_verbs.change_template(mine, by=lena, items=[(measure("SV-09"), Decimal(5), "")], is_active=False)
    assert mine not in [one.template for one in fitting(highways)]


def test_everybody_with_a_post_reads_templates_and_only_the_lead_is_offered_changes(
    as_person, ewa, lena, nadia
):
    address = reverse("kpis:template-page", args=[works().pk])
    page = as_person(ewa).get(address).content.decode()
    assert "£10,000" in page
    assert "for each £1 million of the contract" in page
    assert reverse("kpis:template-edit", args=[works().pk]) not in page
    listed = as_person(lena).get(reverse("kpis:template-list")).content.decode()
    assert "Works of £5 million and over" in listed
    assert reverse("kpis:template-add") in listed
    assert as_person(nadia).get(address).status_code == 403
    with pytest.raises(Refused):
        template_verbs.add_template(by=ewa, items=[], name="Mine")


def test_the_lead_adds_a_template_row_by_row(as_person, lena):
    category = Category.objects.create(name="Highways")
    rows = [("SV-09", "52", "One apprentice"), ("SV-29", "1", ""), ("SV-37", "3", "A plan")]
    client = as_person(lena)
    answer = client.post(reverse("kpis:template-add"), sent(rows=rows, category=category.pk))
    assert answer.status_code == 302
    template = KPITemplate.objects.get(name="Highways works")
    assert [(item.measure.code, item.suggested_target, item.why) for item in template.items.all()] == [
        ("SV-09", 52, "One apprentice"),
        ("SV-29", 1, ""),
        ("SV-37", None, "A plan"),
    ]
    assert "Added the template Highways works" in client.get(answer.url).content.decode()


def test_what_does_not_go_together_is_said_and_kept(as_person, lena):
    client, address = as_person(lena), reverse("kpis:template-add")
    rows = [("SV-09", "52", "Kept as typed"), ("SV-09", "1", ""), ("SV-07", "120", "")]
    page = client.post(address, sent(rows=rows, name="care services")).content.decode()
    assert "There is already a template called care services" in page
    assert "SV-09 is there twice" in page
    assert 'href="#id_items-1-measure"' in page
    assert "The suggestion for SV-07 must be a percentage from 0 to 100" in page
    assert "Kept as typed" in page
    empty = client.post(address, sent()).content.decode()
    assert '<a href="#id_items-0-measure">Choose at least one measure</a>' in empty
    doubtful = client.post(address, sent(rows=[("SV-29", "7", "")])).content.decode()
    assert "The suggestion for SV-29 must be 1, which stands for yes" in doubtful
    stray = client.post(address, sent(rows=[("", "5", "")])).content.decode()
    assert "Select the measure this belongs to, or clear the row" in stray


def test_a_change_on_an_older_copy_answers_409_and_keeps_what_was_typed(as_person, lena):
    template = works()
    items = [(measure("SV-09"), Decimal(9), "")]
    template_verbs.change_template(template, by=lena, items=items)
    row = HistoryRow.objects.get(action=template_verbs.CHANGED)
    assert row.after["Measures"] == "SV-09 9"
    client, address = as_person(lena), reverse("kpis:template-edit", args=[template.pk])
    data = sent(rows=[("SV-10", "3", "Mine")], name=template.name, seen="0")
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert client.post(address, {**data, "seen": str(row.pk)}).status_code == 302
    assert [item.measure.code for item in template.items.all()] == ["SV-10"]


def test_a_template_needs_a_measure(lena):
    with pytest.raises(Invalid, match="Choose at least one measure"):
        template_verbs.change_template(works(), by=lena, items=[])
