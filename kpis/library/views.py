"""Pages of one measure: what it says and where it is used, and the lead's pages to keep it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from kpis.library import permissions, verbs
from kpis.library.forms import MeasureForm, RetireForm
from kpis.library.measure_checks import chain_of, usual_across
from kpis.library.models import Measure
from kpis.library.use import use_of

METHODS = ["GET", "HEAD", "POST"]


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the trail to the library and on through `more`."""
    return [("Home", "/"), ("Library", reverse("kpis:library")), *more]


def trail_of(measure: Measure, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the trail to a measure and on through `more`."""
    return trail((measure.code, measure.get_absolute_url() if more else ""), *more)


def put_on(form, refusal: Invalid) -> None:
    """Put each error beside its field."""
    for field, sentence in refusal.errors:
        form.add_error(field if field in form.fields else None, sentence)


@require_safe
def measure_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one measure: all that is known of it, what took its place, and where it is used."""
    require(permissions.may_read(request.user))
    measure = get_object_or_404(
        Measure.objects.select_related(
            "framework", "theme", "outcome", "unit", "cohort", "replaced_by", "contract"
        ),
        pk=pk,
    )
    require(permissions.may_see(request.user, measure))
    context = {
        "measure": measure,
        "splits": list(measure.cohort_splits.all()),
        "priorities": list(measure.priorities.all()),
        "also_under": list(measure.also_under.select_related("framework")),
        "chain": chain_of(measure),
        "replaces": list(Measure.objects.filter(replaced_by=measure).select_related("framework")),
        "use": use_of(measure, request.user),
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(measure)),
        "trail": trail_of(measure),
    }
    return render(request, "kpis/measure_page.html", context)


@require_http_methods(METHODS)
def measure_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new measure and add it, at once or as a draft."""
    require(permissions.may_keep(request.user))
    theme = request.GET.get("theme", "")
    initial: dict[str, Any] = {"theme": theme} if _is_key(theme) else {}
    initial |= _facts_like(request.GET.get("like", ""))
    form = MeasureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            measure = verbs.add_measure(by=request.user, **form.facts)
        except Invalid as refusal:
            put_on(form, refusal)
        else:
            draft = measure.status == Measure.Status.DRAFT
            messages.success(request, f"{measure.code} is in the library{', as a draft' if draft else ''}.")
            return redirect(measure)
    context = {
        "form": form,
        "title": "Add a measure",
        "measure": None,
        "trail": trail(("Add a measure", "")),
    }
    return render(request, "kpis/measure_form.html", context)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _facts_like(key: str) -> dict[str, Any]:
    """Return what a measure in a contract's own words says, to begin one of the library with."""
    own = Measure.objects.filter(pk=int(key), contract__isnull=False).first() if _is_key(key) else None
    if own is None:
        return {}
    names = ("title", "kind", "unit", "direction", "roll_up", "numerator_name", "denominator_name")
    facts = {name: getattr(own, name) for name in (*names, "counting_rule", "evidence_expected")}
    return {**facts, "across": usual_across(own.kind)}


@require_http_methods(METHODS)
def measure_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a measure and make them."""
    require(permissions.may_keep(request.user))
    measure = get_object_or_404(Measure.objects.select_related("framework"), pk=pk)
    form = MeasureForm(
        request.POST or None,
        instance=measure,
        initial={"seen": mark_of(measure, "library.edit_measure")},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            measure = verbs.edit_measure(measure, by=request.user, seen=seen, **form.facts)
        except Invalid as refusal:
            put_on(form, refusal)
        except Stale as stale:
            status = form.overtaken(stale, mark_of(measure, "library.edit_measure"))
        else:
            messages.success(
                request, f"{measure.code} is changed. KPI sets keep the words they were approved with."
            )
            return redirect(measure)
    context = {
        "form": form,
        "title": f"Edit {measure.code}",
        "measure": measure,
        "is_used": verbs.is_used(measure),
        "trail": trail_of(measure, ("Edit", "")),
    }
    return render(request, "kpis/measure_form.html", context, status=status)


@require_POST
def measure_live(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a draft be proposed."""
    require(permissions.may_keep(request.user))
    measure = verbs.make_live(get_object_or_404(Measure, pk=pk), by=request.user)
    messages.success(request, f"{measure.code} can be proposed from now on.")
    return redirect(measure)


@require_http_methods(METHODS)
def measure_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why a measure is retired (or brought back), then do so."""
    require(permissions.may_keep(request.user))
    measure = get_object_or_404(Measure.objects.select_related("framework"), pk=pk)
    retired = measure.status == Measure.Status.RETIRED
    form = RetireForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        try:
            if retired:
                verbs.bring_back(measure, by=request.user, note=form.cleaned_data["note"])
            else:
                verbs.retire(measure, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            put_on(form, refusal)
        else:
            messages.success(request, f"{measure.code} is {'live again' if retired else 'retired'}.")
            return redirect(measure)
    context = {
        "form": form,
        "measure": measure,
        "retired": retired,
        "trail": trail_of(measure, ("Bring back" if retired else "Retire", "")),
    }
    return render(request, "kpis/measure_retire.html", context)
