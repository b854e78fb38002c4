"""Pages on which it shows what waits for a decision and with whom, and several sets are approved together."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, require
from kpis.approvals import together, verbs
from kpis.approvals.forms import MOST, TogetherForm
from kpis.approvals.listing import lists_for, picked_by
from kpis.approvals.permissions import may_ask_again
from kpis.proposals.models import KPISet
from kpis.proposals.trails import stale_leads_to_the_set

PAGE = 50
RESULTS = "approved-together"
TRAIL = [("Home", "/"), ("Approvals", "/approvals/")]


@require_safe
def approval_list(request: SignedInRequest) -> HttpResponse:
    """Show what waits for this person's decision, then what waits with others, and since when."""
    return _list(request)


def _list(request: SignedInRequest, error: str = "") -> HttpResponse:
    chosen = request.GET.get("directorate", "")
    lists = lists_for(request.user, chosen)
    page = Paginator(lists.others, PAGE).get_page(request.GET.get("page"))
    held = request.user.authority
    context = {
        "lists": lists,
        "chosen": chosen,
        "page_obj": page,
        "error": error,
        "has_errors": bool(error),
        "picks": len(lists.mine) > 1,
        "decides": bool(held.leads or held.delegated),
        "may_ask_again": bool(may_ask_again(request.user)),
        "trail": [TRAIL[0], ("Approvals", "")],
    }
    return render(request, "kpis/approval_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approval_check(request: SignedInRequest) -> HttpResponse:
    """Show each of the sets that were picked, then approve them one by one."""
    if request.method == "POST":
        form = TogetherForm(request.POST)
        if form.is_valid():
            done = together.approve_together(request.user, form.quoted, form.cleaned_data["note"])
            request.session[RESULTS] = [one.as_dict() for one in done]
            return redirect("kpis:approval-results")
        keys = request.POST.getlist("set")
    else:
        form = TogetherForm()
        keys = request.GET.getlist("set")
        if not keys and "picked" in request.GET:
            return _list(request, "Select the sets you want to approve")
        if len(keys) > MOST:
            return _list(request, f"Select {MOST} sets or fewer: you read each before you approve it")
    picked = picked_by(request.user, keys)
    context = {
        "form": form,
        "ready": [one for one in picked if not one.refusal],
        "refused": [one for one in picked if one.refusal],
        "trail": [*TRAIL, ("Check before you approve", "")],
    }
    return render(request, "kpis/approval_check.html", context)


@require_safe
def approval_results(request: SignedInRequest) -> HttpResponse:
    """Show what came of each set approved together last."""
    results = request.session.get(RESULTS, [])
    context = {
        "total": len(results),
        "approved": [one for one in results if one["approved"]],
        "refused": [one for one in results if not one["approved"]],
        "trail": [*TRAIL, ("What was approved", "")],
    }
    return render(request, "kpis/approval_results.html", context)


@require_POST
@stale_leads_to_the_set
def approval_ask_again(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Send the letter that asks for a decision again to whoever can decide now."""
    kpi_set = get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )
    require(may_ask_again(request.user))
    try:
        told = verbs.ask_again(kpi_set, by=request.user)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        names = " and ".join(str(one.person) for one in told)
        messages.success(request, f"{names} {'has' if len(told) == 1 else 'have'} the letter again.")
    return redirect("kpis:approval-list")
