"""Fetching a return for a page, and what its pages share: the trail, and a form to which a verb said no."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, require
from kpis.returns import permissions
from kpis.returns.models import MonthlyReturn
from kpis.returns.moves import MOVES


def get_return(request: SignedInRequest, number: int, month: dt.date) -> MonthlyReturn:
    """Return the return this person may know of; 404 otherwise."""
    returns: QuerySet[MonthlyReturn] = MonthlyReturn.objects.visible_to(request.user).select_related(
        "contract",
        "contract__manager",
        "contract__directorate",
        "directorate",
        "kpi_set",
        "excused_by",
        "submitted_by",
        "checked_by",
    )
    return get_object_or_404(returns.prefetch_related("contract__deputies"), contract=number, month=month)


def get_return_to_fill_in(request: SignedInRequest, number: int, month: dt.date) -> MonthlyReturn:
    """Return the return where this person may change it now: else 403, or 409 where it can't be changed."""
    monthly_return = get_return(request, number, month)
    require(permissions.may_fill_in(request.user, monthly_return))
    if not monthly_return.is_unfinished:
        MOVES.check(monthly_return, "submit")
    return monthly_return


def trail(monthly_return: MonthlyReturn, *more: str) -> list[tuple[str, str]]:
    """Return the breadcrumbs to a return, and to a page under it where one is named."""
    contract = monthly_return.contract
    here = f"{monthly_return.period_words} return"
    crumbs = [
        ("Home", "/"),
        ("Returns", reverse("kpis:return-list")),
        (contract.title, contract.get_absolute_url()),
    ]
    if not more:
        return [*crumbs, (here, "")]
    return [*crumbs, (here, monthly_return.get_absolute_url()), *((label, "") for label in more)]


def put_errors(form: Any, invalid: Invalid) -> None:
    """Show a verb's errors on a form by their fields."""
    for name, sentence in invalid.errors:
        form.add_error(name if name in form.fields else None, sentence)


def address(name: str, monthly_return: MonthlyReturn, *more: Any) -> str:
    """Return the address of a page of this return."""
    return reverse(f"kpis:{name}", args=[monthly_return.contract_id, monthly_return.month_slug, *more])
