"""Pages of the funds: what was promised to and received by each, for everybody; keeping them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import Fund
from contracts.offers import funds, permissions
from contracts.offers.forms import FundForm
from govuk.formats import day
from spreadsheets.writing import csv_response, xlsx_response

METHODS = ["GET", "HEAD", "POST"]
HEADERS = (
    "Fund", "Contract number", "Contract", "Supplier", "Contribution", "Ward", "Status", "Promised by",
    "Promised (£)", "Received on", "Received (£)",
)  # fmt: skip
KINDS = ("text", "whole", "text", "text", "text", "text", "text", "date", "money", "date", "money")


@require_safe
def fund_list(request: SignedInRequest) -> HttpResponseBase:
    """Show each fund with its contributions, as far as this person sees the contracts behind them."""
    kind = request.GET.get("format")
    if kind in {"csv", "xlsx"}:
        return _file(request, kind)
    found = funds.sums(request.user)
    context = {
        "sums": found,
        "any": any(one.offers for one in found),
        "sees_everything": request.user.authority.sees_everything,
        "may_keep": bool(permissions.may_keep_funds(request.user)),
        "trail": _trail(),
    }
    return render(request, "contracts/fund_list.html", context)


def _file(request: SignedInRequest, kind: str) -> HttpResponseBase:
    rows = (
        (
            str(offer.fund), offer.contract_id, offer.contract.title, offer.contract.supplier_text,
            offer.description, str(offer.ward) if offer.ward else "", offer.get_status_display(),
            offer.due_on, offer.amount, offer.received_on, offer.amount_received,
        )
        for offer in funds.contributions(request.user)
    )  # fmt: skip
    name = f"Contributions to funds {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, HEADERS, rows)
    notes = [f"As at {day(today())}. Contributions of the contracts that {request.user} may see."]
    return xlsx_response(name, "Contributions", HEADERS, rows, kinds=KINDS, notes=notes)


def _trail(*more: str) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Contracts", reverse("contracts:contract-list"))]
    if not more:
        return [*here, ("Funds", "")]
    return [*here, ("Funds", reverse("contracts:fund-list")), *((label, "") for label in more)]


@require_http_methods(METHODS)
def fund_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new fund and add it."""
    require(permissions.may_keep_funds(request.user))
    form = FundForm(request.POST or None, initial={"is_open": True})
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in funds.FIELDS}
        try:
            fund = funds.add_fund(by=request.user, **facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The fund was added: {fund}.")
            return redirect("contracts:fund-list")
    context = {"form": form, "title": "Add a fund", "button": "Add the fund", "trail": _trail("Add a fund")}
    return render(request, "contracts/fund_form.html", context)


@require_http_methods(METHODS)
def fund_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a fund, and whether it still takes contributions."""
    require(permissions.may_keep_funds(request.user))
    fund = get_object_or_404(Fund, pk=pk)
    start = {name: getattr(fund, name) for name in funds.FIELDS}
    form = FundForm(request.POST or None, initial={**start, "seen": mark_of(fund, funds.CHANGED)})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            fund = funds.change_fund(fund, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as late:
            status = form.overtaken(late, mark_of(fund, funds.CHANGED))
        else:
            messages.success(request, f"The fund was saved: {fund}.")
            return redirect("contracts:fund-list")
    title = "Change a fund"
    context = {"form": form, "title": title, "button": "Save changes", "trail": _trail(title)}
    return render(request, "contracts/fund_form.html", context, status=status)
