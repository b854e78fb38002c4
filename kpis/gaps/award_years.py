"""Coverage by award year: how many of the contracts awarded in it have KPIs, or what they have instead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from contracts.models import Contract, Offer, Stage
from govuk.charts import Point, bar_trend
from govuk.formats import n_of, plural
from govuk.pictures import Picture, Table
from kpis.gaps.files import as_file
from kpis.gaps.forms import ListForm, all_of
from kpis.proposals.models import KPISet

PAGE = 25
UNDATED = "undated"
# Signed contracts only: nothing has been awarded before.
AWARDED = (Stage.MOBILISATION, Stage.LIVE, Stage.ENDED)
# Each contract counts once, under the first of these that holds.
HAVES = {
    "kpis": "Approved KPIs",
    "exception": "Approved exception",
    "offer": "An offer instead",
    "exempt": "A recorded reason for none",
    "none": "Nothing",
}


@dataclass
class Line:
    """How many contracts of a year (or a directorate in it) have what."""

    key: str
    name: str
    directorate: str = ""
    count: Counter[str] = field(default_factory=Counter)
    # Where each count leads.
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many were awarded."""
        return self.count.total()

    @property
    def covered(self) -> str:
        """Return how many of how many have approved KPIs."""
        return n_of(self.count["kpis"], self.total)

    @property
    def all_url(self) -> str:
        """Return where all of them are listed."""
        return self.urls.get("", "")

    @property
    def cells(self) -> list[tuple[str, int, str]]:
        """Return (label, count, address) of each thing a contract can have."""
        return [(label, self.count[key], self.urls.get(key, "")) for key, label in HAVES.items()]


COLUMNS = (
    ("Awarded in", "text", lambda one: one.name),
    ("Directorate", "text", lambda one: one.directorate),
    ("Contracts awarded", "whole", lambda one: one.total),
    *((label, "whole", lambda one, key=key: one.count[key]) for key, label in HAVES.items()),
)


def year_name(year: int | None) -> str:
    """Return "2026/27" for 2026; "No date" for None."""
    return "No date" if year is None else f"{year}/{(year + 1) % 100:02d}"


def has_what(contract: Contract) -> str:
    """Return the key of HAVES the contract counts under; it comes from `awarded`."""
    held: Any = contract
    if held.held_kind == KPISet.Kind.KPIS:
        return "kpis"
    # An exception that nobody has reviewed in time excuses nothing while the contract runs on.
    stands = held.held_kind and (contract.stage == Stage.ENDED or held.held_until >= today())
    if stands:
        return "exception"
    if contract.has_offer:  # type: ignore[attr-defined]
        return "offer"
    return "exempt" if contract.kpi_exemption else "none"


def awarded(person):
    """Return the signed contracts a person sees, each with what was approved for it last, or an offer."""
    last = KPISet.objects.filter(contract=OuterRef("pk"), status=KPISet.Status.APPROVED).order_by(
        "-effective_month", "-number"
    )
    offers = Offer.objects.filter(
        contract=OuterRef("pk"), status__in=[Offer.Status.PROMISED, Offer.Status.RECEIVED]
    )
    return (
        Contract.objects.visible_to(person)
        .filter(stage__in=AWARDED, directorate__isnull=False)
        .select_related("directorate", "manager")
        .with_suppliers()
        .annotate(
            held_kind=Subquery(last.values("kind")[:1]),
            held_until=Subquery(last.values("review_on")[:1]),
            has_offer=Exists(offers),
        )
        .order_by("title", "number")
    )


@require_safe
def award_year_coverage(request: SignedInRequest) -> HttpResponseBase:
    """Show how many of the contracts awarded in each financial year have KPIs; drill to the contracts."""
    every = list(awarded(request.user))
    form = _filters(request, every)
    asked = form.asked
    chosen = [one for one in every if asked["directorate"] in ("", str(one.directorate_id))]
    years = lines(chosen, asked["directorate"])
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file(
            "Coverage by award year", COLUMNS, by_year_and_directorate(chosen), request.GET["format"]
        )
    dated = [one for one in years if one.key != UNDATED]
    picked = [
        one for one in chosen if asked["year"] in ("", _key(one)) and asked["has"] in ("", has_what(one))
    ]
    drilled = bool(asked["year"] or asked["has"])
    in_year = [one for one in chosen if asked["year"] in ("", _key(one))]
    page = Paginator(picked, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "sentence": sentence(chosen, dated),
        "years": dated,
        "undated": next((one for one in years if one.key == UNDATED), None),
        "haves": HAVES.values(),
        "picture": picture(dated) if len(dated) > 1 else None,
        "directorates": directorates(in_year, asked["year"]) if not asked["directorate"] else [],
        "of_year": next((one.name for one in years if one.key == asked["year"]), ""),
        "drilled": drilled,
        "page_obj": page,
        "listed": [(one, HAVES[has_what(one)], year_name(one.award_year)) for one in page],
        "list_title": _list_title(asked, len(picked)),
        "any": bool(every),
        "query": query.urlencode(),
        "trail": [("Home", "/"), ("Contracts", "/contracts/"), ("By award year", "")],
    }
    return render(request, "kpis/award_year_coverage.html", context)


def _key(contract: Contract) -> str:
    return UNDATED if contract.award_year is None else str(contract.award_year)


def _filters(request: SignedInRequest, every: list[Contract]) -> ListForm:
    of = {one.directorate_id: str(one.directorate) for one in every}
    years = sorted({_key(one) for one in every}, reverse=True)
    return ListForm(
        request.GET,
        directorate=("Directorate", all_of(of)),
        year=("Awarded in", [("", "Any year"), *((key, _name(key)) for key in years)]),
        has=("With", [("", "Anything or nothing"), *HAVES.items()]),
    )


def _name(key: str) -> str:
    return year_name(None if key == UNDATED else int(key))


def lines(contracts: Iterable[Contract], directorate: str) -> list[Line]:
    """Return a line for each award year, the latest first, those without a date last."""
    found: dict[str, Line] = {}
    for one in contracts:
        key = _key(one)
        line = found.setdefault(key, Line(key, _name(key)))
        line.count[has_what(one)] += 1
    for key, line in found.items():
        line.urls = {has: _url(year=key, directorate=directorate, has=has) for has in ("", *HAVES)}
    return sorted(found.values(), key=lambda line: (line.key != UNDATED, line.key), reverse=True)


def directorates(contracts: Iterable[Contract], year: str) -> list[Line]:
    """Return a line for each directorate, by name."""
    found: dict[int, Line] = {}
    for one in contracts:
        pk = one.directorate_id or 0
        line = found.setdefault(pk, Line(str(pk), str(one.directorate)))
        line.count[has_what(one)] += 1
    for line in found.values():
        line.urls = {has: _url(year=year, directorate=line.key, has=has) for has in ("", *HAVES)}
    return sorted(found.values(), key=lambda line: line.name)


def by_year_and_directorate(contracts: Iterable[Contract]) -> list[Line]:
    """Return a line for each year and directorate, for a file: those without a date last."""
    parts: dict[tuple[str, str], Line] = defaultdict()
    for one in contracts:
        key = (_key(one), str(one.directorate))
        line = parts.setdefault(key, Line(key[0], _name(key[0]), key[1]))
        line.count[has_what(one)] += 1
    return sorted(parts.values(), key=lambda line: (line.key == UNDATED, line.name, line.directorate))


def _url(**asked: str) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value}) + "#contracts"


def _list_title(asked: dict[str, str], many: int) -> str:
    words = plural(many, "contract")
    if asked["year"]:
        words += (
            " without an award date" if asked["year"] == UNDATED else f" awarded in {_name(asked['year'])}"
        )
    if asked["has"]:
        words += {
            "kpis": " with approved KPIs",
            "exception": " with an approved exception",
            "offer": " with an offer instead of KPIs",
            "exempt": " with a recorded reason for having no KPIs",
            "none": " with nothing",
        }[asked["has"]]
    return words


def sentence(contracts: list[Contract], dated: list[Line]) -> str:
    """Return in words how far the contracts are covered."""
    if not contracts:
        return "You see no signed contract with a directorate."
    have = sum(has_what(one) == "kpis" for one in contracts)
    words = f"{n_of(have, len(contracts))} signed contracts {'has' if have == 1 else 'have'} approved KPIs."
    if len(dated) > 1:
        last = dated[0]
        words += f" Of those awarded in {last.name} it is {last.covered}."
    if excepted := sum(has_what(one) == "exception" for one in contracts):
        words += f" {plural(excepted, 'contract has', 'contracts have')} an approved exception instead."
    bare = sum(has_what(one) == "none" for one in contracts)
    if bare:
        words += f" {plural(bare, 'contract has', 'contracts have')} nothing, nor a recorded reason."
    return words


def picture(dated: list[Line]) -> Picture:
    """Return the contracts awarded in each year beside those with approved KPIs."""
    years = list(reversed(dated))[-15:]
    best = max(years, key=lambda line: (Decimal(line.count["kpis"]) / line.total, line.key))
    title = f"Best covered: contracts awarded in {best.name}, {best.covered} with approved KPIs"
    if not best.count["kpis"]:
        title = f"No contract awarded since {years[0].name} has approved KPIs"
    drawn = bar_trend(
        [Point(line.name, Decimal(line.total)) for line in years],
        title=title,
        desc=f"Contracts awarded in each financial year, and how many of them have approved KPIs. {title}.",
        first_label="Awarded",
        second=[Point(line.name, Decimal(line.count["kpis"])) for line in years],
        second_label="With approved KPIs",
        key="award-years",
    )
    last = years[-1]
    rows = tuple((line.name, str(line.total), str(line.count["kpis"])) for line in years)
    return replace(
        drawn,
        table=Table(("Awarded in", "Contracts", "With approved KPIs"), rows),
        value_label=None,
        # Two words to a year are too many for narrow bars: every year named would run together.
        month_labels=drawn.month_labels if len(years) <= 9 else drawn.month_labels[::2],
        last_value=last.covered,
        last_words=f" awarded in {last.name} have approved KPIs",
    )
