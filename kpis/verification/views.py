"""Pages of checking: what waits, one return, sending back, reopening, the sample."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.readings.models import Reading
from kpis.returns.forms import ReasonForm
from kpis.returns.models import MonthlyReturn
from kpis.returns.moves import MOVES
from kpis.returns.rows import rows_of
from kpis.returns.verbs.figures import as_text
from kpis.returns.verbs.submitting import readings_of
from kpis.returns.views.gate import get_return, put_errors, trail
from kpis.returns.views.page import evidence_rows
from kpis.verification import permissions, verbs
from kpis.verification.forms import SampleForm, VerifyForm
from kpis.verification.models import SampleDraw
from kpis.verification.risk import marks_of

PAGE = 50


@require_safe
def verification_list(request: SignedInRequest) -> HttpResponse:
    """Show submitted returns, oldest first, with the sample and what looks risky."""
    require(permissions.may_check(request.user))
    waiting = (
        MonthlyReturn.objects.filter(status=MonthlyReturn.Status.SUBMITTED, before_system=False)
        .with_contract()
        .order_by("submitted_at", "pk")
    )
    only_sample = request.GET.get("show") == "sample"
    shown = waiting.filter(sampled_at__isnull=False) if only_sample else waiting
    page_obj = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    marks = marks_of(page_obj.object_list)
    context = {
        "rows": [(item, marks[item.pk]) for item in page_obj.object_list],
        "page_obj": page_obj,
        "only_sample": only_sample,
        "count": plural(waiting.count(), "return"),
        "waiting": waiting.count(),
        "sampled": waiting.filter(sampled_at__isnull=False).count(),
        "closes_after": verbs.CLOSES_AFTER,
        "draws": SampleDraw.objects.select_related("drawn_by")[:5],
        "trail": [("Home", "/"), ("Returns", reverse("kpis:return-list")), ("Check returns", "")],
    }
    return render(request, "kpis/verification_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def return_verify(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Show each figure with what supports it, and verify."""
    monthly_return = get_return(request, number, month)
    require(permissions.may_check(request.user))
    MOVES.check(monthly_return, "verify")
    readings = readings_of(monthly_return)
    evidence = [row for row in evidence_rows(monthly_return, request.user) if not row["item"].is_withdrawn]
    form = VerifyForm(
        request.POST or None,
        readings=readings,
        evidence=[row["item"] for row in evidence],
        initial={"version": monthly_return.version},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.verify(
                monthly_return,
                by=request.user,
                amounts=form.amounts(),
                verdicts=form.verdicts(),
                version=form.cleaned_data["version"],
                note=form.cleaned_data["note"],
            )
        except Invalid as invalid:
            put_errors(form, invalid)
        except Stale as stale:
            monthly_return = get_return(request, number, month)
            if not MOVES.allows(monthly_return.status, "verify"):
                raise
            # The figures are shown as they stand now; verifying again is a choice made with them in view.
            readings, status = readings_of(monthly_return), 409
            typed = request.POST.copy()
            typed["version"] = str(monthly_return.version)
            form = VerifyForm(typed, readings=readings, evidence=[row["item"] for row in evidence])
            form.add_error(
                None,
                f"{stale.args[0].split(' while ')[0]} while you had it open. What you typed is kept: compare "
                "it with the figures as they stand now, then verify.",
            )
        else:
            messages.success(request, f"{monthly_return} verified.")
            return redirect("kpis:verification-list")
    before = _previous(readings, month)
    rows = [
        {
            "row": row,
            "fields": form.fields_of(row.reading),
            "previous": before.get(row.reading.kpi_id, ""),
            "evidence": [item for item in evidence if row.reading in item["item"].readings.all()],
        }
        for row in rows_of(monthly_return, request.user, readings=readings)
    ]
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "form": form,
        "rows": rows,
        "evidence": [(row, form[f"verdict_{row['item'].pk}"]) for row in evidence],
        "marks": marks_of([monthly_return])[monthly_return.pk],
        "may_verify": permissions.may_verify(request.user, monthly_return),
        "submission": monthly_return.submissions.select_related("submitted_by").first(),
        "trail": trail(monthly_return, "Verify"),
    }
    return render(request, "kpis/return_verify.html", context, status=status)


def _previous(readings: list[Reading], month: dt.date) -> dict[int, str]:
    """Return each KPI's last reported figure before a month, as text."""
    found = {}
    earlier = Reading.objects.reported().filter(
        kpi__in=[reading.kpi_id for reading in readings], month__lt=month
    )
    for reading in earlier.select_related("measure", "monthly_return").order_by("month"):
        found[reading.kpi_id] = f"{as_text(reading, 'reported_')} ({reading.monthly_return.period_words})"
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def return_send_back(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask what has to be put right, and send the return back."""
    monthly_return = get_return(request, number, month)
    require(permissions.may_send_back(request.user, monthly_return))
    return _ask_for_reason(
        request,
        monthly_return,
        "send_back",
        verbs.send_back,
        "kpis/return_send_back.html",
        label="What has to be put right?",
        hint="The contract manager and deputies get this in a letter.",
        done=f"{monthly_return} sent back.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def return_reopen(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask why a checked return is reopened, and reopen it."""
    monthly_return = get_return(request, number, month)
    require(permissions.may_reopen(request.user, monthly_return))
    return _ask_for_reason(
        request,
        monthly_return,
        "reopen",
        verbs.reopen,
        "kpis/return_reopen.html",
        label="Why is this return reopened?",
        hint="The reason stays on the record. The figures stand until they are replaced.",
        done=f"{monthly_return} is open again for correction.",
    )


def _ask_for_reason(
    request: SignedInRequest, monthly_return, move, verb, template, *, label, hint, done
) -> HttpResponse:
    MOVES.check(monthly_return, move)
    form = ReasonForm(
        request.POST or None, label=label, hint=hint, initial={"version": monthly_return.version}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verb(monthly_return, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            put_errors(form, invalid)
        except Stale as stale:
            # What was typed is kept, the page says what stands now.
            form.add_error(None, str(stale))
            status = 409
        else:
            messages.success(request, done)
            return redirect(monthly_return)
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "form": form,
        "trail": trail(monthly_return, "Send back" if move == "send_back" else "Reopen"),
    }
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def verification_sample(request: SignedInRequest) -> HttpResponse:
    """Ask for month, seed and share, and draw."""
    require(permissions.may_check(request.user))
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draw = verbs.draw_sample(by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            put_errors(form, invalid)
        except Stale as stale:
            form.add_error("month", str(stale))
        else:
            messages.success(
                request,
                f"{plural(len(draw.drawn), 'return')} of {len(draw.among)} drawn for "
                f"{show_month(draw.month)}.",
            )
            return redirect(f"{reverse('kpis:verification-list')}?show=sample")
    context = {
        "form": form,
        "draws": SampleDraw.objects.select_related("drawn_by")[:20],
        "trail": [
            ("Home", "/"),
            ("Returns", reverse("kpis:return-list")),
            ("Check returns", reverse("kpis:verification-list")),
            ("Draw a sample", ""),
        ],
    }
    return render(request, "kpis/verification_sample.html", context)


@require_POST
def verification_mark(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Put one return into the sample by hand."""
    monthly_return = get_return(request, number, month)
    marks = marks_of([monthly_return])[monthly_return.pk]
    reason = "; ".join(marks)[:150] or f"Picked by {request.user}"
    verbs.mark_for_checking(monthly_return, by=request.user, reason=reason)
    messages.success(request, f"{monthly_return} will be checked.")
    return redirect("kpis:verification-list")
