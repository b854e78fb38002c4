"""When a contract's KPIs must next be assessed and published: at least once in each of its years."""

import datetime as dt

from contracts.models import Contract

# The day section 71 of the Procurement Act 2023 came into force: no assessment was asked for before.
SECTION_71_IN_FORCE = dt.date(2026, 1, 1)


def anniversary(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years later; 29 February becomes 28 February in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def next_assessment_due(contract: Contract, last_published: dt.date | None) -> dt.date | None:
    """Return the day by which the next performance notice (UK9) is due; None where it can't be told.

    Section 71: at least once in each twelve months of the contract's life, and when it ends. A contract's
    year runs from the day it was signed (its start where that is not recorded). A notice published in one of
    its years answers for that year, so the next is due by the end of the year after.
    """
    begins = contract.awarded_on
    if begins is None:
        return None
    years = 1
    covered = max(begins, last_published) if last_published else None
    while anniversary(begins, years) < SECTION_71_IN_FORCE:
        years += 1
    if covered is not None:
        while anniversary(begins, years) <= covered:
            years += 1
        # That is the end of the year the notice was published in.
        years += 1
    due = anniversary(begins, years)
    last = contract.last_day
    return min(due, last) if last and last >= begins else due
