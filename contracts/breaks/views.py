"""Pages about one contract's break points: add, change, say what came of one, withdraw."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.breaks import permissions, verbs
from contracts.breaks.forms import BreakPointForm, OutcomeForm, ReasonForm
from contracts.breaks.words import oddities
from contracts.models import BreakPoint, Contract

FORM_METHODS = ["GET", "HEAD", "POST"]


def _contract(request: SignedInRequest, number: int) -> Contract:
    """Return a contract whose break points the person keeps; 404 where they may not know of it."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).with_names(), pk=number)
    require(permissions.may_keep(request.user, contract))
    return contract


def _point(contract: Contract, pk: int) -> BreakPoint:
    return get_object_or_404(contract.break_points.select_related("outcome_by"), pk=pk)


def _back(contract: Contract) -> str:
    return f"{contract.get_absolute_url()}#break-points"


def _trail(contract: Contract, here: str) -> list[tuple[str, str]]:
    return [
        ("Home", "/"),
        ("Contracts", reverse("contracts:contract-list")),
        (contract.title, contract.get_absolute_url()),
        (here, ""),
    ]


def _said(request: SignedInRequest, point: BreakPoint, contract: Contract, sentence: str) -> None:
    """Say that it is done, and what is odd about it."""
    messages.success(request, sentence)
    for oddity in oddities(point, contract, today()):
        messages.warning(request, oddity)


@require_http_methods(FORM_METHODS)
def break_point_add(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for a break point and record it; a chance the register implies comes filled in."""
    contract = _contract(request, number)
    form = BreakPointForm(request.POST if request.method == "POST" else None, initial=_implied(request))
    if request.method == "POST" and form.is_valid():
        try:
            point = verbs.add(contract, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            _said(request, point, contract, f"{point} is recorded.")
            return redirect(_back(contract))
    context = {
        "form": form, "contract": contract, "heading": "Add a break point", "button": "Add the break point",
        "back": _back(contract), "trail": _trail(contract, "Add a break point"),
    }  # fmt: skip
    return render(request, "contracts/break_point_edit.html", context)


def _implied(request: SignedInRequest) -> dict:
    """Return kind and day as the link gave them, where they make sense."""
    kind = request.GET.get("kind", "")
    initial: dict = {"kind": kind} if kind in BreakPoint.Kind.values else {}
    with suppress(ValueError):
        initial["on"] = dt.date.fromisoformat(request.GET.get("on", ""))
    return initial


@require_http_methods(FORM_METHODS)
def break_point_edit(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask for changes to a break point still ahead and make them."""
    contract = _contract(request, number)
    point = _point(contract, pk)
    form = BreakPointForm(request.POST if request.method == "POST" else None, point=point)
    status = 200
    if request.method != "POST":
        verbs.must_be_open(point)
    elif form.is_valid():
        try:
            point = verbs.change(point, by=request.user, version=form.cleaned_data["version"], **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            point = _point(contract, pk)
            status = form.overtaken(stale, point.version)
        else:
            _said(request, point, contract, f"{point} is saved.")
            return redirect(_back(contract))
    context = {
        "form": form, "contract": contract, "point": point, "heading": "Change a break point",
        "button": "Save the break point", "stale": status == 409, "back": _back(contract),
        "trail": _trail(contract, "Change a break point"),
    }  # fmt: skip
    return render(request, "contracts/break_point_edit.html", context, status=status)


@require_http_methods(FORM_METHODS)
def break_point_outcome(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask what came of a break point; where that was said already, ask why it is taken back."""
    contract = _contract(request, number)
    point = _point(contract, pk)
    posted = request.POST if request.method == "POST" else None
    # What is undone is said by the form itself: a page opened before somebody else was quicker does no harm.
    undoing = posted.get("act") == "undo" if posted is not None else bool(point.outcome)
    initial = {"version": point.version}
    form: OutcomeForm | ReasonForm = (
        ReasonForm(posted, initial=initial, required="Enter why the outcome is taken back")
        if undoing
        else OutcomeForm(posted, initial=initial)
    )
    status = 200
    if posted is not None and form.is_valid():
        try:
            verb = verbs.undo_outcome if undoing else verbs.record_outcome
            verb(point, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            point = _point(contract, pk)
            status = form.overtaken(stale, point.version)
        else:
            done = "is open again" if undoing else "has its outcome recorded"
            messages.success(request, f"{point} {done}.")
            return redirect(_back(contract))
    context = {
        "form": form, "contract": contract, "point": point, "undoing": undoing,
        "stale": status == 409, "back": _back(contract),
        "trail": _trail(contract, "Take the outcome back" if undoing else "Record what came of it"),
    }  # fmt: skip
    return render(request, "contracts/break_point_outcome.html", context, status=status)


@require_http_methods(FORM_METHODS)
def break_point_withdraw(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Ask why a break point was recorded by mistake and withdraw it."""
    contract = _contract(request, number)
    point = _point(contract, pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        initial={"version": point.version},
        required="Enter why it is withdrawn",
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw(point, by=request.user, **form.cleaned_data)
        except Stale as stale:
            point = _point(contract, pk)
            status = form.overtaken(stale, point.version)
        else:
            messages.success(request, f"{point} is withdrawn.")
            return redirect(_back(contract))
    context = {
        "form": form, "contract": contract, "point": point, "stale": status == 409,
        "back": _back(contract), "trail": _trail(contract, "Withdraw a break point"),
    }  # fmt: skip
    return render(request, "contracts/break_point_withdraw.html", context, status=status)
