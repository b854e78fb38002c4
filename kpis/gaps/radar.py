"""The radar: the next two years' chances to put social value into contracts that have none or weak KPIs."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar import add_months, first_of_month, last_of_month, months_between, today
from accounts.requests import SignedInRequest
from contracts.breaks.ahead import Chance, chances
from contracts.models import BreakPoint, Contract
from contracts.permissions import may_edit
from govuk.charts import Point, bar_trend
from govuk.formats import MONTHS, month, plural, short_month
from govuk.pictures import Picture, Table
from kpis.gaps.addresses import address
from kpis.gaps.files import as_file
from kpis.gaps.forms import ListForm, all_of
from kpis.gaps.rows import live_contracts
from kpis.gaps.weakness import Weakness, counts, weaknesses
from kpis.proposals.models import KPISet, KPITerms

MONTHS_AHEAD = 24
# A break point whose day has passed stays here until somebody says what came of it; older ones are history.
LOOK_BACK = dt.timedelta(days=730)
PAGE = 100
SUGGESTED = 2


@dataclass(frozen=True)
class Entry:
    """A chance with why it matters, what could be asked for and where its outcome is recorded."""

    chance: Chance
    found: tuple[Weakness, ...]
    could_ask: str
    # Measures contracts of its category promise most, where nobody has written down what to ask for.
    suggested: str
    url: str
    url_words: str
    day: dt.date

    @property
    def has_passed(self) -> bool:
        """Return whether the last day to act is past, with nothing recorded of what came of it."""
        return self.chance.act_by < self.day

    @property
    def is_weak(self) -> bool:
        """Return whether the contract has a gap or weak KPIs."""
        return counts(self.found)


COLUMNS: tuple[tuple[str, str, Callable[[Entry], object]], ...] = (
    ("Act by", "date", lambda one: one.chance.act_by),
    ("On", "date", lambda one: one.chance.on),
    ("Chance", "text", lambda one: one.chance.kind_label),
    ("Known from", "text", lambda one: one.chance.source),
    ("Notice date has passed", "text", lambda one: "Yes" if one.has_passed else "No"),
    ("Number", "whole", lambda one: one.chance.contract.number),
    ("Contract", "text", lambda one: one.chance.contract.title),
    ("Supplier", "text", lambda one: one.chance.contract.supplier_names),
    ("Directorate", "text", lambda one: one.chance.contract.directorate),
    ("Value (£)", "money", lambda one: one.chance.contract.value),
    ("Why weak", "text", lambda one: " ".join(weak.sentence for weak in one.found)),
    ("What could be asked for", "text", lambda one: one.could_ask),
    ("Others of its category promise", "text", lambda one: one.suggested),
)


@require_safe
def radar(request: SignedInRequest) -> HttpResponseBase:
    """Show the chances of the next two years, by quarter, those whose notice date has passed first."""
    person, day = request.user, today()
    every = entries(person, day)
    form = _filters(request, every)
    asked = form.asked
    shown = [one for one in every if _fits(one, asked)]
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file("Radar", COLUMNS, shown, request.GET["format"])
    passed = [one for one in shown if one.has_passed]
    ahead = [one for one in shown if not one.has_passed]
    page = Paginator(ahead, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "sentence": sentence(passed, ahead, all_contracts=asked["which"] == "all"),
        "picture": picture(ahead, day) if ahead else None,
        "passed": passed if page.number == 1 else [],
        "quarters": [(name, list(ones)) for name, ones in groupby(page, key=_quarter)],
        "page_obj": page,
        "any": bool(every),
        "query": query.urlencode(),
        "trail": [("Home", "/"), ("Contracts", "/contracts/"), ("Radar", "")],
    }
    return render(request, "kpis/radar.html", context)


def entries(person, day: dt.date) -> list[Entry]:
    """Return the chances of the live contracts a person sees, first to act first: constant queries."""
    until = last_of_month(add_months(first_of_month(day), MONTHS_AHEAD - 1))
    ahead = [
        one
        for one in chances(live_contracts(person, day), day - LOOK_BACK, until)
        # What only the register's dates imply is no chance any more once its day has passed.
        if one.on >= day or one.is_recorded
    ]
    contracts = {one.contract.number: one.contract for one in ahead}
    found = weaknesses(contracts.values(), day, seen_by=person)
    often = often_promised(contracts.values(), day)
    return [_entry(one, found[one.contract.number], often[one.contract.number], person, day) for one in ahead]


def _entry(chance: Chance, found: tuple[Weakness, ...], often: str, person, day: dt.date) -> Entry:
    contract = chance.contract
    written = chance.is_recorded and bool(chance.could_ask.strip())
    url, words = "", ""
    if may_edit(person, contract):
        if chance.break_point is not None:
            url = address("contracts:break-point-outcome", contract.number, chance.break_point.pk)
            words = "Record what came of it"
        elif url := address("contracts:break-point-add", contract.number):
            url += f"?kind={chance.kind}&on={chance.on:%Y-%m-%d}"
            words = "Record this break point"
    return Entry(chance, found, chance.could_ask, "" if written else often, url, words, day)


def often_promised(contracts: Iterable[Contract], day: dt.date) -> dict[int, str]:
    """Return, by number, what others of the same category promise most and the contract does not: one query.

    Counted are the KPIs in force; "" where the category has none the contract lacks.
    """
    every = list(contracts)
    categories = {one.category_id for one in every if one.category_id}
    in_force = KPISet.objects.in_force(first_of_month(day)).filter(contract__category__in=categories)
    promised: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for category, title, number in (
        KPITerms.objects.filter(kpi_set__in=in_force.values("pk"))
        .order_by()
        .values_list("kpi_set__contract__category", "kpi__measure__title", "kpi_set__contract")
    ):
        promised[category][title].add(number)
    found = {}
    for one in every:
        others = promised[one.category_id] if one.category_id else {}
        lacking = [(len(by), title) for title, by in others.items() if one.number not in by]
        best = sorted(lacking, key=lambda item: (-item[0], item[1]))[:SUGGESTED]
        found[one.number] = "; ".join(f"{title} ({plural(many, 'contract')})" for many, title in best)
    return found


def _filters(request: SignedInRequest, every: list[Entry]) -> ListForm:
    directorates = {one.chance.contract.directorate_id: str(one.chance.contract.directorate) for one in every}
    return ListForm(
        request.GET,
        directorate=("Directorate", all_of(directorates)),
        kind=("Chance", [("", "Any"), *BreakPoint.Kind.choices]),
        which=("Contracts", [("", "With no KPIs or weak ones"), ("all", "All live contracts")]),
    )


def _fits(one: Entry, asked: dict[str, str]) -> bool:
    return (
        (asked["which"] == "all" or one.is_weak)
        and asked["kind"] in ("", one.chance.kind)
        and asked["directorate"] in ("", str(one.chance.contract.directorate_id))
    )


def _quarter(one: Entry) -> str:
    """Return the quarter of its last day to act: "April to June 2026"."""
    first = one.chance.act_by.month - (one.chance.act_by.month - 1) % 3
    return f"{MONTHS[first - 1]} to {MONTHS[first + 1]} {one.chance.act_by.year}"


def sentence(passed: list[Entry], ahead: list[Entry], *, all_contracts: bool) -> str:
    """Return in words what lies ahead."""
    if not passed and not ahead:
        return "No chance is known in the next two years."
    contracts = plural(len({one.chance.contract.number for one in ahead}), "contract")
    which = "" if all_contracts else " with no KPIs or weak ones"
    parts = [
        f"In the next two years there {'is' if len(ahead) == 1 else 'are'} {plural(len(ahead), 'chance')} to "
        f"ask for social value, in {contracts}{which}."
    ]
    if ahead:
        first = ahead[0].chance
        parts.append(f"The first is {first.contract.title}.")
    if passed:
        parts.append(
            f"For {plural(len(passed), 'chance')} the notice date has passed, and nobody has recorded what "
            "came of it."
        )
    return " ".join(parts)


def picture(ahead: list[Entry], day: dt.date) -> Picture:
    """Return how many chances there are to act on in each month, as bars with the figures under them."""
    first = first_of_month(day)
    count = Counter(first_of_month(one.chance.act_by) for one in ahead)
    months = months_between(first, add_months(first, MONTHS_AHEAD - 1))
    most = max(months, key=lambda one: count[one])
    title = f"Most chances are to be acted on in {month(most)}: {count[most]}"
    drawn = bar_trend(
        [Point(short_month(one), Decimal(count[one])) for one in months],
        title=title,
        desc=f"Chances to act on in each month from {month(months[0])} to {month(months[-1])}. {title}.",
        first_label="Chances to act on",
        key="radar",
    )
    rows = tuple((month(one), str(count[one])) for one in months)
    return replace(
        drawn,
        table=Table(("Act by the end of", "Chances"), rows),
        value_label=None,
        last_value=str(sum(count.values())),
        last_words=" chances in two years",
    )
