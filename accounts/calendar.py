"""Days, months, financial years and working days as the council counts them (Europe/London, England)."""

import datetime as dt
from functools import lru_cache

import holidays
from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """Return today's date in London."""
    return timezone.localdate()


def first_of_month(day: dt.date) -> dt.date:
    """Return the first day of the month a day falls in: how months are stored."""
    return day.replace(day=1)


def add_months(month: dt.date, count: int) -> dt.date:
    """Return the first of the month `count` months later (earlier where negative)."""
    index = month.year * 12 + month.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def last_of_month(month: dt.date) -> dt.date:
    """Return the last day of the month."""
    return add_months(first_of_month(month), 1) - dt.timedelta(days=1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return each month from first to last, both included; none where last is earlier."""
    first, last = first_of_month(first), first_of_month(last)
    count = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) for n in range(count + 1)]


def financial_year_start(day: dt.date) -> dt.date:
    """Return 1 April of the financial year a day falls in."""
    return dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def parse_month(text: str) -> dt.date:
    """Return the first of the month written YYYY-MM; raise ValueError with a sentence otherwise."""
    try:
        return dt.datetime.strptime(text.strip(), "%Y-%m").date()  # noqa: DTZ007 (a month has no zone)
    except ValueError:
        raise ValueError(f"{text!r} is not a month. Write it as year and month, like 2026-05.") from None


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[dt.date]:
    """Return England's bank holidays of a year, from the table the holidays package carries."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def _closed_days() -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(text) for text in settings.COUNCIL_CLOSED_DAYS)


def is_working_day(day: dt.date) -> bool:
    """Return whether the council works: Monday to Friday, no bank holiday, no closure day."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year) and day not in _closed_days()


def add_working_days(day: dt.date, count: int) -> dt.date:
    """Return the working day `count` working days after a day (before it where negative; 0 rolls forward)."""
    step = dt.timedelta(days=1 if count >= 0 else -1)
    if count == 0:
        while not is_working_day(day):
            day += step
        return day
    left = abs(count)
    while left:
        day += step
        if is_working_day(day):
            left -= 1
    return day


def working_day_of_month(month: dt.date, nth: int) -> dt.date:
    """Return the nth working day of a month, counting from 1."""
    return add_working_days(first_of_month(month) - dt.timedelta(days=1), nth)


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return the number of working days after start up to and including end; negative the other way round."""
    if end < start:
        return -working_days_between(end, start)
    days = (end - start).days
    return sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, days + 1))
