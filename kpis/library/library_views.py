"""Pages of the library as a whole: browsing it, comparing measures, printing and taking it away."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from kpis.library import browsing, own_words, permissions
from kpis.library.models import Cohort, Measure
from kpis.library.views import trail
from spreadsheets.writing import csv_response, xlsx_response

MEASURES_A_PAGE = 60
FILE_NAME = "Library of measures"


@require_safe
def library(request: SignedInRequest) -> HttpResponseBase:
    """Show the measures by edition and theme, searched and narrowed; or send them as a file."""
    require(permissions.may_read(request.user))
    may_keep = bool(permissions.may_keep(request.user))
    form, given = browsing.narrowed_by(request.GET, request.user, may_keep=may_keep)
    found = browsing.found_by(given, request.user)
    if request.GET.get("format") in ("csv", "xlsx"):
        return _as_file(request.GET["format"], found, given)
    page = Paginator(found, MEASURES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "narrowed": bool(given),
        "query": _query_of(request),
        "cohorts": [] if given else list(Cohort.objects.all()),
        "may_keep": may_keep,
        "fewest": browsing.FEWEST,
        "most": browsing.MOST,
        "trail": [("Home", "/"), ("Library", "")],
    }
    return render(request, "kpis/library.html", context)


def _query_of(request: SignedInRequest) -> str:
    """Return what the library is narrowed by as the end of an address, without page and format."""
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    for name in [name for name in query if not query[name]]:
        query.pop(name)
    return query.urlencode()


def _as_file(kind: str, found, given: dict[str, Any]) -> HttpResponseBase:
    headers, rows = browsing.HEADERS, browsing.table_rows(found)
    if kind == "csv":
        return csv_response(FILE_NAME, headers, rows)
    notes = ["Each measure keeps the licence of its edition: see the last two columns before you pass it on."]
    if given:
        notes.insert(0, "Narrowed by: " + "; ".join(browsing.in_words(given)) + ".")
    return xlsx_response(FILE_NAME, "Measures", headers, rows, notes=notes)


@require_safe
def library_print(request: SignedInRequest) -> HttpResponse:
    """Show what the library is narrowed to in full, on pages made for A4."""
    require(permissions.may_read(request.user))
    may_keep = bool(permissions.may_keep(request.user))
    _, given = browsing.narrowed_by(request.GET, request.user, may_keep=may_keep)
    measures = list(
        browsing.found_by(given, request.user)
        .select_related("framework", "theme", "outcome", "unit", "cohort")
        .prefetch_related("cohort_splits", "priorities")
    )
    context = {
        "measures": measures,
        "given": browsing.in_words(given),
        "query": _query_of(request),
        "today": today(),
        "trail": trail(("To print", "")),
    }
    return render(request, "kpis/library_print.html", context)


@require_safe
def measure_compare(request: SignedInRequest) -> HttpResponse:
    """Show two to four measures side by side, and where they differ."""
    require(permissions.may_read(request.user))
    measures = browsing.to_compare(request.GET.getlist("m"), request.user)
    fits = browsing.FEWEST <= len(measures) <= browsing.MOST
    context = {
        "measures": measures,
        "fits": fits,
        "too_many": len(measures) > browsing.MOST,
        "lines": browsing.compared(measures) if fits else [],
        "without": [(one, _without(measures, one)) for one in measures] if len(measures) > 2 else [],
        "trail": trail(("Compare measures", "")),
    }
    return render(request, "kpis/measure_compare.html", context)


def _without(measures: list[Measure], left_out: Measure) -> str:
    return "&".join(f"m={one.pk}" for one in measures if one != left_out)


@require_safe
def own_words_list(request: SignedInRequest) -> HttpResponse:
    """List for the lead what contracts wrote in their own words, each with what the library has near it."""
    require(permissions.may_keep(request.user))
    context = {
        "rows": own_words.to_consider(),
        "trail": trail(("In contracts’ own words", "")),
    }
    return render(request, "kpis/own_words_list.html", context)
