"""Begins a KPI set as a copy of another contract's: what comes along, what is left out and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract
from contracts.permissions import is_close_to
from contracts.rules.finding import band_among, bands
from kpis.library.models import Measure
from kpis.library.template_use import PUT_IN, put_in, successors
from kpis.proposals import permissions, targets, verbs
from kpis.proposals.content import full_terms
from kpis.proposals.differences import promise
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import latest_approved
from kpis.proposals.takeable import open_to
from kpis.proposals.taking import Wanted, smallest, take_all

COPIED = "proposals.copy_set"
FAR_AHEAD = dt.date(9999, 12, 1)
MOST_SHOWN = 30


@dataclass(frozen=True)
class Source:
    """A contract's approved KPIs that a set may begin as a copy of."""

    kpi_set: KPISet
    count: int
    # 3: same category and value band; 2: same category; 1: same value band; 0: neither.
    likeness: int

    @property
    def contract(self) -> Contract:
        """Return the contract whose KPIs they are."""
        return self.kpi_set.contract

    @property
    def like_words(self) -> str:
        """Return why it is alike, or ""."""
        return ("", "Same value band", "Same category", "Same category and value band")[self.likeness]


@dataclass(frozen=True)
class Line:
    """One KPI that comes along: what it is there, and what begins here."""

    measure: Measure
    title: str
    there: str
    notes: list[str]
    facts: dict[str, Any]


@dataclass
class Copy:
    """What a copy of a set would bring, and what it leaves out: (title, why)."""

    kpi_set: KPISet
    lines: list[Line] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def approved_sets(person: Person, contract: Contract):
    """Return the sets a copy for the contract may be from: others' last approved, seen by the person.

    An exception that came after them leaves a contract without KPIs, and so without a source.
    """
    seen = KPISet.objects.visible_to(person).order_by().values("pk")
    held = KPISet.objects.in_force(FAR_AHEAD).with_kpis().filter(pk__in=seen)
    return held.exclude(contract=contract.pk).select_related("contract__category", "contract__directorate")


def sources(person: Person, contract: Contract, words: str = "") -> list[Source]:
    """Return every source whose contract's title, reference or supplier holds these words, the likest first:
    three queries.
    """
    found = approved_sets(person, contract)
    for word in words.split():
        found = found.filter(
            Q(contract__title__icontains=word)
            | Q(contract__reference__icontains=word)
            | Q(contract__supplier_text__icontains=word)
            | Q(contract__category__name__icontains=word)
        )
    ordered = bands()
    band = band_among(ordered, contract.whole_value)

    def likeness(other: Contract) -> int:
        same_category = contract.category_id is not None and other.category_id == contract.category_id
        same_band = band is not None and band_among(ordered, other.whole_value) == band
        return 2 * same_category + same_band

    rows = [
        Source(one, one.kpi_count, likeness(one.contract))
        for one in found.annotate(kpi_count=Count("terms"))
        if one.kpi_count
    ]
    return sorted(rows, key=lambda one: (-one.likeness, one.contract.title.casefold(), one.contract.pk))


def plan(contract: Contract, source: KPISet, *, by: Person) -> Copy:
    """Return what a copy of the set would bring to the contract, and what is left out and why.

    A KPI about a group of people comes only where the person is close to the contract it is of: its target
    could give a small number away. Reasons, baselines and months set by hand are that contract's own affair.
    """
    copy = Copy(source)
    close = is_close_to(by, source.contract)
    before = latest_approved(contract)
    held = set(before.terms.values_list("kpi__measure", flat=True)) if before else set()
    every = list(full_terms(source))
    after = successors(terms.kpi.measure for terms in every)
    may_take = set(open_to(contract, before).values_list("pk", flat=True))
    for terms in every:
        measure = terms.kpi.measure
        new = after.get(measure.pk) if measure.status == Measure.Status.RETIRED else measure
        why = _left_out(terms, new, close=close, held=held, may_take=may_take)
        if why or new is None:
            guarded = measure.cohort_id or terms.cohort_id
            copy.left_out.append((measure.title if guarded else terms.title, why))
            continue
        held.add(new.pk)
        copy.lines.append(_line(terms, new))
    return copy


def _left_out(terms: KPITerms, new: Measure | None, *, close: bool, held: set, may_take: set) -> str:
    """Return why a KPI does not come along, or ""."""
    measure = terms.kpi.measure
    if measure.contract_id:
        return "written for that contract alone, in its own words"
    if (terms.cohort_id or measure.cohort_id) and not close:
        return "about a group of people: its target is for that contract’s own people"
    if new is None:
        return "its measure was retired, and nothing takes its place"
    if new.pk in held:
        return "a KPI of this contract already"
    if (new.cohort_id) and not close:
        return "about a group of people: its target is for that contract’s own people"
    if new.pk not in may_take:
        return "its measure is of a framework this contract may not propose from"
    return ""


def _line(terms: KPITerms, new: Measure) -> Line:
    """Return what one KPI begins with here."""
    old, notes = terms.kpi.measure, []
    counts_alike = (old.kind, old.unit_id, old.direction, old.roll_up) == (
        new.kind, new.unit_id, new.direction, new.roll_up,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "target": terms.target,
        "green_from": terms.green_from,
        "amber_from": terms.amber_from,
        "cohort": terms.cohort,
        "profile": terms.profile,
    }
    if new.pk == old.pk:
        facts |= {
            "title": terms.title,
            "counting_rule": terms.counting_rule,
            "evidence_expected": terms.evidence_expected,
        }
    else:
        notes.append(f"{old.code} was retired: {new.code} takes its place, in its own words")
    if not counts_alike:
        facts["target"] = smallest(new) if targets.has_amount(new) else None
        notes.append("It is counted in another way there: set the target")
    if terms.profile == KPITerms.Profile.BY_HAND:
        facts["profile"] = KPITerms.Profile.FLAT
        notes.append("Its months were set by hand there: here it begins the same each month")
    elif terms.profile == KPITerms.Profile.BY_TERM and not targets.adds_up(new):
        facts["profile"] = KPITerms.Profile.FLAT
    return Line(new, facts.get("title") or new.title, promise(terms), notes, facts)


def start_copy(contract: Contract, source: KPISet, *, by: Person) -> KPISet:
    """Return the contract's new draft set with the KPIs of another contract's approved set, for the proposer
    to change; those in force on the contract stay in it.

    Raises Stale where the source can no longer be copied, Invalid where nothing of it would come along, and
    what `start_set` and `add_kpi` raise; then nothing is made.
    """
    require(permissions.may_propose(by, contract))
    with transaction.atomic():
        found = approved_sets(by, contract).filter(pk=source.pk).first()
        if found is None:
            raise Stale("These KPIs can't be copied any more: others may have taken their place.")
        copy = plan(contract, found, by=by)
        if not copy.lines:
            raise Invalid([("", "Nothing of this set can come along. Choose another contract")])
        kpi_set = verbs.start_set(contract, by=by)
        KPISet.objects.filter(pk=kpi_set.pk).update(copied_from=found)
        taken = take_all(kpi_set, [Wanted(line.measure, line.facts) for line in copy.lines], by=by)
        by_key = {line.measure.pk: line.measure for line in copy.lines}
        record(
            action=COPIED,
            subject=kpi_set,
            by=by,
            contract_number=contract.pk,
            summary=f"Began KPI set {kpi_set.number} as a copy of another contract’s",
            after={
                "Copied from": f"Contract {found.contract_id}, KPI set {found.number}",
                PUT_IN: put_in((by_key[terms.kpi.measure_id], terms.target) for terms in taken),
            },
        )
    return KPISet.objects.get(pk=kpi_set.pk)
