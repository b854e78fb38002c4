"""Every state of a KPI set, every move, every person and authority: what the table says is what happens."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import HistoryRow, Person
from accounts.verbs.recipe import Refused, Stale
from conftest import CAST
from contracts.models import Contract
from kpis.approvals import challenges, moves_table, moves_world
from kpis.approvals import verbs as approvals
from kpis.approvals.models import Challenge, Decision
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES

PROPOSERS = {
    "commissioner",
    "contract manager",
    "deputy contract manager",
    "director who had a hand in it",
    "director who also commissions",
}
FOR_LEAD = {
    "director",
    "deputy director",
    "director who also commissions",
    "delegate",
    "delegate by their post",
}
FOR_PARTNER = {"partner's director", "partner's delegate"}
DECIDERS = FOR_LEAD | FOR_PARTNER
# Move -> (who may, state it leads to, states it starts from).
EXPECTED = {
    "edit": (PROPOSERS, "", {"draft", "returned"}),
    "submit": (PROPOSERS, "submitted", {"draft", "returned"}),
    "take_back": (PROPOSERS, "draft", {"submitted"}),
    "withdraw": (PROPOSERS, "withdrawn", {"draft", "submitted", "returned"}),
    "approve": (DECIDERS, "approved", {"submitted"}),
    "send_back": (DECIDERS, "returned", {"submitted"}),
    "challenge": ({"social value lead"}, "", {"submitted"}),
    "answer": (PROPOSERS, "", {"draft", "submitted", "returned"}),
}
STATES = ["draft", "submitted", "returned", "approved", "withdrawn"]
ASKED = "Why so few?"


@pytest.fixture
def made(db):
    """Return one person for every authority, with two joint contracts."""
    return moves_world.make()


def propose(world, contract):
    """Return a draft of one KPI; of the second contract the director had a hand in it."""
    kpi_set = verbs.start_set(contract, by=world.proposer)
    verbs.add_kpi(kpi_set, by=world.proposer, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    kpi_set.refresh_from_db()
    if contract == world.handled:
        kpi_set = verbs.describe(kpi_set, by=world.handler, why="As the director asked")
    return kpi_set


def bring(world, contract, state):
    """Return a set in a state, reached by the moves themselves, and a question about it where one can be."""
    people = world.people
    kpi_set = propose(world, contract)
    if state == "withdrawn":
        return verbs.withdraw(kpi_set, by=world.proposer), None
    kpi_set = verbs.submit(kpi_set, by=world.proposer)
    asked = None
    if state in {"draft", "returned"}:
        asked = challenges.challenge(kpi_set, by=people["social value lead"], comment=ASKED)
    if state == "draft":
        return verbs.take_back(kpi_set, by=world.proposer), asked
    quoted = {"content_hash": kpi_set.content_hash}
    if state == "returned":
        return approvals.send_back(
            kpi_set, by=people["deputy director"], reasons={1: "Too low"}, **quoted
        ), asked
    if state == "approved":
        approvals.approve(kpi_set, by=people["deputy director"], **quoted)
        kpi_set = approvals.approve(kpi_set, by=people["partner's director"], **quoted)
    return kpi_set, asked


def do(move, kpi_set, person, asked, lead):
    if move == "edit":
        return verbs.describe(kpi_set, by=person, why="Because")
    if move == "approve":
        return approvals.approve(kpi_set, by=person, content_hash=kpi_set.content_hash)
    if move == "send_back":
        return approvals.send_back(
            kpi_set, by=person, content_hash=kpi_set.content_hash, reasons={1: "Too low"}
        )
    if move == "challenge":
        return challenges.challenge(kpi_set, by=person, comment=ASKED).kpi_set
    if move == "answer":
        if asked is None and kpi_set.status == "submitted":
            asked = challenges.challenge(kpi_set, by=lead, comment=ASKED)
        elif asked is None:
            asked = Challenge.objects.create(
                kpi_set=kpi_set,
                submission=kpi_set.submissions.first() or other_submission(),
                comment=ASKED,
                asked_by=lead,
            )
        return challenges.answer(asked, by=person, answer="Because").kpi_set
    return getattr(verbs, move)(kpi_set, by=person)


def other_submission():
    """Return any submission: a set withdrawn as a draft was never sent, and nobody could ask about it."""
    from kpis.proposals.models import SetSubmission

    kpi_set = KPISet.objects.first()
    return SetSubmission.objects.create(
        kpi_set=kpi_set,
        ordinal=99,
        content={"kpis": []},
        content_hash="0" * 64,
        submitted_by=kpi_set.started_by,
    )


def test_the_table_that_is_printed_is_the_table_that_is_tested():
    assert set(MOVES.table) == set(EXPECTED) == set(moves_table.PERMISSIONS)
    for name, (_, target, sources) in EXPECTED.items():
        assert MOVES.table[name].sources == sources
        assert MOVES.table[name].target == target


def test_the_permissions_say_what_is_expected(made):
    every = moves_table.lines(made, moves_table.sets_of(made))
    assert len(every) == 23
    for line in every:
        assert {verb for verb, may in line.may.items() if may} == {
            verb for verb, (who_may, _, _) in EXPECTED.items() if line.who in who_may
        }, line.who
        assert line.authority


@pytest.mark.parametrize("state", STATES)
def test_every_state_every_move_every_authority(state, made):
    sets = {contract.pk: bring(made, contract, state) for contract in (made.plain, made.handled)}
    lead = made.people["social value lead"]
    for who, person in made.people.items():
        kpi_set, asked = sets[made.contract_of(who).pk]
        for move, (who_may, target, sources) in EXPECTED.items():
            point = transaction.savepoint()
            kpi_set = KPISet.objects.get(pk=kpi_set.pk)
            if who not in who_may:
                # A question that is closed is closed for everybody.
                closed = move == "answer" and state not in sources
                with pytest.raises(Stale if closed else Refused) as caught:
                    do(move, kpi_set, person, asked, lead)
                assert str(caught.value).endswith("."), (who, move)
            elif state not in sources:
                with pytest.raises(Stale):
                    do(move, kpi_set, person, asked, lead)
            else:
                done = do(move, kpi_set, person, asked, lead)
                # The other directorate of this joint contract has to approve it too.
                assert done.status == ("submitted" if move == "approve" else target or state), (who, move)
                if move == "approve":
                    place = (
                        made.plain.directorate if who in FOR_LEAD else made.plain.partner_directorates.get()
                    )
                    assert Decision.objects.latest("pk").directorate == place
            transaction.savepoint_rollback(point)
            assert KPISet.objects.get(pk=kpi_set.pk).status == state


def test_a_delegation_handed_on_decides_only_where_the_council_allows_it(made, settings):
    kpi_set, _ = bring(made, made.plain, "submitted")
    person = made.people["delegate by onward delegation"]
    with pytest.raises(Refused):
        approvals.approve(kpi_set, by=person, content_hash=kpi_set.content_hash)
    settings.ONWARD_DELEGATION = True
    approvals.approve(kpi_set, by=Person.objects.get(pk=person.pk), content_hash=kpi_set.content_hash)
    decision = Decision.objects.get()
    assert decision.acting_for == made.people["director"]
    assert decision.authority == (
        "For Director, Strategic Director, Parks and Streets (made up), under the delegation of "
        "1 April 2020, scheme 4.2, handed on by Delegate from 1 April 2020"
    )


def test_the_page_of_moves_is_what_the_code_prints(db, settings):
    settings.DEMO = True
    out, people = StringIO(), Person.objects.count()
    call_command("print_moves", "--people", stdout=out)
    page = Path(settings.BASE_DIR, "docs", "moves.md").read_text()
    assert out.getvalue().strip() == page.strip(), (
        "print it again: manage.py print_moves --people > docs/moves.md"
    )
    assert (Person.objects.count(), Contract.objects.count(), HistoryRow.objects.count()) == (people, 0, 0)


def test_the_table_of_people_is_not_printed_on_a_councils_own_database_unasked(db):
    assert not settings.DEBUG
    with pytest.raises(CommandError, match="--although-live"):
        call_command("print_moves", "--people", stdout=StringIO())
    out = StringIO()
    call_command("print_moves", stdout=out)
    assert "approve: submitted -> approved" in out.getvalue()
    call_command("print_moves", "--people", "--although-live", stdout=StringIO())
    assert not Contract.objects.exists()


@pytest.mark.parametrize("name", CAST)
def test_members_and_strangers_see_no_set_before_it_is_approved(name, highways, priya, dana, cast):
    kpi_set = verbs.start_set(highways, by=priya)
    verbs.add_kpi(kpi_set, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    kpi_set = verbs.submit(KPISet.objects.get(pk=kpi_set.pk), by=priya)
    insiders = {"colin", "priya", "dafydd", "dana", "desmond", "della", "lena", "adam"}
    seen = KPISet.objects.visible_to(cast[name]).filter(pk=kpi_set.pk).exists()
    assert seen == (name in insiders)
    KPISet.objects.filter(pk=kpi_set.pk).update(status="approved", decided_at=kpi_set.submitted_at)
    seen = KPISet.objects.visible_to(cast[name]).filter(pk=kpi_set.pk).exists()
    assert seen == Contract.objects.visible_to(cast[name]).filter(pk=kpi_set.contract_id).exists()


def test_those_who_decide_for_a_partner_read_what_waits(made):
    kpi_set, _ = bring(made, made.plain, "submitted")
    seen = {who for who, person in made.people.items() if kpi_set in KPISet.objects.visible_to(person)}
    assert {"partner's director", "partner's delegate"} <= seen
    assert not {"partner's commissioner", "another directorate's director", "executive member"} & seen
