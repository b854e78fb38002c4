"""The months a report covers: one month, the financial year to it, or everything to it."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from accounts.calendar import (
    add_months,
    financial_year_start,
    first_of_month,
    last_of_month,
    months_between,
    parse_month,
    today,
)
from govuk import formats

# The first month a report may be asked for; councils' registers go back no further with us.
EARLIEST = dt.date(2010, 4, 1)

YEAR, MONTH, LIFE = "year", "month", "life"
BASES = (YEAR, MONTH, LIFE)


def latest_month() -> dt.date:
    """Return the month whose returns are open or just in: the one before today's."""
    return add_months(first_of_month(today()), -1)


@dataclass(frozen=True)
class Period:
    """The months summed: those of the financial year to `month`, `month` alone, or all to it."""

    month: dt.date
    basis: str = YEAR

    @property
    def start(self) -> dt.date:
        """Return the first month summed."""
        if self.basis == MONTH:
            return self.month
        if self.basis == LIFE:
            return EARLIEST
        return financial_year_start(self.month)

    @property
    def slug(self) -> str:
        """Return the month as it stands in addresses: 2026-05."""
        return f"{self.month:%Y-%m}"

    @property
    def last_day(self) -> dt.date:
        """Return the last day of the month reported on."""
        return last_of_month(self.month)

    @property
    def words(self) -> str:
        """Return "2026/27 to May", "May 2026" or "All months to May 2026"."""
        if self.basis == MONTH:
            return formats.month(self.month)
        if self.basis == LIFE:
            return f"All months to {formats.month(self.month)}"
        return f"{formats.financial_year(self.month)} to {formats.MONTHS[self.month.month - 1]}"

    @property
    def month_words(self) -> str:
        """Return "May 2026"."""
        return formats.month(self.month)

    @cached_property
    def last_twelve(self) -> tuple[dt.date, ...]:
        """Return the twelve months that end with the month reported on."""
        return tuple(months_between(add_months(self.month, -11), self.month))

    @property
    def query(self) -> str:
        """Return the query string that keeps the basis; "" for the usual one."""
        return "" if self.basis == YEAR else f"?period={self.basis}"

    def holds(self, field: str = "month") -> Q:
        """Return the condition that a row's month is summed."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lte": self.month})


def read_period(month: str, basis: str = "") -> Period:
    """Return the period of an address; raise ValueError for what is no month, or one not begun."""
    first = parse_month(month)
    if not EARLIEST <= first <= first_of_month(today()) or len(month) != 7:
        raise ValueError(f"There is no report for {month}.")
    return Period(first, basis if basis in BASES else YEAR)


def months_to_pick(chosen: dt.date, count: int = 36) -> list[tuple[str, str, bool]]:
    """Return (2026-05, "May 2026", chosen or not), newest first; an older chosen month is added."""
    months = [add_months(latest_month(), -n) for n in range(-1, count)]
    if chosen not in months:
        months.append(chosen)
    return [(f"{month:%Y-%m}", formats.month(month), month == chosen) for month in months]
