"""Extending, terminating and undoing: which returns there are, and the clock that ends what is over."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.history import history_of
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST, make_contract
from contracts.models import Contract, Stage
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import APRIL, JULY, JUNE, MAY, due, of, reported, statuses
from kpis.proposals import verbs as proposals
from kpis.returns import verbs as returns
from kpis.totals import verbs as totals

MAY_20 = dt.date(2026, 5, 20)
KEEPERS = {"colin", "priya", "dafydd", "lena", "adam"}
OWNERS = {"colin", "lena", "adam"}


def end(contract, by, on=MAY_20, **more):
    """Terminate the contract."""
    return verbs.terminate(contract, by=by, on=on, reason="Insolvency", **more)


def test_an_extension_moves_the_last_day_and_is_told_in_the_history(running, priya):
    done = verbs.extend(running, by=priya, to=dt.date(2030, 3, 31), note="Clause 4", version=running.version)
    assert done.last_day == dt.date(2030, 3, 31)
    row = history_of(done).get()
    assert (row.action, row.note) == ("contracts.extend", "Clause 4")
    assert row.changes == [("Last day", "31 March 2029", "31 March 2030")]
    assert totals.check() == []


@pytest.mark.parametrize("to", [dt.date(2029, 3, 31), dt.date(2026, 1, 1), dt.date(2200, 1, 1)])
def test_an_extension_is_to_a_later_day_within_reason(running, priya, to):
    with pytest.raises(Invalid) as refusal:
        verbs.extend(running, by=priya, to=to)
    assert refusal.value.errors[0][0] == "to"


def test_beyond_what_the_contract_allows_an_extension_needs_a_reason(running, priya):
    Contract.objects.filter(pk=running.pk).update(last_extension_to=dt.date(2029, 9, 30))
    with pytest.raises(Invalid) as refusal:
        verbs.extend(running, by=priya, to=dt.date(2030, 3, 31))
    assert refusal.value.errors[0][0] == "note"
    verbs.extend(running, by=priya, to=dt.date(2030, 3, 31), note="Regulation 72, as published")


def test_an_open_ended_and_an_unsigned_contract_are_not_extended(neighbourhoods, lena):
    for facts in ({"ends_on": None}, {"stage": Stage.TENDER}):
        with pytest.raises(Invalid):
            verbs.extend(make_contract("X", neighbourhoods, **facts), by=lena, to=dt.date(2035, 1, 1))


def test_an_extension_told_late_makes_the_contract_live_and_opens_what_was_missed(
    running, lena, clock, neighbourhoods
):
    Contract.objects.filter(pk=running.pk).update(ends_on=dt.date(2026, 5, 31), stage=Stage.ENDED)
    for month in (JUNE, JULY):
        of(month).readings.all().delete()
        of(month).delete()
    totals.rebuild()
    done = verbs.extend(Contract.objects.get(pk=running.pk), by=lena, to=dt.date(2027, 5, 31))
    assert done.stage == Stage.LIVE
    assert statuses(running)[6] == statuses(running)[7] == "open"
    # Due as if it had become known today: nobody is late for what they could not know.
    assert of(JUNE).due_on == dt.date(2026, 8, 26)
    assert totals.check() == []


def test_kpis_that_end_before_the_contract_are_named(running, lena):
    found = verbs.kpis_ending_before(running, running.last_day)
    assert [terms.title for terms in found] == ["Apprenticeship weeks", "Spend with local suppliers"]
    assert verbs.kpis_ending_before(running, dt.date(2027, 3, 31)) == []


def test_a_termination_takes_away_what_is_no_longer_owed_and_leaves_what_was_submitted(
    running, colin, neighbourhoods
):
    before = reported()
    done = end(running, colin)
    assert (done.last_day, done.stage) == (MAY_20, Stage.ENDED)
    assert statuses(done) == {4: "submitted", 5: "open"}
    assert due(neighbourhoods, JUNE).expected == 0
    assert reported() == before
    assert totals.check() == []
    assert returns.open_due_months().created == 0


def test_what_was_begun_in_a_month_after_the_termination_comes_back_when_it_is_undone(running, colin, priya):
    evidence = returns.add_evidence(
        of(JULY), by=priya, kind="other", readings=list(of(JULY).readings.all()),
        file=SimpleUploadedFile("note.csv", b"a,b\n1,2\n", content_type="text/csv"),
    )  # fmt: skip
    done = end(running, colin, on=dt.date(2026, 4, 30))
    assert statuses(done) == {4: "submitted", 5: "excused", 7: "excused"}
    assert of(MAY).readings.count() == 0
    row = HistoryRow.objects.of(of(MAY)).get(action="returns.excuse")
    assert row.before == {"Apprenticeship weeks": "7"}
    assert totals.check() == []
    back = verbs.undo_termination(done, by=colin, version=done.version)
    assert (back.terminated_on, back.stage, back.termination_reason) == (None, Stage.LIVE, "")
    assert statuses(back) == {4: "submitted", 5: "open", 6: "open", 7: "open"}
    reading = of(MAY).readings.get(measure__kind="count")
    assert (reading.value, reading.comment, reading.saved_by) == (7, "Two apprentices.", priya)
    assert list(reading.editors.all()) == [priya]
    assert evidence.readings.count() == 2
    assert set(evidence.readings.all()) == set(of(JULY).readings.all())
    assert totals.check() == []


def test_a_kpi_set_in_the_making_is_withdrawn_by_a_termination(running, colin, priya):
    draft = proposals.start_set(running, by=priya)
    end(running, colin)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    assert history_of(draft).filter(action="proposals.withdraw", actor=colin).exists()


@pytest.mark.parametrize(
    ("on", "reason", "field"),
    [
        (dt.date(2025, 3, 31), "x", "on"),
        (dt.date(2029, 3, 31), "x", "on"),
        (MAY_20, "  ", "reason"),
    ],
)
def test_a_termination_needs_a_day_before_the_end_and_a_reason(running, colin, on, reason, field):
    with pytest.raises(Invalid) as refusal:
        verbs.terminate(running, by=colin, on=on, reason=reason)
    assert [name for name, _ in refusal.value.errors] == [field]


def test_a_termination_ahead_leaves_the_contract_live_until_the_clock_comes_by(running, colin, clock):
    done = end(running, colin, on=dt.date(2026, 8, 31))
    assert done.stage == Stage.LIVE
    clock.turn_to(dt.date(2026, 8, 31))
    assert verbs.end_what_is_over() == 0
    clock.turn_to(dt.date(2026, 9, 4))
    assert verbs.end_what_is_over() == 1
    done.refresh_from_db()
    assert done.stage == Stage.ENDED
    row = history_of(done).first()
    assert (row.action, row.actor) == ("contracts.end", None)
    assert verbs.end_what_is_over() == 0


def test_the_clock_ends_only_live_contracts_that_are_over(db, neighbourhoods, settings):
    past, ahead = dt.date(2026, 8, 11), dt.date(2026, 8, 12)
    over = [
        make_contract("a", neighbourhoods, ends_on=past),
        make_contract("b", neighbourhoods, ends_on=dt.date(2026, 1, 1), extended_to=past),
        make_contract("c", neighbourhoods, ends_on=None, extended_to=past),
        make_contract("d", None, ends_on=past),
    ]
    make_contract("e", neighbourhoods, ends_on=past, extended_to=ahead)
    make_contract("f", neighbourhoods, ends_on=None)
    make_contract("g", neighbourhoods, ends_on=past, stage=Stage.TENDER)
    make_contract("h", neighbourhoods, ends_on=ahead)
    assert verbs.end_what_is_over() == 4
    assert set(Contract.objects.filter(stage=Stage.ENDED)) == set(over)


@pytest.mark.parametrize("name", CAST)
def test_only_the_contracts_keepers_extend_and_only_its_owners_terminate(running, cast, name):
    person = cast[name]
    acts = [
        (KEEPERS, lambda: verbs.extend(running, by=person, to=dt.date(2030, 1, 1))),
        (OWNERS, lambda: end(running, person)),
        (OWNERS, lambda: verbs.undo_termination(running, by=person)),
    ]
    for may, act in acts:
        if name in may:
            act()
        else:
            with pytest.raises(Refused):
                act()


def test_an_old_copy_and_a_second_termination_are_refused(running, colin, lena):
    seen = running.version
    verbs.extend(running, by=lena, to=dt.date(2030, 1, 1))
    with pytest.raises(Stale):
        end(running, colin, version=seen)
    end(running, colin)
    with pytest.raises(Stale):
        end(running, colin)
    verbs.undo_termination(running, by=colin)
    with pytest.raises(Stale):
        verbs.undo_termination(running, by=colin)


def test_april_is_untouched_by_all_of_this(running, colin):
    before = of(APRIL).version
    end(running, colin)
    verbs.undo_termination(running, by=colin)
    assert of(APRIL).version == before
