"""Pages of the contract register: the list, one contract's facts, who answers for many."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar import today
from accounts.history import changes, history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts import permissions, verbs
from contracts.downloads import as_file
from contracts.filters import ContractFilter, sorted_by
from contracts.forms import AssignForm, ContractForm
from contracts.models import Contract
from govuk.formats import day_time, plural

PAGE = 50
# One page of bulk assignment: each contract is its own transaction, so a request stays short.
MOST_AT_ONCE = 500


@require_safe
def contract_list(request: SignedInRequest) -> HttpResponseBase:
    """Show the contracts a person may see: searched, filtered, sorted, downloaded."""
    person = request.user
    seen = Contract.objects.visible_to(person)
    narrowed = ContractFilter(request.GET, seen, person=person)
    contracts = sorted_by(narrowed.qs.with_names(), request.GET.get("sort", ""))
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file(contracts, request.GET["format"])
    page = Paginator(contracts.with_suppliers(), PAGE).get_page(request.GET.get("page"))
    rows = [(contract, bool(permissions.may_assign(person, contract))) for contract in page]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter": narrowed,
        "page_obj": page,
        "rows": rows,
        "assignable": any(may for _, may in rows),
        "assign_all": page.paginator.num_pages > 1 and page.paginator.count <= MOST_AT_ONCE,
        "count": plural(page.paginator.count, "contract"),
        "query": query.urlencode(),
        "sees_any": page.paginator.count > 0 or seen.exists(),
        "may_add": permissions.may_add(person),
        "may_import": permissions.may_import(person),
        "unmapped": seen.unmapped().count() if permissions.may_map(person) else 0,
        "today": today(),
        "trail": [("Home", "/"), ("Contracts", "")],
    }
    return render(request, "contracts/contract_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new contract's facts and add it."""
    require(permissions.may_add(request.user))
    form = ContractForm(request.POST or None, by=request.user, instance=Contract())
    if request.method == "POST" and form.is_valid():
        try:
            contract = verbs.add(by=request.user, suppliers=form.suppliers or (), **form.facts)
        except Invalid as refusal:
            _put_on(form, refusal)
        else:
            messages.success(request, f"{contract.title} is now contract {contract.number}.")
            return redirect(contract)
    context = {"form": form, "trail": [("Home", "/"), ("Contracts", _list_url()), ("Add a contract", "")]}
    return render(request, "contracts/contract_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_edit(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for changes to a contract and make them; what was typed outlives somebody else's change."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).with_names(), pk=number)
    require(permissions.may_edit(request.user, contract))
    form = ContractForm(request.POST or None, by=request.user, instance=contract)
    status, stale, differing = 200, "", []
    if request.method == "POST" and form.is_valid():
        try:
            changed = verbs.edit(
                contract,
                by=request.user,
                version=form.cleaned_data["version"],
                note=form.cleaned_data.get("note", ""),
                suppliers=form.suppliers,
                **form.facts,
            )
        except Invalid as refusal:
            _put_on(form, refusal)
        except Stale:
            status = 409
            fresh = Contract.objects.get(pk=number)
            stale, differing = _since(fresh), _differences(fresh, form)
            # Saving again is then a choice made with both versions in view.
            data = request.POST.copy()
            data["version"] = str(fresh.version)
            form = ContractForm(data, by=request.user, instance=fresh)
        else:
            unchanged = changed.version == contract.version
            messages.success(request, "Nothing was different." if unchanged else "The contract was changed.")
            return redirect(contract)
    context = {
        "form": form,
        "contract": contract,
        "stale": stale,
        "has_errors": bool(stale),
        "differing": differing,
        "may_assign": permissions.may_assign(request.user, contract),
        "trail": [
            ("Home", "/"),
            ("Contracts", _list_url()),
            (contract.title, contract.get_absolute_url()),
            ("Change", ""),
        ],
    }
    return render(request, "contracts/contract_edit.html", context, status=status)


def _since(contract: Contract) -> str:
    """Return who changed the contract last, and when, as a sentence."""
    last = history_of(contract).first()
    if last is None:
        return "Somebody else changed this contract while you had it open."
    who = str(last.actor) if last.actor else "The register import"
    return f"{who} changed this contract on {day_time(last.at)}, while you had it open."


def _differences(contract: Contract, form: ContractForm) -> list[tuple[str, str, str]]:
    """Return (fact, what stands now, what was typed) for each that differs."""
    now, typed = changes(contract, form.facts, form.facts)
    return [(name, now.get(name, ""), typed.get(name, "")) for name in dict.fromkeys([*now, *typed])]


def _put_on(form: Any, refusal: Invalid) -> None:
    """Put a verb's sentences on the form, each by its field."""
    places = {"parent": "parent_number", "supplier_text": "supplier_names", "deputies": "deputies"}
    for field, sentence in refusal.errors:
        name = places.get(field, field)
        form.add_error(name if name in form.fields else None, sentence)


def _list_url() -> str:
    return reverse("contracts:contract-list")


@require_http_methods(["GET", "HEAD", "POST"])
def contract_assign(request: SignedInRequest) -> HttpResponse:
    """Ask who answers for the contracts ticked (or all that match) and report on each."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, asked)
    may = [contract for contract in chosen if permissions.may_assign(request.user, contract)]
    trail = [("Home", "/"), ("Contracts", _list_url()), ("Name people", "")]
    if not chosen:
        return render(request, "contracts/contract_assign_none.html", {"trail": trail})
    if not may:
        require(permissions.may_assign(request.user, chosen[0]))
    directorates = {contract.directorate_id for contract in chosen if contract.directorate_id}
    form = AssignForm(request.POST if request.method == "POST" else None, directorates=directorates)
    if request.method == "POST" and form.is_valid():
        results = verbs.assign_many(chosen, by=request.user, note=form.cleaned_data["note"], **form.who)
        if len(results) == 1 and not results[0][1]:
            messages.success(request, f"The people of {results[0][0].title} were changed.")
            return redirect(results[0][0])
        done = sum(not error for _, error in results)
        context = {"results": results, "done": done, "left": len(results) - done, "trail": trail}
        return render(request, "contracts/contract_assigned.html", context)
    context = {
        "form": form, "contracts": chosen, "count": plural(len(chosen), "contract"), "trail": trail,
        "too_many": len(chosen) == MOST_AT_ONCE, "most": MOST_AT_ONCE,
    }  # fmt: skip
    return render(request, "contracts/contract_assign.html", context)


def _chosen(request: SignedInRequest, asked: Any) -> list[Contract]:
    """Return the contracts ticked, or all that match the filter, as far as the person sees them."""
    seen = Contract.objects.visible_to(request.user)
    if asked.get("all") and request.method != "POST":
        found = ContractFilter(asked, seen, person=request.user).qs
    else:
        ticked = (n for n in asked.getlist("contract") if n.isascii() and n.isdigit() and len(n) < 18)
        found = seen.filter(pk__in=[int(n) for n in ticked])
    return list(found.with_names().prefetch_related("deputies").order_by("title", "number")[:MOST_AT_ONCE])
