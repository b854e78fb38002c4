"""How often figures are returned: from the council's rule, changed by the proposer, approved with the set."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid
from contracts.models import ProportionateRule
from kpis.models import KPISet
from kpis.proposals import verbs
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.differences import in_sentences
from kpis.tests.factories import make_approved_set, make_measure

APRIL, OCTOBER = dt.date(2026, 4, 1), dt.date(2026, 10, 1)


@pytest.fixture
def measure(db):
    """Return a measure that adds up."""
    return make_measure("Apprenticeship weeks")


def rule(months):
    """Let the council ask every contract for figures every so many months."""
    ProportionateRule.objects.all().delete()
    return ProportionateRule.objects.create(returns_every=months)


def test_a_set_begins_with_what_the_councils_rule_says(highways, colin):
    rule(3)
    assert verbs.start_set(highways, by=colin).returns_every == 3


def test_without_a_rule_figures_are_returned_monthly(highways, colin):
    ProportionateRule.objects.all().delete()
    assert verbs.start_set(highways, by=colin).returns_every == 1


def test_where_the_rule_asks_for_nothing_lighter_a_later_set_goes_on_as_approved(highways, colin, measure):
    rule(1)
    before = make_approved_set(highways, APRIL, [(measure, 12)])
    KPISet.objects.filter(pk=before.pk).update(returns_every=3)
    assert verbs.start_set(highways, by=colin).returns_every == 3


def test_the_proposer_changes_it_and_the_history_says_so(highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, returns_every=3)
    row = HistoryRow.objects.of(kpi_set).filter(action="proposals.describe").get()
    assert (row.before["Returns"], row.after["Returns"]) == ("Monthly", "Quarterly")
    with pytest.raises(Invalid, match="how often"):
        verbs.describe(kpi_set, by=colin, returns_every=2)


def test_a_hash_made_before_there_was_a_choice_stays_true(highways, measure):
    kpi_set = make_approved_set(highways, APRIL, [(measure, 12)])
    content = content_of(kpi_set)
    assert set(content) == {"contract", "set", "effective_month", "why", "supplier_agreed", "kpis"}
    before = hash_of(content)
    kpi_set.returns_every = 3
    assert content_of(kpi_set) == {**content, "returns_every": 3}
    assert hash_of(content_of(kpi_set)) != before


def test_a_change_is_told_in_words(highways, colin, measure):
    make_approved_set(highways, APRIL, [(measure, 12)])
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=OCTOBER, returns_every=3)
    assert in_sentences(kpi_set)[0] == "Returns monthly, now quarterly, from October 2026"


def test_the_form_asks_and_the_page_shows_it(as_person, highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    client = as_person(colin)
    address = reverse("kpis:kpi-set-describe", args=[highways.pk, kpi_set.number])
    assert "How often figures are returned" in client.get(address).content.decode()
    month = {"effective_month_0": "10", "effective_month_1": "2026"}
    typed = {"version": kpi_set.version, **month, "returns_every": "3"}
    answer = client.post(address, typed, follow=True)
    assert KPISet.objects.get(pk=kpi_set.pk).returns_every == 3, answer.content.decode()
    assert "Quarterly" in answer.content.decode()
