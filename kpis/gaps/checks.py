"""What a gap note must hold, asked by its form and its verb alike; who can be named on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.models import Person, Role
from contracts.models import Contract
from kpis.gaps.models import GapNote
from kpis.gaps.weakness import Weakness, is_gap

Reason, NextStep = GapNote.Reason, GapNote.NextStep


def who_can_act(contract: Contract):
    """Return the people who can be named to close a gap: the contract's own, and its commissioners in post.

    Where there is none of them, the director and deputies of its directorate.
    """
    named = [contract.manager_id, contract.commissioner_id, *(one.pk for one in contract.deputies.all())]
    active = Person.objects.active()
    people = active.filter(pk__in=[pk for pk in named if pk])
    if contract.directorate_id:
        people |= active.filter(_in_post(contract, Role.COMMISSIONER))
        if not people.exists():
            people = active.filter(_in_post(contract, Role.DIRECTOR, Role.DEPUTY_DIRECTOR))
    return people.order_by("full_name", "pk")


def _in_post(contract: Contract, *roles: str) -> Q:
    appointed = Person.objects.appointed(*roles, directorate=contract.directorate_id)
    return Q(pk__in=appointed.values("pk"))


def problems(
    given: dict[str, Any], found: Iterable[Weakness], day: dt.date, *, anybody: bool
) -> list[tuple[str, str]]:
    """Return (field, sentence) for each thing wrong with a note; `anybody`: is there somebody to name?"""
    wrong: list[tuple[str, str]] = []
    reason, step = given.get("reason"), given.get("next_step")
    words, by_when = (given.get("words") or "").strip(), given.get("by_when")
    if reason == Reason.OTHER and not words:
        wrong.append(("words", "Say in your own words what the other reason is"))
    if reason == Reason.NO_GAP and is_gap(found):
        wrong.append(
            ("reason", "This contract has no KPIs in force. Select why, or record a reason for setting none")
        )
    if reason == Reason.NO_GAP and step and step != NextStep.NOTHING:
        wrong.append(
            ("next_step", "Select “Nothing more to do”, or another reason: its KPIs are right as they are")
        )
    # Who and when are not asked for a step that cannot stand.
    elif step and step != NextStep.NOTHING:
        if anybody and not given.get("who"):
            wrong.append(("who", "Select who will do it"))
        if not by_when:
            wrong.append(("by_when", "Enter the date by which it is to be done"))
        elif by_when < day:
            wrong.append(("by_when", "The date by which it is to be done must be today or later"))
    return wrong
