"""Reports put together part by part: a page draws all parts, a file only the one it needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from accounts.calendar import today
from accounts.models import Directorate
from govuk import formats
from kpis.readings.rating import Rating
from reporting.permissions import directorates_reported_to
from reporting.queries import behind, coverage, measures, names, one_measure, standing, trends, worth
from reporting.queries.periods import Period
from reporting.reports import tables
from reporting.reports.asking import Asked


@dataclass(frozen=True)
class Some:
    """The first of some rows, and what is left out."""

    rows: list
    # How many there are that this person may be shown by name, and how many there are at all.
    named: int
    total: int

    @property
    def is_cut(self) -> bool:
        """Return whether there are more to name than are shown."""
        return len(self.rows) < self.named

    @property
    def words(self) -> str:
        """Return "Showing 15 of 87; the file has all of them", or nothing where all are shown."""
        parts = []
        if self.is_cut:
            parts.append(
                f"Showing {len(self.rows)} of {formats.figure(self.named)}. The file has all of them."
            )
        if self.named < self.total:
            parts.append(
                f"{formats.figure(self.total - self.named)} more are counted but not named: they are in "
                "directorates outside your portfolio, or about a few people."
            )
        return " ".join(parts)


class ScopeReport(ABC):
    """What the council's and a directorate's report have in common."""

    # How many rows of what wants attention are shown at first; the rest at a click, and in the file.
    named = 10
    heat_header = ""

    @property
    @abstractmethod
    def all_heat(self) -> list[coverage.HeatRow]:
        """Return every row of the heat table."""

    def __init__(self, asked: Asked, period: Period, *, everything: bool = False):
        self.asked, self.scope, self.period = asked, asked.scope, period
        if everything:
            self.named = 10_000
        self.as_at = formats.day(today())

    @cached_property
    def both_coverages(self) -> tuple[coverage.Coverage, coverage.Coverage]:
        """Return the coverage of the month and of the period."""
        return coverage.coverage(self.scope, self.period)

    @property
    def of_month(self) -> coverage.Coverage:
        """Return the coverage of the month reported on."""
        return self.both_coverages[0]

    @property
    def of_period(self) -> coverage.Coverage:
        """Return the coverage of all months summed."""
        return self.both_coverages[1]

    @cached_property
    def measures(self) -> measures.MeasureTable:
        """Return what was promised and what came."""
        theme = self.asked.theme
        return measures.measure_table(self.scope, self.period, theme=theme.pk if theme else None)

    @cached_property
    def worth(self) -> worth.WorthBlock:
        """Return what the measures shown are worth in £."""
        return worth.block(
            self.measures.worth,
            sees_small_numbers=self.scope.sees_small_numbers,
            period_words=self.period.words,
            url=self.worth_url,
        )

    @property
    def worth_url(self) -> str:
        """Return the address of the page of workings, with the period and cuts of this report."""
        asked = {
            "period": self.period.basis if self.period.query else "",
            "category": self.scope.category.pk if self.scope.category else "",
            "department": self.scope.department.pk if self.scope.department else "",
            "theme": self.asked.theme.pk if self.asked.theme else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return self.worth_path + (f"?{query}" if query else "")

    @property
    @abstractmethod
    def worth_path(self) -> str:
        """Return the same without the query."""

    @cached_property
    def standings(self) -> list[standing.Standing]:
        """Return how each KPI in force stands to date."""
        return standing.standings(self.scope, self.period)

    @cached_property
    def ratings(self) -> Counter:
        """Return how many KPIs stand at each rating."""
        return standing.counted(self.standings)

    @cached_property
    def behind(self) -> Some:
        """Return the KPIs furthest behind."""
        rows, named = behind.behind(self.scope, self.period, self.standings, limit=self.named)
        return Some(rows, named, self.ratings[Rating.BEHIND])

    @cached_property
    def all_late(self) -> list[names.LateReturn]:
        """Return every overdue return."""
        return names.late_returns(self.scope, self.period)

    @property
    def late(self) -> Some:
        """Return the returns longest overdue."""
        return Some(self.all_late[: self.named], len(self.all_late), len(self.all_late))

    @cached_property
    def all_without(self) -> list[names.ContractWithoutKPIs]:
        """Return every live contract without KPIs that may be named."""
        return names.contracts_without_kpis(self.scope, self.period)

    @cached_property
    def without_count(self) -> int:
        """Return how many live contracts have no KPIs, named or not."""
        return names.without_kpis(self.scope, self.period).count()

    @cached_property
    def promised_by_directorate(self) -> dict[int, names.Promised]:
        """Return how many live contracts have KPIs or an exception, by directorate."""
        return names.promised(self.scope, self.period)

    @property
    def promised(self) -> names.Promised:
        """Return how many live contracts have KPIs or an exception."""
        every = self.promised_by_directorate.values()
        return names.Promised(
            sum(one.live for one in every),
            sum(one.kpis for one in every),
            sum(one.exceptions for one in every),
        )

    @property
    def without(self) -> Some:
        """Return the largest live contracts without KPIs."""
        return Some(self.all_without[: self.named], len(self.all_without), self.without_count)

    @cached_property
    def all_waiting(self) -> list[names.WaitingSet]:
        """Return every KPI set that waits with somebody."""
        return names.waiting_sets(self.scope)

    @property
    def waiting(self) -> Some:
        """Return the KPI sets that wait longest."""
        return Some(self.all_waiting[: self.named], len(self.all_waiting), len(self.all_waiting))

    @cached_property
    def waiting_count(self) -> int:
        """Return how many KPI sets wait for a decision: for those who may not see which."""
        return names.waiting_count(self.scope)

    @cached_property
    def trends(self) -> list:
        """Return pictures of the measures that want attention most."""
        return [trends.trend(row) for row in measures.most_urgent(self.measures.rows)]

    @property
    def has_anything(self) -> bool:
        """Return whether there is anything to report."""
        return bool(self.measures.rows or self.of_period.expected or self.without_count or self.standings)

    @property
    def kpi_sentence(self) -> str:
        """Return "52 of 61 KPIs are on track, 5 to watch, 4 behind"."""
        rated = sum(n for rating, n in self.ratings.items() if rating != Rating.NOT_DUE)
        if not rated:
            return "No KPI can be rated yet."
        on_track = self.ratings[Rating.ON_TRACK]
        rest = [
            f"{formats.figure(self.ratings[rating])} {word}"
            for rating, word in ((Rating.WATCH, "to watch"), (Rating.BEHIND, "behind"))
            if self.ratings[rating]
        ]
        text = f"{formats.figure(on_track)} of {formats.plural(rated, 'KPI')} with figures "
        text += "is on track" if on_track == rated == 1 else "are on track"
        return text + (f", {' and '.join(rest)}" if rest else "") + "."

    @property
    def sentence(self) -> str:
        """Return the report in two or three sentences that change with the data."""
        parts = [f"{self.of_month.sentence} for {self.period.month_words}.", self.kpi_sentence]
        if self.without_count:
            verb = "has" if self.without_count == 1 else "have"
            parts.append(f"{formats.plural(self.without_count, 'live contract')} {verb} no KPIs.")
        return " ".join(parts)

    @property
    def makers(self) -> dict[str, Callable[[], tables.Table]]:
        """Return how each of the report's tables is made into a file."""
        return {
            "coverage": lambda: tables.coverage_table(
                self.period,
                ((self.period.month_words, self.of_month), (self.period.words, self.of_period)),
            ),
            "measures": lambda: tables.measures_table(self.period, self.measures.rows),
            "worth": lambda: tables.worth_table(
                self.period, self.measures.worth, sees_small_numbers=self.scope.sees_small_numbers
            ),
            "workings": lambda: tables.workings_table(
                self.measures.worth, sees_small_numbers=self.scope.sees_small_numbers
            ),
            "behind": lambda: tables.behind_table(behind.behind(self.scope, self.period, self.standings)[0]),
            "late": lambda: tables.late_table(self.all_late),
            "no-kpis": lambda: tables.no_kpis_table(self.all_without),
            "waiting": lambda: tables.waiting_table(self.all_waiting),
            "heat": lambda: tables.heat_table(self.period, self.all_heat, self.heat_header),
        }


class DirectorateReport(ScopeReport):
    """One directorate."""

    heat_header = "Contract"
    heat_rows = 40

    @property
    def worth_path(self) -> str:
        """Return the address of the directorate's workings."""
        assert self.scope.directorate is not None
        return reverse("reporting:directorate-worth", args=[self.scope.directorate.slug, self.period.slug])

    @cached_property
    def all_heat(self) -> list[coverage.HeatRow]:
        """Return each contract's last twelve months."""
        return coverage.heat_by_contract(self.scope, self.period)[0]

    @cached_property
    def heat(self) -> Some:
        """Return the contracts with most overdue returns first."""
        rows, count = coverage.heat_by_contract(self.scope, self.period, self.heat_rows)
        return Some(rows, count, count)


@dataclass(frozen=True)
class DirectorateSummary:
    """A directorate's line in the council's report."""

    name: str
    url: str
    expected: int
    received: int
    on_time: int
    verified: int
    with_figures: int
    on_track: int
    behind: int
    # Live contracts: with approved KPIs, with an approved exception, with neither.
    with_kpis: int
    excepted: int
    without: int


class CouncilReport(ScopeReport):
    """The whole council, with a line for each directorate."""

    heat_header = "Directorate"
    named = 8

    @property
    def worth_path(self) -> str:
        """Return the address of the council's workings."""
        return reverse("reporting:council-worth", args=[self.period.slug])

    @cached_property
    def directorates(self) -> list[Directorate]:
        """Return all directorates that still exist."""
        return list(Directorate.objects.open())

    @cached_property
    def readable(self) -> frozenset[int]:
        """Return the directorates whose own report this person may open."""
        return frozenset(directorates_reported_to(self.scope.person).values_list("pk", flat=True))

    def url_of(self, directorate: Directorate, month) -> str:
        """Return the address of a directorate's report; "" where this person may not open it."""
        if directorate.pk not in self.readable:
            return ""
        return reverse("reporting:directorate-report", args=[directorate.slug, f"{month:%Y-%m}"])

    @cached_property
    def all_heat(self) -> list[coverage.HeatRow]:
        """Return each directorate's last twelve months."""
        return coverage.heat_by_directorate(self.scope, self.period, self.directorates, self.url_of)

    @property
    def heat(self) -> Some:
        """Return all rows: there are as many as directorates."""
        return Some(self.all_heat, len(self.all_heat), len(self.all_heat))

    @cached_property
    def multiples(self):
        """Return each directorate's part in the measure that wants attention most; None where none has."""
        urgent = measures.most_urgent(self.measures.rows, 1)
        if not urgent or self.scope.is_cut:
            return None
        return one_measure.multiples_from_totals(self.scope, self.period, urgent[0])

    @cached_property
    def summaries(self) -> list[DirectorateSummary]:
        """Return a line for each directorate."""
        covered = coverage.coverage_by_directorate(self.scope, [self.period.month])
        rated = Counter((s.directorate_id, s.rating) for s in self.standings)
        lines = []
        for directorate in self.directorates:
            has = self.promised_by_directorate.get(directorate.pk, names.Promised())
            held = covered.get((directorate.pk, self.period.month), coverage.Coverage())
            counts = {rating: rated[directorate.pk, rating] for rating in Rating}
            with_figures = sum(n for rating, n in counts.items() if rating != Rating.NOT_DUE)
            lines.append(
                DirectorateSummary(
                    name=directorate.name,
                    url=self.url_of(directorate, self.period.month),
                    expected=held.expected,
                    received=held.received,
                    on_time=held.on_time,
                    verified=held.verified,
                    with_figures=with_figures,
                    on_track=counts[Rating.ON_TRACK],
                    behind=counts[Rating.BEHIND],
                    with_kpis=has.kpis,
                    excepted=has.exceptions,
                    without=has.without,
                )
            )
        return lines

    @property
    def makers(self) -> dict[str, Callable[[], tables.Table]]:
        """Return the tables of every report, and the directorates'."""
        return {**super().makers, "directorates": self.directorates_table}

    def directorates_table(self) -> tables.Table:
        """Return the directorates' lines as a file."""
        return tables.Table(
            "Directorates",
            ("Directorate", f"Returns expected, {self.period.month_words}", "Received", "On time", "Verified",
             "KPIs with figures", "KPIs on track", "KPIs behind", "Live contracts with approved KPIs",
             "With an approved exception", "With no KPIs"),
            [
                (d.name, d.expected, d.received, d.on_time, d.verified, d.with_figures, d.on_track,
                 d.behind, d.with_kpis, d.excepted, d.without)
                for d in self.summaries
            ],
        )  # fmt: skip
