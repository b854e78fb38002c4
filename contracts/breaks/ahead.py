"""The next chances to change or leave a contract: those recorded, and those its own dates imply."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from accounts.calendar import today
from contracts.models import BreakPoint, Contract, Stage
from contracts.models.contract import ContractQuerySet
from govuk.formats import day as show_day

Kind = BreakPoint.Kind
RECORDED, FROM_THE_REGISTER = "recorded", "from the register"
# A date of the register this near to a recorded one of the same kind is the same chance.
SAME_CHANCE = dt.timedelta(days=31)


@dataclass(frozen=True)
class Chance:
    """A day a contract can be changed or left, and the last day to do something about it."""

    contract: Contract
    kind: str
    on: dt.date
    act_by: dt.date
    source: str
    break_point: BreakPoint | None
    could_ask: str
    url: str

    @property
    def kind_label(self) -> str:
        """Return the kind in words."""
        return str(Kind(self.kind).label)

    @property
    def is_recorded(self) -> bool:
        """Return whether somebody recorded it; otherwise the register's dates imply it."""
        return self.break_point is not None


def chances(contracts: ContractQuerySet, from_day: dt.date, to_day: dt.date) -> list[Chance]:
    """Return the chances open in these days, the one to act on first coming first.

    A chance counts when its day is not before `from_day` and its last day to act (notice date, or the day
    itself) is not after `to_day`: one whose notice date has passed stays until its own day. Contracts that
    have ended, withdrawn break points and those with an outcome give none. Two queries whatever the number
    of contracts; names the caller selected with the contracts stay fetched.
    """
    return _sorted(_all(contracts, from_day, to_day), from_day, to_day)


def next_chance_of(contracts: ContractQuerySet) -> dict[int, Chance]:
    """Return, by contract number, the next chance that can still be acted on today: two queries."""
    day = today()
    found: dict[int, Chance] = {}
    for chance in _sorted(_all(contracts, day, dt.date.max), day, dt.date.max):
        if chance.act_by >= day:
            found.setdefault(chance.contract.pk, chance)
    return found


def chances_of(contract: Contract, points: list[BreakPoint] | None = None) -> list[Chance]:
    """Return the chances ahead of one contract at hand; one query, none where its points are given."""
    if contract.stage == Stage.ENDED:
        return []
    if points is None:
        points = list(contract.break_points.filter(withdrawn_at=None))
    return _sorted(_of_one(contract, points), today(), dt.date.max)


def _sorted(found: Iterator[Chance], from_day: dt.date, to_day: dt.date) -> list[Chance]:
    kept = [one for one in found if one.on >= from_day and one.act_by <= to_day]
    return sorted(kept, key=lambda one: (one.act_by, one.on, one.contract.pk, one.kind))


def _all(contracts: ContractQuerySet, from_day: dt.date, to_day: dt.date) -> Iterator[Chance]:
    """Return the chances of contracts that have any date in these days."""
    running = contracts.exclude(stage=Stage.ENDED)
    named = Q()
    for field in ("ends_on", "extended_to", "last_extension_to", "review_on", "terminated_on"):
        named |= Q(**{f"{field}__range": (from_day, to_day)})
    recorded = BreakPoint.objects.filter(withdrawn_at=None, contract__in=running.order_by().values("pk"))
    points: dict[int, list[BreakPoint]] = defaultdict(list)
    for point in recorded.order_by("on", "pk"):
        points[point.contract_id].append(point)
    with_points = [
        number
        for number, ones in points.items()
        if any(not one.outcome and one.on >= from_day and one.act_by <= to_day for one in ones)
    ]
    for contract in running.filter(named | Q(pk__in=with_points)):
        yield from _of_one(contract, points[contract.pk])


def _of_one(contract: Contract, points: list[BreakPoint]) -> Iterator[Chance]:
    """Return open break points up to a termination, and what the dates imply that nobody recorded."""
    url = f"{contract.get_absolute_url()}#break-points"
    for point in points:
        if not point.outcome and not (contract.terminated_on and point.on > contract.terminated_on):
            yield Chance(contract, point.kind, point.on, point.act_by, RECORDED, point, point.could_ask, url)
    for kind, on, could_ask in _implied(contract):
        # An outcome counts too: what was decided about an extension is not ahead any more.
        if not any(one.kind == kind and abs(one.on - on) <= SAME_CHANCE for one in points):
            yield Chance(contract, kind, on, on, FROM_THE_REGISTER, None, could_ask, url)


def _implied(contract: Contract) -> Iterator[tuple[str, dt.date, str]]:
    """Return (kind, day, what could be asked for) of each chance the register's own dates hold."""
    last = contract.last_day
    ends = max((day for day in (contract.ends_on, contract.extended_to) if day), default=None)
    if contract.review_on and (last is None or contract.review_on <= last):
        yield Kind.REVIEW, contract.review_on, "Social value KPIs, as part of the review."
    if last is None:
        return
    further = contract.last_extension_to
    if contract.terminated_on is None and further is not None and ends is not None and further > ends:
        yield (
            Kind.EXTENSION,
            ends,
            f"It can be extended to {show_day(further)}: agree KPIs as part of extending it.",
        )
        last = further
    yield Kind.END, last, "KPIs in the contract that follows."
