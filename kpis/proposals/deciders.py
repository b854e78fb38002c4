"""Who may decide a KPI set: directors, their deputies and delegates, less everybody who had a hand in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Person, Role
from contracts.models import Contract
from contracts.models.contract import ValueBasis
from kpis.proposals.models import KPISet


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide a set, and by what right."""

    person: Person
    role: str
    delegation: Delegation | None = None

    @property
    def words(self) -> str:
        """Return "Dana Okafor (Strategic Director)" for a page."""
        if self.delegation:
            return f"{self.person} (for {self.delegation.given_by})"
        return f"{self.person} ({Role(self.role).title})"


def whole_value(contract: Contract) -> Decimal | None:
    """Return the contract's value in pounds over its whole life, or None where nobody can tell.

    A value given for a year is multiplied by the years it runs (each begun month a twelfth).
    """
    if contract.value is None or contract.value_basis != ValueBasis.ANNUAL:
        return contract.value
    if contract.starts_on is None or contract.last_day is None or contract.last_day < contract.starts_on:
        return None
    months = (
        (contract.last_day.year - contract.starts_on.year) * 12
        + contract.last_day.month
        - contract.starts_on.month
        + 1
    )
    return (contract.value * months / 12).quantize(Decimal("0.01"))


def hands_of(kpi_set: KPISet) -> set[int]:
    """Return the keys of everybody who started, changed or submitted the set: none of them may decide it."""
    found = {person.pk for person in kpi_set.editors.all()}
    return found | {key for key in (kpi_set.started_by_id, kpi_set.submitted_by_id) if key}


def deciders_of_many(kpi_sets: Iterable[KPISet], on: dt.date | None = None) -> dict[int, list[Decider]]:
    """Return for each set's key those who may decide it: directors first, then delegates, then deputies.

    Two queries for any number of sets whose contract and editors were fetched.
    """
    sets = list(kpi_sets)
    directorates = {one.contract.directorate_id for one in sets if one.contract.directorate_id}
    posts: dict[int, list[Decider]] = {}
    delegates: dict[int, list[Decider]] = {}
    day = on or today()
    for post in (
        Appointment.objects.in_force(day)
        .filter(directorate__in=directorates, role__in=[Role.DIRECTOR, Role.DEPUTY_DIRECTOR])
        .select_related("person")
        .order_by("pk")
    ):
        posts.setdefault(post.directorate_id, []).append(Decider(post.person, post.role))
    for given in (
        Delegation.objects.in_force(day)
        .filter(directorate__in=directorates)
        .select_related("given_by", "given_to", "directorate")
        .order_by("pk")
    ):
        delegates.setdefault(given.directorate_id, []).append(Decider(given.given_to, "", given))
    return {one.pk: _of_one(one, posts, delegates) for one in sets}


def _of_one(kpi_set, posts, delegates) -> list[Decider]:
    hands = hands_of(kpi_set)
    directorate = kpi_set.contract.directorate_id
    value = whole_value(kpi_set.contract)
    of_post = [one for one in posts.get(directorate, []) if one.person.pk not in hands]
    of_delegation = [
        one
        for one in delegates.get(directorate, [])
        if one.person.pk not in hands
        and one.delegation.given_by_id not in hands
        and one.delegation.covers_value(value)
    ]
    in_order = [
        *(one for one in of_post if one.role == Role.DIRECTOR),
        *of_delegation,
        *(one for one in of_post if one.role == Role.DEPUTY_DIRECTOR),
    ]
    seen: set[int] = set()
    return [one for one in in_order if not (one.person.pk in seen or seen.add(one.person.pk))]  # type: ignore[func-returns-value]


def deciders_of(kpi_set: KPISet) -> list[Decider]:
    """Return those who may decide the set today; empty where nobody can."""
    return deciders_of_many([kpi_set])[kpi_set.pk]


def told_of(kpi_set: KPISet) -> list[Decider]:
    """Return those a letter asks to decide: director and delegates, or the deputies where there are none."""
    able = deciders_of(kpi_set)
    return [one for one in able if one.role != Role.DEPUTY_DIRECTOR] or able
