"""Two people act on one batch at the same moment: one act stands."""

import pytest

from accounts.verbs.recipe import Stale
from kpis.adoption import confirming, verbs
from kpis.adoption.models import AdoptionPart
from kpis.models import Decision, KPISet, MonthlyReturn
from kpis.tests.at_once import at_once, failures_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_directors_confirm_at_once_and_each_set_is_decided_once(
    dana, desmond, highways, weeks, bring_in, part_of, neighbourhoods, back
):
    batch = bring_in(
        [["NB-1001", "Apprenticeship weeks", "480", "5"]], headings=("Contract ref", "KPI", "Target", back(2))
    )
    part = part_of(batch, neighbourhoods)

    def confirm_as(person):
        def act():
            confirming.confirm(
                AdoptionPart.objects.get(pk=part.pk), by=person, content_hash=part.content_hash
            )
            confirming.carry_on(part.pk)

        return act

    outcomes = at_once(confirm_as(dana), confirm_as(desmond))
    failed = failures_of(outcomes)
    assert [type(one) for one in failed] == [Stale]
    assert (Decision.objects.count(), MonthlyReturn.objects.count()) == (1, 1)
    assert AdoptionPart.objects.get().status == "applied"


def test_one_worker_carries_a_confirmation_on(dana, highways, weeks, bring_in, part_of, neighbourhoods):
    batch = bring_in([["NB-1001", "", "Apprenticeship weeks", "", "480", ""]])
    part = part_of(batch, neighbourhoods)
    confirming.confirm(part, by=dana, content_hash=part.content_hash)
    at_once(lambda: confirming.carry_on(part.pk), lambda: confirming.carry_on(part.pk))
    assert Decision.objects.count() == 1
    assert KPISet.objects.get().status == "approved"


def test_one_workbook_is_applied_at_a_time(lena, adam, highways, weeks, check):
    rows = [["NB-1001", "", "Apprenticeship weeks", "", "480", ""]]
    first, second = check(rows), check(rows, by=adam, name="other.csv")
    outcomes = at_once(
        lambda: verbs.carry_on(verbs.begin_applying(first, by=lena).pk),
        lambda: verbs.carry_on(verbs.begin_applying(second, by=adam).pk),
    )
    assert [type(one) for one in failures_of(outcomes)] in ([], [Stale])
    assert KPISet.objects.count() == 1
