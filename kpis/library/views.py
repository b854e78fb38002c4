"""Pages of the library: browsing it, one measure, and the lead's pages to keep it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import Contract
from kpis.library import permissions, verbs
from kpis.library.forms import LibraryFilter, MeasureForm, RetireForm
from kpis.library.models import Cohort, Measure

MOST_CONTRACTS = 50


@require_safe
def library(request: SignedInRequest) -> HttpResponse:
    """Show the measures by theme, searched and filtered, and the groups of people they may count."""
    require(permissions.may_read(request.user))
    form = LibraryFilter(request.GET or None)
    measures = Measure.objects.select_related("theme__framework", "unit", "cohort")
    narrowed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if not narrowed.get("retired"):
        measures = measures.live()
    if narrowed.get("theme"):
        measures = measures.filter(theme=narrowed["theme"])
    if narrowed.get("kind"):
        measures = measures.filter(kind=narrowed["kind"])
    context = {
        "form": form,
        "measures": measures.matching(narrowed.get("q", "")),
        "narrowed": any(narrowed.values()),
        "cohorts": Cohort.objects.all(),
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": [("Home", "/"), ("Library", "")],
    }
    return render(request, "kpis/library.html", context)


@require_safe
def measure_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one measure: rule, evidence, groups, and which contracts this person sees use it."""
    require(permissions.may_read(request.user))
    measure = get_object_or_404(
        Measure.objects.select_related("theme__framework", "outcome", "unit", "cohort", "replaced_by"),
        pk=pk,
    )
    used = (
        Contract.objects.visible_to(request.user)
        .filter(pk__in=measure.kpis.filter(terms__kpi_set__status="approved").values("contract"))
        .select_related("directorate")
    )
    context = {
        "measure": measure,
        "splits": list(measure.cohort_splits.all()),
        "contracts": used[:MOST_CONTRACTS],
        "used_count": used.count(),
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(measure)),
        "trail": [*_trail(), (measure.code, "")],
    }
    return render(request, "kpis/measure_page.html", context)


def _trail():
    return [("Home", "/"), ("Library", reverse("kpis:library"))]


def _put_on(form, refusal):
    for field, sentence in refusal.errors:
        form.add_error(field if field in form.fields else None, sentence)


@require_http_methods(["GET", "HEAD", "POST"])
def measure_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new measure and add it."""
    require(permissions.may_keep(request.user))
    form = MeasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            measure = verbs.add_measure(by=request.user, **form.facts)
        except Invalid as refusal:
            _put_on(form, refusal)
        else:
            messages.success(request, f"{measure.code} is in the library.")
            return redirect(measure)
    return render(
        request,
        "kpis/measure_form.html",
        {
            "form": form,
            "title": "Add a measure",
            "measure": None,
            "trail": [*_trail(), ("Add a measure", "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def measure_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a measure and make them."""
    require(permissions.may_keep(request.user))
    measure = get_object_or_404(Measure, pk=pk)
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
            _put_on(form, refusal)
        except Stale as stale:
            status = form.overtaken(stale, mark_of(measure, "library.edit_measure"))
        else:
            messages.success(
                request, f"{measure.code} is changed. KPI sets keep the words they were approved with."
            )
            return redirect(measure)
    return render(
        request,
        "kpis/measure_form.html",
        {
            "form": form,
            "title": f"Edit {measure.code}",
            "measure": measure,
            "is_used": verbs.is_used(measure),
            "trail": [*_trail(), (measure.code, measure.get_absolute_url()), ("Edit", "")],
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def measure_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why a measure is retired (or brought back), then do so."""
    require(permissions.may_keep(request.user))
    measure = get_object_or_404(Measure, pk=pk)
    retired = measure.status == Measure.Status.RETIRED
    form = RetireForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        if retired:
            verbs.bring_back(measure, by=request.user, note=form.cleaned_data["note"])
        else:
            verbs.retire(measure, by=request.user, **form.cleaned_data)
        messages.success(request, f"{measure.code} is {'live again' if retired else 'retired'}.")
        return redirect(measure)
    return render(
        request,
        "kpis/measure_retire.html",
        {
            "form": form,
            "measure": measure,
            "retired": retired,
            "trail": [
                *_trail(),
                (measure.code, measure.get_absolute_url()),
                ("Bring back" if retired else "Retire", ""),
            ],
        },
    )
