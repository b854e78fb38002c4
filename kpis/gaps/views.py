"""The page on which somebody says why a contract has no or weak KPIs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import Contract
from kpis.gaps import verbs
from kpis.gaps.forms import GapForm
from kpis.gaps.models import GapNote, StockTake
from kpis.gaps.permissions import may_say
from kpis.gaps.rows import rows_of
from kpis.gaps.weakness import Weakness, weaknesses

ANSWER = ("reason", "words", "next_step", "who", "by_when")


@require_http_methods(["GET", "HEAD", "POST"])
def gap_say(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask why a contract has a gap, what happens next, who does it and by when; keep the answer."""
    contract = seen_contract(request, number)
    require(may_say(request.user, contract))
    if not contract.is_live:
        raise Stale("This contract is not live, so nothing has to be said about its KPIs.")
    found = weaknesses([contract], today(), seen_by=request.user)
    form = form_of(request, contract, found[number])
    status = 200
    if request.method == "POST" and form.is_valid():
        status, note = save(form, contract, request.user)
        if note is not None:
            messages.success(request, f"It now stands in the gap register: {note.get_reason_display()}.")
            return redirect(contract)
    return render(request, "kpis/gap_say.html", page_of(request, contract, form, found), status=status)


def page_of(
    request: SignedInRequest, contract: Contract, form: GapForm, found: dict[int, tuple[Weakness, ...]]
) -> dict[str, Any]:
    """Return what the page shows on which somebody says why a contract has a gap."""
    return {
        "form": form,
        "contract": contract,
        "row": rows_of([contract], found, request.user, today())[0],
        "earlier": contract.gap_notes.select_related("made_by", "who")[1:6],
        "trail": [
            ("Home", "/"),
            ("Contracts", "/contracts/"),
            ("Gap register", reverse("kpis:gap-register")),
            (contract.title, contract.get_absolute_url()),
            ("Say why", ""),
        ],
    }


def seen_contract(request: SignedInRequest, number: int) -> Contract:
    """Return the contract, or 404 where the person may not know of it."""
    seen = Contract.objects.visible_to(request.user).with_names()
    return get_object_or_404(seen.prefetch_related("deputies", "partner_directorates"), pk=number)


def form_of(
    request: SignedInRequest,
    contract: Contract,
    found: tuple[Weakness, ...],
    note: GapNote | None = None,
) -> GapForm:
    """Return the form as sent, or as the note says, with the mark of what was said last."""
    data: Any = request.POST if request.method == "POST" else None
    said = {name: getattr(note, name) for name in ANSWER} if note is not None else {}
    return GapForm(data, contract=contract, found=found, mark=mark_of(contract, verbs.SAID), initial=said)


def save(
    form: GapForm, contract: Contract, by, stock_take: StockTake | None = None
) -> tuple[int, GapNote | None]:
    """Keep a valid form's answer: return (200, note), or the status and None with the reason on the form."""
    given = dict(form.cleaned_data)
    given["seen"] = given["seen"] or 0
    try:
        return 200, verbs.say(contract, by=by, stock_take=stock_take, **given)
    except Invalid as refusal:
        refusal.put_on(form)
        return 200, None
    except Stale as stale:
        form.add_error(None, f"{stale} What you typed is still here.")
        # Saving again is then a choice made with the other answer in view.
        data: Any = form.data
        form.data = {**data.dict(), "seen": str(mark_of(contract, verbs.SAID))}
        return 409, None
