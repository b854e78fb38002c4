"""What can be done to the questions of the checklist: add, change, retire, ask again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import ChecklistQuestion, Stage
from contracts.stages.permissions import may_keep_questions

FACTS = (
    "stage", "position", "text", "hint", "kind", "statement_heading", "tier", "category", "band",
)  # fmt: skip
WHAT = "this question"


def add(*, by: Person, note: str = "", **facts: Any) -> ChecklistQuestion:
    """Add a question and return it; it is asked of every contract it fits from now on."""
    require(may_keep_questions(by))
    question = ChecklistQuestion(**_known(facts))
    _check(question)
    with transaction.atomic():
        question.save()
        _record("stages.add_question", question, by, f"Added the question “{question.text}”", note=note)
    return question


def change(
    question: ChecklistQuestion, *, by: Person, version: int | None = None, note: str = "", **facts: Any
) -> ChecklistQuestion:
    """Change a question and return it. Answers stay, and history keeps the words each answer was given to.

    Raises Refused, Stale, Invalid; the kind of a question that has been answered can't change.
    """
    with transaction.atomic():
        question = lock(ChecklistQuestion, question.pk)
        require(may_keep_questions(by))
        check_version(question, version, WHAT)
        facts = _known(facts)
        before, after = changes(question, facts, facts)
        if not before and not after:
            return question
        kind = facts.get("kind", question.kind)
        if kind != question.kind and question.answers.exists():
            sentence = "It has been answered, so this can’t change. Retire it and add another"
            raise Invalid([("kind", sentence)])
        for name, value in facts.items():
            setattr(question, name, value)
        _check(question)
        question.version += 1
        question.save()
        summary = f"Changed the question “{question.text}”"
        _record("stages.change_question", question, by, summary, before, after, note)
    return question


def retire(question: ChecklistQuestion, *, by: Person, version: int | None = None) -> ChecklistQuestion:
    """Stop asking a question; its answers stay."""
    return _ask(question, by=by, version=version, active=False)


def ask_again(question: ChecklistQuestion, *, by: Person, version: int | None = None) -> ChecklistQuestion:
    """Ask a retired question again; earlier answers count."""
    return _ask(question, by=by, version=version, active=True)


def _ask(question: ChecklistQuestion, *, by: Person, version: int | None, active: bool) -> ChecklistQuestion:
    with transaction.atomic():
        question = lock(ChecklistQuestion, question.pk)
        require(may_keep_questions(by))
        check_version(question, version, WHAT)
        if question.is_active == active:
            raise Stale(f"This question is {'asked' if active else 'retired'} already.")
        question.is_active = active
        question.version += 1
        question.save(update_fields=["is_active", "version"])
        verb = "ask_again" if active else "retire"
        summary = f"{'Asks again' if active else 'Retired the question'} “{question.text}”"
        _record(f"stages.{verb}", question, by, summary)
    return question


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    """Refuse a fact nobody may change by hand: a mistake in the code."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"Questions have no such facts: {', '.join(sorted(unknown))}.")
    return facts


def _check(question: ChecklistQuestion) -> None:
    found = []
    if not question.text.strip():
        found.append(("text", "Enter a question"))
    if question.stage not in Stage.values:
        found.append(("stage", "Select a stage"))
    if question.kind not in ChecklistQuestion.Kind.values:
        found.append(("kind", "Select how it is answered"))
    if found:
        raise Invalid(found)


def _record(
    action: str,
    question: ChecklistQuestion,
    by: Person,
    summary: str,
    before: dict | None = None,
    after: dict | None = None,
    note: str = "",
) -> None:
    record(action=action, subject=question, by=by, summary=summary, before=before, after=after, note=note)
