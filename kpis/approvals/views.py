"""Pages on which KPI sets are decided: the list of what waits, and one set."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar import today, working_days_between
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from govuk import formats
from kpis.approvals import verbs
from kpis.approvals.forms import ApproveForm, ReturnForm
from kpis.approvals.permissions import awaiting_decision_by, deciders_of_many, may_decide
from kpis.proposals.models import KPISet
from kpis.proposals.months import first_free_month
from kpis.proposals.moves import MOVES
from kpis.proposals.reading import read, waiting_with, waiting_words
from kpis.proposals.trails import set_trail, stale_leads_to_the_set

PAGE = 50


@require_safe
def approval_list(request: SignedInRequest) -> HttpResponse:
    """Show what waits for this person's decision, then what waits with others, and since when."""
    mine = set(awaiting_decision_by(request.user).values_list("pk", flat=True))
    every = (
        KPISet.objects.visible_to(request.user)
        .pending()
        .with_contract()
        .prefetch_related("editors")
        .order_by("submitted_at", "pk")
    )
    yours = [(one, _since(one)) for one in every.filter(pk__in=mine)]
    page = Paginator(every.exclude(pk__in=mine), PAGE).get_page(request.GET.get("page"))
    able = deciders_of_many(page.object_list)
    others = [(one, _since(one), waiting_words(able[one.pk][:2], one), not able[one.pk]) for one in page]
    context = {
        "mine": yours,
        "others": others,
        "page_obj": page,
        "stuck": sum(is_stuck for *_, is_stuck in others),
        "decides": bool(request.user.authority.leads or request.user.authority.delegated),
        "trail": [("Home", "/"), ("Approvals", "")],
    }
    return render(request, "kpis/approval_list.html", context)


def _since(kpi_set):
    """Return "3 May 2026, 6 working days" for a waiting set."""
    sent = timezone.localdate(kpi_set.submitted_at)
    days = max(0, working_days_between(sent, today()))
    return f"{formats.day(sent)}, {formats.plural(days, 'working day')}" if days else formats.day(sent)


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
    waits = MOVES.allows(kpi_set.status, "approve")
    returning = request.POST.get("decision") == "return"
    posted = request.method == "POST"
    quoted = {"content_hash": kpi_set.content_hash}
    approve_form = ApproveForm(request.POST if posted and not returning else None, initial=quoted)
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
        "waits": waits,
        "what_stands": "" if waits else verbs.what_stands(kpi_set),
        "waiting": waiting_with(kpi_set),
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
            done = verbs.approve(kpi_set, by=request.user, content_hash=quoted, note=note)
            messages.success(
                request,
                f"{done} is approved, in force from {formats.month(done.effective_month)}.",
            )
    except Invalid as refusal:
        first = next((name for name in form.fields if name.startswith("reason_")), "note")
        for _, sentence in refusal.errors:
            form.add_error(first, sentence)
        return None
    return done
