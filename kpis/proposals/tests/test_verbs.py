"""Preparing a KPI set: what each verb leaves behind, and what it refuses."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import HistoryRow, Letter
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.approvals import verbs as approvals
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.differences import in_sentences
from kpis.proposals.models import KPISet

APRIL = dt.date(2026, 4, 1)
MARCH = dt.date(2027, 3, 1)


def measure(code):
    return Measure.objects.get(code=code)


@pytest.fixture
def draft(highways, colin):
    """Return a first draft with 12 apprenticeships over 12 months from April 2026."""
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=APRIL, why="Agreed at award")
    verbs.add_kpi(kpi_set, by=colin, measure=measure("SV-10"), target=Decimal(12), ends_month=MARCH)
    kpi_set.refresh_from_db()
    return kpi_set


@pytest.fixture
def approved(draft, colin, dana):
    """Return the draft approved by the director."""
    sent = verbs.submit(draft, by=colin)
    return approvals.approve(sent, by=dana, content_hash=sent.content_hash)


def only(kpi_set):
    return kpi_set.terms.get()


def amounts(terms):
    return list(terms.monthly_targets.order_by("month").values_list("amount", flat=True))


def test_a_kpi_inherits_the_measures_words_and_the_sets_month(draft):
    terms = only(draft)
    rule = measure("SV-10")
    assert (terms.title, terms.counting_rule, terms.evidence_expected) == (
        rule.title,
        rule.counting_rule,
        rule.evidence_expected,
    )
    assert terms.starts_month == APRIL
    assert amounts(terms) == [Decimal(1)] * 12


def test_without_a_last_month_a_kpi_ends_with_the_contract(draft, colin):
    terms = verbs.add_kpi(draft, by=colin, measure=measure("SV-25"), target=Decimal(100))
    assert terms.ends_month == dt.date(2029, 3, 1)
    assert sum(amounts(terms)) == 100


def test_percentages_hold_their_level_each_month(draft, colin):
    terms = verbs.add_kpi(draft, by=colin, measure=measure("SV-07"), target=Decimal(95), ends_month=MARCH)
    assert amounts(terms) == [Decimal(95)] * 12


def test_yes_or_no_needs_no_target_and_a_milestone_has_no_months(draft, colin):
    yes = verbs.add_kpi(draft, by=colin, measure=measure("SV-29"), ends_month=MARCH)
    plan = verbs.add_kpi(draft, by=colin, measure=measure("SV-37"), ends_month=MARCH)
    assert yes.target == 1
    assert amounts(yes) == [Decimal(1)] * 12
    assert amounts(plan) == []


@pytest.mark.parametrize(
    ("code", "target", "more", "field", "words"),
    [
        ("SV-25", None, {}, "target", "Enter a target"),
        ("SV-25", "0", {}, "target", "more than 0"),
        ("SV-25", "-1", {}, "target", "0 or more"),
        ("SV-11", "1.5", {}, "target", "whole number of people"),
        ("SV-17", "1.005", {}, "target", "2 decimal places"),
        ("SV-07", "100.5", {}, "target", "between 0 and 100"),
        ("SV-25", "5", {"ends_month": dt.date(2026, 3, 1)}, "ends_month", "April 2026 or later"),
        ("SV-25", "5", {"amber_from": Decimal(101)}, "amber_from", "or lower"),
        ("SV-10", "5", {}, "measure", "already in this set"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_what_to_do(draft, colin, code, target, more, field, words):
    with pytest.raises(Invalid) as caught:
        verbs.add_kpi(
            draft,
            by=colin,
            measure=measure(code),
            target=None if target is None else Decimal(target),
            **{"ends_month": MARCH, **more},
        )
    assert [(name, words in sentence) for name, sentence in caught.value.errors] == [(field, True)]
    assert draft.terms.count() == 1


def test_lower_is_better_may_promise_nought(draft, colin):
    terms = verbs.add_kpi(draft, by=colin, measure=measure("SV-30"), target=Decimal(0), ends_month=MARCH)
    assert amounts(terms) == [Decimal(0)] * 12


def test_a_retired_measure_is_refused(draft, colin):
    Measure.objects.filter(code="SV-25").update(status="retired")
    with pytest.raises(Invalid, match="retired"):
        verbs.add_kpi(draft, by=colin, measure=measure("SV-25"), target=Decimal(1))


def test_months_by_hand_must_come_to_the_target_and_the_error_says_by_how_much(draft, colin):
    monthly = {dt.date(2026, month, 1): Decimal(5) for month in range(4, 7)}
    with pytest.raises(Invalid, match="15 hours, 3 hours more than the target of 12 hours"):
        verbs.add_kpi(
            draft,
            by=colin,
            measure=measure("SV-25"),
            target=Decimal(12),
            ends_month=dt.date(2026, 6, 1),
            profile="by_hand",
            monthly=monthly,
        )
    terms = verbs.add_kpi(
        draft,
        by=colin,
        measure=measure("SV-25"),
        target=Decimal(15),
        ends_month=dt.date(2026, 6, 1),
        profile="by_hand",
        monthly=monthly,
    )
    assert amounts(terms) == [Decimal(5)] * 3


def test_every_change_adds_its_editor_a_version_and_a_row_of_history(draft, colin, priya):
    version, rows = draft.version, HistoryRow.objects.count()
    verbs.change_kpi(only(draft), by=priya, version=version, target=Decimal(24))
    draft.refresh_from_db()
    assert draft.version == version + 1
    assert set(draft.editors.all()) == {colin, priya}
    row = HistoryRow.objects.first()
    assert HistoryRow.objects.count() == rows + 1
    assert row.changes == [("Target", "12", "24")]
    assert row.contract_number == draft.contract_id
    assert amounts(only(draft)) == [Decimal(2)] * 12


def test_a_change_on_an_older_version_is_stale(draft, colin):
    with pytest.raises(Stale, match="Somebody else changed this KPI set"):
        verbs.change_kpi(only(draft), by=colin, version=draft.version - 1, target=Decimal(24))
    assert only(draft).target == 12


def test_a_contract_has_one_pending_set(draft, highways, colin):
    with pytest.raises(Stale, match="KPI set 1 of this contract is already “draft”"):
        verbs.start_set(highways, by=colin)


def test_outsiders_propose_nothing(highways, oscar, dana, lena, unmapped):
    for person in (oscar, dana, lena):
        with pytest.raises(Refused):
            verbs.start_set(highways, by=person)
    with pytest.raises(Refused, match="directorate is not known"):
        verbs.start_set(unmapped, by=lena)


def test_submission_freezes_the_content_and_its_hash(draft, colin, dana, desmond):
    sent = verbs.submit(draft, by=colin, note="For Friday")
    submission = sent.submissions.get()
    assert submission.content == content_of(sent)
    assert submission.content_hash == sent.content_hash == hash_of(submission.content)
    assert submission.content["kpis"][0]["monthly_targets"]["2026-04"] == "1"
    assert list(Letter.objects.filter(kind="set-waiting").values_list("to", flat=True)) == [dana.pk]
    body = Letter.objects.get(kind="set-waiting").body
    assert "Apprenticeships started: new, 12 people by March 2027, from April 2026" in body
    assert "For Friday" in body


def test_a_set_without_kpis_is_refused_and_says_everything_at_once(highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    KPISet.objects.filter(pk=kpi_set.pk).update(effective_month=None)
    with pytest.raises(Invalid) as caught:
        verbs.submit(kpi_set, by=colin)
    assert [field for field, _ in caught.value.errors] == ["kpis", "effective_month"]


def test_a_submitted_set_cannot_be_changed_until_taken_back(draft, colin, dana):
    sent = verbs.submit(draft, by=colin)
    with pytest.raises(Stale, match="waiting for approval"):
        verbs.change_kpi(only(sent), by=colin, target=Decimal(9))
    back = verbs.take_back(sent, by=colin, note="Wrong year")
    assert back.status == "draft"
    verbs.change_kpi(only(back), by=colin, target=Decimal(9))
    again = verbs.submit(back, by=colin)
    assert list(again.submissions.values_list("ordinal", flat=True)) == [2, 1]
    assert again.number == 1


def test_sending_twice_sends_once(draft, colin, dana):
    verbs.submit(draft, by=colin)
    with pytest.raises(Stale):
        verbs.submit(draft, by=colin)
    assert Letter.objects.filter(kind="set-waiting").count() == 1


def test_the_next_set_copies_the_set_in_force_and_says_what_changes(approved, highways, colin):
    second = verbs.start_set(highways, by=colin)
    assert second.number == 2
    assert only(second).kpi == only(approved).kpi
    second = verbs.describe(second, by=colin, effective_month=dt.date(2026, 10, 1))
    verbs.change_kpi(only(second), by=colin, target=Decimal(9))
    assert amounts(only(second)) == [Decimal(1)] * 6 + [Decimal("0.5")] * 6
    assert in_sentences(second) == ["Apprenticeships started: target 12 to 9, from October 2026"]
    assert only(approved).target == 12
    assert amounts(only(approved)) == [Decimal(1)] * 12


def test_a_withdrawn_set_is_kept_and_makes_room(draft, highways, colin, dana):
    verbs.submit(draft, by=colin)
    gone = verbs.withdraw(draft, by=colin)
    assert gone.status == "withdrawn"
    assert Letter.objects.filter(kind="set-taken-back", to=dana).count() == 1
    assert verbs.start_set(highways, by=colin).number == 2
