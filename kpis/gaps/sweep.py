"""The page of a stock-take on which one contract is looked at, and the way to the next."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Stale, require
from contracts.models import Contract
from kpis.gaps.facts import sets_in_force
from kpis.gaps.models import StockTake
from kpis.gaps.permissions import may_look
from kpis.gaps.places import Place, Progress, progress
from kpis.gaps.rows import rows_of
from kpis.gaps.stock_takes import place_words, seen_stock_take, trail_of
from kpis.gaps.views import form_of, page_of, save, seen_contract
from kpis.gaps.weakness import weaknesses


@require_http_methods(["GET", "HEAD", "POST"])
def stock_take_contract(request: SignedInRequest, stock_take: int, number: int) -> HttpResponse:
    """Show one contract of a stock-take in brief and ask why it has a gap; then go on to the next."""
    sweep = seen_stock_take(request, stock_take)
    require(may_look(request.user, sweep))
    stands = progress(sweep, request.user, today())
    place = stands.at(number)
    if place is None:
        raise Http404
    contract = seen_contract(request, number)
    found = weaknesses([contract], today(), seen_by=request.user)
    if request.method == "POST" and not sweep.is_open:
        if not contract.is_live:
            raise Stale("This stock-take was closed while you had it open.")
        # What was typed is not lost: it can be saved for the contract itself.
        kept = form_of(request, contract, found[number])
        kept.add_error(
            None,
            "This stock-take was closed while you had it open, so nothing was saved. "
            "What you typed is still here: save it for the contract itself.",
        )
        return render(request, "kpis/gap_say.html", page_of(request, contract, kept, found), status=409)
    # A contract that ended or moved away, and a closed stock-take, are read only.
    is_here = contract.directorate_id == sweep.directorate_id and contract.is_live
    form = form_of(request, contract, found[number], place.note) if sweep.is_open and is_here else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise Stale(f"This contract needs no answer any more: it {_why_gone(sweep, contract)}.")
        if form.is_valid():
            status, note = save(form, contract, request.user, sweep)
            if note is not None:
                return _go_on(request, sweep, place)
    context = {
        "stock_take": sweep,
        "contract": contract,
        "place": place,
        "position": place_words(place, len(stands.places)),
        "form": form,
        "is_here": is_here,
        "why_gone": _why_gone(sweep, contract),
        "row": rows_of([contract], found, request.user, today())[0],
        "in_force": sets_in_force([number], today().replace(day=1)).get(number),
        "last_return": contract.monthly_returns.filter(first_submitted_at__isnull=False).first(),
        "skip_to": _address(sweep, _skip(stands, place)) if form is not None else "",
        "previous": _address(sweep, _beside(stands, place, -1)),
        "following": _address(sweep, _beside(stands, place, 1)),
        "trail": trail_of(
            (str(sweep), sweep.get_absolute_url()), (place_words(place, len(stands.places)), "")
        ),
    }
    return render(request, "kpis/stock_take_contract.html", context, status=status)


def _why_gone(sweep: StockTake, contract: Contract) -> str:
    moved = contract.directorate_id != sweep.directorate_id
    return "has moved to another directorate" if moved else "is not live any more"


def _go_on(request: SignedInRequest, sweep: StockTake, place: Place) -> HttpResponse:
    """Lead to the next contract to do behind this one, or back to the stock-take where none is left."""
    stands = progress(sweep, request.user, today())
    following = stands.next_to_do(after=place.position)
    title = place.contract.title if place.contract else "The contract"
    if following is None:
        messages.success(request, f"{title} is done. Every contract has been looked at.")
        return redirect(sweep)
    messages.success(request, f"{title} is done: {stands.looked} of {len(stands.places)} looked at.")
    return redirect("kpis:stock-take-contract", sweep.pk, following.number)


def _skip(stands: Progress, place: Place) -> Place | None:
    """Return the next contract to do that is not this one."""
    following = stands.next_to_do(after=place.position)
    return None if following is not None and following.number == place.number else following


def _beside(stands: Progress, place: Place, step: int) -> Place | None:
    """Return the nearest contract before or after this one that the person may still see."""
    places = stands.places if step > 0 else list(reversed(stands.places))
    behind = [one for one in places if (one.position - place.position) * step > 0 and one.contract]
    return behind[0] if behind else None


def _address(sweep: StockTake, place: Place | None) -> str:
    return reverse("kpis:stock-take-contract", args=[sweep.pk, place.number]) if place else ""
