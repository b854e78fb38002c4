"""A KPI set takes measures of its contract's own frameworks, and keeps what was approved under another."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.verbs.recipe import Invalid
from kpis.approvals import verbs as approvals
from kpis.library.choice_verbs import choose_frameworks
from kpis.library.models import Framework, KPITemplate, Measure
from kpis.library.tests.editions import make_edition, make_measure
from kpis.proposals import verbs
from kpis.proposals.from_template import start_from_template


@pytest.fixture
def old(highways):
    """Return the edition the highways contract was tendered under."""
    highways.procurement_began_on = dt.date(2024, 5, 1)
    highways.save()
    return make_edition("2023", offered="by_date", procured_until=dt.date(2025, 3, 31))


@pytest.fixture
def new(old):
    return make_edition("2025", offered="by_date", procured_from=dt.date(2025, 4, 1), previous=old)


@pytest.fixture
def approved(highways, old, colin, dana):
    """Return the contract's first set, with one measure of the old edition."""
    kpi_set = verbs.start_set(highways, by=colin)
    verbs.add_kpi(kpi_set, by=colin, measure=make_measure(old), target=Decimal(40))
    sent = verbs.submit(kpi_set, by=colin)
    return approvals.approve(sent, by=dana, content_hash=sent.content_hash)


def test_a_measure_of_another_framework_is_refused_in_words(highways, new, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    with pytest.raises(Invalid, match=r"County charter, 2025, and this contract may propose from") as caught:
        verbs.add_kpi(kpi_set, by=colin, measure=make_measure(new), target=Decimal(40))
    assert [field for field, _ in caught.value.errors] == ["measure"]
    assert not kpi_set.terms.exists()


def test_the_same_code_is_taken_from_the_contracts_own_edition(highways, old, new, colin):
    own, other = make_measure(old, "CC1"), make_measure(new, "CC1")
    kpi_set = verbs.start_set(highways, by=colin)
    verbs.add_kpi(kpi_set, by=colin, measure=own, target=Decimal(40))
    with pytest.raises(Invalid):
        verbs.add_kpi(kpi_set, by=colin, measure=other, target=Decimal(40))
    assert kpi_set.terms.get().kpi.measure == own


def test_kpis_of_the_set_before_go_on_after_another_framework_was_chosen(approved, highways, old, new, colin):
    choose_frameworks(highways, by=colin, frameworks=[new], note="A variation")
    kpi_set = verbs.start_set(highways, by=colin)
    assert kpi_set.terms.get().kpi.measure.framework == old
    measure = kpi_set.terms.get().kpi.measure
    verbs.change_kpi(kpi_set.terms.get(), by=colin, target=Decimal(50))
    verbs.remove_kpi(kpi_set.terms.get(), by=colin)
    # Taken out by mistake, it can be put back; others of that edition can't.
    verbs.add_kpi(kpi_set, by=colin, measure=measure, target=Decimal(40))
    with pytest.raises(Invalid):
        verbs.add_kpi(kpi_set, by=colin, measure=make_measure(old, "CC2"), target=Decimal(40))
    verbs.add_kpi(kpi_set, by=colin, measure=make_measure(new), target=Decimal(40))


def test_choosing_leaves_a_draft_as_it_is(highways, old, new, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    verbs.add_kpi(kpi_set, by=colin, measure=make_measure(old), target=Decimal(40))
    version = type(kpi_set).objects.get(pk=kpi_set.pk).version
    choose_frameworks(highways, by=colin, frameworks=[new], note="A variation")
    kpi_set.refresh_from_db()
    assert (kpi_set.terms.count(), kpi_set.version) == (1, version)


def test_the_list_to_choose_from_has_only_the_contracts_frameworks_and_says_why(
    highways, old, new, colin, as_person
):
    make_measure(old, title="An hour of the old kind"), make_measure(new, title="An hour of the new kind")
    kpi_set = verbs.start_set(highways, by=colin)
    text = as_person(colin).get(reverse("kpis:kpi-add", args=[highways.pk, kpi_set.number])).content.decode()
    assert "An hour of the old kind" in text
    assert "An hour of the new kind" not in text
    assert "1 May 2024" in text
    assert "County charter, 2023" in text
    assert reverse("kpis:contract-frameworks", args=[highways.pk]) in text


def test_a_measure_of_another_framework_posted_past_the_list_is_refused_on_the_page(
    highways, new, colin, as_person
):
    kpi_set, measure = verbs.start_set(highways, by=colin), make_measure(new)
    url = reverse("kpis:kpi-add-measure", args=[highways.pk, kpi_set.number, measure.pk])
    month = {"starts_month_0": "1", "starts_month_1": "2027", "ends_month_0": "3", "ends_month_1": "2027"}
    kpi_set.refresh_from_db()
    answer = as_person(colin).post(
        url,
        {
            "title": "Hours", "target": "40", "profile": "flat", "counting_rule": "Count", **month,
            "evidence_expected": "Log", "green_from": "100", "amber_from": "90", "version": kpi_set.version,
        },
    )  # fmt: skip
    assert answer.status_code == 200
    assert "choose another framework for the contract first" in answer.content.decode()
    assert not kpi_set.terms.exists()


def test_a_template_leaves_out_what_the_contract_may_not_propose(highways, new, colin):
    template = KPITemplate.objects.create(name="Mixed")
    starter, other = Measure.objects.get(framework__key="starter-measures", code="SV-09"), make_measure(new)
    for place, measure in enumerate((starter, other), 1):
        template.items.create(measure=measure, position=place, suggested_target=Decimal(10))
    kpi_set = start_from_template(highways, template, by=colin)
    assert kpi_set.terms.get().kpi.measure == starter


def test_nothing_can_be_proposed_where_what_was_chosen_is_retired(highways, old, colin, as_person):
    choose_frameworks(highways, by=colin, frameworks=[old], note="The tender")
    Framework.objects.filter(pk=old.pk).update(status="retired")
    kpi_set = verbs.start_set(highways, by=colin)
    text = as_person(colin).get(reverse("kpis:kpi-add", args=[highways.pk, kpi_set.number])).content.decode()
    assert "No framework can be proposed from at present" in text
    with pytest.raises(Invalid, match="from no framework"):
        verbs.add_kpi(kpi_set, by=colin, measure=make_measure(old), target=Decimal(40))
