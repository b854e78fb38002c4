"""What is done to a contract on its way: its checklist is answered, and it moves from stage to stage."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.calendar import today
from accounts.history import changes, readable, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, Stage
from contracts.stages.defaults import WEIGHTING
from contracts.stages.moves import BY_STAGES, SIGNED, StageMove
from contracts.stages.permissions import may_answer, may_move_stage
from govuk.formats import day as show_day
from govuk.formats import plural

Kind, Verdict = ChecklistQuestion.Kind, ChecklistAnswer.Verdict


@dataclass(frozen=True)
class Given:
    """One answer as it was given; `seen` marks what the person had read, None whatever stands."""

    question: ChecklistQuestion
    verdict: str = ""
    percentage: Decimal | None = None
    words: str = ""
    seen: str | None = None

    @property
    def mark(self) -> str:
        """Return the mark of what was given."""
        return mark_of(self)


class Overtaken(Stale):
    """Somebody answered some of the same questions meanwhile; `questions` holds their numbers."""

    def __init__(self, message: str, questions: set[int]):
        super().__init__(message)
        self.questions = questions


def mark_of(answer: Given | ChecklistAnswer | None) -> str:
    """Return a short mark of an answer's content: two answers that say the same have the same mark.

    A page carries it for each question, so that an answer nobody touched is told from one that was changed.
    """
    if answer is None:
        return mark_of(Given(ChecklistQuestion()))
    said = (answer.verdict, readable(answer.percentage), plain(answer.words))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def plain(words: str) -> str:
    """Return words as they are kept: one kind of line break, nothing blank around them."""
    return "\n".join(words.splitlines()).strip()


def said(answer: Given | ChecklistAnswer | None) -> str:
    """Return an answer in one text, as history and pages show it; "" where there is none."""
    if answer is None:
        return ""
    short = Verdict(answer.verdict).label if answer.verdict else ""
    if answer.percentage is not None:
        short = f"{readable(answer.percentage)}%"
    return ". ".join(part for part in (short, plain(answer.words)) if part)


def problems_of(given: Given) -> list[tuple[str, str]]:
    """Return (field, sentence) for all that can't be accepted in one answer; a blank answer is fine."""
    found = []
    kind, asks_why = given.question.kind, given.verdict == Verdict.DOES_NOT_APPLY
    if given.verdict and given.verdict not in _verdicts(kind):
        found.append(("verdict", "Select one of the answers on the page"))
    if given.percentage is not None:
        if kind != Kind.PERCENTAGE:
            found.append(("percentage", "This question is not answered by a percentage"))
        elif not 0 <= given.percentage <= 100:
            found.append(("percentage", "The percentage must be between 0 and 100"))
        elif asks_why:
            found.append(("percentage", "Enter a percentage or say that it does not apply, not both"))
    if asks_why and not plain(given.words):
        found.append(("words", "Say why it does not apply"))
    return found


def _verdicts(kind: str) -> set[str]:
    """Return the short answers a kind of question takes."""
    return {Verdict.YES, Verdict.NO, Verdict.DOES_NOT_APPLY} if kind == Kind.YES_NO else {"n/a"}


def answer(contract: Contract, given: Iterable[Given], *, by: Person, note: str = "") -> int:
    """Save the answers that differ from what stands, all or none; return how many. One row of history.

    A percentage given to the question on the tender's weighting becomes the contract's weighting too. Raises
    Refused, Invalid, and Overtaken where somebody else changed an answer that was changed here as well.
    """
    given = list(given)
    wrong = [problem for one in given for problem in problems_of(one)]
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(may_answer(by, contract))
        questions = [one.question.pk for one in given]
        rows = contract.checklist_answers.filter(question__in=questions).select_related("question")
        standing = {row.question_id: row for row in rows}
        changed = [one for one in given if _is_change(one, standing.get(one.question.pk))]
        met = {
            one.question.pk
            for one in changed
            if one.seen is not None and one.seen != mark_of(standing.get(one.question.pk))
        }
        if met:
            raise Overtaken(
                f"Somebody else answered {plural(len(met), 'question')} you have changed too.", met
            )
        if not changed:
            return 0
        before, after = {}, {}
        for one in changed:
            row = standing.get(one.question.pk)
            name = one.question.text
            while name in after:
                # Two questions in the same words keep their answers apart.
                name += " (again)"
            before[name], after[name] = said(row), said(one)
            _put(row or ChecklistAnswer(contract=contract, question=one.question, version=0), one, by)
        record(
            action="stages.answer",
            subject=contract,
            by=by,
            summary=f"Answered {plural(len(changed), 'question')} of the checklist",
            before=before,
            after=after,
            note=note,
            contract_number=contract.number,
        )
        _carry_over_weighting(contract, changed, by)
    return len(changed)


def _is_change(one: Given, row: ChecklistAnswer | None) -> bool:
    """Return whether the person changed it, and to something else than what stands now."""
    return one.mark != one.seen and one.mark != mark_of(row)


def _put(row: ChecklistAnswer, given: Given, by: Person) -> None:
    row.verdict, row.percentage = given.verdict, given.percentage
    row.words = plain(given.words)
    row.answered_by, row.answered_at = by, timezone.now()
    row.version += 1
    row.save()


def _carry_over_weighting(contract: Contract, changed: list[Given], by: Person) -> None:
    """Put the weighting that was answered into the contract's facts; a cleared answer leaves the fact."""
    answers = [one.percentage for one in changed if one.question.key == WEIGHTING]
    if not answers or answers[0] is None:
        return
    facts = {"social_value_weighting": answers[0]}
    before, after = changes(contract, facts, facts)
    if not after:
        return
    contract.social_value_weighting = answers[0]
    contract.version += 1
    contract.save(update_fields=["social_value_weighting", "version", "changed_at"])
    record(
        action="contracts.set_weighting",
        subject=contract,
        by=by,
        summary="Set the social value weighting, as answered in the checklist",
        before=before,
        after=after,
        contract_number=contract.number,
    )


def move_on(
    contract: Contract,
    *,
    to: str,
    by: Person,
    on: dt.date | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    note: str = "",
    version: int | None = None,
) -> Contract:
    """Move the contract to another stage and return it; unanswered questions never stand in the way.

    `on` is the day it was signed and `starts_on` its start, asked for where it becomes signed and they are
    not known; `ends_on` its end, where it ends and none is known, or the day a procurement was given up,
    which takes its planned dates off. A correction back takes a reason, and what goes back before
    mobilisation is no longer signed. Raises Refused, Stale, Invalid.
    """
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(may_move_stage(by, contract))
        check_version(contract, version, "this contract")
        move = _move(contract, to)
        facts = _facts_of(contract, move, on, starts_on, ends_on)
        wrong = _problems(contract, move, facts, note)
        if wrong:
            raise Invalid(wrong)
        facts["stage"] = to
        before, after = changes(contract, facts, facts)
        for name, value in facts.items():
            setattr(contract, name, value)
        contract.version += 1
        contract.save(update_fields=[*facts, "version", "changed_at"])
        way = "back to" if move.is_back else "on to"
        record(
            action="contracts.move_on",
            subject=contract,
            by=by,
            summary=f"Moved {way} “{Stage(to).label}”",
            before=before,
            after=after,
            note=note.strip(),
            contract_number=contract.number,
        )
    return contract


def _move(contract: Contract, to: str) -> StageMove:
    """Return the move; raise Stale with what stands now where there is none."""
    move = next((one for key, one in BY_STAGES.items() if key == (contract.stage, to)), None)
    if move is None:
        target = f"“{Stage(to).label}”" if to in Stage.values else "the stage asked for"
        raise Stale(
            f"This contract is now at “{contract.get_stage_display()}”, from where it can’t move to "
            f"{target}. Somebody may have been there before you."
        )
    return move


def is_over(contract: Contract) -> bool:
    """Return whether the contract's last day is past."""
    return contract.last_day is not None and contract.last_day < today()


def _facts_of(
    contract: Contract,
    move: StageMove,
    on: dt.date | None,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
) -> dict[str, Any]:
    """Return the facts the move sets besides the stage: those it needs and was given, known ones kept."""
    facts: dict[str, Any] = {}
    if "signed_on" in move.needs and on:
        facts["signed_on"] = on
    if "starts_on" in move.needs and starts_on and contract.starts_on is None:
        facts["starts_on"] = starts_on
    if "last_day" in move.needs and ends_on and contract.last_day is None:
        facts["ends_on"] = ends_on
    if "given_up_on" in move.needs and ends_on and not is_over(contract):
        facts |= {"ends_on": ends_on, "extended_to": None}
        if contract.starts_on and contract.starts_on > ends_on:
            facts["starts_on"] = None
    if move.is_back and move.target not in (*SIGNED, Stage.ENDED) and contract.signed_on:
        facts["signed_on"] = None
    return facts


def _problems(contract: Contract, move: StageMove, facts: dict[str, Any], note: str) -> list[tuple[str, str]]:
    """Return (field, sentence) for all that stands in the way of the move."""
    found = []
    signed = facts.get("signed_on") or contract.signed_on
    starts = facts.get("starts_on") or contract.starts_on
    last = facts.get("ends_on") or contract.last_day
    if move.takes_reason and not note.strip():
        found.append(("note", "Say why it goes back: the reason stands in the contract’s history"))
    if move.source == Stage.ENDED and contract.terminated_on:
        found.append(
            ("to", f"It was terminated on {show_day(contract.terminated_on)}: undo the termination instead")
        )
    if "signed_on" in move.needs and signed is None:
        found.append(("signed_on", "Enter the date it was signed: signature makes a contract live"))
    if facts.get("signed_on") and facts["signed_on"] > today():
        found.append(("signed_on", "The date it was signed can’t be in the future"))
    if "starts_on" in move.needs and starts is None:
        found.append(("starts_on", "Enter the date it starts"))
    if facts.get("starts_on") and contract.last_day and facts["starts_on"] > contract.last_day:
        found.append(("starts_on", f"It can’t start after its last day, {show_day(contract.last_day)}"))
    if "given_up_on" in move.needs and not is_over(contract):
        if "ends_on" not in facts:
            found.append(("ends_on", "Enter the day the procurement was given up"))
        elif facts["ends_on"] > today():
            found.append(("ends_on", "The day the procurement was given up can’t be in the future"))
        if not note.strip():
            found.append(("note", "Say why the procurement was given up"))
    if "last_day" in move.needs:
        if last is None:
            found.append(("ends_on", "Enter the last day it ran"))
        elif starts and last < starts and "ends_on" in facts:
            found.append(("ends_on", f"It can’t end before its start, {show_day(starts)}"))
        elif last >= today():
            found.append(
                (
                    "ends_on" if "ends_on" in facts else "to",
                    f"Its last day is {show_day(last)}. It ends here once that day is past; a contract that "
                    "stops before is terminated instead",
                )
            )
    return found
