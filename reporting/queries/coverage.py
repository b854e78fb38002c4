"""Can the figures be trusted: which returns were expected, came, came on time, were sampled and verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import add_months, today, working_days_between
from govuk import formats
from kpis.models import MonthlyReturn
from kpis.returns.models import LONGEST
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

# What was reported before this system was not expected here: it is no return that came, on time or late.
HERE = Q(before_system=False)
ON_TIME = Q(first_submitted_day__lte=F("due_on")) & HERE
# An excused return is expected of nobody.
OWED = ~Q(status=MonthlyReturn.Status.EXCUSED) & HERE
COUNTS = {
    "expected": Count("pk", filter=OWED),
    "received": Count("pk", filter=Q(first_submitted_at__isnull=False) & HERE),
    "on_time": Count("pk", filter=ON_TIME),
    "sampled": Count("pk", filter=Q(sampled_at__isnull=False)),
    "verified": Count("pk", filter=Q(status=MonthlyReturn.Status.VERIFIED)),
}


def with_day(returns):
    """Return the returns with the London day of their first submission."""
    zone = timezone.get_default_timezone()
    return returns.annotate(
        first_submitted_day=Cast(TruncDate("first_submitted_at", tzinfo=zone), DateField())
    )


@dataclass(frozen=True)
class Coverage:
    """How many returns were expected, and what became of them."""

    expected: int = 0
    received: int = 0
    on_time: int = 0
    sampled: int = 0
    verified: int = 0

    @property
    def sentence(self) -> str:
        """Return "31 of 34 returns are in, 28 on time", or that none is expected."""
        if not self.expected:
            return "No returns are expected"
        if self.received == self.expected == 1:
            return f"The 1 return expected is in, {'on time' if self.on_time else 'late'}"
        verb = "is" if self.received == 1 else "are"
        return (
            f"{self.received} of {formats.plural(self.expected, 'return')} {verb} in, {self.on_time} on time"
        )

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Return each count as (what, figure), in the order things happen."""
        return (
            ("expected", formats.figure(self.expected)),
            ("received", formats.figure(self.received)),
            ("on time", formats.figure(self.on_time)),
            ("sampled", formats.figure(self.sampled)),
            ("verified", formats.figure(self.verified)),
        )


def coverage(scope: Scope, period: Period) -> tuple[Coverage, Coverage]:
    """Return the coverage of the month reported on, and of the whole period: one query."""
    counted = {}
    for name, count in COUNTS.items():
        condition = count.filter or Q()
        counted[f"month_{name}"] = Count("pk", filter=condition & Q(month=period.month))
        counted[f"all_{name}"] = Count("pk", filter=condition & Q(pk__isnull=False))
    found = with_day(scope.returns().filter(period.holds())).aggregate(**counted)
    return tuple(  # type: ignore[return-value]
        Coverage(**{name: found[f"{part}_{name}"] for name in COUNTS}) for part in ("month", "all")
    )


def coverage_by_directorate(scope: Scope, months: Iterable[dt.date]) -> dict[tuple[int, dt.date], Coverage]:
    """Return the coverage of each directorate (its key) and month that has returns: one query."""
    rows = with_day(scope.returns().filter(month__in=list(months)))
    return {
        (row.pop("directorate"), row.pop("month")): Coverage(**row)
        for row in rows.order_by().values("directorate", "month").annotate(**COUNTS)
    }


@dataclass(frozen=True)
class HeatCell:
    """One contract (or directorate) and month: shape, letter, colour, words, and where it leads."""

    status: str
    mark: str
    words: str
    url: str = ""


@dataclass(frozen=True)
class HeatRow:
    """A line of a heat table."""

    label: str
    url: str
    cells: tuple[HeatCell, ...]
    overdue: int = 0


MARKS = (
    ("on_track", "● V", "verified"),
    ("on_track", "● S", "submitted on time"),
    ("watch", "▲ L", "submitted late"),
    ("watch", "▲ B", "sent back or reopened, not yet answered"),
    ("behind", "■ O", "overdue"),
    ("not_due", "○ D", "not due yet"),
    ("not_due", "◇ E", "excused: contract suspended or terminated"),
    ("not_due", "→ P", "part of a return for several months"),
    ("not_due", "◆ R", "reported before this system, not verified"),
    ("not_due", "–", "no return expected"),
)
# What a cell of a heat table is made from, besides contract and month.
FACTS = (
    *("status", "due_on", "due_again_on", "first_submitted_at", "excused_by_id", "before_system"),
    "months_covered",
)
VERIFIED, SUBMITTED, LATE, BACK, OVERDUE, DUE, EXCUSED, PART, BEFORE, NONE = MARKS


def cell_of(found: MonthlyReturn | None, month: dt.date) -> HeatCell:
    """Return what a heat table shows for one contract's month."""
    when = formats.month(month)
    if found is None:
        return HeatCell(NONE[0], NONE[1], f"{when}: no return expected")
    if month != found.month:
        words = f"{when}: part of the {found.period_words} return"
        return HeatCell(PART[0], PART[1], words, found.get_absolute_url())
    if found.is_excused:
        why = "contract suspended" if found.excused_by_id else "contract terminated"
        return HeatCell(EXCUSED[0], EXCUSED[1], f"{when}: excused: {why}", found.get_absolute_url())
    if found.before_system and not found.is_unfinished:
        return HeatCell(BEFORE[0], BEFORE[1], f"{when}: {BEFORE[2]}", found.get_absolute_url())
    status, mark, words = DUE
    detail = f"due {formats.day(found.current_due_on)}"
    if found.status == MonthlyReturn.Status.VERIFIED:
        status, mark, words = VERIFIED
        detail = "" if found.was_on_time else "came late"
    elif found.is_overdue:
        status, mark, words = OVERDUE
        if found.first_submitted_at:
            detail = f"sent back, answer was due {formats.day(found.current_due_on)}"
        else:
            days = working_days_between(found.due_on, today())
            detail = f"was due {formats.day(found.due_on)}, {formats.plural(days, 'working day')} ago"
    elif found.status in (MonthlyReturn.Status.SENT_BACK, MonthlyReturn.Status.REOPENED):
        status, mark, words = BACK
    elif found.first_submitted_at:
        status, mark, words = SUBMITTED if found.was_on_time else LATE
        detail = "closed, not sampled" if found.status == MonthlyReturn.Status.CLOSED else "not yet checked"
    said = f"{when}: {words}" + (f", {detail}" if detail else "")
    return HeatCell(status, mark, said, found.get_absolute_url())


def heat_by_contract(scope: Scope, period: Period, limit: int | None = None) -> tuple[list[HeatRow], int]:
    """Return a row for each contract with returns in the last twelve months, most overdue first: two queries.

    At most `limit` rows, and how many there are. Only contracts this person may be shown by name.
    """
    months, day = period.last_twelve, today()
    # A quarter's or half year's return stands under its last month, which may come after these.
    until = add_months(months[-1], LONGEST - 1)
    titles = dict(scope.named_contracts().values_list("number", "title"))
    by_contract: dict[int, dict[dt.date, tuple]] = {}
    late: dict[int, int] = {}
    returns = scope.returns().filter(month__gte=months[0], month__lte=until).order_by()
    for row in returns.values_list("contract_id", "month", *FACTS):
        covered = row[-1]
        if row[0] in titles and add_months(row[1], 1 - covered) <= months[-1]:
            by_contract.setdefault(row[0], {})[row[1]] = row
            _, _, status, due, again, *_ = row
            is_late = row[1] <= months[-1] and status in MonthlyReturn.UNFINISHED and (again or due) < day
            late[row[0]] = late.get(row[0], 0) + is_late
    order = sorted(by_contract, key=lambda number: (-late[number], titles[number].casefold(), number))
    rows = []
    for number in order[:limit]:
        returned = [
            MonthlyReturn(contract_id=number, month=month, **dict(zip(FACTS, row[2:], strict=True)))
            for month, row in by_contract[number].items()
        ]
        held = {month: one for one in returned for month in one.months}
        rows.append(
            HeatRow(
                label=titles[number],
                url=reverse("reporting:contract-page", args=[number]),
                cells=tuple(cell_of(held.get(month), month) for month in months),
                overdue=late[number],
            )
        )
    return rows, len(order)


def heat_by_directorate(scope: Scope, period: Period, directorates, url_of) -> list[HeatRow]:
    """Return a row for each directorate: received of expected in each of the last twelve months: one query.

    url_of(directorate, month) gives where a cell leads, "" for nowhere.
    """
    found = coverage_by_directorate(scope, period.last_twelve)
    rows = []
    for directorate in directorates:
        cells = []
        for month in period.last_twelve:
            held = found.get((directorate.pk, month))
            if held is None or not held.expected:
                cells.append(HeatCell(NONE[0], NONE[1], f"{formats.month(month)}: no return expected"))
                continue
            status, shape = shade(held)
            words = f"{formats.month(month)}: {held.sentence}, {held.verified} verified"
            cells.append(
                HeatCell(
                    status, f"{shape} {held.received}/{held.expected}", words, url_of(directorate, month)
                )
            )
        rows.append(HeatRow(directorate.name, url_of(directorate, period.month), tuple(cells)))
    return rows


def shade(held: Coverage) -> tuple[str, str]:
    """Return status and shape for a month's coverage: all in, nine in ten or more, or fewer."""
    if held.received == held.expected:
        return "on_track", "●"
    if held.received * 10 >= held.expected * 9:
        return "watch", "▲"
    return "behind", "■"
