"""A director confirms a batch: each contract's set is approved on their authority, with its past results."""

from decimal import Decimal

import pytest

from accounts.calendar import add_months, today
from accounts.models import Letter
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from contracts.models import Contract
from kpis.adoption import confirming
from kpis.adoption.applying import hash_of_part
from kpis.approvals import verbs as approvals
from kpis.models import Decision, KPISet, MonthlyReturn, Reading, ReadingVersion
from kpis.proposals import verbs as proposals
from kpis.proposals.content import content_of, hash_of
from kpis.returns.verbs import open_due_months
from kpis.totals.verbs import check as check_totals
from kpis.verification.permissions import may_verify
from kpis.verification.verbs import draw_sample


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


def test_a_confirmed_set_is_approved_on_the_directors_authority(
    batch, part_of, confirm, dana, neighbourhoods
):
    part = confirm(part_of(batch, neighbourhoods), dana)
    assert part.status == "applied"
    kpi_set = KPISet.objects.get()
    assert kpi_set.status == "approved"
    assert kpi_set.signed_document == "Schedule 7"
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.content_hash) == (dana, kpi_set.content_hash)
    assert f"batch {batch.pk}" in decision.note
    assert decision.authority


def test_past_results_count_as_reported_and_never_as_on_time(
    batch, part_of, confirm, dana, neighbourhoods, this_month
):
    confirm(part_of(batch, neighbourhoods), dana)
    returns = list(MonthlyReturn.objects.order_by("month"))
    assert [(one.status, one.before_system, one.months_covered) for one in returns] == [
        ("closed", True, 1)
    ] * 2
    assert all(one.was_on_time is None for one in returns)
    assert sorted(Reading.objects.values_list("reported_value", flat=True)) == [2, 7, 12]
    assert ReadingVersion.objects.filter(act="submitted").count() == 3
    assert not MonthlyReturn.objects.owed().exists()
    assert check_totals() == []


def test_letters_are_one_for_the_director_and_one_for_the_uploader(
    dana, bring_in, highways, weeks, part_of, confirm, lena, neighbourhoods
):
    batch = bring_in([["NB-1001", "", "Apprenticeship weeks", "", "480", ""]])
    confirm(part_of(batch, neighbourhoods), dana)
    kinds = list(Letter.objects.order_by("pk").values_list("kind", "to"))
    assert kinds == [("adoption-waiting", dana.pk), ("adoption-decided", lena.pk)]


def test_the_uploader_a_stranger_and_an_old_page_are_refused(
    batch, part_of, dana, olga, colin, lena, neighbourhoods
):
    part = part_of(batch, neighbourhoods)
    for person in (olga, colin, lena):
        with pytest.raises(Refused):
            confirming.confirm(part, by=person, content_hash=part.content_hash)
    with pytest.raises(Stale):
        confirming.confirm(part, by=dana, content_hash="0" * 64)
    confirming.confirm(part, by=dana, content_hash=part.content_hash)
    with pytest.raises(Stale):
        confirming.confirm(part, by=dana, content_hash=part.content_hash)


def test_a_set_of_a_batch_is_not_decided_by_itself(batch, dana):
    kpi_set = KPISet.objects.get()
    with pytest.raises(Stale, match="with its batch"):
        approvals.approve(kpi_set, by=dana, content_hash=kpi_set.content_hash)
    assert not KPISet.objects.pending().exists()


def test_what_is_above_a_delegates_limit_is_left_for_the_director(
    bring_in, weeks, highways, neighbourhoods, della, dana, part_of, confirm
):
    make_contract("Bridges", neighbourhoods, reference="NB-2", value=Decimal("9000000"))
    batch = bring_in([[ref, "", "Apprenticeship weeks", "", "480", ""] for ref in ("NB-1001", "NB-2")])
    part = confirm(part_of(batch, neighbourhoods), della)
    assert part.status == "checked"
    adopted, left = part.lines.order_by("row_number")
    assert (adopted.outcome, left.outcome) == ("adopted", "waiting")
    assert "£9" in left.said
    assert Decision.objects.get().acting_for == dana
    assert confirm(part, dana).status == "applied"
    assert KPISet.objects.filter(status="approved").count() == 2


def test_a_contract_left_out_is_returned_with_the_reason(
    bring_in, weeks, highways, neighbourhoods, dana, part_of, confirm
):
    make_contract("Bridges", neighbourhoods, reference="NB-2")
    batch = bring_in([[ref, "", "Apprenticeship weeks", "", "480", ""] for ref in ("NB-1001", "NB-2")])
    part = part_of(batch, neighbourhoods)
    confirming.leave_out(part.lines.get(contract__reference="NB-2"), by=dana, reason="The target is 40.")
    with pytest.raises(Stale):
        confirming.confirm(part, by=dana, content_hash=part.content_hash, left_out=0)
    confirm(part, dana, left_out=1)
    returned = KPISet.objects.get(contract__reference="NB-2")
    assert (returned.status, returned.adoption) == ("returned", None)
    assert "The target is 40." in Decision.objects.get(submission__kpi_set=returned).reasons["1"]


def test_a_part_returned_withdraws_its_sets_so_that_it_can_come_again(
    batch, check, part_of, dana, lena, neighbourhoods
):
    part = part_of(batch, neighbourhoods)
    with pytest.raises(Invalid):
        confirming.give_back(part, by=dana, content_hash=part.content_hash, reason=" ")
    confirming.give_back(part, by=dana, content_hash=part.content_hash, reason="These are drafts.")
    assert confirming.carry_on(part.pk).status == "abandoned"
    assert KPISet.objects.get().status == "withdrawn"
    assert Letter.objects.filter(kind="adoption-decided", to=lena).count() == 1
    again = check([["NB-1001", "", "Apprenticeship weeks", "", "480", ""]])
    assert again.counts["created"] == 1


def test_a_joint_contract_is_decided_by_itself_and_keeps_its_results(
    bring_in, weeks, highways, adults, olga, dana, part_of, neighbourhoods, back
):
    highways.partner_directorates.add(adults)
    batch = bring_in(
        [["NB-1001", "Apprenticeship weeks", "480", "5"]], headings=("Contract ref", "KPI", "Target", back(2))
    )
    part = part_of(batch, neighbourhoods)
    assert part.status == "applied"
    assert part.lines.get().outcome == "ordinary"
    kpi_set = KPISet.objects.get()
    for person in (dana, olga):
        approvals.approve(kpi_set, by=person, content_hash=kpi_set.content_hash)
    assert confirming.settle_decided() == 1
    assert MonthlyReturn.objects.get().before_system
    assert confirming.settle_decided() == 0


def test_a_contract_that_moves_meanwhile_is_decided_by_itself(
    batch, highways, adults, part_of, confirm, dana, neighbourhoods
):
    part = part_of(batch, neighbourhoods)
    Contract.objects.filter(pk=highways.pk).update(directorate=adults)
    confirming.carry_on_abandoned()
    assert part.lines.get().outcome == "ordinary"
    assert KPISet.objects.pending().count() == 1


def test_a_set_taken_back_meanwhile_is_not_adopted(batch, part_of, confirm, dana, colin, neighbourhoods):
    proposals.take_back(KPISet.objects.get(), by=colin)
    part = confirm(part_of(batch, neighbourhoods), dana)
    line = part.lines.get()
    assert (line.outcome, line.is_applied) == ("refused", True)
    assert not MonthlyReturn.objects.exists()


@pytest.mark.parametrize("every", [1, 3])
def test_no_return_opens_before_the_first_month_returned_here(
    bring_in, weeks, highways, dana, part_of, confirm, neighbourhoods, this_month, every
):
    first = add_months(this_month, -2)
    batch = bring_in([["NB-1001", "", "Apprenticeship weeks", "", "480", ""]], first_month=first)
    part = part_of(batch, neighbourhoods)
    KPISet.objects.update(returns_every=every)
    kpi_set = KPISet.objects.get()
    content = content_of(kpi_set)
    kpi_set.submissions.update(content=content, content_hash=hash_of(content))
    KPISet.objects.update(content_hash=hash_of(content))
    part.lines.update(content_hash=hash_of(content))
    part.content_hash = hash_of_part(part)
    part.save()
    confirm(part, dana)
    open_due_months()
    months = [month for one in MonthlyReturn.objects.all() for month in one.months]
    assert all(month >= first for month in months)
    assert every == 3 or len(months) >= 1


def test_before_system_returns_are_never_sampled_late_or_verified(
    batch, part_of, confirm, dana, lena, neighbourhoods, back
):
    confirm(part_of(batch, neighbourhoods), dana)
    one = MonthlyReturn.objects.first()
    assert not may_verify(lena, one)
    with pytest.raises(Stale):
        draw_sample(one.month, by=lena, seed="x")
    assert (one.is_overdue, one.was_on_time) == (False, None)
    assert not MonthlyReturn.objects.late_on(add_months(today().replace(day=1), 12)).exists()
