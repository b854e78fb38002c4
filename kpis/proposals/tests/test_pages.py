"""The builder: from choosing a measure to sending the set, without losing what was typed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.approvals import verbs as approvals
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.models import KPISet

NEXT = {"ends_month_0": "3", "ends_month_1": "2027"}


def url(name, kpi_set, *more):
    return reverse(f"kpis:{name}", args=[kpi_set.contract_id, kpi_set.number, *more])


@pytest.fixture
def draft(highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=dt.date(2026, 4, 1), why="As signed")
    verbs.add_kpi(
        kpi_set,
        by=colin,
        measure=Measure.objects.get(code="SV-10"),
        target=Decimal(12),
        ends_month=dt.date(2027, 3, 1),
    )
    kpi_set.refresh_from_db()
    return kpi_set


def test_a_manager_starts_a_set_adds_a_kpi_checks_and_sends_it(highways, priya, dana, as_person):
    client = as_person(priya)
    start = reverse("kpis:kpi-set-start", args=[highways.pk])
    assert "This contract has no KPIs yet" in client.get(start).content.decode()
    client.post(start)
    kpi_set = KPISet.objects.get()
    assert "There are no KPIs in this set yet" in client.get(kpi_set.get_absolute_url()).content.decode()
    assert (
        "Weeks of apprenticeship worked"
        in client.get(url("kpi-add", kpi_set), {"q": "apprent"}).content.decode()
    )
    form = url("kpi-add-measure", kpi_set, Measure.objects.get(code="SV-09").pk)
    assert client.get(form).status_code == 200
    answer = client.post(form, {"version": kpi_set.version, "target": "4,120", **NEXT})
    assert answer.status_code == 302, answer.content.decode()
    terms = kpi_set.terms.get()
    assert (terms.target, terms.ends_month) == (4120, dt.date(2027, 3, 1))
    page = client.get(url("kpi-set-check", kpi_set)).content.decode()
    assert "Send for approval to Dana Okafor" in page
    assert "No baseline" in page
    kpi_set.refresh_from_db()
    client.post(url("kpi-set-submit", kpi_set), {"version": kpi_set.version, "note": "Please"})
    kpi_set.refresh_from_db()
    assert kpi_set.status == "submitted"
    page = client.get(kpi_set.get_absolute_url()).content.decode()
    assert "with Dana Okafor (Strategic Director)" in page
    assert "Waiting since" in page


def test_errors_stand_by_their_field_and_keep_what_was_typed(draft, colin, as_person):
    answer = as_person(colin).post(
        url("kpi-add-measure", draft, Measure.objects.get(code="SV-07").pk),
        {"version": draft.version, "target": "120", "why": "Mine", **NEXT},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_target"' in page
    assert "between 0 and 100" in page
    assert 'value="120"' in page
    assert "Mine" in page


def test_months_by_hand_have_a_box_each_and_an_error_by_how_much_they_are_out(draft, colin, as_person):
    client, terms = as_person(colin), draft.terms.get()
    page = client.get(url("kpi-edit", draft, terms.pk)).content.decode()
    assert page.count('name="month_20') == 12
    assert "2026/27" in page
    typed = {
        "version": draft.version,
        "target": "12",
        "profile": "by_hand",
        **NEXT,
        **{f"month_2026-{month:02d}": "1" for month in range(4, 13)},
        **{f"month_2027-{month:02d}": "2" for month in range(1, 4)},
    }
    page = client.post(url("kpi-edit", draft, terms.pk), typed).content.decode()
    assert "The months add up to 15 people, 3 people more than the target of 12 people" in page
    answer = client.post(url("kpi-edit", draft, terms.pk), {**typed, "target": "15"})
    assert answer.status_code == 302
    assert terms.monthly_targets.get(month=dt.date(2027, 3, 1)).amount == 2


def test_a_stale_form_keeps_what_was_typed_and_says_what_happened(draft, colin, priya, as_person):
    terms, old = draft.terms.get(), draft.version
    verbs.change_kpi(terms, by=priya, target=Decimal(24))
    answer = as_person(colin).post(url("kpi-edit", draft, terms.pk), {"version": old, "target": "18", **NEXT})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this KPI set" in page
    assert "by Priya Shah" in page
    assert 'value="18"' in page
    assert f'value="{old + 1}"' in page
    terms.refresh_from_db()
    assert terms.target == 24


def test_a_sent_set_cannot_be_opened_for_change(draft, colin, as_person):
    verbs.submit(draft, by=colin)
    client = as_person(colin)
    for name in ("kpi-add", "kpi-set-check"):
        assert client.get(url(name, draft)).status_code == 409
    assert "Take back to change" in client.get(draft.get_absolute_url()).content.decode()
    client.post(url("kpi-set-take-back", draft), {"note": "Wrong"})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_removing_and_withdrawing_ask_first(draft, colin, as_person):
    client, terms = as_person(colin), draft.terms.get()
    assert "It has not been in force" in client.get(url("kpi-remove", draft, terms.pk)).content.decode()
    client.post(url("kpi-remove", draft, terms.pk), {"version": draft.version})
    assert not draft.terms.exists()
    page = client.get(url("kpi-set-check", draft)).content.decode()
    assert "Add at least one KPI" in page
    client.post(url("kpi-set-withdraw", draft), {"note": ""})
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_a_second_set_leads_to_the_first(draft, highways, colin, as_person):
    client = as_person(colin)
    start = reverse("kpis:kpi-set-start", args=[highways.pk])
    assert "KPI set 1 of this contract is draft" in client.get(start).content.decode()
    answer = client.post(start)
    assert answer.status_code == 409
    assert "KPI set 1" in answer.content.decode()


def test_directors_read_but_do_not_build_and_outsiders_find_nothing(draft, dana, oscar, sami, ewa, as_person):
    client = as_person(dana)
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.get(url("kpi-add", draft)).status_code == 403
    for person in (oscar, sami, ewa):
        assert as_person(person).get(draft.get_absolute_url()).status_code == 404


def test_members_read_an_approved_set_without_its_workings(draft, colin, dana, sami, as_person):
    sent = verbs.submit(draft, by=colin)
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    page = as_person(sami).get(draft.get_absolute_url()).content.decode()
    assert "Approved by Dana Okafor" in page
    assert "History" not in page


def test_the_set_page_costs_the_same_for_one_kpi_and_for_ten(
    draft, colin, as_person, django_assert_max_num_queries
):
    client = as_person(colin)
    with django_assert_max_num_queries(60) as few:
        client.get(draft.get_absolute_url())
    for measure in Measure.objects.filter(framework__offered="always", kind="count").exclude(code="SV-10")[
        :9
    ]:
        verbs.add_kpi(draft, by=colin, measure=measure, target=Decimal(10))
    with django_assert_max_num_queries(len(few)):
        client.get(draft.get_absolute_url())
