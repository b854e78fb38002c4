"""Who may decide a KPI set for each directorate: directors, deputies, delegates who had no hand in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Directorate, Person, Post, Role
from contracts.models import Contract
from govuk import formats
from kpis.proposals.models import KPISet, SetSubmission


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide a set for one directorate, and by what right."""

    person: Person
    role: str
    directorate: Directorate
    delegation: Delegation | None = None

    @property
    def acting_for(self) -> Person | None:
        """Return the director a delegate decides for; None for whoever decides in their own right."""
        return self.delegation.in_the_name_of if self.delegation else None

    @property
    def words(self) -> str:
        """Return "Dana Okafor (Strategic Director)" or "Della Marsh (Head of Parks, for Dana Okafor)"."""
        if self.delegation:
            post = f"{self.delegation.post}, " if self.delegation.post else ""
            return f"{self.person} ({post}for {self.acting_for})"
        return f"{self.person} ({Role(self.role).title})"

    @property
    def authority(self) -> str:
        """Return by what right in full, as a decision freezes it; two queries for a delegate."""
        given = self.delegation
        if given is None:
            return f"{Role(self.role).title}, {self.directorate.name}"
        giver, root = given.in_the_name_of, given.root
        role = Role.DIRECTOR if self.directorate.pk in giver.authority.directs else Role.DEPUTY_DIRECTOR
        parts = [f"For {giver}, {role.title}, {self.directorate.name}"]
        if given.post:
            parts.append(f"as {given.post}")
        parts.append(f"under the delegation of {formats.day(root.starts_on)}")
        parts.append(root.scheme_reference)
        if given.under:
            parts.append(f"handed on by {given.given_by} from {formats.day(given.starts_on)}")
        limits = [one.value_limit for one in (given, root) if one.value_limit is not None]
        if limits:
            parts.append(f"contracts up to {formats.money(min(limits))}")
        words = ", ".join(part for part in parts if part)
        return words if len(words) <= 400 else f"{words[:399]}…"


@dataclass(frozen=True)
class Seat:
    """A directorate whose approval a set needs: who may give it, or who gave it on the latest submission."""

    directorate: Directorate
    deciders: list[Decider] = field(default_factory=list)
    approved_by: str = ""
    approved_at: dt.datetime | None = None
    # Where nobody may decide: why not, sentence by sentence.
    lacking: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether the directorate still has to decide."""
        return self.approved_at is None

    @property
    def is_stuck(self) -> bool:
        """Return whether it has to decide and nobody can."""
        return self.is_open and not self.deciders

    @property
    def told(self) -> list[Decider]:
        """Return those a letter asks: director and delegates, or the deputies where there are none."""
        return [one for one in self.deciders if one.role != Role.DEPUTY_DIRECTOR] or self.deciders


def seats_of(contract: Contract) -> list[Directorate]:
    """Return the directorates whose approval its KPI sets need: the lead one first, then partners by name."""
    lead = contract.directorate
    if lead is None:
        return []
    return [lead, *contract.partner_directorates.exclude(pk=lead.pk).order_by("name")]


def hands_of(kpi_set: KPISet) -> set[int]:
    """Return the keys of everybody who started, changed or submitted the set: none of them may decide it."""
    found = {person.pk for person in kpi_set.editors.all()}
    return found | {key for key in (kpi_set.started_by_id, kpi_set.submitted_by_id) if key}


def givers_of(delegation: Delegation) -> list[Person]:
    """Return through whose hands a delegation came: the director first."""
    return [delegation.in_the_name_of, *([delegation.given_by] if delegation.under else [])]


def covers(delegation: Delegation, value: Decimal | None) -> bool:
    """Return whether a contract of this value falls within its limit and that of the one it came from."""
    return delegation.covers_value(value) and delegation.root.covers_value(value)


def seats_of_many(kpi_sets: Iterable[KPISet], on: dt.date | None = None) -> dict[int, list[Seat]]:
    """Return for each set's key the directorates that decide it: lead first, then partners by name.

    As of a day (today where none is given). The same few queries for any number of sets whose contract and
    editors were fetched.
    """
    sets = list(kpi_sets)
    day = on or today()
    wanted = _directorates_of(sets)
    directorates = Directorate.objects.in_bulk({key for keys in wanted.values() for key in keys})
    approved = _approved_on_latest(sets)
    in_post, delegates = _in_post(directorates, day), _delegates(directorates, day)
    found: dict[int, list[Seat]] = {}
    for one in sets:
        keys = wanted[one.contract_id]
        seats = [(directorates[key], approved.get((one.pk, key))) for key in keys]
        partners = sorted(seats[1:], key=lambda seat: seat[0].name)
        found[one.pk] = [
            Seat(directorate, approved_by=done[0], approved_at=done[1])
            if done
            else _seat(one, directorate, in_post.get(directorate.pk, []), delegates.get(directorate.pk, []))
            for directorate, done in [*seats[:1], *partners]
        ]
    return found


def _directorates_of(sets: list[KPISet]) -> dict[int, list[int]]:
    """Return {contract: keys of its lead directorate and its partners}."""
    found: dict[int, list[int]] = {
        one.contract_id: [one.contract.directorate_id] if one.contract.directorate_id else [] for one in sets
    }
    through = Contract.partner_directorates.through.objects
    for contract, directorate in through.filter(contract__in=list(found)).values_list(
        "contract_id", "directorate_id"
    ):
        # Without a lead directorate nobody decides anything yet.
        if found[contract] and directorate not in found[contract]:
            found[contract].append(directorate)
    return found


def _approved_on_latest(sets: list[KPISet]) -> dict[tuple[int, int], tuple[str, dt.datetime]]:
    """Return {(set, directorate): (by whom, when)} of approvals of what waits now."""
    waiting = [one.pk for one in sets if one.status == KPISet.Status.SUBMITTED]
    later = SetSubmission.objects.filter(kpi_set=OuterRef("kpi_set"), ordinal__gt=OuterRef("ordinal"))
    rows = (
        SetSubmission.objects.filter(~Exists(later), kpi_set__in=waiting, decisions__outcome="approved")
        .order_by("pk")
        .values_list(
            "kpi_set_id",
            "decisions__directorate_id",
            "decisions__decided_by__full_name",
            "decisions__acting_for__full_name",
            "decisions__decided_at",
        )
    )
    return {
        (kpi_set, directorate): (f"{who} for {acting}" if acting else who, at)
        for kpi_set, directorate, who, acting, at in rows
    }


def _in_post(directorates: dict[int, Directorate], day: dt.date) -> dict[int, list[Decider]]:
    """Return the directors and deputies of each directorate."""
    found: dict[int, list[Decider]] = {}
    for post in (
        Appointment.objects.in_force(day)
        .filter(directorate__in=list(directorates), role__in=[Role.DIRECTOR, Role.DEPUTY_DIRECTOR])
        .select_related("person")
        .order_by("pk")
    ):
        one = Decider(post.person, post.role, directorates[post.directorate_id])
        found.setdefault(post.directorate_id, []).append(one)
    return found


def _delegates(directorates: dict[int, Directorate], day: dt.date) -> dict[int, list[Decider]]:
    """Return those who hold a delegation of each directorate, in person or by their post."""
    found: dict[int, list[Decider]] = {}
    for given in (
        Delegation.objects.in_force(day)
        .filter(directorate__in=list(directorates))
        .select_related("given_by", "given_to", "directorate", "under__given_by")
        .prefetch_related(Prefetch("post", Post.objects.with_holders(day)))
        .order_by("pk")
    ):
        for person in given.holders:
            one = Decider(person, "", directorates[given.directorate_id], given)
            found.setdefault(given.directorate_id, []).append(one)
    return found


def _seat(
    kpi_set: KPISet, directorate: Directorate, in_post: list[Decider], delegates: list[Decider]
) -> Seat:
    """Return who may decide one set for one directorate: director, then delegates, then deputies."""
    hands = hands_of(kpi_set)
    value = kpi_set.contract.whole_value
    of_post = [one for one in in_post if one.person.pk not in hands]
    of_delegation = [
        one
        for one in delegates
        if one.delegation
        and one.person.pk not in hands
        and not any(giver.pk in hands for giver in givers_of(one.delegation))
        and covers(one.delegation, value)
    ]
    in_order = [
        *(one for one in of_post if one.role == Role.DIRECTOR),
        *of_delegation,
        *(one for one in of_post if one.role == Role.DEPUTY_DIRECTOR),
    ]
    able = _each_once(in_order)
    return Seat(directorate, able, lacking=() if able else _lacking(kpi_set, directorate, in_post, delegates))


def _lacking(
    kpi_set: KPISet, directorate: Directorate, in_post: list[Decider], delegates: list[Decider]
) -> tuple[str, ...]:
    """Return why nobody can decide for the directorate: posts that are vacant, hands in the set, limits."""
    hands, found = hands_of(kpi_set), []
    roles = {one.role for one in in_post}
    if not roles:
        found.append(f"No {Role.DIRECTOR.title} and no deputy is in post in {directorate.name}.")
    elif Role.DIRECTOR not in roles:
        found.append(f"No {Role.DIRECTOR.title} is in post in {directorate.name}.")
    found += [f"{one.words} had a hand in it." for one in in_post if one.person.pk in hands]
    for one in delegates:
        assert one.delegation is not None
        giver = next((giver for giver in givers_of(one.delegation) if giver.pk in hands), None)
        if one.person.pk in hands:
            found.append(f"{one.words} had a hand in it.")
        elif giver:
            found.append(f"{one.person} would decide for {giver}, who had a hand in it.")
        else:
            found.append(f"The delegation of {one.words} doesn’t cover a contract of this value.")
    return tuple(dict.fromkeys(found))


def deciders_of_many(kpi_sets: Iterable[KPISet], on: dt.date | None = None) -> dict[int, list[Decider]]:
    """Return for each set's key those who may still decide it, once for each directorate they decide for."""
    return {
        key: [one for seat in seats for one in seat.deciders if seat.is_open]
        for key, seats in seats_of_many(kpi_sets, on).items()
    }


def deciders_of(kpi_set: KPISet) -> list[Decider]:
    """Return those who may still decide the set today; empty where nobody can."""
    return deciders_of_many([kpi_set])[kpi_set.pk]


def told_by_seats(seats: Iterable[Seat]) -> list[Decider]:
    """Return those a letter asks to decide for directorates that have not, each person once."""
    return _each_once(one for seat in seats if seat.is_open for one in seat.told)


def _each_once(deciders: Iterable[Decider]) -> list[Decider]:
    """Return each person once, by the right named first."""
    found: dict[int, Decider] = {}
    for one in deciders:
        found.setdefault(one.person.pk, one)
    return list(found.values())


def told_of(kpi_set: KPISet) -> list[Decider]:
    """Return those a letter asks to decide: of each directorate director and delegates, or else deputies."""
    return told_by_seats(seats_of_many([kpi_set])[kpi_set.pk])
