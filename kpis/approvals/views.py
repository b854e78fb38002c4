"""The page on which one KPI set is decided."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from kpis.approvals import verbs
from kpis.approvals.forms import ApproveForm, ReturnForm
from kpis.approvals.permissions import may_decide, open_to
from kpis.approvals.together import what_came_of
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.months import first_free_month
from kpis.proposals.moves import MOVES
from kpis.proposals.reading import read, waiting_words
from kpis.proposals.trails import set_trail, stale_leads_to_the_set


def _waiting(request: SignedInRequest, contract_number, number):
    return get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_set_decide(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show what is to be decided and on whose authority; approve it or return it with reasons."""
    kpi_set = _waiting(request, contract_number, number)
    answer = may_decide(request.user, kpi_set)
    submission = kpi_set.submissions.first()
    if submission is None:
        raise Http404
    seats = seats_of_many([kpi_set])[kpi_set.pk]
    mine = open_to(answer, seats)
    # Of a joint contract a directorate that has approved has nothing left to decide.
    waits = MOVES.allows(kpi_set.status, "approve") and not (answer and not mine.seats)
    returning = request.POST.get("decision") == "return"
    posted = request.method == "POST"
    quoted = {"content_hash": kpi_set.content_hash}
    approve_form = ApproveForm(
        request.POST if posted and not returning else None,
        initial=quoted,
        questions=kpi_set.challenges.unanswered().count() if waits else 0,
    )
    return_form = ReturnForm(
        request.POST if posted and returning else None, initial=quoted, kpis=submission.content["kpis"]
    )
    if posted:
        done = _decide(request, kpi_set, return_form if returning else approve_form, returning)
        if done:
            return redirect(done)
    free = first_free_month(kpi_set.contract)
    later = free and kpi_set.effective_month and free > kpi_set.effective_month
    context = {
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "reading": read(kpi_set),
        "answer": answer,
        "approving": answer.approving,
        "authority": mine.authority,
        "seats": seats if len(seats) > 1 else [],
        "waits": waits,
        "what_stands": "" if waits else verbs.what_stands(kpi_set),
        "waiting": waiting_words(seats),
        "approve_form": approve_form,
        "return_form": return_form,
        "returning": returning,
        "later": free if later else None,
        "has_errors": bool(approve_form.errors or return_form.errors),
        "trail": set_trail(kpi_set, ("Decide", "")),
    }
    return render(request, "kpis/kpi_set_decide.html", context)


def _decide(request: SignedInRequest, kpi_set, form, returning):
    """Carry out what was posted and return the decided set, or None where the form must be shown again."""
    if not form.is_valid():
        return None
    quoted, note = form.cleaned_data["content_hash"], form.cleaned_data["note"]
    try:
        if returning:
            done = verbs.send_back(
                kpi_set, by=request.user, content_hash=quoted, reasons=form.reasons, note=note
            )
            messages.success(request, f"{done} is returned. The proposer has your reasons.")
        else:
            done = verbs.approve(
                kpi_set,
                by=request.user,
                content_hash=quoted,
                note=note,
                override_reason=form.cleaned_data.get("override_reason", ""),
            )
            messages.success(request, what_came_of(done))
    except Invalid as refusal:
        first = next((name for name in form.fields if name.startswith("reason_")), "note")
        for name, sentence in refusal.errors:
            form.add_error(name if name in form.fields else first, sentence)
        return None
    return done
