"""The library: complete from the start, kept by the lead, its changes never reaching back."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.approvals import verbs as approvals
from kpis.library import starter, verbs
from kpis.library.models import Cohort, Kind, Measure, Theme
from kpis.proposals import verbs as proposals


@pytest.fixture
def weeks(db):
    return Measure.objects.get(code="SV-09")


def test_every_install_has_at_least_thirty_measures_in_five_themes(db):
    assert Measure.objects.live().count() >= 30
    assert Theme.objects.filter(framework__key=starter.KEY).count() >= 5
    assert set(Measure.objects.values_list("kind", flat=True)) >= {
        "count",
        "money",
        "percentage",
        "yes_no",
        "milestone",
    }
    assert Measure.objects.filter(direction="lower").count() >= 3
    assert Cohort.objects.get(is_our_children=True).code == "our-children"


def test_loading_again_changes_nothing_a_council_edited(db, weeks):
    Measure.objects.filter(pk=weeks.pk).update(title="Our own words")
    before = Measure.objects.count()
    starter.load()
    weeks.refresh_from_db()
    assert (weeks.title, Measure.objects.count()) == ("Our own words", before)


def test_every_measure_says_how_it_is_counted_and_on_what_evidence(db):
    for measure in Measure.objects.all():
        assert len(measure.counting_rule) > 40, measure
        assert len(measure.evidence_expected) > 20, measure
        if measure.kind == Kind.PERCENTAGE:
            assert measure.numerator_name, measure
            assert measure.denominator_name, measure
            assert measure.roll_up != "sum", measure
        assert not re.search(r"\bNT\d|£\s?\d", measure.counting_rule + measure.title), measure


def test_our_children_are_called_what_the_council_calls_them(db, settings):
    settings.WORDS = {**settings.WORDS, "our_children": "Our Young People"}
    assert str(Cohort.objects.get(is_our_children=True)) == "Our Young People"


def test_only_the_lead_keeps_the_library(weeks, cast):
    for name, person in cast.items():
        if name == "lena":
            continue
        with pytest.raises(Refused):
            verbs.edit_measure(weeks, by=person, title="Mine")


def test_an_edit_leaves_one_row_of_history_and_approved_words_alone(weeks, lena, highways, colin, dana):
    kpi_set = proposals.start_set(highways, by=colin)
    proposals.add_kpi(kpi_set, by=colin, measure=weeks, target=Decimal(10))
    sent = proposals.submit(kpi_set, by=colin)
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    rows = HistoryRow.objects.count()
    verbs.edit_measure(weeks, by=lena, counting_rule="Count otherwise.")
    assert HistoryRow.objects.count() == rows + 1
    terms = kpi_set.terms.get()
    assert terms.counting_rule != "Count otherwise."
    with pytest.raises(Invalid, match="Retire the measure"):
        verbs.edit_measure(weeks, by=lena, direction="lower")


def test_a_retired_measure_can_come_back(weeks, lena):
    other = Measure.objects.get(code="SV-10")
    retired = verbs.retire(weeks, by=lena, replaced_by=other, note="Twice the same")
    assert (retired.status, retired.replaced_by) == ("retired", other)
    with pytest.raises(Stale):
        verbs.retire(weeks, by=lena)
    assert verbs.bring_back(weeks, by=lena).status == "live"


def test_a_percentage_is_never_summed(weeks, lena):
    with pytest.raises(Invalid) as caught:
        verbs.edit_measure(weeks, by=lena, kind="percentage")
    fields = [field for field, _ in caught.value.errors]
    assert fields == ["numerator_name", "denominator_name", "roll_up", "across"]


def test_everybody_with_a_post_reads_the_library(cast, as_person, weeks):
    for name, person in cast.items():
        client = as_person(person)
        expected = 403 if name == "nadia" else 200
        for address in (reverse("kpis:library"), weeks.get_absolute_url()):
            assert client.get(address).status_code == expected, name


def test_the_library_is_searched_and_filtered(lena, as_person):
    client = as_person(lena)
    page = client.get(reverse("kpis:library"), {"q": "landfill"}).content.decode()
    assert "Waste sent to landfill" in page
    assert "Volunteer hours" not in page
    page = client.get(reverse("kpis:library"), {"kind": "money"}).content.decode()
    assert "Spend with charities" in page
    assert "Waste sent" not in page
    assert "No measure matches" in client.get(reverse("kpis:library"), {"q": "zebra"}).content.decode()


def test_the_lead_adds_edits_and_retires_on_pages(lena, as_person, weeks):
    client = as_person(lena)
    facts = {
        "theme": weeks.theme_id,
        "code": "CB-01",
        "title": "Bat boxes put up",
        "unit": weeks.unit_id,
        "kind": "count",
        "direction": "higher",
        "roll_up": "sum",
        "across": "sum",
        "counting_rule": "Count boxes.",
        "evidence_expected": "Photographs.",
        "record_only": "on",
        "status": "live",
    }
    page = client.post(reverse("kpis:measure-add"), {**facts, "code": "sv-09"}).content.decode()
    assert "is the code of another measure" in page
    client.post(reverse("kpis:measure-add"), facts)
    measure = Measure.objects.get(code="CB-01")
    client.post(reverse("kpis:measure-edit", args=[measure.pk]), {**facts, "title": "Bat boxes"})
    measure.refresh_from_db()
    assert measure.title == "Bat boxes"
    client.post(reverse("kpis:measure-retire", args=[measure.pk]), {"note": "No bats"})
    measure.refresh_from_db()
    assert measure.status == "retired"
    assert "No bats" in client.get(measure.get_absolute_url()).content.decode()


def test_the_measure_page_names_only_contracts_one_may_see(weeks, highways, colin, dana, oscar, as_person):
    kpi_set = proposals.start_set(highways, by=colin)
    proposals.add_kpi(kpi_set, by=colin, measure=weeks, target=Decimal(10))
    sent = proposals.submit(kpi_set, by=colin)
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    assert "Highways resurfacing" in as_person(colin).get(weeks.get_absolute_url()).content.decode()
    assert "Highways resurfacing" not in as_person(oscar).get(weeks.get_absolute_url()).content.decode()
