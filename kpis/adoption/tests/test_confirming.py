"""One director confirms a batch: each contract's set is approved on their authority, with its past results."""

import pytest

from accounts.models import Letter
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from kpis.adoption import confirming
from kpis.models import Decision, KPISet, MonthlyReturn, Reading, ReadingVersion
from kpis.totals.verbs import check as check_totals


@pytest.fixture
def batch(bring_in, highways, weeks, jobs, back):
    """Return an import of two KPIs of one contract, one with results of two months."""
    return bring_in(
        [
            ["NB-1001", "", "Apprenticeship weeks", "weeks", "480 weeks", "Schedule 7", "12", "7"],
            ["NB-1001", "", "Local people hired", "", "24", "Schedule 7", "", "2"],
        ],
        headings=("Contract ref", "Contract title", "KPI", "Unit", "Target", "Document", back(3), back(2)),
    )


def test_a_confirmed_set_is_approved_on_the_directors_authority(batch, part_of, confirm, dana, neighbourhoods):
    part = confirm(part_of(batch, neighbourhoods), dana)
    assert part.status == "applied"
    kpi_set = KPISet.objects.get()
    assert kpi_set.status == "approved"
    assert kpi_set.signed_document == "Schedule 7"
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.content_hash) == (dana, kpi_set.content_hash)
    assert f"batch {batch.pk}" in decision.note
    assert decision.authority


def test_past_results_count_as_reported_and_never_as_on_time(batch, part_of, confirm, dana, neighbourhoods, this_month):
    confirm(part_of(batch, neighbourhoods), dana)
    returns = list(MonthlyReturn.objects.order_by("month"))
    assert [(one.status, one.before_system, one.months_covered) for one in returns] == [("closed", True, 1)] * 2
    assert all(one.was_on_time is None for one in returns)
    assert sorted(Reading.objects.values_list("reported_value", flat=True)) == [2, 7, 12]
    assert ReadingVersion.objects.filter(act="submitted").count() == 3
    assert not MonthlyReturn.objects.owed().exists()
    assert check_totals() == []


def test_letters_are_one_for_the_director_and_one_for_the_uploader(batch, part_of, confirm, dana, lena, neighbourhoods):
    confirm(part_of(batch, neighbourhoods), dana)
    kinds = list(Letter.objects.order_by("pk").values_list("kind", "to"))
    assert kinds == [("adoption-waiting", dana.pk), ("adoption-decided", lena.pk)] or (
        sorted(kinds) == [("adoption-decided", lena.pk), ("adoption-without-decider", lena.pk)]
    )
