"""Pages of reports, and the same tables as files by `?table=...&format=csv`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.calendar import today
from accounts.models import Directorate
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from govuk import formats
from kpis.models import Cohort, Measure, Proxy
from kpis.valuation.comparing import Difference, difference
from kpis.valuation.working import working
from kpis.valuation.worth import FourFigures
from reporting.permissions import (
    directorates_reported_to,
    may_see_council_report,
    may_see_directorate_report,
)
from reporting.queries import one_measure
from reporting.queries.coverage import MARKS, Coverage, coverage_by_directorate
from reporting.queries.figures import unit_of
from reporting.queries.our_children import headline, our_children
from reporting.queries.periods import Period, latest_month
from reporting.queries.scope import Scope
from reporting.queries.trends import trend
from reporting.queries.worth import block, worth_of_scope
from reporting.reports import tables
from reporting.reports.asking import Asked, ask, monthly
from reporting.reports.pages import CouncilReport, DirectorateReport

Makers = dict[str, Callable[[], tables.Table]]
CONTRACTS_A_PAGE = 50


def file_asked_for(
    request: SignedInRequest, makers: Makers, report: str, period: Period, scope: Scope, filters: str = ""
) -> HttpResponseBase | None:
    """Return the table asked for as a file; None where the page itself is wanted."""
    kind = request.GET.get("format", "")
    if not kind:
        return None
    table = request.GET.get("table", "")
    if kind not in ("csv", "xlsx") or table not in makers:
        raise Http404("There is no such file.")
    about = tables.About(
        report,
        period,
        filters,
        request.user,
        scope.sees_small_numbers,
        request.build_absolute_uri(request.path),
    )
    return tables.send(
        makers[table](), kind, f"{report} {period.slug} {table}".lower().replace(" ", "-"), about
    )


def trail(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the breadcrumbs that lead to a report."""
    return [("Home", "/"), ("Reports", reverse("reporting:report-index")), *steps]


def report_index(request: SignedInRequest) -> HttpResponseBase:
    """List the reports a person may read; who has only one goes straight there."""
    directorates = list(directorates_reported_to(request.user))
    council = bool(may_see_council_report(request.user))
    month = latest_month()
    if not council and len(directorates) == 1:
        return redirect("reporting:directorate-report", directorates[0].slug, f"{month:%Y-%m}")
    covered = coverage_by_directorate(Scope(request.user), [month])
    rows = [
        {
            "name": directorate.name,
            "url": reverse("reporting:directorate-report", args=[directorate.slug, f"{month:%Y-%m}"]),
            "sentence": covered.get((directorate.pk, month), Coverage()).sentence,
        }
        for directorate in directorates
    ]
    return render(
        request,
        "reporting/report_index.html",
        {
            "trail": [("Home", "/"), ("Reports", "")],
            "rows": rows,
            "council": council,
            "themes": bool(directorates or council),
            "our_children": our_word(),
            "month": f"{month:%Y-%m}",
            "month_words": formats.month(month),
        },
    )


@monthly
def council_report(request: SignedInRequest, period: Period) -> HttpResponseBase:
    """Show what was promised and delivered across the council."""
    require(may_see_council_report(request.user))
    asked = ask(request, period, None, cuts=True)
    report = CouncilReport(asked, period, everything=bool(request.GET.get("all")))
    found = file_asked_for(request, report.makers, "Council", period, asked.scope, asked.filters)
    if found:
        return found
    return render(
        request,
        "reporting/council_report.html",
        {**shared(report, asked, period), "trail": trail(("The council", ""))},
    )


@monthly
def directorate_report(request: SignedInRequest, slug: str, period: Period) -> HttpResponseBase:
    """Show what was promised and delivered in one directorate."""
    directorate = get_object_or_404(Directorate, slug=slug)
    require(may_see_directorate_report(request.user, directorate))
    asked = ask(request, period, directorate, cuts=True)
    report = DirectorateReport(asked, period, everything=bool(request.GET.get("all")))
    found = file_asked_for(request, report.makers, directorate.name, period, asked.scope, asked.filters)
    if found:
        return found
    return render(
        request,
        "reporting/directorate_report.html",
        {
            **shared(report, asked, period),
            "directorate": directorate,
            "trail": trail((directorate.name, "")),
        },
    )


def shared(report, asked: Asked, period: Period) -> dict:
    """Return what both reports' templates read."""
    return {
        "report": report,
        "scope": asked.scope,
        "period": period,
        "picker": asked.picker,
        "filters": asked.filters,
        "as_at": report.as_at,
        "months": [(formats.short_month(month), formats.month(month)) for month in period.last_twelve],
        "marks": MARKS,
        "our_children": our_word(),
    }


@monthly
def measure_report(request: SignedInRequest, pk: int, period: Period) -> HttpResponseBase:
    """Show one measure in each directorate."""
    require(may_see_council_report(request.user))
    measure = measure_of(request, pk)
    asked = ask(request, period, None)
    lines = one_measure.by_directorate(asked.scope, period, measure)
    four = worth_of_scope(asked.scope, period, [measure.pk])
    total = one_measure.with_worth(one_measure.measure_total(asked.scope, period, measure), four, asked.scope)
    makers: Makers = {
        "directorates": lambda: tables.by_directorate_table(lines, period),
        "workings": lambda: tables.workings_table(four, sees_small_numbers=asked.scope.sees_small_numbers),
    }
    found = file_asked_for(request, makers, measure.title, period, asked.scope)
    if found:
        return found
    return render(
        request,
        "reporting/measure_report.html",
        {
            "measure": measure,
            "total": total,
            "lines": lines,
            "chart": one_measure.multiples(measure, lines, period),
            **worth_context(asked.scope, four),
            "differences": differences_of(measure, request.user),
            "period": period,
            "picker": asked.picker,
            "scope": asked.scope,
            "as_at": formats.day(today()),
            "trail": trail(
                ("The council", reverse("reporting:council-report", args=[period.slug]) + period.query),
                (measure.title, ""),
            ),
        },
    )


@monthly
def directorate_measure_report(
    request: SignedInRequest, slug: str, pk: int, period: Period
) -> HttpResponseBase:
    """Show one measure in each contract of a directorate, with each month's return."""
    directorate = get_object_or_404(Directorate, slug=slug)
    require(may_see_directorate_report(request.user, directorate))
    measure = measure_of(request, pk)
    asked = ask(request, period, directorate)
    lines = one_measure.by_contract(asked.scope, period, measure)
    months = one_measure.months_of(period)
    four = worth_of_scope(asked.scope, period, [measure.pk])
    makers: Makers = {
        "workings": lambda: tables.workings_table(four, sees_small_numbers=asked.scope.sees_small_numbers),
        "contracts": lambda: tables.by_contract_table(lines, period, unit_of(measure)),
        "months": lambda: tables.months_table(lines, months),
    }
    found = file_asked_for(request, makers, f"{directorate.name} {measure.code}", period, asked.scope)
    if found:
        return found
    total = one_measure.with_worth(one_measure.measure_total(asked.scope, period, measure), four, asked.scope)
    has_months = measure.is_number and sum(value is not None for _, value in total.values) > 1
    return render(
        request,
        "reporting/directorate_measure_report.html",
        {
            "measure": measure,
            "directorate": directorate,
            "total": total,
            "page": Paginator(lines, CONTRACTS_A_PAGE).get_page(request.GET.get("page")),
            "statuses": one_measure.status_counts(lines),
            "months": [(formats.short_month(month), formats.month(month)) for month in months],
            "chart": trend(total) if has_months else None,
            "council": bool(may_see_council_report(request.user)),
            **worth_context(asked.scope, four),
            "period": period,
            "picker": asked.picker,
            "scope": asked.scope,
            "as_at": formats.day(today()),
            "trail": trail(
                (
                    directorate.name,
                    reverse("reporting:directorate-report", args=[slug, period.slug]) + period.query,
                ),
                (measure.title, ""),
            ),
        },
    )


def measure_of(request: SignedInRequest, pk: int) -> Measure:
    """Return the measure with what its reports show, or 404; a draft isn't there for its readers."""
    found = Measure.objects.visible_to(request.user).select_related("framework", "theme", "unit", "cohort")
    return get_object_or_404(found, pk=pk)


def worth_context(scope: Scope, four: FourFigures) -> dict:
    """Return what the £ of one measure's page need: the block and its working."""
    sees = scope.sees_small_numbers
    return {"worth": block(four, sees_small_numbers=sees), "working": working(four, sees_guarded=sees)}


def differences_of(measure: Measure, person) -> list[Difference]:
    """Return what each of the measure's local £ values makes of its units against its national ones."""
    offered = list(Proxy.objects.filter(measure=measure, withdrawn_at=None).order_by("-is_usual", "pk"))
    local = [one for one in offered if one.is_local]
    national = [one for one in offered if not one.is_local]
    if measure.cohort_id or not measure.can_be_priced:
        return []
    return [difference(measure, one, other, person) for one in local[:2] for other in national[:2]]


@monthly
def cohort_report(request: SignedInRequest, period: Period) -> HttpResponseBase:
    """Show how many of Our Children got work across all council contracts."""
    require(may_see_council_report(request.user))
    asked = ask(request, period, None)
    own, parts = our_children(request.user, period)
    makers: Makers = {"own": lambda: tables.cohort_table(own), "parts": lambda: tables.cohort_table(parts)}
    found = file_asked_for(request, makers, our_word(), period, asked.scope)
    if found:
        return found
    return render(
        request,
        "reporting/cohort_report.html",
        {
            "own": own,
            "parts": parts,
            "heading": f"How many of {our_word()} got work?",
            "sentence": headline(own, our_word(), period),
            "our_children": our_word(),
            "small_number": settings.SMALL_NUMBER,
            "definition": Cohort.objects.filter(is_our_children=True)
            .values_list("definition", flat=True)
            .first(),
            "period": period,
            "picker": asked.picker,
            "scope": asked.scope,
            "as_at": formats.day(today()),
            "trail": trail((our_word(), "")),
        },
    )


def our_word() -> str:
    """Return what this council calls its children in care and care leavers."""
    return settings.WORDS["our_children"]
