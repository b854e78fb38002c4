"""Proposing saves as it goes: the page says what is done, what is missing and where to carry on."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.models import KPISet, KPITerms

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2027, 3, 1)


def measure(code):
    return Measure.objects.get(code=code)


def states(client, kpi_set):
    context = client.get(kpi_set.get_absolute_url()).context
    return [step.state for step in context["steps"]], context["carry_on"].title


def test_each_step_says_where_it_stands_and_where_to_carry_on(highways, colin, as_person):
    client = as_person(colin)
    kpi_set = verbs.start_set(highways, by=colin)
    assert states(client, kpi_set) == (
        ["Done", "None yet", "Reason not given yet", "Can’t be sent yet"],
        "KPIs",
    )
    terms = verbs.add_kpi(kpi_set, by=colin, measure=measure("SV-25"), target=Decimal(3), ends_month=MARCH)
    KPITerms.objects.filter(pk=terms.pk).update(target=Decimal(-1))
    assert states(client, kpi_set)[0][1] == "1 of 1 KPI to complete"
    KPITerms.objects.filter(pk=terms.pk).update(target=Decimal(3))
    assert states(client, kpi_set) == (
        ["Done", "1 KPI", "Reason not given yet", "Can be sent"],
        "From when and why",
    )
    verbs.describe(kpi_set, by=colin, why="As tendered")
    assert states(client, kpi_set)[1] == "Check and send"


def test_a_changed_promise_without_the_suppliers_agreement_is_missing_it(highways, colin, as_person):
    first = verbs.start_set(highways, by=colin)
    verbs.add_kpi(first, by=colin, measure=measure("SV-25"), target=Decimal(3))
    KPISet.objects.filter(pk=first.pk).update(status="approved", decided_at=first.started_at)
    kpi_set = verbs.describe(verbs.start_set(highways, by=colin), by=colin, why="Less work")
    client = as_person(colin)
    assert states(client, kpi_set)[0] == ["Done", "1 KPI", "Done", "Can be sent"]
    verbs.change_kpi(kpi_set.terms.get(), by=colin, target=Decimal(2))
    assert states(client, kpi_set)[0][2] == "Supplier’s agreement not recorded"
    verbs.describe(kpi_set, by=colin, supplier_agreed="Variation 4")
    assert states(client, kpi_set)[0][2] == "Done"
    assert "A copy of KPI set 1" in client.get(kpi_set.get_absolute_url()).content.decode()


def test_coming_back_offers_to_carry_on(highways, colin, as_person):
    kpi_set, client = verbs.start_set(highways, by=colin), as_person(colin)
    start = reverse("kpis:kpi-set-start", args=[highways.pk])
    assert "Carry on with KPI set 1 (draft)" in client.get(start).content.decode()
    KPISet.objects.filter(pk=kpi_set.pk).update(status="submitted")
    page = client.get(start).content.decode()
    assert "Carry on" not in page
    assert "Open KPI set 1" in page


def test_only_who_may_change_the_set_has_its_steps(highways, colin, dana, as_person):
    kpi_set = verbs.start_set(highways, by=colin)
    assert "steps" not in as_person(dana).get(kpi_set.get_absolute_url()).context
    KPISet.objects.filter(pk=kpi_set.pk).update(status="submitted")
    assert "steps" not in as_person(colin).get(kpi_set.get_absolute_url()).context


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("kpi-add", (), "Step 2 of 4</strong>: KPIs"),
        ("kpi-add-own", (), "Step 2 of 4</strong>: KPIs"),
        ("kpi-set-describe", (), "Step 3 of 4</strong>: From when and why"),
        ("kpi-set-check", (), "Step 4 of 4</strong>: Check and send"),
    ],
)
def test_every_page_says_which_step_it_is(highways, colin, as_person, name, more, words):
    kpi_set = verbs.start_set(highways, by=colin)
    where = reverse(f"kpis:{name}", args=[highways.pk, kpi_set.number, *more])
    assert words in as_person(colin).get(where).content.decode()


def test_a_target_by_school_term_is_asked_for_and_kept_across_sets(highways, colin, as_person):
    kpi_set = verbs.describe(verbs.start_set(highways, by=colin), by=colin, effective_month=APRIL, why="New")
    client, hours = as_person(colin), measure("SV-25")
    form = reverse("kpis:kpi-add-measure", args=[highways.pk, kpi_set.number, hours.pk])
    typed = {"target": "30", "profile": "by_term", "ends_month_0": "3", "ends_month_1": "2027"}
    kpi_set.refresh_from_db()
    assert client.post(form, {**typed, "version": kpi_set.version}).status_code == 302
    due = {
        row.month.month: int(row.amount) for row in kpi_set.terms.get().monthly_targets.all() if row.amount
    }
    assert due == {7: 10, 12: 10, 3: 10}
    page = client.get(kpi_set.get_absolute_url()).content.decode()
    assert "by school term" in page
    assert "Jul 10" in page
    KPISet.objects.filter(pk=kpi_set.pk).update(status="approved", decided_at=kpi_set.started_at)
    following = verbs.start_set(highways, by=colin)
    following = verbs.describe(following, by=colin, effective_month=dt.date(2026, 10, 1))
    terms = verbs.change_kpi(following.terms.get(), by=colin, target=Decimal(50))
    due = {row.month.month: int(row.amount) for row in terms.monthly_targets.all() if row.amount}
    # July stands; of the term that has begun three months are left, of the next all three.
    assert (due[7], sum(due.values())) == (10, 50)
    assert (due[12], due[3]) == (17, 23)


def test_a_level_cannot_be_shared_over_school_terms(highways, colin, as_person):
    kpi_set, level = verbs.start_set(highways, by=colin), measure("SV-07")
    client = as_person(colin)
    form = reverse("kpis:kpi-add-measure", args=[highways.pk, kpi_set.number, level.pk])
    assert "By school term" not in client.get(form).content.decode()
    typed = {"version": kpi_set.version, "target": "45", "profile": "by_term"}
    answer = client.post(form, {**typed, "ends_month_0": "3", "ends_month_1": "2028"})
    assert "from the list" in answer.content.decode()
    with pytest.raises(verbs.sets.Invalid, match="adds up over the months"):
        verbs.add_kpi(kpi_set, by=colin, measure=level, target=Decimal(45), profile="by_term")
    assert not kpi_set.terms.exists()


def test_fifty_kpis_cost_what_thirty_do(highways, colin, as_person, django_assert_max_num_queries):
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=APRIL, why="All")
    offered = Measure.objects.live().filter(kind="count", cohort=None, framework__key="starter-measures")
    client, costs = as_person(colin), []
    for upto in (30, 50):
        for one in list(offered)[kpi_set.terms.count() : upto]:
            verbs.add_kpi(kpi_set, by=colin, measure=one, target=Decimal(12), ends_month=MARCH)
        found = []
        for name in ("page", "check", "describe"):
            where = reverse(f"kpis:kpi-set-{name}", args=[highways.pk, kpi_set.number])
            client.get(where)
            with django_assert_max_num_queries(200) as counted:
                assert client.get(where).status_code == 200
            found.append(len(counted))
        costs.append(found)
    assert kpi_set.terms.count() > 40
    assert costs[0] == costs[1]
