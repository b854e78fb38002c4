"""Pages of a contract's way: its checklist, and the move to another stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, Stage
from contracts.stages import permissions, verbs
from contracts.stages.asked import STAGES, Checklist, Progress, progress_of
from contracts.stages.defaults import WEIGHTING
from contracts.stages.forms import AnswerForm, StageMoveForm
from contracts.stages.moves import SIGNED, moves_from
from govuk.errors import summary_of
from govuk.formats import day, day_time, plural


@dataclass
class Row:
    """One question on the page: its answer as it stands, its form, and what was saved meanwhile."""

    question: ChecklistQuestion
    answer: ChecklistAnswer | None
    form: AnswerForm
    meanwhile: str = ""
    is_weighting: bool = False

    @property
    def said(self) -> str:
        """Return the answer in one text."""
        return verbs.said(self.answer)

    @property
    def is_answered(self) -> bool:
        """Return whether the question is answered."""
        return self.answer is not None and self.answer.is_answered


@dataclass
class StagePart:
    """One stage of the checklist: its questions, how far they are, and whether it stands open."""

    stage: Stage
    rows: list[Row]
    is_present: bool = False

    @property
    def progress(self) -> Progress:
        """Return how many of its questions are answered."""
        return Progress(sum(row.is_answered for row in self.rows), len(self.rows))

    @property
    def is_open(self) -> bool:
        """Return whether it must not be folded: something in it wants attention."""
        return any(row.meanwhile or row.form.errors for row in self.rows)


def seen_contract(request: SignedInRequest, number: int) -> Contract:
    """Return the contract, or 404 where the person may not know of it."""
    seen = Contract.objects.visible_to(request.user).with_names()
    return get_object_or_404(seen.prefetch_related("deputies", "partner_directorates"), pk=number)


def trail_of(contract: Contract, *crumbs: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the breadcrumbs from home by the contract to a page of its own."""
    return [
        ("Home", "/"),
        ("Contracts", reverse("contracts:contract-list")),
        (contract.title, contract.get_absolute_url()),
        *crumbs,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: SignedInRequest, number: int) -> HttpResponse:
    """Show the questions of every stage, the present one first; save what was answered, all or nothing."""
    contract = seen_contract(request, number)
    require(permissions.may_read_answers(request.user, contract))
    may = permissions.may_answer(request.user, contract)
    status, stale = 200, ""
    rows = _rows(contract, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(may)
        if all(row.form.is_valid() for row in rows if row.form.is_bound):
            given = [row.form.given for row in rows if row.form.is_bound]
            try:
                saved = verbs.answer(contract, given, by=request.user)
            except verbs.Overtaken as overtaken:
                status, stale = 409, str(overtaken)
                rows = _rows_since(contract, request.POST, overtaken.questions)
            else:
                word = f"{plural(saved, 'answer')} saved." if saved else "Nothing was different."
                messages.success(request, word)
                return redirect("contracts:checklist", number)
    parts = _parts(contract, rows)
    asked_now = {row.question.pk for part in parts for row in part.rows}
    context = {
        "contract": contract,
        "present": next(part for part in parts if part.is_present),
        "others": [part for part in parts if not part.is_present and part.rows],
        "no_longer_asked": [row for row in rows if row.question.pk not in asked_now],
        "may": may,
        "stale": stale,
        "errors": summary_of([row.form for row in rows]),
        "has_errors": bool(stale) or any(row.form.is_bound and row.form.errors for row in rows),
        "trail": trail_of(contract, ("Checklist", "")),
    }
    return render(request, "contracts/checklist.html", context, status=status)


def _rows(contract: Contract, data: Any) -> list[Row]:
    """Return a row for every question asked, answered or sent; those not in the form stand as they are."""
    answers = {
        row.question_id: row
        for row in contract.checklist_answers.select_related("question", "answered_by").order_by(
            "question__position", "question"
        )
    }
    questions = {question.pk: question for question in Checklist().of(contract)}
    questions |= {pk: row.question for pk, row in answers.items() if pk not in questions}
    if data is not None:
        # A question may have been retired while somebody was answering it: what they typed is not lost.
        sent = {int(name[1:-5]) for name in data if _is_mark(name)} - set(questions)
        questions |= ChecklistQuestion.objects.in_bulk(sent) if sent else {}
    return [
        Row(
            question,
            answers.get(pk),
            AnswerForm(
                data if data is not None and f"q{pk}-seen" in data else None,
                question=question,
                answer=answers.get(pk),
            ),
            is_weighting=question.key == WEIGHTING,
        )
        for pk, question in questions.items()
    ]


def _is_mark(name: str) -> bool:
    """Return whether a name of the form is that of a question's mark, such as q12-seen."""
    number = name[1:-5]
    return (
        name[:1] == "q"
        and name[-5:] == "-seen"
        and number.isascii()
        and number.isdigit()
        and len(number) < 10
    )


def _rows_since(contract: Contract, posted: Any, met: set[int]) -> list[Row]:
    """Return the rows after somebody else was first: theirs shown, ours kept, ready to be saved by choice."""
    data = posted.copy()
    rows = _rows(contract, data)
    for row in rows:
        if not row.form.is_bound or not row.form.is_valid():
            continue
        given, pk = row.form.given, row.question.pk
        if pk in met and row.answer is not None:
            row.meanwhile = (
                f"{row.answer.answered_by or 'Somebody else'} answered on {day_time(row.answer.answered_at)}"
            )
            data[f"q{pk}-seen"] = verbs.mark_of(row.answer)
        elif given.mark == given.seen:
            # Not touched here: what stands now is shown.
            row.form = AnswerForm(None, question=row.question, answer=row.answer)
    return rows


def _parts(contract: Contract, rows: list[Row]) -> list[StagePart]:
    """Return the stages in order with the questions asked of the contract today."""
    asked = {question.pk for question in Checklist().of(contract)}
    parts = []
    for stage in STAGES:
        mine = [row for row in rows if row.question.stage == stage and row.question.pk in asked]
        parts.append(StagePart(stage, mine, is_present=stage == contract.stage))
    return parts


@require_http_methods(["GET", "HEAD", "POST"])
def stage_move(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask to which stage a contract has come, and move it there; open questions are only said."""
    contract = seen_contract(request, number)
    require(permissions.may_move_stage(request.user, contract))
    moves = moves_from(contract.stage)
    form = StageMoveForm(request.POST or None, contract=contract, moves=moves)
    if request.method == "POST" and form.data.get("version") != str(contract.version):
        # Asked first: from where it stands now the stage wished for may be no choice any more.
        raise Stale(
            f"Somebody else changed this contract while you had it open. It is now at "
            f"“{contract.get_stage_display()}”. Nothing of yours was saved over theirs."
        )
    if request.method == "POST" and form.is_valid():
        try:
            moved = verbs.move_on(contract, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _moved(moved))
            return redirect(contract)
    context = {
        "contract": contract,
        "form": form,
        "moves": moves,
        "progress": progress_of(contract)[contract.stage],
        "still_runs": contract.stage in SIGNED and not verbs.is_over(contract),
        "undo_url": _address("kpis:contract-termination-undo", number) if contract.terminated_on else "",
        "terminate_url": _address("kpis:contract-terminate", number),
        "trail": trail_of(contract, ("Move to another stage", "")),
    }
    return render(request, "contracts/stage_move.html", context)


def _moved(contract: Contract) -> str:
    """Return what the move came to, in words."""
    words = f"{contract.title} is now at “{contract.get_stage_display()}”."
    if contract.stage == Stage.LIVE and contract.starts_on and contract.starts_on > today():
        words += f" It counts as live from its start, {day(contract.starts_on)}."
    if contract.stage == Stage.LIVE and contract.last_day and contract.last_day < today():
        words += (
            f" Its last day, {day(contract.last_day)}, is past: put that right, or it ends again by itself."
        )
    return words


def _address(name: str, *args: object) -> str:
    """Return the address of a page of a higher floor, or "" where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
