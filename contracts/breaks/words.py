"""How much time is left to act, and what is odd about a break point, in words."""

import datetime as dt

from contracts.models import BreakPoint, Contract
from govuk.formats import day as show_day
from govuk.formats import plural


def time_left(break_on: dt.date, act_by: dt.date, day: dt.date) -> str:
    """Return how long one has on a day: "notice within 3 weeks", "notice date passed on 3 May 2026".

    Where no notice date is known the words are about the day itself: "in 3 weeks", "passed on 3 May 2026".
    Weeks and months are rounded down, so that nobody is told they have longer than they have.
    """
    has_notice = act_by < break_on
    left = (act_by - day).days
    if left < 0:
        return f"{'notice date ' if has_notice else ''}passed on {show_day(act_by)}"
    if left == 0:
        return "notice is due today" if has_notice else "today"
    if left < 14:
        length = plural(left, "day")
    elif left < 12 * 7:
        length = plural(left // 7, "week")
    else:
        length = plural(int(left / 30.5), "month") if left < 730 else plural(left // 365, "year")
    return f"notice within {length}" if has_notice else f"in {length}"


def oddities(point: BreakPoint, contract: Contract, day: dt.date) -> list[str]:
    """Return sentences about a break point that may be right but are worth a second look."""
    found = []
    if contract.starts_on and point.on < contract.starts_on:
        found.append(f"The date is before the contract starts, on {show_day(contract.starts_on)}.")
    latest = max((one for one in (contract.last_day, contract.last_extension_to) if one), default=None)
    # The day after the last one is where many contracts put their end.
    if contract.last_day and latest and point.on > latest + dt.timedelta(days=1):
        found.append(f"The date is after the contract’s latest possible end, on {show_day(latest)}.")
    if contract.starts_on and point.notice_by and point.notice_by < contract.starts_on <= point.on:
        found.append(f"Notice is due before the contract starts, on {show_day(contract.starts_on)}.")
    if not point.outcome and point.notice_by and point.notice_by < day <= point.on:
        found.append(f"The notice date passed on {show_day(point.notice_by)}.")
    return found
