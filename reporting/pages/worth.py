"""What a contract and a supplier are worth in £: blocks for their pages, and pages of workings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.calendar import add_months, today
from accounts.models import Person
from accounts.requests import SignedInRequest
from contracts.models import Contract, Supplier
from govuk import formats
from kpis.models import KPISet, KPITerms, Reading
from kpis.returns.permissions import may_see_small_numbers
from kpis.valuation.questions import four_by
from kpis.valuation.working import working
from kpis.valuation.worth import STREAMS, FourFigures, Worth
from reporting.pages import contract_facts as facts
from reporting.queries.periods import LIFE, Period, latest_month
from reporting.queries.supplied import scope_of
from reporting.queries.worth import RowWorth, WorthBlock, block, share_of_value, worth_of_scope
from reporting.reports import tables


@dataclass(frozen=True)
class ContractWorth:
    """The £ of a contract: its block, each KPI's own, and what share of the contract's value it comes to."""

    block: WorthBlock
    by_kpi: dict[int, RowWorth]
    shares: Sequence[str]


def contract_worth(contract: Contract, kpi_set: KPISet, month: dt.date, person: Person) -> ContractWorth:
    """Return what a contract's promises and figures are worth to the end of a month: ten queries.

    KPIs of earlier sets count in what was due, reported and verified. What has no £ is named in the
    contract's own words.
    """
    terms = KPITerms.objects.filter(kpi_set=kpi_set)
    readings = Reading.objects.filter(contract=contract, month__lt=add_months(month, 1))
    found = {key[0]: four for key, four in four_by(terms, readings, by=["kpi"]).items()}
    titles = dict(terms.order_by().values_list("kpi", "title"))
    named = [
        FourFigures(*(_named(worth, titles.get(kpi, "")) for _, worth in four.named))
        for kpi, four in sorted(found.items())
    ]
    sees = bool(may_see_small_numbers(person, contract))
    total = together(named)
    return ContractWorth(
        block(
            total,
            sees_small_numbers=sees,
            period_words=f"all months to {formats.month(month)}",
            url=reverse("reporting:contract-worth", args=[contract.pk]),
        ),
        {kpi: RowWorth(four, sees) for kpi, four in found.items()},
        shares(total, contract),
    )


def _named(worth: Worth, title: str) -> Worth:
    return replace(worth, unpriced=tuple(replace(one, name=title) for one in worth.unpriced))


def together(parts: Sequence[FourFigures]) -> FourFigures:
    """Return the parts added up; no KPI may be in two of them."""
    return FourFigures(
        *(
            reduce(add, (getattr(four, name) for four in parts), Worth())
            for name in ("committed", "due", "reported", "verified")
        )
    )


def shares(four: FourFigures, contract: Contract) -> list[str]:
    """Return what is committed and reported as a share of the contract's value, each kind for itself."""
    lines = []
    for stream, words in zip(STREAMS, ("additional social value", "local economic value"), strict=True):
        found = [
            f"{share_of_value(worth.of(stream), contract.whole_value)} {name}"
            for name, worth in (("committed", four.committed), ("reported", four.reported))
            if share_of_value(worth.of(stream), contract.whole_value)
        ]
        if found:
            lines.append(f"{words.capitalize()}: {' and '.join(found)}")
    return lines


@require_safe
def contract_worth_page(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Show how a contract's £ are worked out, line by line."""
    contract = get_object_or_404(
        Contract.objects.visible_to(request.user).with_names().prefetch_related("deputies"), pk=number
    )
    kpi_set = facts.set_in_force(contract)
    month = facts.figures_until(contract)
    found = contract_worth(contract, kpi_set, month, request.user) if kpi_set else None
    four = found.block.four if found else FourFigures()
    sees = bool(may_see_small_numbers(request.user, contract))
    trail = [
        ("Home", "/"),
        ("Contracts", reverse("contracts:contract-list")),
        (contract.title, contract.get_absolute_url()),
        ("How the £ are worked out", ""),
    ]
    return _shown(request, contract.title, four, Period(month, LIFE), trail, sees=sees, what="contract")


@require_safe
def supplier_worth_page(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Show how the £ of a supplier's contracts are worked out, as far as this person sees them."""
    supplier = get_object_or_404(Supplier.objects.visible_to(request.user), pk=pk)
    scope, period = scope_of(supplier.pk, request.user), Period(latest_month(), LIFE)
    trail = [
        ("Home", "/"),
        ("Contracts", reverse("contracts:contract-list")),
        ("Suppliers", reverse("contracts:supplier-list")),
        (supplier.name, supplier.get_absolute_url()),
        ("How the £ are worked out", ""),
    ]
    four = worth_of_scope(scope, period)
    return _shown(request, supplier.name, four, period, trail, sees=scope.sees_small_numbers, what="supplier")


def _shown(
    request: SignedInRequest, name: str, four: FourFigures, period: Period, trail, *, sees: bool, what: str
) -> HttpResponseBase:  # fmt: skip
    """Return the page of workings, or one of its tables as a file."""
    if request.GET.get("format"):
        makers = {
            "worth": lambda: tables.worth_table(period, four, sees_small_numbers=sees),
            "workings": lambda: tables.workings_table(four, sees_small_numbers=sees),
        }
        kind, table = request.GET["format"], request.GET.get("table", "")
        if kind not in {"csv", "xlsx"} or table not in makers:
            raise Http404("There is no such file.")
        about = tables.About(
            f"{name} in pounds", period, "", request.user, sees, request.build_absolute_uri(request.path)
        )
        return tables.send(makers[table](), kind, f"{what} in pounds {period.slug} {table}", about)
    context = {
        "name": name,
        "period": period,
        "as_at": formats.day(today()),
        "worth": block(four, sees_small_numbers=sees, period_words=f"all months to {period.month_words}"),
        "working": working(four, sees_guarded=sees),
        "trail": trail,
        "without_months": True,
        "fold": True,
    }
    return render(request, "reporting/worth_page.html", context)
