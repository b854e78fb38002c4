"""Pages of stock-takes: the list, one with its progress, starting and closing."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar import today
from accounts.models import Directorate
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from govuk.formats import day as show_day
from govuk.formats import plural
from kpis.gaps import verbs
from kpis.gaps.files import as_file
from kpis.gaps.forms import StartForm
from kpis.gaps.models import GapNote, StockTake
from kpis.gaps.permissions import may_look, may_start
from kpis.gaps.places import Place, Progress, found_words, progress

PAGE = 25
COLUMNS = (
    ("Position", "whole", lambda one: one.position),
    ("Number", "whole", lambda one: one.number if one.contract else None),
    ("Contract", "text", lambda one: one.contract or "Moved to another part of the council"),
    ("Supplier", "text", lambda one: one.contract.supplier_names if one.contract else ""),
    ("Value (£)", "money", lambda one: one.contract.value if one.contract else None),
    ("Wrong when it began", "text", lambda one: found_words(one.found)),
    ("State", "text", lambda one: one.mark[1]),
    ("Why", "text", lambda one: one.note.get_reason_display() if one.note else ""),
    ("In their words", "text", lambda one: one.words),
    ("Next step", "text", lambda one: one.note.get_next_step_display() if one.note else ""),
    ("Who", "text", lambda one: one.note.who if one.note and one.note.who else ""),
    ("By", "date", lambda one: one.note.by_when if one.note else None),
    ("Looked at by", "text", lambda one: one.note.made_by if one.note else ""),
    ("Looked at", "datetime", lambda one: one.note.made_at if one.note else None),
)


def trail_of(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the breadcrumbs of a page under the list of stock-takes."""
    return [
        ("Home", "/"),
        ("Contracts", "/contracts/"),
        ("Gap register", reverse("kpis:gap-register")),
        ("Stock-takes", reverse("kpis:stock-take-list") if more else ""),
        *more,
    ]


@require_safe
def stock_take_list(request: SignedInRequest) -> HttpResponse:
    """Show the stock-takes of the directorates a person may read, open ones first."""
    seen = StockTake.objects.visible_to(request.user).with_names().annotate(size=Count("contracts"))
    open_first = seen.order_by(F("closed_at").desc(nulls_first=True), "-started_at", "-pk")
    page = Paginator(open_first, PAGE).get_page(request.GET.get("page"))
    said = (
        GapNote.objects.filter(stock_take__in=[one.pk for one in page])
        .order_by()
        .values_list("stock_take", "contract")
        .distinct()
    )
    looked = Counter(pk for pk, _ in said)
    context = {
        "rows": [(one, looked[one.pk]) for one in page],
        "page_obj": page,
        "may_start": may_start(request.user),
        "trail": trail_of(),
    }
    return render(request, "kpis/stock_take_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stock_take_start(request: SignedInRequest) -> HttpResponse:
    """Ask which directorate to take stock of, and begin."""
    require(may_start(request.user))
    held = request.user.authority
    directorates = Directorate.objects.order_by("name")
    if not held.sees_everything:
        directorates = directorates.filter(pk__in=held.commissions | held.leads)
    open_ones = list(StockTake.objects.filter(directorate__in=directorates).open_ones())
    # A directorate with an open one is not offered; what was posted meanwhile is answered by the verb.
    free = directorates.exclude(pk__in=[one.directorate_id for one in open_ones])
    posted = request.method == "POST"
    form = StartForm(request.POST or None, directorates=directorates if posted else free)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            stock_take = verbs.start(
                given["directorate"], by=request.user, gaps_only=given["which"] == "gaps"
            )
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            many = plural(stock_take.contracts.count(), "contract")
            messages.success(request, f"The stock-take has begun with {many}.")
            return redirect(stock_take)
    context = {
        "form": form,
        "any": directorates.exists(),
        "open_ones": open_ones,
        "may_choose": posted or free.exists(),
        "trail": trail_of(("Start", "")),
    }
    return render(request, "kpis/stock_take_start.html", context)


def seen_stock_take(request: SignedInRequest, pk: int) -> StockTake:
    """Return the stock-take, or 404 where the person may not know of it."""
    return get_object_or_404(StockTake.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def stock_take_page(request: SignedInRequest, stock_take: int) -> HttpResponseBase:
    """Show how far a stock-take has come, where to go on, and every contract with what was said."""
    found = seen_stock_take(request, stock_take)
    stands = progress(found, request.user, today())
    if request.GET.get("format") in {"csv", "xlsx"}:
        notes = [str(found), sentence(found, stands)]
        return as_file(
            f"Stock-take of {found.directorate}", COLUMNS, stands.places, request.GET["format"], notes
        )
    may = may_look(request.user, found)
    begun = stands.left_off_by(request.user)
    go_on = stands.next_to_do(after=begun) if may and found.is_open else None
    context = {
        "stock_take": found,
        "progress": stands,
        "rows": [(one, found_words(one.found)) for one in stands.places],
        "sentence": sentence(found, stands),
        "may_look": may,
        "go_on": go_on,
        "go_on_words": "Continue" if stands.looked else "Begin",
        "trail": trail_of((str(found), "")),
    }
    return render(request, "kpis/stock_take_page.html", context)


def sentence(stock_take: StockTake, stands: Progress) -> str:
    """Return in words how far a stock-take has come."""
    words = f"{stands.looked} of {plural(len(stands.places), 'contract')} looked at."
    if stands.gone:
        needs = "needs" if stands.gone == 1 else "need"
        words += f" {stands.gone} {needs} no answer any more: ended, or moved to another directorate."
    if not stock_take.is_open:
        return f"Closed on {show_day(stock_take.closed_at)} by {stock_take.closed_by}. {words}"
    if not stands.left:
        words += " Nothing is left: it can be closed."
    return words


@require_http_methods(["GET", "HEAD", "POST"])
def stock_take_close(request: SignedInRequest, stock_take: int) -> HttpResponse:
    """Say how many contracts nobody looked at, and close the stock-take for good."""
    found = seen_stock_take(request, stock_take)
    require(may_look(request.user, found))
    if not found.is_open:
        raise Stale("This stock-take is closed already.")
    if request.method == "POST":
        version = request.POST.get("version", "")
        is_number = version.isascii() and version.isdigit() and len(version) < 9
        verbs.close(found, by=request.user, version=int(version) if is_number else 0)
        messages.success(request, "The stock-take is closed. It can still be read.")
        return redirect(found)
    context = {
        "stock_take": found,
        "progress": progress(found, request.user, today()),
        "trail": trail_of((str(found), found.get_absolute_url()), ("Close", "")),
    }
    return render(request, "kpis/stock_take_close.html", context)


def place_words(place: Place, total: int) -> str:
    """Return "8 of 42"."""
    return f"{place.position} of {total}"
