"""The break points of the contract page: those ahead, with the time left, and what came of past ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.calendar import today
from accounts.models import Person
from contracts.breaks.ahead import Chance, chances_of
from contracts.breaks.permissions import may_keep
from contracts.breaks.words import oddities, time_left
from contracts.models import BreakPoint, Contract, Stage
from kpis.reminders.log import last_told_of
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section


@dataclass(frozen=True)
class Ahead:
    """A chance ahead as the page shows it, with the links the person may follow."""

    chance: Chance
    left: str
    is_late: bool
    oddities: list[str]
    links: list[tuple[str, str]]
    reminded_at: dt.datetime | None


@dataclass(frozen=True)
class Past:
    """A recorded break point that is decided, or whose day has passed without anybody saying what came."""

    point: BreakPoint
    # Its day is still to come, but the contract has ended or will have.
    is_void: bool
    link: tuple[str, str] | None


def breaks_section(contract: Contract, person: Person) -> Section | None:
    """Return the break points of a contract: one query for them; nothing where there is nothing to say."""
    points = list(contract.break_points.filter(withdrawn_at=None).select_related("outcome_by"))
    may = bool(may_keep(person, contract))
    day = today()
    reminded = last_told_of(points)
    ahead = [_ahead(chance, may, reminded) for chance in chances_of(contract, points)]
    shown = {one.chance.break_point.pk for one in ahead if one.chance.break_point is not None}
    past = [_past(point, may) for point in points if point.pk not in shown]
    if not (ahead or past) and (not may or contract.stage == Stage.ENDED):
        return None
    add_url = address("contracts:break-point-add", contract.number) if may else ""
    first = next((one for one in ahead if one.chance.act_by >= day), None)
    return Section(
        "break-points",
        "Break points",
        "reporting/sections/_breaks.html",
        {"ahead": ahead, "past": past[::-1], "next": first, "add_url": add_url},
    )


def _ahead(chance: Chance, may: bool, reminded: dict[int, dt.datetime]) -> Ahead:
    day, point, contract = today(), chance.break_point, chance.contract
    links: list[tuple[str, str]] = []
    if may and point is not None:
        links = [
            ("Change", address("contracts:break-point-edit", contract.number, point.pk)),
            ("Record what came of it", address("contracts:break-point-outcome", contract.number, point.pk)),
        ]
    elif may:
        add = address("contracts:break-point-add", contract.number)
        links = [("Record its notice date", f"{add}?kind={chance.kind}&on={chance.on.isoformat()}")]
    odd = (
        [one for one in oddities(point, contract, day) if "notice date passed" not in one.lower()]
        if point
        else []
    )
    return Ahead(
        chance,
        time_left(chance.on, chance.act_by, day),
        chance.act_by < day,
        odd,
        links,
        reminded.get(point.pk) if point else None,
    )


def _past(point: BreakPoint, may: bool) -> Past:
    if not may:
        return Past(point, point.on >= today(), None)
    text = "Take the outcome back" if point.outcome else "Record what came of it"
    return Past(
        point,
        point.on >= today(),
        (text, address("contracts:break-point-outcome", point.contract_id, point.pk)),
    )
