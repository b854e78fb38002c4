"""Makes a contract's returns agree with its dates and suspensions: the one place where they are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.calendar import first_of_month, today
from contracts.models import Contract, Suspension
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs import excusing
from kpis.returns.verbs.opening import catch_up, hold_still
from kpis.totals import verbs as totals

Status = MonthlyReturn.Status


@dataclass
class Settled:
    """How many returns were excused, asked for after all, taken away and opened."""

    excused: int = 0
    owed: int = 0
    taken: int = 0
    opened: int = 0

    @property
    def sentence(self) -> str:
        """Return what became of returns, for the person who caused it; "" where none was touched."""
        parts = [
            (self.excused, "excused"),
            (self.taken, "taken away"),
            (self.owed, "asked for after all"),
            (self.opened, "opened"),
        ]
        said = [
            f"{plural(count, 'return')} {'was' if count == 1 else 'were'} {done}"
            for count, done in parts
            if count
        ]
        return "; ".join(said) + "." if said else ""


def settle(contract: Contract, *, by: Any) -> Settled:
    """Excuse, ask for, take away and open the contract's returns as its dates and suspensions now have it.

    Only returns that were never submitted are touched: what was reported stands. A return goes with what was
    entered set aside where its months are suspended or come after a termination; an empty one of months after
    a termination is deleted. Totals are recomputed. Running it again changes nothing. Call it inside the
    transaction of the change, after that was saved.
    """
    hold_still(contract)
    suspensions = list(contract.suspensions.standing())
    done, keys = Settled(), set()
    waiting = MonthlyReturn.objects.filter(contract=contract, first_submitted_at=None).order_by("month")
    for item in waiting.select_related("excused_by"):
        item.contract = contract
        suspension = suspension_of(item, suspensions)
        over = is_over(contract, item)
        if item.status == Status.OPEN:
            if suspension is not None:
                keys |= excusing.excuse(item, by=by, why=why_suspended(suspension), suspension=suspension)
                done.excused += 1
            elif over and excusing.is_begun(item):
                keys |= excusing.excuse(item, by=by, why=why_over(contract))
                done.excused += 1
            elif over:
                keys |= excusing.take_away(item, by=by, why=why_over(contract))
                done.taken += 1
            elif item.months_covered > 1:
                keys |= excusing.retarget(item)
        elif item.status == Status.EXCUSED:
            if suspension is None and not over:
                keys |= excusing.owe(item, by=by, why="The contract was not suspended or over in it.")
                done.owed += 1
            elif item.excused_by != suspension:
                item.excused_by = suspension
                item.save(update_fields=["excused_by"])
    totals.recompute(keys)
    done.opened = catch_up(contract, by=by, known_on=today())
    return done


def suspension_of(item: MonthlyReturn, suspensions: list[Suspension]) -> Suspension | None:
    """Return the suspension that excuses a return: one that holds in its month, where all are suspended."""
    if all(any(one.covers(month) for one in suspensions) for month in item.months):
        return next((one for one in suspensions if one.covers(item.month)), None)
    return None


def is_over(contract: Contract, item: MonthlyReturn) -> bool:
    """Return whether all a return covers comes after the month the contract was terminated in."""
    if contract.terminated_on is None:
        return False
    last = first_of_month(contract.terminated_on)
    return all(month > last for month in item.months)


def why_suspended(suspension: Suspension) -> str:
    """Return why nothing is owed, as the history keeps it."""
    return f"The contract is suspended {span_of(suspension)}: {suspension.reason}"


def why_over(contract: Contract) -> str:
    """Return why nothing is owed after a termination."""
    return f"The contract was terminated on {show_day(contract.terminated_on)}."


def span_of(suspension: Suspension) -> str:
    """Return "from May 2026 to June 2026", "in May 2026" or "from May 2026 on"."""
    first = show_month(suspension.from_month)
    if suspension.to_month is None:
        return f"from {first} on"
    if suspension.to_month == suspension.from_month:
        return f"in {first}"
    return f"from {first} to {show_month(suspension.to_month)}"
