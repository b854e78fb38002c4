"""Pages of workings: every £ of a report line by line, and the same as a file."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.calendar import today
from accounts.models import Directorate
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from govuk import formats
from kpis.models import Measure, Theme
from kpis.valuation.working import working
from kpis.valuation.worth import FourFigures
from reporting.permissions import may_see_council_report, may_see_directorate_report
from reporting.queries.periods import Period
from reporting.queries.scope import Scope
from reporting.queries.worth import block, worth_of_scope
from reporting.reports import tables
from reporting.reports.asking import ask, monthly
from reporting.reports.themes import asked_of_theme, measures_of
from reporting.reports.views import file_asked_for, trail


@monthly
def council_worth(request: SignedInRequest, period: Period) -> HttpResponseBase:
    """Show how the council's £ are worked out."""
    require(may_see_council_report(request.user))
    asked = ask(request, period, None, cuts=True)
    keys = keys_of_theme(asked.theme)
    back = reverse("reporting:council-report", args=[period.slug]) + period.query
    return shown(
        request, period, asked.scope, keys, name="The council", back=back, picker=asked.picker,
        filters=asked.filters,
    )  # fmt: skip


@monthly
def directorate_worth(request: SignedInRequest, slug: str, period: Period) -> HttpResponseBase:
    """Show how a directorate's £ are worked out."""
    directorate = get_object_or_404(Directorate, slug=slug)
    require(may_see_directorate_report(request.user, directorate))
    asked = ask(request, period, directorate, cuts=True)
    back = reverse("reporting:directorate-report", args=[slug, period.slug]) + period.query
    return shown(
        request, period, asked.scope, keys_of_theme(asked.theme), name=directorate.name, back=back,
        picker=asked.picker, filters=asked.filters,
    )  # fmt: skip


@monthly
def theme_worth(request: SignedInRequest, pk: int, period: Period) -> HttpResponseBase:
    """Show how a theme's £ are worked out."""
    theme = get_object_or_404(Theme.objects.select_related("framework"), pk=pk)
    scope, chosen = asked_of_theme(request)
    asked = ask(request, period, scope.directorate)
    query = f"?directorate={chosen}" if chosen else ""
    back = reverse("reporting:theme-report", args=[pk, period.slug]) + query
    name = f"{theme.title}, {scope.name}"
    return shown(
        request, period, scope, measures_of(theme), name=name, back=back, picker=asked.picker, filters="",
    )  # fmt: skip


def keys_of_theme(theme: Theme | None) -> set[int] | None:
    """Return the measures a cut by theme keeps; None for all."""
    return set(Measure.objects.filter(theme=theme).values_list("pk", flat=True)) if theme else None


def shown(
    request: SignedInRequest, period: Period, scope: Scope, keys: set[int] | None, *, name: str, back: str,
    picker, filters: str,
) -> HttpResponseBase:  # fmt: skip
    """Return the page of workings, of one measure where the address names one, or its file."""
    one = measure_asked_for(request)
    if one is not None:
        keys = {one.pk} if keys is None else keys & {one.pk}
        name = f"{one.title}, {name}"
    four = worth_of_scope(scope, period, keys)
    sees = scope.sees_small_numbers
    makers = {
        "worth": lambda: tables.worth_table(period, four, sees_small_numbers=sees),
        "workings": lambda: tables.workings_table(four, sees_small_numbers=sees),
    }
    found = file_asked_for(request, makers, f"{name} in pounds", period, scope, filters)
    if found:
        return found
    return render(
        request,
        "reporting/worth_page.html",
        {
            **working_context(four, sees=sees, period_words=period.words),
            "name": name,
            "keeps": [(key, request.GET[key]) for key in ("directorate", "measure") if request.GET.get(key)],
            "fold": one is None,
            "is_part": one is not None,
            "period": period,
            "picker": picker,
            "filters": filters,
            "scope": scope,
            "as_at": formats.day(today()),
            "trail": trail((name, back), ("How the £ are worked out", "")),
        },
    )


def measure_asked_for(request: SignedInRequest) -> Measure | None:
    """Return the measure of `?measure=`; None where none is asked for, 404 where there is no such measure."""
    key = request.GET.get("measure", "")
    if not key:
        return None
    seen = Measure.objects.visible_to(request.user)
    return get_object_or_404(seen, pk=int(key) if key.isdecimal() and len(key) < 10 else 0)


def working_context(four: FourFigures, *, sees: bool, period_words: str = "") -> dict:
    """Return what a page of workings reads."""
    return {
        "worth": block(four, sees_small_numbers=sees, period_words=period_words),
        "working": working(four, sees_guarded=sees),
    }
