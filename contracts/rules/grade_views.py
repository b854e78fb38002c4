"""Pages on which value bands and tiers are added, changed and removed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import ContractTier, ValueBand
from contracts.rules import grades, permissions
from contracts.rules.forms import BandForm, RemoveForm, TierForm, start_of
from contracts.rules.views import trail

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def band_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new value band and add it."""
    require(permissions.may_keep(request.user))
    return _add(request, BandForm(request.POST or None), grades.add_band, "value band")


@require_http_methods(METHODS)
def band_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a band's name and where it begins."""
    require(permissions.may_keep(request.user))
    band = get_object_or_404(ValueBand, pk=pk)
    form = BandForm(request.POST or None, initial=start_of(band, mark_of(band, grades.BAND_CHANGED)))
    return _change(request, band, form, grades.change_band, grades.BAND_CHANGED, "value band")


@require_http_methods(METHODS)
def band_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take a band away; say where it is used while it can't be."""
    require(permissions.may_keep(request.user))
    about = "Its contracts fall into the band below it."
    return _remove(request, get_object_or_404(ValueBand, pk=pk), grades.remove_band, "value band", about)


@require_http_methods(METHODS)
def tier_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new tier and add it."""
    require(permissions.may_keep(request.user))
    form = TierForm(request.POST or None, initial={"position": ContractTier.objects.count() + 1})
    return _add(request, form, grades.add_tier, "tier")


@require_http_methods(METHODS)
def tier_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a tier's name and place."""
    require(permissions.may_keep(request.user))
    tier = get_object_or_404(ContractTier, pk=pk)
    start = start_of(tier, mark_of(tier, grades.TIER_CHANGED))
    form = TierForm(request.POST or None, tier=tier, initial=start)
    return _change(request, tier, form, grades.change_tier, grades.TIER_CHANGED, "tier")


@require_http_methods(METHODS)
def tier_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take a tier away; say where it is used while it can't be."""
    require(permissions.may_keep(request.user))
    about = "No contract, rule or template is of this tier."
    return _remove(request, get_object_or_404(ContractTier, pk=pk), grades.remove_tier, "tier", about)


def _add(
    request: SignedInRequest, form: BandForm | TierForm, add: Callable[..., Any], noun: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            grade = add(by=request.user, **facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The {noun} “{grade}” was added.")
            return redirect("contracts:rule-list")
    title = f"Add a {noun}"
    context = {"form": form, "title": title, "button": title, "trail": trail(title)}
    return render(request, "contracts/rule_form.html", context)


def _change(
    request: SignedInRequest,
    grade: ValueBand | ContractTier,
    form: BandForm | TierForm,
    change: Callable[..., Any],
    action: str,
    noun: str,
) -> HttpResponse:
    status, name = 200, str(grade)
    if request.method == "POST" and form.is_valid():
        try:
            grade = change(grade, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            if not type(grade)._default_manager.filter(pk=grade.pk).exists():
                raise
            status = form.overtaken(stale, mark_of(grade, action))
        else:
            messages.success(request, f"The {noun} “{grade}” was saved.")
            return redirect("contracts:rule-list")
    title = f"Change a {noun}"
    context = {"form": form, "title": title, "about": name, "button": "Save changes", "trail": trail(title)}
    return render(request, "contracts/rule_form.html", context, status=status)


def _remove(
    request: SignedInRequest,
    grade: ValueBand | ContractTier,
    remove: Callable[..., Any],
    noun: str,
    about: str,
) -> HttpResponse:
    form, status, name = RemoveForm(request.POST or None), 200, str(grade)
    used = grades.where_used(grade)
    if request.method == "POST" and form.is_valid():
        if not used:
            remove(grade, by=request.user, note=form.cleaned_data["note"])
            messages.success(request, f"The {noun} “{name}” was removed.")
            return redirect("contracts:rule-list")
        status = 409
    context = {
        "form": form,
        "title": f"Remove this {noun}?",
        "name": name,
        "about": about,
        "used": used,
        "button": f"Remove the {noun}",
        "trail": trail(f"Remove a {noun}"),
    }
    return render(request, "contracts/rule_remove.html", context, status=status)
