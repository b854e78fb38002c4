"""A theme of any edition: what was promised and delivered under it, by whichever measures count there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from govuk import formats
from kpis.models import Measure, Theme
from kpis.valuation.worth import FourFigures
from reporting.permissions import (
    directorates_reported_to,
    may_see_council_report,
    may_see_directorate_report,
)
from reporting.queries.measures import measure_table
from reporting.queries.periods import Period, latest_month
from reporting.queries.scope import Scope
from reporting.queries.worth import RowWorth, block, worth_by
from reporting.reports import tables
from reporting.reports.asking import ask, monthly
from reporting.reports.views import file_asked_for, trail


def measures_of(theme: Theme) -> set[int]:
    """Return the theme's own measures and those of other themes that count under it too: one query."""
    found = Measure.objects.filter(Q(theme=theme) | Q(also_under=theme)).order_by()
    return set(found.values_list("pk", flat=True))


def asked_of_theme(request: SignedInRequest) -> tuple[Scope, str]:
    """Return whose figures are asked for and the slug of the directorate ("" for the council).

    Who may not read the council's report gets a directorate of theirs; who has none is refused.
    """
    mine = list(directorates_reported_to(request.user))
    asked = request.GET.get("directorate", "")
    picked = next((one for one in mine if one.slug == asked), None)
    council = may_see_council_report(request.user)
    if picked is None and not council:
        if not mine:
            require(council)
        picked = mine[0]
    if picked is not None:
        require(may_see_directorate_report(request.user, picked))
    return Scope(request.user, picked), picked.slug if picked else ""


@dataclass(frozen=True)
class DirectorateWorth:
    """A directorate's part in a theme."""

    name: str
    url: str
    worth: RowWorth


@monthly
def theme_report(request: SignedInRequest, pk: int, period: Period) -> HttpResponseBase:
    """Show what was promised and delivered under a theme, in the council or one directorate."""
    theme = get_object_or_404(Theme.objects.select_related("framework"), pk=pk)
    scope, chosen = asked_of_theme(request)
    keys = measures_of(theme)
    table = measure_table(scope, period, measures=keys)
    sees = scope.sees_small_numbers
    makers = {
        "measures": lambda: tables.measures_table(period, table.rows),
        "worth": lambda: tables.worth_table(period, table.worth, sees_small_numbers=sees),
        "workings": lambda: tables.workings_table(table.worth, sees_small_numbers=sees),
    }
    found = file_asked_for(request, makers, f"Theme {theme.title} {scope.name}", period, scope)
    if found:
        return found
    url = reverse("reporting:theme-worth", args=[pk, period.slug])
    return render(
        request,
        "reporting/theme_report.html",
        {
            "theme": theme,
            "table": table,
            "report": {"measures": table},
            "count": len(keys),
            "worth": block(
                table.worth,
                sees_small_numbers=sees,
                period_words=period.words,
                url=url + (f"?directorate={chosen}" if chosen else ""),
            ),
            "parts": directorate_parts(scope, period, theme, keys) if not chosen and keys else [],
            "choices": choices(request, theme, period, chosen),
            "directorate": scope.directorate,
            "scope": scope,
            "period": period,
            "picker": ask(request, period, scope.directorate).picker,
            "keeps": [("directorate", chosen)] if chosen else [],
            "as_at": formats.day(today()),
            "trail": trail(("Themes", reverse("reporting:theme-list")), (theme.title, "")),
        },
    )


def directorate_parts(scope: Scope, period: Period, theme: Theme, keys: set[int]) -> list[DirectorateWorth]:
    """Return each directorate's £ under the theme, by name: eleven queries."""
    found = worth_by(scope, period, "directorate", keys)
    to = reverse("reporting:theme-report", args=[theme.pk, period.slug])
    return [
        DirectorateWorth(
            one.name,
            f"{to}?directorate={one.slug}",
            RowWorth(found.get(one.pk, FourFigures()), scope.sees_small_numbers),
        )
        for one in directorates_reported_to(scope.person)
    ]


def choices(
    request: SignedInRequest, theme: Theme, period: Period, chosen: str
) -> list[tuple[str, str, bool]]:
    """Return (name, address, is shown) of the council and each directorate this person may read."""
    to = reverse("reporting:theme-report", args=[theme.pk, period.slug])
    basis = f"&period={period.basis}" if period.query else ""
    found = [("The council", to + period.query, not chosen)] if may_see_council_report(request.user) else []
    return found + [
        (one.name, f"{to}?directorate={one.slug}{basis}", one.slug == chosen)
        for one in directorates_reported_to(request.user)
    ]


def theme_list(request: SignedInRequest) -> HttpResponseBase:
    """List the themes of every edition in use or live, with how many measures each has."""
    if not directorates_reported_to(request.user).exists():
        require(may_see_council_report(request.user))
    themes = (
        Theme.objects.select_related("framework")
        .annotate(own=Count("measures", distinct=True), also=Count("also_measures", distinct=True))
        .order_by("framework__name", "framework__edition", "position", "pk")
    )
    editions: dict[str, list[Theme]] = defaultdict(list)
    for theme in themes:
        editions[str(theme.framework)].append(theme)
    return render(
        request,
        "reporting/theme_list.html",
        {
            "editions": list(editions.items()),
            "month": f"{latest_month():%Y-%m}",
            "trail": trail(("Themes", "")),
        },
    )
