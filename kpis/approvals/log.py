"""The log of approvals: every submission, who sent it, what was asked, who decided it, by what right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.calendar import financial_year_start, today
from accounts.models import Directorate, Person
from contracts.filters import matching
from contracts.models import Contract
from govuk import formats
from kpis.approvals.models import Challenge, Decision
from kpis.approvals.outcomes import COLOURS, Outcome, days_waited, seen_by
from kpis.approvals.records import authority_of
from kpis.proposals.deciders import Seat, seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.reading import waiting_words

# What waits longer than this many working days is counted apart.
LONG = 5


@dataclass(frozen=True)
class Entry:
    """One submission as the log shows it."""

    submission: Any
    directorates: str
    decisions: list[Decision]
    # With whom it waits, "" once it does not.
    waiting: str
    # None for those who may not know whether anything was asked.
    questions: int | None
    unanswered: int
    days: int | None

    @property
    def contract(self) -> Contract:
        """Return the contract."""
        return self.submission.kpi_set.contract

    @property
    def name(self) -> str:
        """Return "KPI set 3", or "KPI set 3, submission 2" where it was not the first."""
        again = f", submission {self.submission.ordinal}" if self.submission.ordinal > 1 else ""
        return f"{self.submission.kpi_set}{again}"

    @property
    def outcome(self) -> str:
        """Return what became of it."""
        return str(Outcome(self.submission.outcome).label)

    @property
    def colour(self) -> str:
        """Return the colour of its tag."""
        return COLOURS[Outcome(self.submission.outcome)]

    @property
    def closed_at(self) -> dt.datetime | None:
        """Return when it was decided, taken back or withdrawn."""
        return self.submission.decided_at if self.decisions else self.submission.ended_at

    @property
    def deciders(self) -> str:
        """Return who decided it: "Della Marsh for Dana Okafor; Olga Brandt"."""
        return "; ".join(
            f"{one.decided_by} for {one.acting_for}" if one.acting_for else str(one.decided_by)
            for one in self.decisions
        )

    @property
    def authority(self) -> str:
        """Return by what right."""
        return "; ".join(authority_of(one) for one in self.decisions)

    @property
    def override(self) -> str:
        """Return why an answer was not waited for; "" for those who may not know of questions."""
        if self.questions is None:
            return ""
        return "; ".join(one.override_reason for one in self.decisions if one.override_reason)


@dataclass(frozen=True)
class Asked:
    """What narrows the log."""

    directorate: str = ""
    q: str = ""
    outcome: str = ""
    year: str = ""
    mine: bool = False
    contract: int | None = None


def submissions_for(person: Person, asked: Asked) -> QuerySet[Any]:
    """Return the submissions a person may read that fit what was asked, the latest sent first."""
    rows = seen_by(person)
    if asked.contract is not None:
        rows = rows.filter(kpi_set__contract=asked.contract)
    if asked.directorate:
        theirs = Contract.objects.filter(
            Q(directorate=int(asked.directorate)) | Q(partner_directorates=int(asked.directorate))
        )
        decided = Decision.objects.filter(directorate=int(asked.directorate))
        rows = rows.filter(
            Q(kpi_set__contract__in=theirs.values("pk")) | Q(pk__in=decided.values("submission"))
        )
    if asked.q:
        rows = rows.filter(kpi_set__contract__in=matching(Contract.objects.all(), asked.q).values("pk"))
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.year:
        start = dt.date(int(asked.year), 4, 1)
        rows = rows.filter(
            submitted_at__gte=_midnight(start), submitted_at__lt=_midnight(start.replace(year=start.year + 1))
        )
    if asked.mine:
        rows = rows.filter(submitted_by=person)
    return rows.order_by("-submitted_at", "-pk")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def directorates_for(person: Person) -> QuerySet[Directorate]:
    """Return the directorates whose contracts' sets the person sees in the log."""
    contracts = KPISet.objects.visible_to(person).filter(submissions__isnull=False).values("contract")
    partners = Contract.partner_directorates.through.objects.filter(contract__in=contracts)
    leading = Contract.objects.filter(pk__in=contracts, directorate__isnull=False)
    return Directorate.objects.filter(
        Q(pk__in=leading.values("directorate")) | Q(pk__in=partners.values("directorate"))
    )


def years_for(person: Person) -> list[tuple[str, str]]:
    """Return the financial years in which anything was sent, the latest first: ("2026", "2026/27")."""
    first = seen_by(person).order_by("submitted_at").values_list("submitted_at", flat=True).first()
    if first is None:
        return []
    earliest = financial_year_start(timezone.localdate(first)).year
    return [
        (str(year), formats.financial_year(dt.date(year, 4, 1)))
        for year in range(financial_year_start(today()).year, earliest - 1, -1)
    ]


def entries_of(submissions: Iterable[Any], person: Person) -> list[Entry]:
    """Return the rows as entries: the same queries for any number of them."""
    rows = list(submissions)
    sets = {one.kpi_set_id: one.kpi_set for one in rows if one.outcome == Outcome.WAITING}
    seats = seats_of_many(sets.values())
    asked = _questions(rows)
    known = set(
        KPISet.objects.worked_on_by(person)
        .filter(pk__in=[one.kpi_set_id for one in rows])
        .values_list("pk", flat=True)
    )
    return [_entry(one, seats.get(one.kpi_set_id, []), asked, known) for one in rows]


def with_everything(submissions: QuerySet[Any]) -> QuerySet[Any]:
    """Return the submissions with all that an entry reads fetched, and without their contents."""
    decisions = Decision.objects.select_related(
        "decided_by", "acting_for", "delegation", "directorate"
    ).order_by("decided_at", "pk")
    return (
        submissions.select_related("submitted_by", "kpi_set__contract__directorate")
        .prefetch_related(
            Prefetch("decisions", queryset=decisions, to_attr="decided"),
            "kpi_set__editors",
            "kpi_set__contract__partner_directorates",
        )
        .defer("content")
    )


def _questions(rows: list[Any]) -> dict[int, tuple[int, int]]:
    """Return {submission: (asked about it, not answered nor withdrawn)}."""
    found = (
        Challenge.objects.filter(submission__in=[one.pk for one in rows])
        .order_by()
        .values("submission")
        .annotate(asked=Count("pk"), left=Count("pk", filter=Q(answered_at=None, withdrawn_at=None)))
    )
    return {one["submission"]: (one["asked"], one["left"]) for one in found}


def _entry(one: Any, seats: list[Seat], asked: dict[int, tuple[int, int]], known: set[int]) -> Entry:
    waits = one.outcome == Outcome.WAITING
    count, left = asked.get(one.pk, (0, 0))
    decided = {row.directorate.name: None for row in one.decided if row.directorate}
    contract = one.kpi_set.contract
    names = [
        *([contract.directorate.name] if contract.directorate else []),
        *sorted(partner.name for partner in contract.partner_directorates.all()),
    ]
    return Entry(
        submission=one,
        directorates=", ".join(dict.fromkeys(decided if decided and not waits else names)),
        decisions=one.decided,
        waiting=waiting_words(seats, most=2) if waits else "",
        questions=count if one.kpi_set_id in known else None,
        unanswered=left if one.kpi_set_id in known else 0,
        days=days_waited(one.submitted_at, one.outcome, one.decided_at, one.ended_at),
    )


@dataclass(frozen=True)
class Summary:
    """How long decisions took, over all rows asked for."""

    total: int
    decided: int
    median: Decimal | None
    waiting: int
    waiting_long: int

    @property
    def sentence(self) -> str:
        """Return "12 decided, half of them within 3 working days. 4 wait, 1 of them for long"."""
        if not self.total:
            return "Nothing was sent."
        parts = []
        if self.median is not None:
            days = formats.figure(self.median)
            said = f"{days} working day{'' if days == '1' else 's'}"
            parts.append(f"{formats.figure(self.decided)} decided, half of them within {said}.")
        else:
            parts.append("None decided yet.")
        if self.waiting:
            waits = "waits" if self.waiting == 1 else "wait"
            parts.append(
                f"{formats.figure(self.waiting)} {waits}, {formats.figure(self.waiting_long)} of them for "
                f"more than {LONG} working days."
            )
        else:
            parts.append("None waits.")
        return " ".join(parts)


def summary_of(submissions: QuerySet[Any]) -> Summary:
    """Return how long the decisions among the rows took: one query."""
    rows: Iterable[Any] = submissions.order_by().values_list(
        "submitted_at", "outcome", "decided_at", "ended_at"
    )
    took, waiting, total = [], [], 0
    for row in rows:
        total += 1
        days = days_waited(*row)
        if row[1] == Outcome.WAITING:
            waiting.append(days or 0)
        elif row[1] in {Outcome.APPROVED, Outcome.RETURNED} and days is not None:
            took.append(days)
    return Summary(total, len(took), median(took), len(waiting), sum(days > LONG for days in waiting))


def median(values: list[int]) -> Decimal | None:
    """Return the middle one of the values, exactly; None where there are none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return Decimal(ordered[half])
    return Decimal(ordered[half - 1] + ordered[half]) / 2
