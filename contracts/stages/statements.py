"""What suppliers are told to expect: drawn from the checklist, and kept word for word once published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from accounts.history import readable, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, SupplierStatement
from contracts.stages.asked import Checklist
from contracts.stages.permissions import may_answer
from contracts.stages.verbs import plain

LONGEST_INTRODUCTION = 3000


@dataclass(frozen=True)
class Draft:
    """The statement as the answers give it today: its sections, and what they leave open."""

    # {"heading": ..., "text": ...}, in the order of the checklist.
    sections: list[dict[str, str]]
    # Questions of the statement nobody has answered, and those that do not apply.
    missing: list[ChecklistQuestion] = field(default_factory=list)
    left_out: list[ChecklistQuestion] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Return a mark of what the sections say."""
        return hashlib.sha256(repr(self.sections).encode()).hexdigest()[:16]


def first_introduction(contract: Contract) -> str:
    """Return the words a statement opens with: those of the last one kept, or ours."""
    last = contract.supplier_statements.first()
    if last is not None:
        return str(last.content.get("introduction", ""))
    return (
        f"{settings.COUNCIL_NAME} wants its contracts to do good beyond the service they pay for: for "
        "people, for the local economy and for the environment of the area. This statement says what matters "
        "for this contract, so that suppliers can plan for it before they tender."
    )


def draft_of(contract: Contract) -> Draft:
    """Return the statement as today's answers give it; only answers meant for it, and nothing else, go in."""
    questions = [one for one in Checklist().of(contract) if one.statement_heading]
    rows = contract.checklist_answers.filter(question__in=[one.pk for one in questions])
    answers = {row.question_id: row for row in rows.select_related("question")}
    texts: dict[str, list[str]] = {}
    missing, left_out = [], []
    for question in questions:
        row = answers.get(question.pk)
        if row is None or not row.is_answered:
            missing.append(question)
        elif row.verdict == ChecklistAnswer.Verdict.DOES_NOT_APPLY:
            # Why it does not apply is the council's own note.
            left_out.append(question)
        else:
            texts.setdefault(question.statement_heading, []).append(_text(row))
    sections = [{"heading": heading, "text": "\n\n".join(parts)} for heading, parts in texts.items()]
    return Draft(sections, missing, left_out)


def _text(row: ChecklistAnswer) -> str:
    """Return an answer as suppliers read it."""
    words = plain(row.words)
    if row.question.kind == ChecklistQuestion.Kind.PERCENTAGE:
        return "\n".join(part for part in (f"{readable(row.percentage)}%", words) if part)
    if row.question.kind == ChecklistQuestion.Kind.YES_NO:
        return "\n".join(part for part in (row.get_verdict_display(), words) if part)
    return words


def keep(
    contract: Contract, *, by: Person, introduction: str, seen: str | None = None, note: str = ""
) -> SupplierStatement:
    """Keep the statement as it was published, under the contract's next number, and return it.

    What is kept never changes: whatever is answered later goes into a later statement. Raises Refused,
    Invalid where there is nothing to say or nothing new, Stale where an answer has changed since `seen`.
    """
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(may_answer(by, contract))
        draft = draft_of(contract)
        if seen is not None and seen != draft.mark:
            raise Stale(
                "An answer was changed while you had the statement open. Read it again before it is kept."
            )
        introduction = plain(introduction)
        last = contract.supplier_statements.first()
        content = {
            "council": settings.COUNCIL_NAME,
            "title": contract.title,
            "reference": contract.reference,
            "introduction": introduction,
            "sections": draft.sections,
        }
        wrong = []
        if not draft.sections:
            wrong.append(("", "Answer at least one question of the statement before you keep it"))
        if not introduction:
            wrong.append(("introduction", "Enter an introduction"))
        if len(introduction) > LONGEST_INTRODUCTION:
            wrong.append(
                ("introduction", f"The introduction must be {LONGEST_INTRODUCTION} characters or fewer")
            )
        if last is not None and last.content == content:
            wrong.append(("", f"It says the same as statement {last.number}, which is kept already"))
        if wrong:
            raise Invalid(wrong)
        statement = SupplierStatement.objects.create(
            contract=contract, number=last.number + 1 if last else 1, content=content, made_by=by
        )
        record(
            action="contracts.keep_statement",
            subject=statement,
            by=by,
            summary=f"Kept statement {statement.number} for suppliers as published",
            after={"Sections": [section["heading"] for section in draft.sections]},
            note=note,
            contract_number=contract.number,
        )
    return statement
