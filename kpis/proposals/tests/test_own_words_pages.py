"""A KPI in a contract's own words, from what is near it in the library to the set."""

import pytest
from django.urls import reverse

from kpis.library import own_words
from kpis.library.models import Measure, Unit
from kpis.proposals import verbs
from kpis.proposals.models import KPISet

SAID = {
    "title": "Benches repaired with reclaimed timber",
    "kind": "count",
    "direction": "higher",
    "over_time": "adds",
    "counting_rule": "Count each bench in the month it is back in its park.",
    "evidence_expected": "Photographs with dates",
}


def said(**more):
    return {**SAID, "unit": Unit.objects.get(code="items").pk, **more}


@pytest.fixture
def draft(highways, colin):
    return verbs.start_set(highways, by=colin)


def url(name, kpi_set, *more):
    return reverse(f"kpis:{name}", args=[kpi_set.contract_id, kpi_set.number, *more])


def test_it_is_written_then_promised_like_any_other(draft, colin, as_person):
    client = as_person(colin)
    page = client.get(url("kpi-add", draft), {"q": "benches"}).content.decode()
    assert "own-words/?title=benches" in page
    answer = client.post(url("kpi-add-own", draft), said())
    own = Measure.objects.get(contract=draft.contract)
    assert answer.url == url("kpi-add-measure", draft, own.pk)
    typed = {"version": draft.version, "target": "12", "ends_month_0": "3", "ends_month_1": "2028"}
    assert client.post(answer.url, typed).status_code == 302
    assert draft.terms.get().kpi.measure == own
    # It waits among the measures where it was written, but nothing was promised yet.
    assert own.title in client.get(url("kpi-add", draft)).content.decode()


def test_what_is_near_it_is_shown_first_and_it_can_still_be_written(draft, colin, as_person):
    client, typed = as_person(colin), said(title="Volunteer hours in parks")
    page = client.post(url("kpi-add-own", draft), typed).content.decode()
    assert "The library has measures near this" in page
    assert "Volunteer hours given in working time" in page
    assert "None of these: write it in our own words" in page
    assert 'value="Volunteer hours in parks"' in page
    assert not Measure.objects.filter(contract=draft.contract).exists()
    assert client.post(url("kpi-add-own", draft), {**typed, "seen": "1"}).status_code == 302
    assert Measure.objects.filter(contract=draft.contract).count() == 1


def test_what_is_missing_stands_by_its_field_and_what_was_typed_is_kept(draft, colin, as_person):
    client = as_person(colin)
    page = client.post(url("kpi-add-own", draft), said(unit="", evidence_expected="")).content.decode()
    assert 'href="#id_unit"' in page
    assert 'href="#id_evidence_expected"' in page
    assert SAID["counting_rule"] in page
    page = client.post(url("kpi-add-own", draft), said(kind="percentage", over_time="level")).content.decode()
    assert "above the line" in page
    parts = {"numerator_name": "benches mended", "denominator_name": "benches reported"}
    answer = client.post(url("kpi-add-own", draft), said(kind="percentage", over_time="level", **parts))
    assert answer.status_code == 302
    assert Measure.objects.get(contract=draft.contract).unit.code == "percent"


def test_another_contracts_own_words_posted_by_hand_are_refused(
    draft, home_care, oscar, colin, lena, as_person
):
    theirs = own_words.write_own(
        home_care, by=oscar, title="Walks", unit=Unit.objects.get(code="hours"),
        counting_rule="Count hours walked with people.", evidence_expected="Care notes",
    )  # fmt: skip
    typed = {"version": draft.version, "target": "12", "ends_month_0": "3", "ends_month_1": "2028"}
    where = url("kpi-add-measure", draft, theirs.pk)
    assert as_person(colin).post(where, typed).status_code == 404
    # Also where they see the other contract.
    home_care.partner_directorates.add(draft.contract.directorate)
    answer = as_person(colin).post(where, typed)
    assert "was written for another contract" in answer.content.decode()
    assert not draft.terms.exists()
    assert theirs.title not in as_person(colin).get(url("kpi-add", draft)).content.decode()


@pytest.mark.parametrize("who", ["oscar", "dana", "lena", "sami", "ewa", "nadia"])
def test_nobody_else_writes_for_the_contract(request, draft, as_person, who):
    client = as_person(request.getfixturevalue(who))
    assert client.post(url("kpi-add-own", draft), said()).status_code in (403, 404)
    assert not Measure.objects.filter(contract__isnull=False).exists()


def test_a_sent_set_takes_no_new_words(draft, colin, as_person):
    KPISet.objects.filter(pk=draft.pk).update(status="submitted")
    assert as_person(colin).get(url("kpi-add-own", draft)).status_code == 409


def test_a_set_may_begin_with_own_words(highways, colin, as_person):
    answer = as_person(colin).post(reverse("kpis:kpi-set-start", args=[highways.pk]), {"start": "own"})
    assert answer.url == url("kpi-add-own", KPISet.objects.get())
