"""Which questions of the checklist are asked of a contract, and how far its answers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, Stage

STAGES: list[Stage] = list(Stage)


@dataclass(frozen=True)
class Progress:
    """How many of the questions asked are answered."""

    answered: int = 0
    asked: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.answered + other.answered, self.asked + other.asked)

    @property
    def left(self) -> int:
        """Return how many are not answered yet."""
        return self.asked - self.answered

    @property
    def is_complete(self) -> bool:
        """Return whether every question asked is answered; where none is asked nothing is left to do."""
        return self.left == 0


class Checklist:
    """The questions asked today, fetched once; then asked of any number of contracts without a query."""

    def __init__(self) -> None:
        # The value band is a floor here: a question "from £1 million" is asked of £5 million too.
        active = ChecklistQuestion.objects.filter(is_active=True).select_related("tier", "band")
        self.by_stage: dict[str, list[ChecklistQuestion]] = {stage: [] for stage in STAGES}
        for question in active.order_by("position", "pk"):
            self.by_stage[question.stage].append(question)

    def of(self, contract: Contract, stage: str | None = None) -> list[ChecklistQuestion]:
        """Return the questions asked of the contract at one stage, or at all in the order of the stages."""
        stages = STAGES if stage is None else [stage]
        return [one for stage in stages for one in self.by_stage[stage] if is_asked_of(one, contract)]


def is_asked_of(question: ChecklistQuestion, contract: Contract) -> bool:
    """Return whether the question fits the contract: its tier, its category, its whole value.

    Unlike in rules, a question's value band means "from this band up". A contract whose value is not known
    is asked only what every contract is asked.
    """
    value = contract.whole_value
    reached = question.band is not None and value is not None and value >= question.band.at_least
    return question.fits(
        tier=contract.tier,
        category_id=contract.category_id,
        band_id=question.band_id if reached else None,
    )


def answered_questions(contracts: Iterable[Contract] | QuerySet[Contract]) -> dict[int, set[int]]:
    """Return for each contract the questions it has answered, in one query."""
    if isinstance(contracts, QuerySet):
        wanted: object = contracts.order_by().values("pk")
    else:
        wanted = [contract.pk for contract in contracts]
    found: dict[int, set[int]] = defaultdict(set)
    rows = ChecklistAnswer.objects.answered().filter(contract__in=wanted)
    for contract_id, question_id in rows.values_list("contract_id", "question_id"):
        found[contract_id].add(question_id)
    return found


def progress_of(contract: Contract) -> dict[str, Progress]:
    """Return the contract's progress at every stage, in two queries."""
    checklist, answered = Checklist(), answered_questions([contract])[contract.pk]
    return {stage: _counted(checklist.of(contract, stage), answered) for stage in STAGES}


def progress_of_many(
    contracts: Iterable[Contract], among: QuerySet[Contract] | None = None
) -> dict[int, Progress]:
    """Return each contract's progress at the stage where it stands, in two queries however many there are.

    `among` is a query that holds the contracts: give it where they may be thousands.
    """
    contracts = list(contracts)
    checklist = Checklist()
    answered = answered_questions(contracts if among is None else among)
    return {one.pk: _counted(checklist.of(one, one.stage), answered.get(one.pk, set())) for one in contracts}


def _counted(questions: list[ChecklistQuestion], answered: set[int]) -> Progress:
    return Progress(sum(one.pk in answered for one in questions), len(questions))
