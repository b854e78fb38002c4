"""The page on which it is said which editions a contract's measures come from."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import Contract
from contracts.permissions import may_edit, may_see
from kpis.library import choice_verbs, choosing
from kpis.library.choice_forms import ChoiceForm
from kpis.library.framework_reading import offered_in_words


@require_http_methods(["GET", "HEAD", "POST"])
def contract_frameworks(request: SignedInRequest, number: int) -> HttpResponse:
    """Show what the contract may propose from and why; ask for other editions with a reason and choose them.

    A call-off has nothing to choose: the page leads to the agreement it is called off from.
    """
    contract = get_object_or_404(
        Contract.objects.visible_to(request.user).select_related("directorate", "parent"), pk=number
    )
    require(may_edit(request.user, contract))
    offer = choosing.offer_for(contract)
    follows = offer.governing.pk != contract.pk
    mark, status = mark_of(contract, choice_verbs.CHOSEN), 200
    form = None if follows else ChoiceForm(request.POST or None, chosen=offer.chosen, mark=mark)
    if request.method == "POST":
        choice_verbs.refuse_call_off(contract)
        if form is not None and form.is_valid():
            try:
                chosen = choice_verbs.choose_frameworks(
                    contract,
                    by=request.user,
                    frameworks=form.cleaned_data["frameworks"],
                    note=form.cleaned_data["note"],
                    seen=form.cleaned_data["seen"],
                )
            except Invalid as refusal:
                refusal.put_on(form)
            except Stale as stale:
                status = form.overtaken(stale, mark_of(contract, choice_verbs.CHOSEN))
            else:
                words = choosing.in_words(chosen) if chosen else "what its procurement date offers"
                messages.success(request, f"Measures may now be proposed from {words}.")
                return redirect(contract)
    context = {
        "form": form,
        "contract": contract,
        "offer": offer,
        "why": choosing.why(contract, offer),
        "frameworks": [(one, offered_in_words(one)) for one in offer.frameworks],
        "by_date": choosing.offered_to(contract),
        "parent_url": offer.governing.get_absolute_url()
        if follows and may_see(request.user, offer.governing)
        else "",
        "follows": follows,
        "may_choose_there": bool(follows and may_edit(request.user, offer.governing)),
        "last": choice_verbs.last_choice(offer.governing),
        "trail": [
            ("Home", "/"),
            ("Contracts", reverse("contracts:contract-list")),
            (contract.title, contract.get_absolute_url()),
            ("Frameworks", ""),
        ],
    }
    return render(request, "kpis/contract_frameworks.html", context, status=status)
