"""On which day a step falls due: working days from the due date, the weekly digest, hours of posting."""

import datetime as dt

from django.utils import timezone

from accounts.calendar import add_working_days, is_working_day
from kpis.reminders.models import ReminderStep

# Days after a return was sent back by which it is due again, where nobody stored another date.
ANSWER_WITHIN = 5
# Days for which "awaiting supplier" holds reminders back.
SUPPLIER_DAYS = 10
# The notice date as days from here is a break point's cycle, up to what the column holds (the year 2089).
FIRST_CYCLE_DAY, LAST_CYCLE = dt.date(2000, 1, 1), 32767
FIRST_HOUR, LAST_HOUR = 7, 19


def due_on(monthly_return) -> dt.date:
    """Return the day a return is due now; one sent back starts again from the day it was sent back."""
    if monthly_return.due_again_on:
        return monthly_return.due_again_on
    if monthly_return.cycle > 1 and monthly_return.sent_back_at:
        return add_working_days(timezone.localdate(monthly_return.sent_back_at), ANSWER_WITHIN)
    return monthly_return.due_on


def return_step_day(step: ReminderStep, monthly_return) -> dt.date | None:
    """Return the day from which a step of a return is owed; None where it has no such step.

    A return that was sent back has no opening step: the letter that sent it back was that.
    """
    if step.days is None:
        return timezone.localdate(monthly_return.opened_at) if monthly_return.cycle == 1 else None
    day = add_working_days(due_on(monthly_return), step.days)
    return digest_day(day) if step.audience == ReminderStep.Audience.DIRECTOR_DIGEST else day


def approval_step_day(step: ReminderStep, kpi_set) -> dt.date:
    """Return the day from which a step of a waiting KPI set is owed, counted from its submission."""
    return add_working_days(timezone.localdate(kpi_set.submitted_at), step.days or 0)


def break_point_step_day(step: ReminderStep, point) -> dt.date:
    """Return the day from which a step of a break point is owed, counted from the last day to act."""
    day = add_working_days(point.act_by, step.days or 0)
    return digest_day(day) if step.audience == ReminderStep.Audience.DIRECTOR_DIGEST else day


def exception_step_day(step: ReminderStep, kpi_set) -> dt.date:
    """Return the day from which a step of an exception is owed, counted from its day of review."""
    day = add_working_days(kpi_set.review_on, step.days or 0)
    return digest_day(day) if step.audience == ReminderStep.Audience.DIRECTOR_DIGEST else day


def break_point_cycle(point) -> int:
    """Return the number its steps are claimed under: a notice date that is moved starts them again."""
    return min(max((point.act_by - FIRST_CYCLE_DAY).days, 1), LAST_CYCLE)


def digest_day(day: dt.date) -> dt.date:
    """Return the next day of a weekly digest, on that day or later: the first working day of a week."""
    monday = day - dt.timedelta(days=day.weekday())
    while (first := add_working_days(monday, 0)) < day:
        monday += dt.timedelta(days=7)
    return first


def waits_for_supplier(monthly_return, day: dt.date) -> bool:
    """Return whether reminders are held back because the supplier has been asked: for ten days at most."""
    since = monthly_return.awaiting_supplier_since
    return since is not None and day <= since + dt.timedelta(days=SUPPLIER_DAYS)


def is_posting_time(now: dt.datetime) -> bool:
    """Return whether reminders leave by themselves at this time: working days from 7am to 7pm in London."""
    local = timezone.localtime(now)
    return is_working_day(local.date()) and FIRST_HOUR <= local.hour < LAST_HOUR
