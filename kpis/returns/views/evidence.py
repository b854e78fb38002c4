"""Evidence pages: add a file, open it, withdraw it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, require
from kpis.returns import permissions, verbs
from kpis.returns.forms import EvidenceForm, ReasonForm
from kpis.returns.models import Evidence, MonthlyReturn
from kpis.returns.views.gate import get_return_to_fill_in, put_errors, trail


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask for a file, what it is and which KPIs it supports."""
    monthly_return = get_return_to_fill_in(request, number, month)
    readings = monthly_return.readings.select_related("terms").order_by("terms__position")
    initial = {"readings": [reading for reading in readings if str(reading.kpi_id) == request.GET.get("kpi")]}
    form = EvidenceForm(request.POST or None, request.FILES or None, readings=readings, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add_evidence(monthly_return, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            put_errors(form, invalid)
        else:
            messages.success(request, "Evidence added.")
            return redirect(monthly_return)
    context = {"monthly_return": monthly_return, "form": form, "trail": trail(monthly_return, "Add evidence")}
    return render(request, "kpis/evidence_add.html", context)


def _visible(request: SignedInRequest, evidence: int) -> Evidence:
    """Return evidence of a return this person may know of; 404 otherwise."""
    return get_object_or_404(
        Evidence.objects.select_related("monthly_return__contract").filter(
            monthly_return__in=MonthlyReturn.objects.visible_to(request.user)
        ),
        pk=evidence,
    )


@never_cache
@require_safe
def evidence_open(request: SignedInRequest, evidence: int) -> HttpResponseBase:
    """Hand the file out as a download, to those who may; never shown inside the browser as ours."""
    item = _visible(request, evidence)
    answer = FileResponse(
        verbs.open_evidence(item, by=request.user),
        as_attachment=True,
        filename=item.file_name,
        content_type=item.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_withdraw(request: SignedInRequest, evidence: int) -> HttpResponse:
    """Ask why a file is withdrawn, and withdraw it."""
    item = _visible(request, evidence)
    monthly_return = item.monthly_return
    require(permissions.may_fill_in(request.user, monthly_return))
    get_return_to_fill_in(request, monthly_return.contract_id, monthly_return.month)
    form = ReasonForm(
        request.POST or None,
        label="Why is this file withdrawn?",
        hint="It stays on the record, marked as withdrawn, and supports nothing any more.",
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw_evidence(item, by=request.user, reason=form.cleaned_data["reason"])
        except Invalid as invalid:
            put_errors(form, invalid)
        else:
            messages.success(request, "Evidence withdrawn.")
            return redirect(monthly_return)
    context = {
        "monthly_return": monthly_return,
        "item": item,
        "form": form,
        "trail": trail(monthly_return, "Withdraw evidence"),
    }
    return render(request, "kpis/evidence_withdraw.html", context)
