"""What the contract page shows of KPIs and returns: rows with marks, small numbers hidden."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef, Q

from accounts.calendar import add_months, first_of_month, today
from accounts.models import HistoryRow, Person
from contracts.models import Contract
from contracts.permissions import may_see_drafts
from govuk import formats
from kpis.approvals.verbs import PASSED_OVER
from kpis.library.models import Kind
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.reading import short_waiting
from kpis.readings.small import hidden_from
from kpis.readings.suppression import HIDDEN_MARK
from kpis.readings.to_date import REPORTED, VERIFIED, ToDate, figures_of
from kpis.returns.models import Evidence, MonthlyReturn
from kpis.returns.permissions import is_close_to, may_see_small_numbers
from reporting.pages.home_sections import for_how_long
from reporting.queries.worth import RowWorth

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class KPIRow:
    """One KPI in force, as text ready to show; `rating` is "" where small numbers hide it."""

    pk: int
    title: str
    code: str
    unit: str
    target: str
    due: str
    reported: str
    verified: str
    rating: str
    ends_month: dt.date
    kpi_id: int
    # The £ beside the figures.
    worth: RowWorth | None = None


@dataclass(frozen=True)
class ReturnMark:
    """One return: its months, shape and word, and where it leads."""

    months: str
    heading: str
    mark: str
    word: str
    url: str


def set_in_force(contract: Contract) -> KPISet | None:
    """Return the approved set that holds this month, or the next one to hold; None where none is approved."""
    approved = contract.kpi_sets.filter(status=KPISet.Status.APPROVED)
    now = approved.in_force(first_of_month(today())).first()
    return now or approved.order_by("effective_month", "number").first()


def kpi_rows(kpi_set: KPISet, person: Person) -> tuple[list[KPIRow], dt.date]:
    """Return the set's KPIs with their figures to date, and the month up to which they count.

    That month is the last one submitted; four queries at most whatever the number of KPIs.
    """
    month = figures_until(kpi_set.contract_id)
    terms = list(kpi_set.terms.select_related("kpi__measure__unit").order_by("position", "pk"))
    kpis = [one.kpi_id for one in terms]
    reported = figures_of(kpis, month, which=REPORTED)
    verified = figures_of(kpis, month, which=VERIFIED)
    hidden = {} if may_see_small_numbers(person, kpi_set.contract) else hidden_from(kpis)
    rows = [
        _kpi_row(one, reported[one.kpi_id], verified[one.kpi_id], hidden=one.kpi_id in hidden)
        for one in terms
    ]
    return rows, month


def figures_until(contract: Contract | int) -> dt.date:
    """Return the month up to which a contract's figures count: the last one submitted, or the last ended."""
    submitted = MonthlyReturn.objects.filter(contract=contract, first_submitted_at__isnull=False).aggregate(
        month=Max("month")
    )["month"]
    return submitted or add_months(first_of_month(today()), -1)


def _kpi_row(terms, reported: ToDate, verified: ToDate, *, hidden: bool) -> KPIRow:
    measure = terms.kpi.measure
    return KPIRow(
        pk=measure.pk,
        title=terms.title,
        code=measure.code,
        unit=measure.unit.short,
        target=_shown(terms.target, measure),
        due=_shown(reported.due, measure),
        reported=HIDDEN_MARK if hidden else _to_date(reported, measure),
        verified=HIDDEN_MARK if hidden else _to_date(verified, measure),
        rating="" if hidden else str(reported.rating),
        ends_month=terms.ends_month,
        kpi_id=terms.kpi_id,
    )


def _to_date(figure: ToDate, measure) -> str:
    if figure.no_cases:
        return "No cases"
    return _shown(figure.actual, measure)


def _shown(amount: Decimal | None, measure) -> str:
    if amount is None:
        return ""
    if measure.kind == Kind.PERCENTAGE:
        return formats.percent(amount)
    if measure.kind == Kind.MONEY:
        return formats.money_short(amount)
    return formats.figure(amount, measure.unit.places)


def pending_set(contract: Contract, person: Person) -> dict | None:
    """Return the set in the making with whom it waits and since when; None for those who may not see it."""
    kpi_set = (
        KPISet.objects.visible_to(person)
        .filter(contract=contract)
        .open_or_waiting()
        .select_related("contract", "contract__directorate", "submitted_by", "started_by")
        .prefetch_related("editors")
        .first()
    )
    if kpi_set is None:
        return None
    if kpi_set.status == KPISet.Status.SUBMITTED:
        whom = short_waiting(seats_of_many([kpi_set])[kpi_set.pk], "with nobody in post who can decide it")
        words = f"It waits {whom}, {for_how_long(kpi_set.submitted_at)}."
    elif kpi_set.status == KPISet.Status.RETURNED:
        words = f"It was returned with reasons and waits with {kpi_set.submitted_by}, "
        words += f"{for_how_long(kpi_set.decided_at)}."
    else:
        words = f"{kpi_set.started_by or 'Somebody'} is working on it, {for_how_long(kpi_set.started_at)}."
    return {"set": kpi_set, "words": words}


def return_marks(contract: Contract) -> list[ReturnMark]:
    """Return the marks of the last twelve months' returns, oldest first."""
    since = add_months(first_of_month(today()), -MONTHS_SHOWN)
    rows = contract.monthly_returns.filter(month__gte=since).order_by("month")
    return [
        ReturnMark(one.period_words, heading_of(one), *mark_of(one), one.get_absolute_url()) for one in rows
    ]


def heading_of(one: MonthlyReturn) -> str:
    """Return "May 2026", or "Apr to Jun 2026" where it covers several months: short, for a narrow column."""
    last = f"{formats.short_month(one.month)} {one.month.year}"
    return last if one.months_covered == 1 else f"{formats.short_month(one.first_month)} to {last}"


def mark_of(one: MonthlyReturn) -> tuple[str, str]:
    """Return (mark, word) of a return: lateness of its first submission, then where it stands."""
    status = MonthlyReturn.Status
    if one.before_system and not one.is_unfinished:
        return "not_due", "Before this system"
    late = one.was_on_time is False
    if one.is_excused:
        return "not_due", "Excused"
    if one.status == status.VERIFIED:
        return ("watch", "Verified, late") if late else ("on_track", "Verified")
    if one.status in {status.SUBMITTED, status.CLOSED}:
        return ("watch", "In, late") if late else ("on_track", "In")
    if one.is_overdue:
        return "behind", "Overdue"
    if one.status == status.SENT_BACK:
        return "watch", "Sent back"
    if one.status == status.REOPENED:
        return "watch", "Reopened"
    return "not_due", "To do"


def latest_evidence(contract: Contract) -> list[Evidence]:
    """Return the ten latest documents given as evidence, with their returns."""
    return list(
        Evidence.objects.filter(monthly_return__contract=contract, withdrawn_at=None)
        .select_related("monthly_return", "added_by")
        .order_by("-added_at", "-pk")[:10]
    )


KINDS = {
    "contract": ("The contract", ("contracts.", "stages.", "gaps.", "offers.", "notices.")),
    "sets": ("KPI sets and decisions", ("proposals.", "approvals.")),
    "returns": ("Monthly returns", ("returns.", "verification.", "reminders.")),
}
# What members and scrutiny read: never drafts, nor figures before they were submitted.
OPEN_ACTIONS = ("approvals.approve", "returns.submit", "verification.verify", "verification.close")


def history_seen_by(person: Person, contract: Contract, kind: str = ""):
    """Return the contract's history as far as this person may read it, newest first."""
    rows = HistoryRow.objects.of_contract(contract.pk).select_related("actor", "acting_for", "delegation")
    if not may_see_drafts(person, contract):
        # The approval of one of two directorates is no approved set yet: told with the whole, or never.
        whole = KPISet.objects.filter(pk=OuterRef("subject_id"), status=KPISet.Status.APPROVED)
        sent = whole.filter(Q(submitted_at=None) | Q(submitted_at__lte=OuterRef("at")))
        in_part = Q(action="approvals.approve") & ~Q(Exists(sent))
        rows = rows.filter(Q(action__startswith="contracts.") | Q(action__in=OPEN_ACTIONS)).exclude(in_part)
    if kind in KINDS:
        wanted = HistoryRow.objects.none()
        for start in KINDS[kind][1]:
            wanted = wanted | rows.filter(action__startswith=start)
        rows = wanted
    return rows.order_by("-at", "-pk")


@dataclass(frozen=True)
class HistoryLine:
    """One act as this reader may see it."""

    row: HistoryRow
    changes: list
    note: str


def history_lines(rows, person: Person, contract: Contract) -> list[HistoryLine]:
    """Return the rows with what changed; figures and remarks of returns only for those close to it."""
    close = is_close_to(person, contract)
    works = bool(may_see_drafts(person, contract))
    lines = []
    for row in rows:
        about_return = row.action.startswith(("returns.", "verification."))
        changes = [] if about_return and not close else row.changes
        if row.action.startswith("approvals."):
            # The fingerprint of the content is for an auditor's download, not for the page; what was asked
            # before the decision is for those who work on the sets.
            hidden = {"Content hash"} if works else {"Content hash", PASSED_OVER}
            changes = [change for change in changes if change[0] not in hidden]
        show_note = close or (works and not about_return) or row.action.startswith("contracts.")
        lines.append(HistoryLine(row, changes, row.note if show_note else ""))
    return lines
