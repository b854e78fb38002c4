"""Pages about one contract's offers: record, change, mark as received, withdraw."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract, Offer
from contracts.offers import permissions, verbs
from contracts.offers.forms import OfferForm, ReceiveForm, WithdrawForm
from contracts.offers.moves import MOVES
from govuk.refusals import stale as stale_page

METHODS = ["GET", "HEAD", "POST"]


def _contract(request: SignedInRequest, number: int) -> Contract:
    """Return a contract whose offers the person keeps; 404 where they may not know of it."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).with_names(), pk=number)
    require(permissions.may_keep(request.user, contract))
    return contract


def _back(contract: Contract) -> str:
    return f"{contract.get_absolute_url()}#offers"


def _page(
    request: SignedInRequest, contract: Contract, form: Any, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "contract": contract,
        "back": _back(contract),
        "trail": [
            ("Home", "/"),
            ("Contracts", reverse("contracts:contract-list")),
            (contract.title, contract.get_absolute_url()),
            (more["title"], ""),
        ],
        **more,
    }
    return render(request, "contracts/offer_form.html", context, status=status)


@require_http_methods(METHODS)
def offer_add(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for an offer and record it."""
    contract = _contract(request, number)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offer = verbs.add(contract, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The offer is recorded: {offer}.")
            return redirect(_back(contract))
    return _page(request, contract, form, title="Record an offer", button="Record the offer")


def _act(
    request: SignedInRequest,
    number: int,
    pk: int,
    move: str,
    make_form: Callable[[Any, Offer], Any],
    act: Callable[..., Offer],
    said: str,
    **words: Any,
) -> HttpResponse:
    """Ask what a move of an offer needs, then make it; what was typed outlives somebody else's change."""
    contract = _contract(request, number)
    offer = get_object_or_404(contract.offers.select_related("fund", "ward"), pk=pk)
    try:
        MOVES.check(offer, move)
    except Stale as late:
        return stale_page(request, str(late), _back(contract))
    form, status = make_form(request.POST or None, offer), 200
    if request.method == "POST" and form.is_valid():
        facts = getattr(form, "facts", None)
        typed = (
            dict(form.cleaned_data) if facts is None else {**facts, "version": form.cleaned_data["version"]}
        )
        try:
            done = act(offer, by=request.user, **typed)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as late:
            offer.refresh_from_db()
            if not MOVES.allows(offer.status, move):
                return stale_page(request, str(late), _back(contract))
            status = form.overtaken(late, offer.version)
        else:
            messages.success(request, f"{said}: {done}.")
            return redirect(_back(contract))
    return _page(request, contract, form, status, offer=offer, **words)


@require_http_methods(METHODS)
def offer_edit(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask for other facts of an offer that is still promised."""
    return _act(
        request, number, pk, "change", lambda data, offer: OfferForm(data, offer=offer), verbs.change,
        "The offer was changed", title="Change an offer", button="Save changes",
    )  # fmt: skip


@require_http_methods(METHODS)
def offer_receive(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask when an offer came, and how that is known."""
    return _act(
        request, number, pk, "receive", lambda data, offer: ReceiveForm(data, offer=offer), verbs.receive,
        "Marked as received", title="Mark as received", button="Mark as received", shows_offer=True,
        today=today(),
    )  # fmt: skip


@require_http_methods(METHODS)
def offer_withdraw(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask why an offer no longer stands, then withdraw it."""
    return _act(
        request, number, pk, "withdraw",
        lambda data, offer: WithdrawForm(data, initial={"version": offer.version}), verbs.withdraw,
        "The offer was withdrawn", title="Withdraw an offer", button="Withdraw the offer", kind="warning",
        shows_offer=True,
    )  # fmt: skip
