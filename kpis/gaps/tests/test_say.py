"""Saying why a contract has no or weak KPIs: who may, what must be said, and never over somebody else."""

import datetime as dt

import pytest

from accounts.calendar import today
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.gaps import verbs
from kpis.gaps.models import GapNote

pytestmark = pytest.mark.django_db
SOON = today() + dt.timedelta(days=60)


def say(contract, by, **given):
    """Return a note with usual answers."""
    usual = {"reason": "not_asked", "next_step": "next_contract", "who": contract.manager, "by_when": SOON}
    return verbs.say(contract, by=by, **{**usual, **given})


def fields(caught):
    """Return the fields a refusal speaks of."""
    return [name for name, _ in caught.value.errors]


@pytest.mark.parametrize("who", ["colin", "priya", "dana", "desmond", "lena", "adam"])
def test_its_people_the_director_deputies_and_the_lead_may_say_why(bare, cast, who):
    contract = bare()
    assert say(contract, cast[who]).made_by == cast[who]
    assert HistoryRow.objects.of_contract(contract.pk).filter(action="gaps.say").count() == 1


@pytest.mark.parametrize("who", ["della", "ewa", "sami", "oscar", "olga", "otto", "nadia", "dafydd"])
def test_nobody_else_may(bare, cast, who):
    with pytest.raises(Refused):
        say(bare(), cast[who])
    assert not GapNote.objects.exists()


def test_another_reason_needs_words_and_a_step_needs_somebody_and_a_day(bare, colin):
    contract = bare()
    with pytest.raises(Invalid) as caught:
        say(contract, colin, reason="other", who=None, by_when=None)
    assert fields(caught) == ["words", "who", "by_when"]
    with pytest.raises(Invalid) as caught:
        say(contract, colin, by_when=today() - dt.timedelta(days=1))
    assert fields(caught) == ["by_when"]
    note = say(contract, colin, next_step="nothing", who=None, by_when=None)
    assert (note.who, note.by_when) == (None, None)


def test_only_its_own_people_and_commissioners_can_be_named(bare, colin, priya, otto):
    contract = bare()
    with pytest.raises(Invalid) as caught:
        say(contract, colin, who=otto)
    assert fields(caught) == ["who"]
    assert say(contract, priya, who=colin).who == colin


def test_where_nobody_is_named_the_director_can_be(bare, dana, colin):
    colin.appointments.all().delete()
    contract = bare(manager=None, commissioner=None)
    assert say(contract, dana, who=dana, reason="nobody").who == dana


def test_a_contract_without_kpis_is_never_right_as_it_is(bare, covered, colin):
    with pytest.raises(Invalid) as caught:
        say(bare(), colin, reason="no_gap", next_step="nothing")
    assert fields(caught) == ["reason"]
    weak = covered(until=2)
    with pytest.raises(Invalid) as caught:
        say(weak, colin, reason="no_gap")
    assert fields(caught) == ["next_step"]
    with pytest.raises(Invalid) as caught:
        # Nobody is asked who does a step that cannot stand.
        say(weak, colin, reason="no_gap", who=None, by_when=None)
    assert fields(caught) == ["next_step"]
    assert say(weak, colin, reason="no_gap", next_step="nothing").reason == "no_gap"


def test_an_ended_contract_needs_no_reason(bare, colin):
    with pytest.raises(Stale):
        say(bare(ends_on=today() - dt.timedelta(days=1)), colin)


def test_the_page_keeps_what_was_typed_and_says_all_that_is_missing(as_person, bare, colin, typed):
    contract = bare()
    client = as_person(colin)
    page = client.post(f"/contracts/{contract.number}/gap/", typed(reason="other", words=""))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Say in your own words what the other reason is" in text
    assert "Select who will do it" in text
    assert page.context["form"]["next_step"].value() == "next_contract"
    done = client.post(f"/contracts/{contract.number}/gap/", typed(who=colin))
    assert done["Location"] == contract.get_absolute_url()
    assert contract.gap_notes.get().words == "The tender scored price alone."


def test_the_second_of_two_is_told_what_the_first_said_and_keeps_their_words(
    as_person, bare, colin, dana, typed
):
    contract = bare()
    say(contract, dana, reason="too_small")
    client = as_person(colin)
    page = client.post(f"/contracts/{contract.number}/gap/", typed(who=colin))
    text = page.content.decode()
    assert page.status_code == 409
    assert "Dana Okafor changed" in text
    assert "Too small or too short" in text
    assert "The tender scored price alone." in text
    assert contract.gap_notes.count() == 1
    seen = page.context["form"].data["seen"]
    assert client.post(f"/contracts/{contract.number}/gap/", typed(who=colin, seen=seen)).status_code == 302
    assert contract.gap_notes.count() == 2


def test_the_contract_page_shows_the_gap_and_the_words_only_to_those_who_work_on_it(
    as_person, bare, covered, colin, sami
):
    contract = bare()
    address = contract.get_absolute_url()
    assert "Nobody has said" in as_person(colin).get(address).content.decode()
    say(contract, colin, words="Because of the merger.")
    mine = as_person(colin).get(address).content.decode()
    assert "Because of the merger." in mine
    assert f"/contracts/{contract.number}/gap/" in mine
    theirs = as_person(sami).get(address).content.decode()
    assert "Not asked for at tender" in theirs
    assert "Because of the merger." not in theirs
    assert f"/contracts/{contract.number}/gap/" not in theirs
    assert 'id="gaps"' not in as_person(colin).get(covered().get_absolute_url()).content.decode()
