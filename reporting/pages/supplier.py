"""A supplier's page: what it is, its contracts now and past, and what it promised and delivered."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from contracts.models import Contract, ContractSupplier, Supplier, SupplierMerge, SupplierStatus, TriState
from contracts.suppliers.families import Families, latest_statuses
from contracts.suppliers.permissions import may_describe, may_merge
from govuk import formats
from kpis.models import KPISet, Measure, MonthlyReturn
from kpis.proposals.exceptions import standing_words
from kpis.readings.rating import Rating
from kpis.valuation.worth import FourFigures
from reporting.queries.measures import MeasureRow, Promise, measure_row, promises
from reporting.queries.periods import LIFE, Period, latest_month
from reporting.queries.standing import standings
from reporting.queries.sums import MeasureTotals, rolled, targets_of, totals_of
from reporting.queries.supplied import SupplierScope, is_past, returns_by_contract, scope_of
from reporting.queries.worth import (
    NO_POUNDS,
    RowWorth,
    block,
    of_measures,
    pounds_headers,
    worth_by,
    worth_of_scope,
)
from spreadsheets.writing import csv_response, xlsx_response

RATED = (Rating.ON_TRACK, Rating.WATCH, Rating.BEHIND)


@dataclass(frozen=True)
class ContractLine:
    """One contract of the supplier: how long it is (was) the supplier, and how it stands in that time."""

    contract: Contract
    since: dt.date | None
    until: dt.date | None
    past: bool
    kpis: int
    expected: int
    received: int
    late: int
    ratings: Counter
    # How an exception from KPIs stands, where it is under one.
    exception: str = ""

    @property
    def returns_words(self) -> str:
        """Return "11 of 12 in, 2 late", or that none was expected."""
        if not self.expected:
            return "None expected"
        late = f", {self.late} late" if self.late else ""
        return f"{self.received} of {self.expected} in{late}"

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Return (rating, words) of each rating its KPIs have: ("on_track", "3 on track")."""
        return [
            (str(one.value), f"{self.ratings[one]} {one.label.lower()}") for one in RATED if self.ratings[one]
        ]

    @property
    def time_words(self) -> str:
        """Return since when or until when it is the supplier, where that is not the whole contract."""
        parts = [f"from {formats.day(self.since)}"] if self.since else []
        parts += [f"until {formats.day(self.until)}"] if self.until else []
        return " ".join(parts)


@require_safe
def supplier_page(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Show one supplier as far as this person may see its contracts; a merged one says into which."""
    person = request.user
    supplier = get_object_or_404(Supplier, pk=pk)
    standing = get_object_or_404(Supplier.objects.visible_to(person), pk=supplier.standing.pk)
    if standing.pk != supplier.pk:
        return _merged(request, supplier, standing)
    scope = scope_of(supplier.pk, person)
    period = Period(latest_month(), LIFE)
    lines = contract_lines(scope, period)
    if request.GET.get("format") in {"csv", "xlsx"}:
        pounds = worth_by(scope, period, "contract")
        return as_file(
            supplier, lines, request.GET["format"], period,
            {key: RowWorth(each, scope.sees_small_numbers) for key, each in pounds.items()},
        )  # fmt: skip
    families = Families()
    now = [line for line in lines if not line.past]
    describes = may_describe(person, supplier)
    four = worth_of_scope(scope, period)
    merges = SupplierMerge.objects.filter(kept=supplier, undone_at=None).select_related("merged", "made_by")
    context = {
        "supplier": supplier,
        "other_names": families.other_names(supplier.pk),
        "statuses": status_lines(families, supplier, scope.links),
        "lines": lines,
        "now": now,
        "past": [line for line in lines if line.past],
        "totals": totals(now),
        "passed_on": any(line.since or line.until for line in lines),
        "coverage": coverage_words(lines),
        "measures": measure_rows(scope, period, four),
        "worth": block(
            four,
            sees_small_numbers=scope.sees_small_numbers,
            period_words=f"all months to {period.month_words}",
            url=reverse("reporting:supplier-worth", args=[supplier.pk]),
        ),
        "hides": bool(scope.hidden_kpis),
        "period": period,
        "may_describe": describes,
        "may_merge": may_merge(person),
        "merges": merges if may_merge(person) else [],
        "history": list(history_of(supplier)[:20]) if describes else [],
        "trail": _trail(supplier),
    }
    return render(request, "reporting/supplier_page.html", context)


def _merged(request: SignedInRequest, supplier: Supplier, standing: Supplier) -> HttpResponse:
    """Say which supplier a merged one is part of now, and by whom, with the way back."""
    merge = SupplierMerge.objects.filter(merged=supplier, undone_at=None).select_related("made_by", "kept")
    context = {
        "supplier": supplier,
        "standing": standing,
        "merge": merge.first(),
        "may_merge": may_merge(request.user),
        "trail": _trail(supplier),
    }
    return render(request, "reporting/supplier_merged.html", context)


def status_lines(
    families: Families, supplier: Supplier, links: Sequence[ContractSupplier]
) -> list[tuple[str, str, SupplierStatus | None, str]]:
    """Return (kind, what it is called, what was said last or None, what the register's rows say)."""
    said = latest_statuses(families, [supplier.pk])
    contracts = {link.contract_id: link.contract for link in links}.values()
    return [
        (
            str(kind.value),
            str(kind.label),
            said.get((supplier.pk, kind)),
            "" if kind == SupplierStatus.Kind.LOCAL else _rows_say(kind.value, contracts),
        )
        for kind in SupplierStatus.Kind
    ]


def _rows_say(kind: str, contracts) -> str:
    """Return "yes on 3 of 4 contracts, no on 1", or "" where no row says anything."""
    counted = Counter(getattr(contract, kind) for contract in contracts)
    parts = []
    for answer, word in ((TriState.YES, "yes"), (TriState.NO, "no")):
        if counted[answer]:
            parts.append(f"{word} on {formats.n_of(counted[answer], len(contracts))}")
    return ", ".join(parts)


def contract_lines(scope: SupplierScope, period: Period) -> list[ContractLine]:
    """Return a line for each time the supplier had a contract: present ones first, by title."""
    returns = returns_by_contract(scope)
    in_force = dict(
        scope.terms_in_force(period.month).order_by().values_list("kpi_set__contract").annotate(n=Count("pk"))
    )
    excepted = {
        one.contract_id: standing_words(one)
        for one in KPISet.objects.in_force(period.month)
        .exceptions()
        .filter(contract__in=[link.contract_id for link in scope.links])
    }
    ratings: dict[int, Counter] = defaultdict(Counter)
    for standing in standings(scope, period):
        if standing.kpi_id not in scope.hidden_kpis:
            ratings[standing.contract_id][standing.rating] += 1
    lines = []
    for link, window in zip(scope.links, scope.of_links, strict=True):
        number = link.contract_id
        mine = [one for one in returns.get(number, []) if window.holds(one.month)]
        here = link.until is None
        lines.append(
            ContractLine(
                contract=link.contract,
                since=link.since,
                until=link.until,
                past=is_past(link),
                kpis=in_force.get(number, 0) if here else 0,
                exception=excepted.get(number, "") if here else "",
                expected=len(mine),
                received=sum(one.first_submitted_at is not None for one in mine),
                late=sum(_is_late(one) for one in mine),
                ratings=ratings[number] if here else Counter(),
            )
        )
    return sorted(lines, key=lambda line: line.past)


def _is_late(one: MonthlyReturn) -> bool:
    return one.was_on_time is False if one.first_submitted_at else one.is_overdue


def coverage_words(lines: Sequence[ContractLine]) -> str:
    """Return how many returns came, of how many, as a sentence."""
    expected = sum(line.expected for line in lines)
    if not expected:
        return "No monthly return was expected from its contracts so far."
    received, late = sum(line.received for line in lines), sum(line.late for line in lines)
    words = f"{formats.n_of(received, expected)} monthly returns are in"
    return f"{words}, {formats.figure(late)} late." if late else f"{words}, all on time."


def totals(lines: Sequence[ContractLine]) -> dict[str, object]:
    """Return what can be added up over present contracts: pounds with pounds, KPIs with KPIs."""
    values = [line.contract.whole_value for line in lines]
    known = [value for value in values if value is not None]
    return {
        "value": sum(known, Decimal(0)) if known else None,
        "unvalued": len(values) - len(known),
        "kpis": sum(line.kpis for line in lines),
        "directorates": len({line.contract.directorate_id for line in lines if line.contract.directorate_id}),
    }


def measure_rows(scope: SupplierScope, period: Period, four: FourFigures) -> list[MeasureRow]:
    """Return a row for each measure promised or reported in the supplier's months, in the library's order.

    A measure in which a KPI is hidden from this person on its contract's page is not shown at all: a total
    with the hidden figure in it, or one without it, would give it away.
    """
    found, promised = totals_of(scope, period), promises(scope, period)
    measures = list(
        Measure.objects.filter(pk__in={*found, *promised})
        .select_related("theme", "unit", "cohort")
        .order_by("theme__framework", "theme__position", "code")
    )
    targets = targets_of(scope, period, measures)
    hidden = set(scope.hidden_kpis.values())
    pounds = of_measures(four, [one.pk for one in measures], sees_guarded=scope.sees_small_numbers)
    rows = []
    for measure in measures:
        sums = found.get(measure.pk) or MeasureTotals(measure.pk)
        row = measure_row(
            measure,
            sums,
            rolled(measure, sums, period, targets),
            promised.get(measure.pk, Promise()),
            period,
            hide_reported=measure.pk in hidden,
            hide_verified=measure.pk in hidden,
            hide_months=True,
        )
        rows.append(replace(row, worth=pounds[measure.pk]))
    return rows


COLUMNS: tuple[tuple[str, str, Callable[[ContractLine], object]], ...] = (
    ("Contract number", "whole", lambda line: line.contract.number),
    ("Reference", "text", lambda line: line.contract.reference),
    ("Contract", "text", lambda line: line.contract.title),
    ("Directorate", "text", lambda line: line.contract.directorate),
    ("Stage", "text", lambda line: line.contract.get_stage_display()),
    ("Supplier from", "date", lambda line: line.since or line.contract.starts_on),
    ("Supplier until", "date", lambda line: line.until),
    ("Contract ends", "date", lambda line: line.contract.last_day),
    ("Value over the whole life (£)", "money", lambda line: line.contract.whole_value),
    ("KPIs in force", "whole", lambda line: line.kpis),
    ("Returns expected", "whole", lambda line: line.expected),
    ("Returns in", "whole", lambda line: line.received),
    ("Returns late", "whole", lambda line: line.late),
    *(
        (f"KPIs {one.label.lower()}", "whole", lambda line, one=one: line.ratings[one])  # type: ignore[misc]
        for one in RATED
    ),
)


def as_file(
    supplier: Supplier,
    lines: Sequence[ContractLine],
    kind: str,
    period: Period,
    pounds: dict[int, RowWorth],
) -> HttpResponseBase:
    """Return the table of contracts as "csv" or "xlsx"; a contract's £ stand once, at its latest line."""
    headers = [*(header for header, _, _ in COLUMNS), *pounds_headers()]
    left = dict(pounds)
    rows = [
        [*(cell(line) for _, _, cell in COLUMNS), *left.pop(line.contract.number, NO_POUNDS).cells]
        for line in lines
    ]
    name = f"Contracts of {supplier.name}"
    if kind == "csv":
        return csv_response(name, headers, rows)
    notes = [
        f"Contracts of {supplier.name} that you can see, to the end of {period.month_words}.",
        "Where a contract was passed on to another supplier, returns count for whoever supplied on the last "
        "day of the month.",
    ]
    kinds = [*(column for _, column, _ in COLUMNS), *("money" for _ in pounds_headers())]
    return xlsx_response(name, "Contracts", headers, rows, kinds=kinds, notes=notes)


def _trail(supplier: Supplier) -> list[tuple[str, str]]:
    return [
        ("Home", "/"),
        ("Contracts", reverse("contracts:contract-list")),
        ("Suppliers", reverse("contracts:supplier-list")),
        (supplier.name, ""),
    ]
