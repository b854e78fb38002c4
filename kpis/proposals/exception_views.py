"""Pages on which somebody says why a contract has no KPIs, and changes that before it is sent."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.calendar import first_of_month, today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract
from kpis.proposals import exceptions, permissions, verbs
from kpis.proposals.exception_forms import ExceptionForm
from kpis.proposals.forms import keep_what_was_typed, put_on
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES
from kpis.proposals.trails import contract_trail, set_trail, stale_leads_to_the_set
from kpis.proposals.verbs.changing import refuse_another_kind


@require_http_methods(["GET", "HEAD", "POST"])
def exception_start(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask why a contract has no KPIs and until when; keep it as a draft."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).with_names(), pk=contract_number)
    require(permissions.may_propose(request.user, contract))
    form = ExceptionForm(request.POST if request.method == "POST" else None, contract=contract)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(verbs.propose_exception(contract, by=request.user, **form.said))
        except Invalid as refusal:
            put_on(form, refusal)
    month = first_of_month(today())
    in_force = KPISet.objects.in_force(month).with_kpis().filter(contract=contract).first()
    context = {
        "form": form,
        "contract": contract,
        "pending": contract.kpi_sets.open_or_waiting().first(),
        "again": exceptions.in_force_of(contract),
        "ending": in_force.terms.count() if in_force else 0,
        "trail": contract_trail(contract, ("No KPIs, and why", "")),
    }
    return render(request, "kpis/exception_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def exception_edit(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask again what an exception says, while it is a draft or was returned."""
    kpi_set = get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )
    require(permissions.may_propose(request.user, kpi_set.contract))
    refuse_another_kind(kpi_set, KPISet.Kind.EXCEPTION)
    if request.method != "POST":
        MOVES.check(kpi_set, "edit")
    form = ExceptionForm(
        request.POST if request.method == "POST" else None, contract=kpi_set.contract, kpi_set=kpi_set
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            changed = verbs.change_exception(
                kpi_set, by=request.user, version=form.cleaned_data["version"], **form.said
            )
        except Invalid as refusal:
            put_on(form, refusal)
        except Stale as stale:
            kpi_set.refresh_from_db()
            if not kpi_set.is_open:
                raise
            status = keep_what_was_typed(form, stale, kpi_set)
        else:
            return redirect(changed)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "trail": set_trail(kpi_set, ("No KPIs, and why", "")),
    }
    return render(request, "kpis/exception_edit.html", context, status=status)
