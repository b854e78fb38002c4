"""Pages of suppliers: the list, a supplier's facts and status, likely duplicates and their merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract, DistinctSuppliers, Supplier, SupplierMerge, SupplierStatus
from contracts.suppliers import duplicates, merging, permissions, verbs
from contracts.suppliers.families import Families, latest_statuses
from contracts.suppliers.finding import company_key
from contracts.suppliers.forms import MergeForm, StatusForm, SupplierFilterForm, SupplierForm
from contracts.suppliers.listing import (
    UNKNOWN,
    as_file,
    directorates_of,
    in_order,
    narrowed,
    supplier_rows,
)
from govuk.formats import plural

PAGE = 50
PAIRS = 20
FOUND = 20


@require_safe
def supplier_list(request: SignedInRequest) -> HttpResponseBase:
    """Show the suppliers of contracts a person may see: searched, filtered, sorted, downloaded."""
    every = supplier_rows(request.user)
    form = SupplierFilterForm(request.GET, directorates=directorates_of(every))
    form.is_valid()
    rows = in_order(narrowed(every, form.cleaned_data), request.GET.get("sort", ""))
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file(rows, request.GET["format"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter": form,
        "page_obj": page,
        "rows": list(page),
        "count": plural(len(rows), "supplier"),
        "query": query.urlencode(),
        "sees_any": bool(every),
        "may_merge": permissions.may_merge(request.user),
        "trail": [("Home", "/"), ("Contracts", reverse("contracts:contract-list")), ("Suppliers", "")],
    }
    return render(request, "contracts/supplier_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def supplier_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a supplier's name and numbers and correct them."""
    supplier = _standing(request, pk)
    require(permissions.may_describe(request.user, supplier))
    now = {name: getattr(supplier, name) for name in (*merging.FACTS, "version")}
    form = SupplierForm(request.POST or None, initial=now)
    status, stale = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            changed = verbs.correct(supplier, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as overtaken:
            # Saving again is then a choice made with both versions in view.
            status, stale = 409, str(overtaken)
            supplier = get_object_or_404(Supplier, pk=supplier.pk).standing
            data = request.POST.copy()
            data["version"] = str(supplier.version)
            form = SupplierForm(data, initial=now)
        else:
            unchanged = changed.version == supplier.version
            messages.success(request, "Nothing was different." if unchanged else "The supplier was changed.")
            _point_out_same_number(request, changed)
            return redirect(changed)
    context = {
        "form": form,
        "supplier": supplier,
        "stale": stale,
        "has_errors": bool(stale),
        "trail": _trail((supplier.name, supplier.get_absolute_url()), ("Change", "")),
    }
    return render(request, "contracts/supplier_edit.html", context, status=status)


def _point_out_same_number(request: SignedInRequest, supplier: Supplier) -> None:
    """Say which other supplier has the same company number, by name only where the person may know of it."""
    same = verbs.same_number(supplier)
    if not same:
        return
    seen = set(Supplier.objects.visible_to(request.user).filter(pk__in=[one.pk for one in same]))
    names = " and ".join(one.name for one in same if one in seen) or "another supplier"
    what = (
        "See the likely duplicates."
        if permissions.may_merge(request.user)
        else "Tell the social value lead if they are the same."
    )
    messages.warning(request, f"The company number is also that of {names}. {what}")


@require_http_methods(["GET", "HEAD", "POST"])
def supplier_status(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask what a supplier is and how that is known; show what was said before."""
    supplier = _standing(request, pk)
    require(permissions.may_describe(request.user, supplier))
    asked = request.GET.get("kind", "")
    start = {"as_at": today(), "kind": asked if asked in SupplierStatus.Kind.values else None}
    form = StatusForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        answer = "" if said["answer"] == UNKNOWN else said["answer"]
        try:
            verbs.say_status(supplier, by=request.user, **{**said, "answer": answer})
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, "The status was saved.")
            return redirect(supplier)
    families = Families()
    held = {said.pk for said in latest_statuses(families, [supplier.pk]).values()}
    before = SupplierStatus.objects.filter(supplier__in=families.members(supplier.pk))
    context = {
        "form": form,
        "supplier": supplier,
        "before": [
            (said, said.pk in held)
            for said in before.select_related("supplier", "said_by").order_by("kind", "-as_at", "-pk")
        ],
        "trail": _trail((supplier.name, supplier.get_absolute_url()), ("Status", "")),
    }
    return render(request, "contracts/supplier_status.html", context)


@require_safe
def supplier_duplicates(request: SignedInRequest) -> HttpResponse:
    """Show suppliers that are likely the same, what was said not to be, and the merges that stand."""
    require(permissions.may_merge(request.user))
    page = Paginator(duplicates.likely_duplicates(), PAIRS).get_page(request.GET.get("page"))
    pairs = list(page)
    links = duplicates.contracts_of({one.pk for pair in pairs for one in (pair.first, pair.second)})
    context = {
        "page_obj": page,
        "pairs": [
            (pair, [(one, links.get(one.pk, [])) for one in (pair.first, pair.second)]) for pair in pairs
        ],
        "count": plural(page.paginator.count, "pair"),
        "distinct": DistinctSuppliers.objects.select_related("first", "second", "said_by").order_by("-pk"),
        "merges": SupplierMerge.objects.filter(undone_at=None).select_related("kept", "merged", "made_by"),
        "trail": _trail(("Likely duplicates", "")),
    }
    return render(request, "contracts/supplier_duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def supplier_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask which of two suppliers is kept, show what moves, and merge them."""
    require(permissions.may_merge(request.user))
    first = get_object_or_404(Supplier, pk=pk)
    if first.merged_into is not None:
        return redirect(first)
    asked = request.GET.get("with", "")
    if not _is_key(asked):
        return _merge_with_whom(request, first)
    second = get_object_or_404(Supplier.objects.exclude(pk=first.pk), pk=int(asked))
    if second.merged_into is not None:
        raise Stale(f"{second.name} was merged into {second.merged_into.name} already. Nothing was changed.")
    both = merging.overlap(first, second)
    links = duplicates.contracts_of([first.pk, second.pk])
    hints = {
        str(one.pk): _what_moves(one, other, len(links.get(other.pk, [])), len(both))
        for one, other in ((first, second), (second, first))
    }
    form = MergeForm(request.POST or None, first=first, second=second, hints=hints)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        pair = (first, second) if said["keep"] == str(first.pk) else (second, first)
        versions = (said["first_version"], said["second_version"])
        try:
            made = merging.merge(
                *pair,
                by=request.user,
                reason=said["reason"],
                versions=versions if pair[0] == first else versions[::-1],
            )
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(
                request,
                f"{made.merged.name} is now part of {made.kept.name}. That can be undone.",
            )
            return redirect(made.kept)
    statuses = latest_statuses(Families(), [first.pk, second.pk])
    context = {
        "form": form,
        "pair": [
            (
                one,
                links.get(one.pk, []),
                [statuses[one.pk, kind] for kind in SupplierStatus.Kind.values if (one.pk, kind) in statuses],
            )
            for one in (first, second)
        ],
        "both": Contract.objects.filter(pk__in=both).order_by("title"),
        "differ": first.company_key and second.company_key and first.company_key != second.company_key,
        "trail": _trail(("Likely duplicates", reverse("contracts:supplier-duplicates")), ("Merge", "")),
    }
    return render(request, "contracts/supplier_merge.html", context)


def _what_moves(keep: Supplier, merged: Supplier, links: int, both: int) -> str:
    """Return the preview of one choice as a sentence or two."""
    words = f"{plural(links, 'contract')} of {merged.name} will stand under it."
    if both:
        words += f" On {plural(both, 'contract')} both are suppliers: it will stand there once."
    given = [
        label
        for label, name in (("company number", "company_number"), ("charity number", "charity_number"))
        if getattr(merged, name) and not getattr(keep, name)
    ]
    if given:
        words += f" It takes over the {' and the '.join(given)}."
    return words


def _merge_with_whom(request: SignedInRequest, first: Supplier) -> HttpResponse:
    """Ask which supplier is the same as this one: a search by name or number."""
    words = request.GET.get("q", "").replace("\x00", "").split()[:8]
    found = Supplier.objects.standing().exclude(pk=first.pk)
    for word in words:
        found = found.filter(Q(name__icontains=word) | Q(company_key=company_key(word)))
    context = {
        "supplier": first,
        "q": " ".join(words),
        "found": found.order_by("name", "pk")[:FOUND] if words else [],
        "trail": _trail((first.name, first.get_absolute_url()), ("Merge with another", "")),
    }
    return render(request, "contracts/supplier_merge_with.html", context)


@require_POST
def supplier_merge_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a merge back and say what could not be put back."""
    require(permissions.may_merge(request.user))
    made = get_object_or_404(SupplierMerge.objects.select_related("kept", "merged"), pk=pk)
    skipped = merging.undo_merge(made, by=request.user)
    messages.success(request, f"{made.merged.name} is a supplier of its own again.")
    for sentence in skipped:
        messages.warning(request, sentence)
    return redirect(made.merged)


@require_POST
def suppliers_distinct(request: SignedInRequest) -> HttpResponse:
    """Say that two suppliers are not the same, or take that back."""
    require(permissions.may_merge(request.user))
    keys = [request.POST.get(name, "") for name in ("first", "second")]
    if not all(_is_key(key) for key in keys):
        raise Stale("Choose the two suppliers on the page of likely duplicates.")
    one, other = (get_object_or_404(Supplier, pk=int(key)) for key in keys)
    try:
        if request.POST.get("take_back"):
            merging.take_back_distinct(one, other, by=request.user)
            messages.success(request, "Taken back. They are listed again if they look alike.")
        else:
            merging.say_distinct(one, other, by=request.user)
            messages.success(request, f"{one.name} and {other.name} are kept apart.")
    except Invalid as refusal:
        raise Stale(str(refusal)) from refusal
    return redirect("contracts:supplier-duplicates")


def _standing(request: SignedInRequest, pk: int) -> Supplier:
    """Return the supplier this number stands for now, or 404 where the person may not know of it."""
    supplier = get_object_or_404(Supplier, pk=pk).standing
    return get_object_or_404(Supplier.objects.visible_to(request.user), pk=supplier.pk)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _trail(*rest: tuple[str, Any]) -> list[tuple[str, Any]]:
    contracts, suppliers = reverse("contracts:contract-list"), reverse("contracts:supplier-list")
    return [("Home", "/"), ("Contracts", contracts), ("Suppliers", suppliers), *rest]
