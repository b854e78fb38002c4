"""What pages of a return show, worked out once for its reader, small numbers hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from accounts.calendar import today
from accounts.models import Person
from govuk.formats import figure, money, percent
from kpis.library.models import Kind
from kpis.readings.models import Reading, ReadingVersion
from kpis.readings.small import hidden_from
from kpis.readings.suppression import HIDDEN_MARK, is_small
from kpis.readings.to_date import REPORTED, WORKING, ToDate, figures_of
from kpis.returns import permissions
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs.figures import as_text
from kpis.returns.verbs.submitting import readings_of

Tag = tuple[str, str]
# What is said of a return whose figures came in when its KPIs were adopted as signed.
BEFORE_SYSTEM = "Reported before this system"

STATUS_COLOURS = {
    MonthlyReturn.Status.OPEN: "",
    MonthlyReturn.Status.SUBMITTED: "teal",
    MonthlyReturn.Status.SENT_BACK: "orange",
    MonthlyReturn.Status.VERIFIED: "green",
    MonthlyReturn.Status.CLOSED: "grey",
    MonthlyReturn.Status.REOPENED: "orange",
    MonthlyReturn.Status.EXCUSED: "grey",
}

DONE = (
    Q(readings__nothing_to_report=True)
    | Q(readings__value__isnull=False)
    | Q(readings__numerator__isnull=False, readings__denominator__isnull=False)
    | Q(readings__date_value__isnull=False)
    | (Q(readings__measure__kind="text") & ~Q(readings__text_value=""))
)


def with_progress(returns):
    """Return the returns with `kpi_count` and `done_count`, for "2 of 5 done"."""
    return returns.annotate(
        kpi_count=Count("readings", distinct=True), done_count=Count("readings", filter=DONE, distinct=True)
    )


def tag_of(monthly_return: MonthlyReturn) -> Tag:
    """Return the words and colour of a return's state, lateness and waiting included."""
    if monthly_return.before_system and not monthly_return.is_unfinished:
        return (BEFORE_SYSTEM, "grey")
    if monthly_return.is_overdue:
        return (f"{monthly_return.get_status_display()}, late" if monthly_return.cycle > 1 else "Late", "red")
    if monthly_return.is_unfinished and monthly_return.awaiting_supplier_since:
        return ("Awaiting supplier", "yellow")
    status = MonthlyReturn.Status(monthly_return.status)
    return (str(status.label), STATUS_COLOURS[status])


def amount(value: Decimal | None, kind: str) -> str:
    """Return a target or a figure to date as text in its kind's way; None as ""."""
    if value is None:
        return ""
    if kind == Kind.PERCENTAGE:
        return percent(value)
    if kind == Kind.YES_NO:
        return "Yes" if value else "No"
    return money(value) if kind == Kind.MONEY else figure(value, 2)


def unit_of(reading: Reading) -> str:
    """Return the unit that stands beside a reading's figures; money and percentages carry theirs."""
    return reading.measure.unit.short if reading.measure.kind == Kind.COUNT else ""


def to_date_text(to_date: ToDate, kind: str) -> str:
    """Return "52 of 60", "38.5% against 40%", or "" where there is nothing to say."""
    if to_date.no_cases:
        return "No cases yet"
    if to_date.actual is None:
        return ""
    got = amount(to_date.actual, kind)
    if to_date.target is None or kind == Kind.YES_NO:
        return got
    joint = "against" if kind == Kind.PERCENTAGE else "of"
    return f"{got} {joint} {amount(to_date.target, kind)}"


@dataclass(frozen=True)
class Row:
    """One KPI of a return as its reader sees it."""

    reading: Reading
    title: str
    tag: Tag
    unit: str
    figure: str
    target: str
    to_date: str
    rating: str
    coverage: str
    verified: str
    comment: str
    cohorts: tuple[tuple[str, str], ...]
    is_done: bool


def rows_of(
    monthly_return: MonthlyReturn, person: Person, *, readings: list[Reading] | None = None
) -> list[Row]:
    """Return the return's KPIs for a reader: working figures for those close to it, else submitted ones."""
    readings = readings_of(monthly_return) if readings is None else readings
    contract = monthly_return.contract
    working = bool(permissions.may_see_working(person, monthly_return)) and monthly_return.is_unfinished
    which = WORKING if working else REPORTED
    if not working and monthly_return.is_unfinished:
        as_submitted(readings)
    to_dates = figures_of([reading.kpi_id for reading in readings], monthly_return.month, which=which)
    sees_small = bool(permissions.may_see_small_numbers(person, contract))
    kpis = [reading.kpi_id for reading in readings]
    hidden = {} if sees_small else hidden_from(kpis, monthly_return.month, working=working)
    word = counted_word(monthly_return)
    return [
        _row(reading, to_dates[reading.kpi_id], which, reading.kpi_id in hidden, sees_small, word)
        for reading in readings
    ]


def as_submitted(readings: list[Reading]) -> None:
    """Put onto the readings (in memory alone) their last submission's words: a correction isn't out yet."""
    last: dict[int, ReadingVersion] = {}
    versions = ReadingVersion.objects.filter(reading__in=readings, act=ReadingVersion.Act.SUBMITTED)
    for version in versions.order_by("pk"):
        last[version.reading_id] = version
    for reading in readings:
        words = last.get(reading.pk)
        reading.nothing_to_report = bool(words and words.nothing_to_report)
        reading.text_value = words.text_value if words else ""
        reading.date_value = words.date_value if words else None
        reading.comment = words.comment if words else ""


def counted_word(monthly_return: MonthlyReturn) -> str:
    """Return what figures to date are counted by: "months", or "returns" where one covers several."""
    return "months" if monthly_return.months_covered == 1 else "returns"


def _row(reading: Reading, to_date: ToDate, which: str, is_hidden: bool, sees_small: bool, word: str) -> Row:
    kind = reading.measure.kind
    working = which == WORKING
    shown = working or reading.reported_at is not None
    text = as_text(reading, "" if working else "reported_") if shown else ""
    if shown and reading.nothing_to_report and (working or not reading.reported_value):
        text = "Nothing to report"
    rated = to_date.rating if to_date.actual is not None else ""
    splits = splits_of(reading, which, sees_small)
    if is_hidden:
        # Together they may come to the figure.
        splits = tuple((name, HIDDEN_MARK) for name, _ in splits)
    # Words often say the number again.
    is_told = shown and not any(count == HIDDEN_MARK for _, count in splits) and not is_hidden
    return Row(
        reading=reading,
        title=reading.terms.title,
        tag=_tag(reading),
        unit=unit_of(reading),
        figure=HIDDEN_MARK if is_hidden and text else text,
        target=amount(reading.target, kind),
        to_date=HIDDEN_MARK if is_hidden and to_date.actual is not None else to_date_text(to_date, kind),
        rating="" if is_hidden else str(rated),
        coverage=f"{to_date.n_of} of {to_date.n} {word}" if to_date.n_of != to_date.n else "",
        verified=(HIDDEN_MARK if is_hidden else as_text(reading, "verified_")) if reading.verified_at else "",
        comment=reading.comment if is_told else "",
        cohorts=splits,
        is_done=reading.is_done,
    )


def _tag(reading: Reading) -> Tag:
    if reading.is_done:
        return ("Done", "")
    if reading.is_started:
        return ("In progress", "yellow")
    return ("Not started", "grey")


def splits_of(reading: Reading, which: str, sees_small: bool) -> tuple[tuple[str, str], ...]:
    """Return the reading's groups with their counts as text.

    For those who may not see small numbers, all are hidden where one of them, or what is left of the figure,
    is small: one hidden count alone would follow from the rest.
    """
    working = which == WORKING
    counts = [
        (row.cohort.name, row.count if working else row.reported_count)
        for row in reading.cohort_counts.all()
        if working or row.reported_count is not None
    ]
    if not counts:
        return ()
    if not sees_small:
        prefix = "" if working else "reported_"
        part = "numerator" if reading.measure.is_percentage else "value"
        whole = getattr(reading, prefix + part)
        rest = int(whole) - sum(count or 0 for _, count in counts) if whole is not None else 0
        if any(is_small(count) for _, count in counts) or is_small(rest):
            return tuple((name, HIDDEN_MARK) for name, _ in counts)
    return tuple((name, figure(count)) for name, count in counts)


@dataclass(frozen=True)
class ListRow:
    """One return in a list."""

    monthly_return: MonthlyReturn
    title: str
    url: str
    due_on: dt.date
    tag: Tag
    progress: str
    manager: str
    action: str


def list_rows(returns: Sequence[MonthlyReturn], person: Person) -> list[ListRow]:
    """Return the rows of a list of returns (with `with_contract` and `with_progress`, deputies fetched)."""
    return [
        ListRow(
            monthly_return=item,
            title=item.contract.title,
            url=item.get_absolute_url(),
            due_on=item.current_due_on,
            tag=tag_of(item),
            progress=progress_of(item),
            manager=str(item.contract.manager or "Nobody yet"),
            action=_action(item, person),
        )
        for item in returns
    ]


def progress_of(monthly_return: MonthlyReturn) -> str:
    """Return "2 of 5 done" while it is unfinished, else how it came in."""
    if monthly_return.is_excused:
        return "Not owed"
    if monthly_return.is_unfinished:
        done, of = monthly_return.done_count, monthly_return.kpi_count  # type: ignore[attr-defined]
        return f"{done} of {of} done" if done else f"Not started, {of} KPI{'' if of == 1 else 's'}"
    if monthly_return.before_system:
        return BEFORE_SYSTEM
    return "On time" if monthly_return.was_on_time else "Late"


def _action(monthly_return: MonthlyReturn, person: Person) -> str:
    if not monthly_return.is_unfinished or not permissions.may_fill_in(person, monthly_return):
        return "Open"
    if monthly_return.cycle > 1:
        return "Correct"
    return "Continue" if monthly_return.done_count else "Start"  # type: ignore[attr-defined]


def days_late(monthly_return: MonthlyReturn) -> int:
    """Return how many days it has been overdue today; 0 where it is not."""
    return (today() - monthly_return.current_due_on).days if monthly_return.is_overdue else 0
