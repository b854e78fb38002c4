"""Pages on which a waiting set is asked about, a question answered or withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.approvals import challenge_permissions as permissions
from kpis.approvals import challenges as verbs
from kpis.approvals.challenge_forms import WHOLE, AnswerForm, AskForm, WithdrawForm
from kpis.approvals.challenges_read import line_of
from kpis.approvals.models import Challenge
from kpis.approvals.permissions import may_decide
from kpis.proposals.models import KPI, KPISet
from kpis.proposals.trails import set_trail, stale_leads_to_the_set


def _set_of(request: SignedInRequest, contract_number: int, number: int) -> KPISet:
    return get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )


def _challenge_of(request: SignedInRequest, contract_number: int, number: int, pk: int) -> Challenge:
    """Return the question where this person may read it; 404 where it isn't there for them."""
    kpi_set = get_object_or_404(
        KPISet.objects.worked_on_by(request.user).with_contract(), contract=contract_number, number=number
    )
    one = get_object_or_404(
        Challenge.objects.select_related(
            "asked_by", "answered_by", "withdrawn_by", "submission", "kpi__measure"
        ),
        kpi_set=kpi_set,
        pk=pk,
    )
    one.kpi_set = kpi_set
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def challenge_ask(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask about a waiting set or one of its KPIs."""
    kpi_set = _set_of(request, contract_number, number)
    require(permissions.may_ask(request.user))
    submission = kpi_set.submissions.first()
    if kpi_set.status != KPISet.Status.SUBMITTED or submission is None:
        raise Stale(
            f"{kpi_set} is “{kpi_set.get_status_display().lower()}”. Questions are asked while a set waits "
            "for a decision."
        )
    form = AskForm(
        request.POST if request.method == "POST" else None,
        content=submission.content,
        initial={"content_hash": submission.content_hash, "about": request.GET.get("kpi", WHOLE)},
    )
    if request.method == "POST" and form.is_valid():
        kpi = KPI.objects.filter(pk=form.kpi_key).first() if form.kpi_key else None
        try:
            verbs.challenge(
                kpi_set,
                by=request.user,
                comment=form.cleaned_data["comment"],
                kpi=kpi,
                content_hash=form.cleaned_data["content_hash"],
            )
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, "Your question is asked. The proposers have a letter.")
            return redirect(kpi_set)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "trail": set_trail(kpi_set, ("Ask a question", "")),
    }
    return render(request, "kpis/challenge_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def challenge_answer(
    request: SignedInRequest, contract_number: int, number: int, challenge: int
) -> HttpResponse:
    """Answer a question about a set."""
    one = _challenge_of(request, contract_number, number, challenge)
    require(permissions.may_answer(request.user, one))
    _refuse_what_is_over(one)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(one, by=request.user, answer=form.cleaned_data["answer"])
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The question is answered. {one.asked_by} has a letter.")
            return redirect(one.kpi_set)
    context = {
        "form": form,
        "line": line_of(one),
        "kpi_set": one.kpi_set,
        "contract": one.kpi_set.contract,
        "could_decide": bool(may_decide(request.user, one.kpi_set)),
        "trail": set_trail(one.kpi_set, ("Answer a question", "")),
    }
    return render(request, "kpis/challenge_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def challenge_withdraw(
    request: SignedInRequest, contract_number: int, number: int, challenge: int
) -> HttpResponse:
    """Ask whether to withdraw a question, then do so."""
    one = _challenge_of(request, contract_number, number, challenge)
    require(permissions.may_withdraw(request.user, one))
    _refuse_what_is_over(one)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.withdraw_challenge(one, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, "The question is withdrawn. It needs no answer now.")
        return redirect(one.kpi_set)
    context = {
        "form": form,
        "line": line_of(one),
        "kpi_set": one.kpi_set,
        "contract": one.kpi_set.contract,
        "trail": set_trail(one.kpi_set, ("Withdraw a question", "")),
    }
    return render(request, "kpis/challenge_withdraw.html", context)


def _refuse_what_is_over(one: Challenge) -> None:
    """Say at once what the verb would say once something was typed."""
    late = verbs.why_not_open(one, one.kpi_set)
    if late:
        raise Stale(late)
