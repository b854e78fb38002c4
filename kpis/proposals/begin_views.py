"""Pages on which a KPI set begins: from what, as a copy of another contract's, with words of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, require
from contracts.models import Contract
from kpis.library import own_words
from kpis.library.choosing import measures_for
from kpis.library.models import Measure
from kpis.proposals import copying, permissions, verbs
from kpis.proposals.beginning import COPY, OWN, StartForm
from kpis.proposals.forms import put_on
from kpis.proposals.from_template import start_from_template
from kpis.proposals.kpi_views import open_set_of
from kpis.proposals.models import KPISet
from kpis.proposals.months import latest_approved
from kpis.proposals.own_forms import OwnWordsForm
from kpis.proposals.trails import contract_trail, set_trail, stale_leads_to_the_set


def _contract_to_propose_for(request: SignedInRequest, number: int) -> Contract:
    """Return the contract for somebody who may propose its KPIs."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).with_names(), pk=number)
    require(permissions.may_propose(request.user, contract))
    return contract


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_set_start(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask with what a new set begins, then begin it; where one is under way, lead to it."""
    contract = _contract_to_propose_for(request, contract_number)
    before = latest_approved(contract)
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, contract=contract, before=before)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_begin(contract, form, request.user))
        except Invalid as refusal:
            put_on(form, refusal)
    pending = contract.kpi_sets.open_or_waiting().first()
    context = {
        "form": form,
        "contract": contract,
        "pending": pending,
        "pending_words": carry_on_words(pending) if pending else "",
        "before": before,
        "before_count": before.terms.count() if before else 0,
        "trail": contract_trail(contract, ("Start a KPI set", "")),
    }
    return render(request, "kpis/kpi_set_start.html", context)


def carry_on_words(kpi_set: KPISet) -> str:
    """Return "Carry on with KPI set 3 (draft)", or that it can be opened where it waits."""
    if kpi_set.is_open:
        return f"Carry on with {kpi_set} ({kpi_set.get_status_display().lower()})"
    return f"Open {kpi_set}"


def _begin(contract: Contract, form: StartForm, person) -> str:
    """Return where the one who began goes next, with the set begun unless it is to be a copy."""
    if form.chosen == COPY:
        return reverse("kpis:kpi-set-copy", args=[contract.pk])
    if form.template is not None:
        return start_from_template(contract, form.template, by=person).get_absolute_url()
    kpi_set = verbs.start_set(contract, by=person)
    if form.chosen == OWN:
        return reverse("kpis:kpi-add-own", args=[contract.pk, kpi_set.number])
    return kpi_set.get_absolute_url()


@require_safe
def kpi_set_copy(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """List the contracts whose approved KPIs may be copied, the likest first, to choose one."""
    contract = _contract_to_propose_for(request, contract_number)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = copying.sources(request.user, contract, words)
    context = {
        "contract": contract,
        "words": words,
        "sources": found[: copying.MOST_SHOWN],
        "count": len(found),
        "pending": contract.kpi_sets.open_or_waiting().first(),
        "trail": _copy_trail(contract),
    }
    return render(request, "kpis/kpi_set_copy.html", context)


def _copy_trail(contract: Contract, *more):
    start = reverse("kpis:kpi-set-start", args=[contract.pk])
    here = reverse("kpis:kpi-set-copy", args=[contract.pk]) if more else ""
    return contract_trail(contract, ("Start a KPI set", start), ("Copy from another contract", here), *more)


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_set_copy_from(request: SignedInRequest, contract_number: int, source: int) -> HttpResponse:
    """Show what would come along from one contract, and what would not; then begin the set with it."""
    contract = _contract_to_propose_for(request, contract_number)
    sets = copying.approved_sets(request.user, contract)
    kpi_set = get_object_or_404(sets, contract=source)
    refused: list[str] = []
    if request.method == "POST":
        try:
            begun = copying.start_copy(contract, kpi_set, by=request.user)
        except Invalid as refusal:
            refused = [sentence for _, sentence in refusal.errors]
        else:
            messages.success(
                request, f"KPI set {begun.number} is begun. Judge each target for this contract."
            )
            return redirect(begun)
    context = {
        "contract": contract,
        "source": kpi_set,
        "copy": copying.plan(contract, kpi_set, by=request.user),
        "refused": refused,
        "before": latest_approved(contract),
        "pending": contract.kpi_sets.open_or_waiting().first(),
        "trail": _copy_trail(contract, (kpi_set.contract.title, "")),
    }
    return render(request, "kpis/kpi_set_copy_from.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_add_own(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask for a measure in the contract's own words, show what the library has near it, then write it."""
    kpi_set = open_set_of(request, contract_number, number)
    asked = request.GET.get("title", "").replace("\x00", "").strip()[:200]
    form = OwnWordsForm(request.POST if request.method == "POST" else None, initial={"title": asked})
    near: list[Measure] = []
    if request.method == "POST" and form.is_valid():
        near = [] if form.has_seen else _near(kpi_set.contract, form.cleaned_data["title"])
        if near:
            form.now_seen()
        else:
            try:
                measure = verbs.write_measure(kpi_set, by=request.user, **form.facts)
            except Invalid as refusal:
                put_on(form, refusal)
            else:
                messages.success(request, f"{measure.code} is written. Say what is promised and by when.")
                return redirect("kpis:kpi-add-measure", contract_number, number, measure.pk)
    elif asked:
        near = _near(kpi_set.contract, asked)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "near": near,
        "trail": set_trail(kpi_set, ("In your own words", "")),
    }
    return render(request, "kpis/kpi_add_own.html", context)


def _near(contract: Contract, title: str) -> list[Measure]:
    """Return the measures the contract could take instead, the nearest first."""
    return own_words.near(title, measures_for(contract).select_related("unit", "framework"))
