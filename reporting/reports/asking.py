"""What a report's address asks for: the month, the months summed, the cuts, the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Directorate
from accounts.requests import SignedInRequest
from contracts.models import Category
from kpis.models import Theme
from reporting.permissions import may_filter
from reporting.queries.periods import (
    BASES,
    LIFE,
    MONTH,
    YEAR,
    Period,
    latest_month,
    months_to_pick,
    read_period,
)
from reporting.queries.scope import Scope

Option = tuple[str, str, bool]


def monthly(view: Callable) -> Callable:
    """Give the view a Period for the month of its address; a month picked in the form becomes the address.

    Without a month in the address it is the latest month with returns; a month that can't be is not found.
    """

    @wraps(view)
    def asked(request: SignedInRequest, *args, month: str = "", **kwargs):
        picked = request.GET.get("month", "")
        if picked or not month:
            query = request.GET.copy()
            query.pop("month", None)
            for name in [name for name in query if not query[name]]:
                query.pop(name)
            try:
                chosen = read_period(picked).slug if picked else f"{latest_month():%Y-%m}"
            except ValueError as error:
                raise Http404(str(error)) from error
            match = request.resolver_match
            assert match is not None  # a view is never reached otherwise
            assert match.url_name is not None
            name = f"reporting:{match.url_name.removesuffix('-latest')}"
            to = reverse(name, kwargs={**kwargs, "month": chosen})
            return redirect(to + (f"?{query.urlencode()}" if query else ""))
        try:
            period = read_period(month, request.GET.get("period", ""))
        except ValueError as error:
            raise Http404(str(error)) from error
        return view(request, *args, period=period, **kwargs)

    return asked


@dataclass(frozen=True)
class Picker:
    """The form above a report: months, months summed, and cuts for those who may make them."""

    months: list[Option]
    bases: list[Option]
    categories: list[Option]
    departments: list[Option]
    themes: list[Option]


@dataclass(frozen=True)
class Asked:
    """Scope and theme as asked for, the form that shows them, and the filters in words."""

    scope: Scope
    theme: Theme | None
    picker: Picker
    filters: str


def ask(
    request: SignedInRequest, period: Period, directorate: Directorate | None, *, cuts: bool = False
) -> Asked:
    """Return whose figures are asked for; cuts are left aside where the person may not make them."""
    category = department = theme = None
    lists: tuple[list, list, list] = ([], [], [])
    if cuts and may_filter(request.user, directorate):
        categories = Category.objects.all()
        departments = []
        if directorate:
            categories = categories.filter(contracts__directorate=directorate).distinct()
            departments = list(directorate.departments.all())
        lists = (list(categories), departments, list(Theme.objects.select_related("framework")))
        category = chosen(lists[0], request.GET.get("category", ""))
        department = chosen(lists[1], request.GET.get("department", ""))
        theme = chosen(lists[2], request.GET.get("theme", ""))
    words = {
        YEAR: "Financial year so far",
        MONTH: "This month alone",
        LIFE: "All months so far",
    }
    picker = Picker(
        months_to_pick(period.month),
        [(basis, words[basis], basis == period.basis) for basis in BASES],
        *(
            [(str(item.pk), named(item), item == picked) for item in items]
            for items, picked in zip(lists, (category, department, theme), strict=True)
        ),
    )
    picks = (("category", category), ("department", department), ("theme", theme))
    return Asked(
        Scope(request.user, directorate, category, department),
        theme,
        picker,
        ", ".join(f"{kind} {named(item)}" for kind, item in picks if item),
    )


def named(item: object) -> str:
    """Return a department without its directorate, anything else as it calls itself."""
    return getattr(item, "name", None) or str(item)


def chosen(items: list, key: str):
    """Return the item with that key; None where there is none."""
    return next((item for item in items if str(item.pk) == key), None)
