"""Moving a contract through its stages: every state, every move, every person; what a move asks for."""

import datetime as dt

import pytest

from accounts.calendar import today
from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST
from contracts.models import Contract, Stage
from contracts.stages import verbs
from contracts.stages.moves import BY_STAGES, TABLE

MAY_MOVE = {"colin", "priya", "dafydd", "lena", "adam"}
ORDER = Stage.values


def at_stage(contract, stage, **facts):
    """Return the contract put at a stage, with nothing that would stand in the way of any move."""
    facts = {"signed_on": dt.date(2020, 1, 6), "starts_on": dt.date(2020, 4, 1), **facts}
    facts.setdefault("ends_on", dt.date(2022, 3, 31))
    Contract.objects.filter(pk=contract.pk).update(stage=stage, **facts)
    return Contract.objects.get(pk=contract.pk)


def test_the_table_goes_forward_any_number_of_stages_and_back_by_one():
    assert set(BY_STAGES) == {
        (source, target)
        for one, source in enumerate(ORDER)
        for two, target in enumerate(ORDER)
        if two > one or two == one - 1
    }
    assert all(move.takes_reason == move.is_back and move.who for move in TABLE)


@pytest.mark.parametrize("source", ORDER)
@pytest.mark.parametrize("target", ORDER)
def test_every_state_every_move_every_person(cast, highways, source, target):
    for name in CAST:
        contract = at_stage(highways, source)
        person = cast[name]
        if name not in MAY_MOVE:
            with pytest.raises(Refused):
                verbs.move_on(contract, to=target, by=person, note="As agreed.")
        elif (source, target) not in BY_STAGES:
            with pytest.raises(Stale):
                verbs.move_on(contract, to=target, by=person, note="As agreed.")
        else:
            assert verbs.move_on(contract, to=target, by=person, note="As agreed.").stage == target
            continue
        assert Contract.objects.get(pk=highways.pk).stage == source


@pytest.mark.parametrize("target", ["mobilisation", "live"])
def test_signature_makes_it_live_so_its_date_and_the_start_must_be_known(colin, highways, target):
    contract = at_stage(highways, "tender", signed_on=None, starts_on=None, ends_on=dt.date(2031, 3, 31))
    with pytest.raises(Invalid) as refusal:
        verbs.move_on(contract, to=target, by=colin)
    assert {name for name, _ in refusal.value.errors} == {"signed_on", "starts_on"}
    moved = verbs.move_on(
        contract, to=target, by=colin, on=dt.date(2026, 1, 5), starts_on=dt.date(2026, 4, 1), version=1
    )
    assert (moved.signed_on, moved.starts_on, moved.version) == (
        dt.date(2026, 1, 5), dt.date(2026, 4, 1), 2,
    )  # fmt: skip
    row = history_of(highways).get(action="contracts.move_on")
    assert ("Signed on", "", "5 January 2026") in row.changes
    assert ("Stage", "Tender", Stage(target).label) in row.changes


def test_it_cannot_have_been_signed_in_the_future_nor_start_after_its_end(colin, highways):
    contract = at_stage(highways, "tender", signed_on=None, starts_on=None)
    with pytest.raises(Invalid) as refusal:
        verbs.move_on(
            contract, to="live", by=colin, on=today() + dt.timedelta(days=1), starts_on=dt.date(2022, 4, 1)
        )
    assert {name for name, _ in refusal.value.errors} == {"signed_on", "starts_on"}


def test_a_contract_moved_from_commissioning_to_tender_is_asked_nothing(colin, highways):
    contract = at_stage(highways, "commissioning", signed_on=None, starts_on=None, ends_on=None)
    assert verbs.move_on(contract, to="tender", by=colin).stage == "tender"


@pytest.mark.parametrize("source", ORDER[1:])
def test_back_takes_a_reason(colin, highways, source):
    contract = at_stage(highways, source)
    target = ORDER[ORDER.index(source) - 1]
    with pytest.raises(Invalid, match="Say why it goes back"):
        verbs.move_on(contract, to=target, by=colin, note="  ")
    verbs.move_on(contract, to=target, by=colin, note="Ended by mistake.")
    assert history_of(highways).first().note == "Ended by mistake."


def test_what_goes_back_before_mobilisation_is_no_longer_signed(colin, highways):
    contract = at_stage(highways, "mobilisation")
    moved = verbs.move_on(contract, to="tender", by=colin, note="The award was challenged.")
    assert moved.signed_on is None
    assert ("Signed on", "6 January 2020", "") in history_of(highways).first().changes


def test_a_correction_from_live_keeps_the_signature(colin, highways):
    contract = at_stage(highways, "live")
    moved = verbs.move_on(contract, to="mobilisation", by=colin, note="The start slipped.")
    assert moved.signed_on == dt.date(2020, 1, 6)


def test_a_contract_ends_once_its_last_day_is_past(colin, highways):
    contract = at_stage(highways, "live", ends_on=today())
    with pytest.raises(Invalid, match="once that day is past"):
        verbs.move_on(contract, to="ended", by=colin)
    contract = at_stage(highways, "live", ends_on=today() - dt.timedelta(days=1))
    assert verbs.move_on(contract, to="ended", by=colin).stage == "ended"


def test_an_extension_counts_towards_its_last_day(colin, highways):
    contract = at_stage(highways, "live", extended_to=today() + dt.timedelta(days=30))
    with pytest.raises(Invalid):
        verbs.move_on(contract, to="ended", by=colin)


def test_an_end_nobody_knows_is_asked_for(colin, highways):
    contract = at_stage(highways, "live", ends_on=None)
    with pytest.raises(Invalid, match="Enter the last day it ran"):
        verbs.move_on(contract, to="ended", by=colin)
    with pytest.raises(Invalid, match="can’t end before its start"):
        verbs.move_on(contract, to="ended", by=colin, ends_on=dt.date(2019, 1, 1))
    moved = verbs.move_on(contract, to="ended", by=colin, ends_on=dt.date(2023, 3, 31))
    assert moved.ends_on == dt.date(2023, 3, 31)


def test_the_page_counts_what_is_not_answered_and_moves_all_the_same(as_person, priya, highways):
    at_stage(highways, "mobilisation", signed_on=None)
    client = as_person(priya)
    path = f"/contracts/{highways.number}/stage/"
    text = client.get(path).content.decode()
    assert "4 of 4 questions are not answered yet" in text
    data = {"version": 1, "to": "live", "note": ""}
    page = client.post(path, data)
    assert page.status_code == 200
    assert "Enter the date it was signed" in page.content.decode()
    page = client.post(path, {**data, "signed_on_0": "6", "signed_on_1": "1", "signed_on_2": "2020"})
    assert page.status_code == 302
    highways.refresh_from_db()
    assert (highways.stage, highways.signed_on) == ("live", dt.date(2020, 1, 6))


def test_the_page_asks_only_for_what_is_not_known(as_person, colin, highways):
    at_stage(highways, "tender", signed_on=None)
    form = as_person(colin).get(f"/contracts/{highways.number}/stage/").context["form"]
    assert set(form.fields) == {"version", "to", "signed_on", "note"}


def test_a_stale_page_moves_nothing_and_keeps_the_reason_typed(as_person, colin, lena, highways):
    contract = at_stage(highways, "live")
    verbs.move_on(contract, to="mobilisation", by=lena, note="The start slipped.")
    page = as_person(colin).post(
        f"/contracts/{highways.number}/stage/",
        {"version": 1, "to": "ended", "note": "It is over since March."},
    )
    assert page.status_code == 409
    assert "It is over since March." in page.content.decode()
    assert Contract.objects.get(pk=highways.pk).stage == "mobilisation"


def test_a_contract_that_still_runs_is_told_how_it_ends(as_person, colin, highways):
    at_stage(highways, "live", ends_on=dt.date(2099, 3, 31))
    text = as_person(colin).get(f"/contracts/{highways.number}/stage/").content.decode()
    assert "Its last day is 31 March 2099" in text


def test_an_old_version_is_refused_by_the_verb(colin, highways):
    with pytest.raises(Stale):
        verbs.move_on(highways, to="ended", by=colin, version=7)


def test_the_form_of_facts_leaves_the_stage_alone(as_person, colin, highways):
    form = as_person(colin).get(f"/contracts/{highways.number}/edit/").context["form"]
    assert "stage" not in form.fields


def test_a_terminated_contract_comes_back_by_undoing_the_termination_only(colin, highways):
    contract = at_stage(highways, "ended", terminated_on=dt.date(2021, 6, 30))
    with pytest.raises(Invalid, match="undo the termination instead"):
        verbs.move_on(contract, to="live", by=colin, note="A mistake.")


def test_a_contract_put_back_to_live_past_its_last_day_says_that_it_will_end_again(
    as_person, colin, highways
):
    at_stage(highways, "ended")
    page = as_person(colin).post(
        f"/contracts/{highways.number}/stage/",
        {"version": 1, "to": "live", "note": "The last invoice is open."},
        follow=True,
    )
    assert "it ends again by itself" in page.content.decode()


@pytest.mark.parametrize("source", ["commissioning", "tender"])
def test_a_procurement_is_given_up_on_a_day_and_for_a_reason(colin, highways, source):
    ahead = {"starts_on": dt.date(2098, 4, 1), "ends_on": dt.date(2099, 3, 31), "signed_on": None}
    contract = at_stage(highways, source, **ahead)
    with pytest.raises(Invalid) as refusal:
        verbs.move_on(contract, to="ended", by=colin)
    assert {name for name, _ in refusal.value.errors} == {"ends_on", "note"}
    with pytest.raises(Invalid, match="can’t be in the future"):
        verbs.move_on(contract, to="ended", by=colin, ends_on=dt.date(2097, 1, 1), note="No bids.")
    moved = verbs.move_on(contract, to="ended", by=colin, ends_on=today(), note="No bids.")
    assert (moved.starts_on, moved.ends_on, moved.stage) == (None, today(), "ended")
    changes = {name: was for name, was, _ in history_of(highways).first().changes}
    assert changes["Start date"] == "1 April 2098"


def test_the_page_asks_when_a_procurement_was_given_up(as_person, colin, highways):
    at_stage(highways, "tender", ends_on=dt.date(2099, 3, 31))
    path = f"/contracts/{highways.number}/stage/"
    client = as_person(colin)
    assert "Day the procurement was given up" in client.get(path).content.decode()
    day = {"ends_on_0": "1", "ends_on_1": "5", "ends_on_2": "2026"}
    page = client.post(path, {"version": 1, "to": "ended", "note": "No bids.", **day})
    assert page.status_code == 302
    assert Contract.objects.get(pk=highways.pk).ends_on == dt.date(2026, 5, 1)


def test_what_comes_back_from_ended_needs_a_start(colin, highways):
    contract = at_stage(highways, "ended", starts_on=None, signed_on=None)
    with pytest.raises(Invalid, match="Enter the date it starts"):
        verbs.move_on(contract, to="live", by=colin, note="Given up by mistake.")
