"""One return: a task list for those who fill it in, its figures for everybody else."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.returns import permissions, verbs
from kpis.returns.forms import BenefitsForm, SupplierForm
from kpis.returns.models import MonthlyReturn
from kpis.returns.moves import MOVES
from kpis.returns.rows import days_late, rows_of, tag_of
from kpis.returns.verbs.evidence import used_elsewhere
from kpis.returns.verbs.submitting import CONFIRMATIONS
from kpis.returns.views.gate import address, get_return, get_return_to_fill_in, put_errors, trail


@require_safe
def return_page(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Show the return as its reader may see it."""
    person = request.user
    monthly_return = get_return(request, number, month)
    may_fill_in = permissions.may_fill_in(person, monthly_return)
    sees_working = bool(permissions.may_see_working(person, monthly_return))
    is_close = permissions.is_close_to(person, monthly_return.contract)
    has_figures = sees_working or monthly_return.first_submitted_at is not None
    has_figures = has_figures and not monthly_return.is_excused
    rows = rows_of(monthly_return, person) if has_figures else []
    shows_evidence = has_figures or (monthly_return.is_excused and sees_working)
    evidence = evidence_rows(monthly_return, person) if shows_evidence else []
    may_check = person.authority.is_lead
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "tag": tag_of(monthly_return),
        "why_excused": why_excused(monthly_return) if monthly_return.is_excused else "",
        "days_late": days_late(monthly_return),
        "rows": rows,
        "done": sum(row.is_done for row in rows),
        "may_fill_in": may_fill_in,
        "is_task_list": bool(may_fill_in) and monthly_return.is_unfinished,
        "sees_working": sees_working,
        "has_figures": has_figures,
        "is_correction": monthly_return.is_unfinished and monthly_return.first_submitted_at is not None,
        "evidence": evidence,
        "is_close": is_close,
        "may_check": may_check and MOVES.allows(monthly_return.status, "verify"),
        "may_reopen": may_check and MOVES.allows(monthly_return.status, "reopen"),
        "history": history_of(monthly_return)[:50] if is_close else [],
        "submissions": monthly_return.submissions.select_related("submitted_by"),
        "confirmations": CONFIRMATIONS.values(),
        "summary": summary_of(monthly_return, rows, fills_in=bool(may_fill_in)),
        "trail": trail(monthly_return),
    }
    return render(request, "kpis/return_page.html", context)


def summary_of(monthly_return: MonthlyReturn, rows, *, fills_in: bool = True) -> str:
    """Return the one sentence under the title."""
    if monthly_return.is_excused:
        return f"Nothing is owed for {monthly_return.period_words}."
    behind = sum(row.rating == "behind" for row in rows)
    attention = f" {plural(behind, 'KPI')} {'is' if behind == 1 else 'are'} behind target." if behind else ""
    if monthly_return.is_unfinished:
        done = sum(row.is_done for row in rows)
        if not rows:
            return "The figures will be here once the return has been submitted."
        if done == len(rows) and not fills_in:
            return f"{plural(len(rows), 'KPI')} filled in, not submitted yet.{attention}"
        if done == len(rows):
            every = {1: "The KPI is", 2: "Both KPIs are"}.get(len(rows), f"All {len(rows)} KPIs are")
            return f"{every} filled in: check your answers and submit.{attention}"
        return f"{done} of {plural(len(rows), 'KPI')} done.{attention}"
    if monthly_return.before_system:
        return f"{plural(len(rows), 'KPI')} reported before this system, so not verified here.{attention}"
    came = "on time" if monthly_return.was_on_time else "late"
    return f"{plural(len(rows), 'KPI')} reported, first submitted {came}.{attention}"


def why_excused(monthly_return: MonthlyReturn) -> str:
    """Return why nobody owes the return."""
    suspension, contract = monthly_return.excused_by, monthly_return.contract
    if suspension is not None:
        first, last = show_month(suspension.from_month), suspension.to_month
        span = f"from {first} to {show_month(last)}" if last else f"from {first} on"
        return f"The contract is suspended {span if last != suspension.from_month else f'in {first}'}."
    if contract.terminated_on:
        return f"The contract was terminated on {show_day(contract.terminated_on)}."
    return "It was recorded that nothing is owed."


def evidence_rows(monthly_return: MonthlyReturn, person) -> list[dict]:
    """Return the return's evidence as rows; the file's name and words only for those who may open it."""
    items = list(
        monthly_return.evidence.select_related("added_by", "withdrawn_by").prefetch_related("readings__terms")
    )
    elsewhere = used_elsewhere(items) if person.authority.is_lead else {}
    rows = []
    for item in items:
        item.monthly_return = monthly_return
        may_open = permissions.may_open_evidence(person, item)
        is_close = permissions.is_close_to(person, monthly_return.contract)
        if item.is_withdrawn and not is_close:
            continue
        rows.append(
            {
                "item": item,
                "may_open": bool(may_open),
                "named": is_close,
                "kpis": [reading.terms.title for reading in item.readings.all()],
                "elsewhere": elsewhere.get(item.pk, []),
            }
        )
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def return_benefits(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask for benefits beyond the commitments."""
    monthly_return = get_return_to_fill_in(request, number, month)
    now = monthly_return.additional_benefits
    begin = {"text": now, "version": monthly_return.version, "read": now}
    form = BenefitsForm(request.POST or None, initial=begin)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        # A colleague's figure moves the version too; only a change of these words stands in the way.
        same_words = given["read"].split() == now.split()
        version = monthly_return.version if same_words else given["version"]
        try:
            verbs.note_additional_benefits(
                monthly_return, by=request.user, text=given["text"], version=version
            )
        except Invalid as invalid:
            put_errors(form, invalid)
        except Stale:
            status = 409
            typed = request.POST.copy()
            typed["version"], typed["read"] = str(monthly_return.version), now
            form = BenefitsForm(typed)
            form.add_error(
                "text", f"Somebody else wrote meanwhile: “{now}”. Bring the two together, then save."
            )
        else:
            messages.success(request, "Additional benefits saved.")
            return redirect(monthly_return)
    context = {
        "monthly_return": monthly_return,
        "form": form,
        "trail": trail(monthly_return, "Additional benefits"),
    }
    return render(request, "kpis/return_benefits.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def return_await_supplier(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask what the supplier was asked for, and note that the return waits for them."""
    monthly_return = get_return_to_fill_in(request, number, month)
    form = SupplierForm(request.POST or None, initial={"note": monthly_return.awaiting_supplier_note})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.await_supplier(monthly_return, by=request.user, note=form.cleaned_data["note"])
        except Invalid as invalid:
            put_errors(form, invalid)
        else:
            messages.success(request, "Noted: this return is waiting for the supplier.")
            return redirect(monthly_return)
    context = {
        "monthly_return": monthly_return,
        "form": form,
        "trail": trail(monthly_return, "Waiting for supplier"),
    }
    return render(request, "kpis/return_await_supplier.html", context)


@require_POST
def return_supplier_answered(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Note that the supplier has answered."""
    monthly_return = get_return_to_fill_in(request, number, month)
    verbs.supplier_answered(monthly_return, by=request.user)
    messages.success(request, f"{monthly_return.period_words} return: the supplier has answered.")
    return redirect(address("return-page", monthly_return))
