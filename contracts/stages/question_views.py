"""Pages where the social value lead keeps the questions of the checklist."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import changes
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import ChecklistQuestion, Stage
from contracts.stages import questions as verbs
from contracts.stages.forms import QuestionForm
from contracts.stages.permissions import may_keep_questions


@require_safe
def checklist_question_list(request: SignedInRequest) -> HttpResponse:
    """Show the questions by stage, retired ones too, with how often each is answered."""
    require(may_keep_questions(request.user))
    rows = list(
        ChecklistQuestion.objects.select_related("tier", "category", "band")
        .annotate(answered=Count("answers"))
        .order_by("position", "pk")
    )
    context = {
        "stages": [
            (
                stage,
                [one for one in rows if one.stage == stage and one.is_active],
                [one for one in rows if one.stage == stage and not one.is_active],
            )
            for stage in Stage
        ],
        "asked": sum(one.is_active for one in rows),
        "trail": _trail(),
    }
    return render(request, "contracts/checklist_question_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_question_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new question and add it."""
    require(may_keep_questions(request.user))
    start = {"position": 10, "stage": request.GET.get("stage")}
    form = QuestionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            question = verbs.add(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"“{question.text}” is asked from now on.")
            return redirect("contracts:checklist-question-list")
    context = {"form": form, "trail": _trail("Add a question")}
    return render(request, "contracts/checklist_question_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_question_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a question and make them; what was typed outlives somebody else's change."""
    require(may_keep_questions(request.user))
    question = get_object_or_404(ChecklistQuestion, pk=pk)
    form = QuestionForm(request.POST or None, instance=question)
    status, stale, differing = 200, "", []
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change(question, by=request.user, version=form.cleaned_data["version"], **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale:
            status, stale = 409, "Somebody else changed this question while you had it open."
            fresh = ChecklistQuestion.objects.get(pk=pk)
            now, typed = changes(fresh, form.facts, form.facts)
            differing = [(name, now.get(name, ""), typed.get(name, "")) for name in {**now, **typed}]
            data = request.POST.copy()
            data["version"] = str(fresh.version)
            form = QuestionForm(data, instance=fresh)
        else:
            messages.success(request, "The question was saved.")
            return redirect("contracts:checklist-question-list")
    context = {
        "form": form,
        "question": question,
        "answered": question.answers.count(),
        "stale": stale,
        "differing": differing,
        "has_errors": bool(stale),
        "trail": _trail("Change a question"),
    }
    return render(request, "contracts/checklist_question_form.html", context, status=status)


@require_POST
def checklist_question_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop asking a question, or ask a retired one again, as the button said."""
    require(may_keep_questions(request.user))
    question = get_object_or_404(ChecklistQuestion, pk=pk)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    if request.POST.get("act") == "ask-again":
        verbs.ask_again(question, by=request.user, version=version)
        messages.success(request, f"“{question.text}” is asked again.")
    else:
        verbs.retire(question, by=request.user, version=version)
        messages.success(request, f"“{question.text}” is no longer asked. Its answers stay.")
    return redirect("contracts:checklist-question-list")


def _trail(*crumbs: str) -> list[tuple[str, str]]:
    start = [("Home", "/"), ("Contracts", reverse("contracts:contract-list"))]
    coverage = ("Checklists", reverse("contracts:stage-coverage"))
    if not crumbs:
        return [*start, coverage, ("Questions", "")]
    listed = ("Questions", reverse("contracts:checklist-question-list"))
    return [*start, coverage, listed, *((crumb, "") for crumb in crumbs)]
