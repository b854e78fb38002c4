"""Warnings inform the proposer and the decider in plain words; none of them blocks."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.approvals import verbs as approvals
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.differences import differences, in_sentences
from kpis.proposals.reading import read

APRIL, OCTOBER, MARCH = dt.date(2026, 4, 1), dt.date(2026, 10, 1), dt.date(2029, 3, 1)


def measure(code):
    return Measure.objects.get(code=code)


@pytest.fixture
def second(highways, colin, dana):
    """Return the set that follows an approved one of apprenticeship starts, carbon and a yes or no."""
    first = verbs.start_set(highways, by=colin)
    first = verbs.describe(first, by=colin, effective_month=APRIL, why="As signed")
    verbs.add_kpi(first, by=colin, measure=measure("SV-25"), target=Decimal(36), baseline=Decimal(0))
    verbs.add_kpi(first, by=colin, measure=measure("SV-31"), target=Decimal(100), baseline=Decimal(120))
    verbs.add_kpi(first, by=colin, measure=measure("SV-29"))
    sent = verbs.submit(first, by=colin)
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    kpi_set = verbs.start_set(highways, by=colin)
    return verbs.describe(kpi_set, by=colin, effective_month=OCTOBER, why="Less work")


def of(kpi_set, code):
    return kpi_set.terms.get(kpi__measure__code=code)


def warnings(kpi_set, code=None):
    found = read(kpi_set)
    if code is None:
        return found.warnings
    return next(row.warnings for row in found.rows if row.difference.terms.kpi.measure.code == code)


def test_an_unchanged_copy_differs_in_nothing(second):
    assert [one.kind for one in differences(second)] == ["unchanged"] * 3
    assert in_sentences(second) == ["3 KPIs unchanged"]
    assert warnings(second, "SV-25") == []


def test_a_weaker_promise_is_named_whichever_way_is_better(second, colin):
    verbs.change_kpi(of(second, "SV-25"), by=colin, target=Decimal(30))
    verbs.change_kpi(of(second, "SV-31"), by=colin, target=Decimal(140))
    assert warnings(second, "SV-25") == ["The promise is weaker than before: 36 hours becomes 30 hours."]
    assert warnings(second, "SV-31") == ["The promise is weaker than before: 100 tCO2e becomes 140 tCO2e."]
    assert any("supplier’s agreement" in words for words in warnings(second))
    assert in_sentences(second) == [
        "Volunteer hours given in working time: target 36 to 30, from October 2026",
        "Carbon emitted in delivering the contract: target 100 to 140, from October 2026",
        "1 KPI unchanged",
    ]


def test_more_already_due_than_the_new_target_is_named(second, colin):
    terms = verbs.change_kpi(of(second, "SV-25"), by=colin, target=Decimal(3))
    assert any(
        "6 hours are already due before it takes effect" in words for words in warnings(second, "SV-25")
    )
    assert sum(terms.monthly_targets.values_list("amount", flat=True)) == 3


def test_a_set_without_our_children_says_so_until_one_kpi_counts_them(second, colin, settings):
    assert any(settings.WORDS["our_children"] in words for words in warnings(second))
    verbs.add_kpi(second, by=colin, measure=measure("SV-03"), target=Decimal(4))
    assert not any(settings.WORDS["our_children"] in words for words in warnings(second))
    assert any("No baseline" in words for words in warnings(second, "SV-03"))


def test_a_retired_measure_warns_but_carries_on(second, colin):
    Measure.objects.filter(code="SV-25").update(status="retired")
    assert any("retired from the library" in words for words in warnings(second, "SV-25"))
    assert verbs.submit(second, by=colin).status == "submitted"


def test_dropped_kpis_stand_in_the_list_and_the_letter(second, colin, dana):
    verbs.remove_kpi(of(second, "SV-29"), by=colin)
    assert differences(second)[-1].kind == "removed"
    assert "no longer a KPI from October 2026" in in_sentences(second)[0]
