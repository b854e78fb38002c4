"""A report's tables as files: the rows of the page, exact, with what one must know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponseBase

from accounts.calendar import today
from accounts.models import Person
from govuk import formats
from kpis.valuation.working import HEADERS, working_rows
from kpis.valuation.worth import FourFigures
from reporting.queries.behind import BehindRow
from reporting.queries.coverage import Coverage, HeatRow
from reporting.queries.measures import MeasureRow
from reporting.queries.names import ContractWithoutKPIs, LateReturn, WaitingSet
from reporting.queries.one_measure import ContractLine, DirectorateLine
from reporting.queries.our_children import CohortTable
from reporting.queries.periods import Period
from reporting.queries.worth import NO_POUNDS, pounds_headers, totals_rows
from spreadsheets.writing import csv_response, xlsx_response


@dataclass(frozen=True)
class Table:
    """Headers and rows of one file; `kinds` say how a workbook shows the columns."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    kinds: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class About:
    """What stands on a workbook's second sheet."""

    report: str
    period: Period
    filters: str
    person: Person
    sees_small_numbers: bool
    address: str

    @property
    def notes(self) -> list[str]:
        """Return a sentence a line."""
        small = settings.SMALL_NUMBER
        posts = ", ".join(post.title for post in self.person.authority.appointments)
        return [
            f"{self.report}, {settings.COUNCIL_NAME}",
            f"As at {formats.day(today())}",
            f"Period: {self.period.words}",
            f"Filters: {self.filters or 'none'}",
            f"Drawn up for {self.person}" + (f" ({posts})" if posts else ""),
            f"Counts of people under {small} are shown in full: keep this file to those who may see them."
            if self.sees_small_numbers
            else f"Counts of people under {small} in measures tied to a group of people are not shown, nor "
            "are others that would give them away.",
            "Figures are exact. A blank cell means that nothing was reported; it never means nought.",
            f"From {self.address}",
        ]


def send(table: Table, kind: str, name: str, about: About) -> HttpResponseBase:
    """Return the table as a file to download: kind is csv or xlsx."""
    if kind == "csv":
        return csv_response(name, table.headers, table.rows)
    return xlsx_response(
        name, table.title, table.headers, table.rows, kinds=list(table.kinds) or None, notes=about.notes
    )


def coverage_table(period: Period, parts: Sequence[tuple[str, Coverage]]) -> Table:
    """Return coverage, a row for each period."""
    return Table(
        "Coverage",
        ("Months", "Expected", "Received", "On time", "Sampled", "Verified"),
        [(name, c.expected, c.received, c.on_time, c.sampled, c.verified) for name, c in parts],
    )


def heat_table(period: Period, rows: Sequence[HeatRow], what: str) -> Table:
    """Return what became of each return, in words."""
    return Table(
        "Returns month by month",
        (what, *(formats.month(month) for month in period.last_twelve)),
        [(row.label, *(cell.words.partition(": ")[2] for cell in row.cells)) for row in rows],
    )


def measures_table(period: Period, rows: Sequence[MeasureRow]) -> Table:
    """Return the measures with exact amounts."""
    return Table(
        "Measures",
        (
            "Code", "Measure", "Theme", "Unit", "How it is read", "Committed (whole life)",
            f"Due, {period.words}", f"Reported, {period.words}", f"Verified, {period.words}",
            "Status", "Monthly figures in", "Edition", *pounds_headers(),
        ),
        [
            (
                row.code, row.title, row.theme, row.unit, row.how or "sum of the months", row.committed.cell,
                row.due.cell, row.reported.cell, row.verified.cell, row.rating_words, row.n_of,
                str(row.measure.framework), *(row.worth or NO_POUNDS).cells,
            )
            for row in rows
        ],
    )  # fmt: skip


def worth_table(period: Period, four: FourFigures, *, sees_small_numbers: bool) -> Table:
    """Return the totals in £ with their ranges, to the penny; the two kinds of value are never one sum."""
    return Table(
        "What it is worth",
        ("Counts as", "Figure", "£", "£ low", "£ high", "KPIs", "KPIs without a £ value",
         "KPIs about groups of people, left out", "Left out: £", "Left out: £ low", "Left out: £ high"),
        totals_rows(four, sees_small_numbers=sees_small_numbers),
        ("text", "text", "money", "money", "money", "whole", "whole", "whole", "money", "money", "money"),
    )  # fmt: skip


def workings_table(four: FourFigures, *, sees_small_numbers: bool) -> Table:
    """Return each line of the arithmetic behind the £, exact."""
    return Table("Workings", HEADERS, working_rows(four, sees_guarded=sees_small_numbers))


def behind_table(rows: Sequence[BehindRow]) -> Table:
    """Return the KPIs that are behind to date."""
    return Table(
        "KPIs behind",
        ("Directorate", "Contract", "KPI", "Measure", "Unit", "Due to date", "Reported to date",
         "Last comment", "Comment of"),
        [
            (r.directorate, r.contract, r.kpi, r.code, r.unit, r.due.cell, r.reported.cell, r.comment,
             r.comment_month)
            for r in rows
        ],
    )  # fmt: skip


def late_table(rows: Sequence[LateReturn]) -> Table:
    """Return the returns that are overdue."""
    return Table(
        "Late returns",
        ("Directorate", "Contract", "Month", "Contract manager", "Due", "Working days late", "State"),
        [(r.directorate, r.contract, r.month, r.manager, r.due_on, r.days_late, r.state) for r in rows],
        ("text", "text", "month", "text", "date", "whole", "text"),
    )


def no_kpis_table(rows: Sequence[ContractWithoutKPIs]) -> Table:
    """Return the live contracts without KPIs."""
    return Table(
        "Contracts with no KPIs",
        ("Directorate", "Contract", "Supplier", "Value (£)", "Live since", "Why", "Next chance"),
        [(r.directorate, r.contract, r.supplier, r.value, r.live_since, r.why, r.next_chance) for r in rows],
        ("text", "text", "text", "money", "date", "text", "text"),
    )


def waiting_table(rows: Sequence[WaitingSet]) -> Table:
    """Return the KPI sets that wait."""
    return Table(
        "KPI sets waiting",
        ("Directorate", "Contract", "KPI set", "With", "Since", "Working days"),
        [(r.directorate, r.contract, r.name, r.with_whom, r.since, r.days) for r in rows],
        ("text", "text", "text", "text", "date", "whole"),
    )


def by_directorate_table(lines: Sequence[DirectorateLine], period: Period) -> Table:
    """Return one measure in each directorate."""
    return Table(
        "By directorate",
        ("Directorate", "Unit", "Committed (whole life)", f"Due, {period.words}", f"Reported, {period.words}",
         f"Verified, {period.words}", "Status", "Monthly figures in", *pounds_headers()),
        [
            (line.name, line.row.unit, line.row.committed.cell, line.row.due.cell, line.row.reported.cell,
             line.row.verified.cell, line.row.rating_words, line.row.n_of,
             *(line.row.worth or NO_POUNDS).cells)
            for line in lines
        ],
    )  # fmt: skip


def by_contract_table(lines: Sequence[ContractLine], period: Period, unit: str) -> Table:
    """Return one measure in each contract of a directorate."""
    return Table(
        "By contract",
        ("Contract", "Supplier", "KPI", "Unit", "Committed (whole life)", f"Due, {period.words}",
         f"Reported, {period.words}", f"Verified, {period.words}", "Status since it began",
         "Monthly figures in", *pounds_headers()),
        [
            (line.contract, line.supplier, line.kpi, unit, line.committed.cell, line.due.cell,
             line.reported.cell, line.verified.cell, line.rating_words, line.n_of, *line.worth.cells)
            for line in lines
        ],
    )  # fmt: skip


def months_table(lines: Sequence[ContractLine], months) -> Table:
    """Return what each contract reported month by month."""
    return Table(
        "Month by month",
        ("Contract", *(formats.month(month) for month in months)),
        [
            (line.contract, *(cell.figure.cell or cell.words or None for cell in line.months))
            for line in lines
        ],
    )


def cohort_table(found: CohortTable) -> Table:
    """Return counts of a cohort: measures down, directorates across."""
    return Table(
        found.title,
        ("Code", "Measure", "Unit", *found.directorates, "Council"),
        [(c.code, c.title, c.unit, *(cell.cell for cell in c.cells), c.total.cell) for c in found.columns],
    )
