"""Who may make which move of a KPI set in which state, by what authority: from the permissions themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Person
from accounts.permissions import Answer
from kpis.approvals.challenge_permissions import may_answer, may_ask
from kpis.approvals.models import Challenge
from kpis.approvals.moves_world import World
from kpis.approvals.permissions import MayDecide, may_decide
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES
from kpis.proposals.permissions import may_propose

STATES = list(KPISet.Status.values)
PERMISSIONS: dict[str, Callable[[Person, KPISet], Answer]] = {
    "edit": lambda person, kpi_set: may_propose(person, kpi_set.contract),
    "submit": lambda person, kpi_set: may_propose(person, kpi_set.contract),
    "take_back": lambda person, kpi_set: may_propose(person, kpi_set.contract),
    "withdraw": lambda person, kpi_set: may_propose(person, kpi_set.contract),
    "approve": may_decide,
    "send_back": may_decide,
    "challenge": lambda person, kpi_set: may_ask(person),
    "answer": lambda person, kpi_set: may_answer(person, Challenge(kpi_set=kpi_set)),
}


@dataclass(frozen=True)
class Line:
    """One authority: which moves it allows, and the words with which a decision is allowed or refused."""

    who: str
    may: dict[str, bool]
    authority: str

    def does(self, state: str) -> list[str]:
        """Return the moves this person can make in a state."""
        return [verb for verb, allowed in self.may.items() if allowed and MOVES.allows(state, verb)]


def sets_of(world: World) -> dict[int, KPISet]:
    """Return a set of each contract by the contract's key: of the second the director had a hand in it."""
    found = {}
    for contract in (world.plain, world.handled):
        kpi_set = KPISet.objects.create(
            contract=contract, number=1, started_by=world.proposer, submitted_by=world.proposer
        )
        kpi_set.editors.add(world.proposer)
        if contract == world.handled:
            kpi_set.editors.add(world.handler)
        found[contract.pk] = kpi_set
    return found


def lines(world: World, sets: dict[int, KPISet]) -> list[Line]:
    """Return a line for each authority, as the permissions answer today."""
    found = []
    for who, person in world.people.items():
        kpi_set = sets[world.contract_of(who).pk]
        answers = {verb: ask(person, kpi_set) for verb, ask in PERMISSIONS.items()}
        decides = answers["approve"]
        assert isinstance(decides, MayDecide)
        words = decides.authority if decides else decides.reason
        found.append(Line(who, {verb: bool(answer) for verb, answer in answers.items()}, words))
    return found


def moves_as_lines() -> list[str]:
    """Return the moves as one line of text each: from, to, by whom, with which letter."""
    found = []
    for move in MOVES:
        sources = ", ".join(sorted(move.sources))
        letter = f"; letter {move.letter}" if move.letter else ""
        found.append(f"{move.verb}: {sources} -> {move.target or 'stays'}; {move.who}{letter}")
    return found


def in_markdown(every: list[Line]) -> str:
    """Return the whole table as the page `docs/moves.md` holds it."""
    out = [
        "# Every move of a KPI set",
        "",
        "Printed by `manage.py print_moves --people` from the permissions themselves; a test compares this",
        "page with them and makes every move by everybody. The contract is joint: its lead directorate is",
        "Parks and Streets, its partner Adults, both made up, as is everybody. Exceptions move alike.",
        f"Onward delegation is {'allowed' if settings.ONWARD_DELEGATION else 'off'} (`ONWARD_DELEGATION`).",
        "",
        "## Moves",
        "",
        "```",
        *moves_as_lines(),
        "```",
        "",
    ]
    for state in STATES:
        label = KPISet.Status(state).label
        verbs = [verb for verb in PERMISSIONS if MOVES.allows(state, verb)]
        out += [f"## {label} (`{state}`)", ""]
        if not verbs:
            out += ["Nobody can move it any more.", ""]
            continue
        out += [
            f"| Who | {' | '.join(verb.replace('_', ' ') for verb in verbs)} |",
            f"|---|{'---|' * len(verbs)}",
        ]
        for line in every:
            cells = ["yes" if verb in line.does(state) else "no" for verb in verbs]
            out.append(f"| {line.who} | {' | '.join(cells)} |")
        out.append("")
    out += [
        "## On what authority a waiting set is decided, or why not",
        "",
        "An approval of one directorate leaves the set waiting until the other has approved it too; a return",
        "by either returns it.",
        "",
        "| Who | Words of the record, or of the refusal |",
        "|---|---|",
        *(f"| {line.who} | {line.authority} |" for line in every),
        "",
    ]
    return "\n".join(out)
