"""Checking one's answers and submitting the return."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from govuk.formats import plural
from kpis.returns import permissions, verbs
from kpis.returns.forms import SubmitForm
from kpis.returns.models import MonthlyReturn
from kpis.returns.rows import rows_of
from kpis.returns.verbs.submitting import readings_of
from kpis.returns.views.gate import address, get_return, get_return_to_fill_in, put_errors, trail
from kpis.returns.views.page import evidence_rows


@dataclass(frozen=True)
class LinkedProblem:
    """One thing that stands in the way, with the page and field that mend it."""

    sentence: str
    url: str


def linked(monthly_return: MonthlyReturn, readings) -> list[LinkedProblem]:
    """Return the return's problems, each with a link to the field it is about."""
    return [
        LinkedProblem(
            sentence,
            address("reading-edit", monthly_return, reading.kpi_id) + f"#id_{field}" if reading else "",
        )
        for reading, field, sentence in verbs.problems(monthly_return, readings)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def return_check(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Show all answers with what is still missing; ask for the confirmations; submit."""
    monthly_return = get_return_to_fill_in(request, number, month)
    readings = readings_of(monthly_return)
    found = linked(monthly_return, readings)
    form = SubmitForm(request.POST or None, initial={"version": monthly_return.version})
    status = 200
    if request.method == "POST" and form.is_valid() and not found:
        confirmed = {name for name in verbs.CONFIRMATIONS if form.cleaned_data[name]}
        try:
            verbs.submit(
                monthly_return, by=request.user, version=form.cleaned_data["version"], confirmations=confirmed
            )
        except Invalid as invalid:
            put_errors(form, invalid)
        except Stale:
            fresh = get_return(request, number, month)
            if not fresh.is_unfinished:
                raise
            # A colleague saved a figure: show it, and let the person decide again.
            monthly_return, status = fresh, 409
            readings = readings_of(fresh)
            found = linked(fresh, readings)
            typed = request.POST.copy()
            typed["version"] = str(fresh.version)
            form = SubmitForm(typed)
            form.add_error(
                None,
                "Somebody changed this return while you had it open. Check the figures as they "
                "stand now, then submit again.",
            )
        else:
            return redirect(address("return-submitted", monthly_return))
    refused = request.method == "POST"
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "form": form,
        "problems": found,
        "show_problems": refused and bool(found),
        "has_errors": refused,
        "rows": rows_of(monthly_return, request.user, readings=readings),
        "evidence": [
            row for row in evidence_rows(monthly_return, request.user) if not row["item"].is_withdrawn
        ],
        "missing": plural(len(found), "thing"),
        "trail": trail(monthly_return, "Check and submit"),
    }
    return render(request, "kpis/return_check.html", context, status=status)


@require_safe
def return_submitted(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Say that the return is in and what happens now."""
    monthly_return = get_return(request, number, month)
    require(permissions.may_fill_in(request.user, monthly_return))
    if monthly_return.is_unfinished or monthly_return.is_excused:
        return redirect(monthly_return)
    others = (
        MonthlyReturn.objects.to_fill_in_by(request.user)
        .unfinished()
        .select_related("contract")
        .order_by("due_on", "contract__title")[:5]
    )
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "others": others,
        "trail": trail(monthly_return, "Submitted"),
    }
    return render(request, "kpis/return_submitted.html", context)
