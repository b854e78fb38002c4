"""What wants somebody's attention, by name: late returns, contracts without KPIs, KPI sets that wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.calendar import last_of_month, today, working_days_between
from contracts.breaks.ahead import Chance, next_chance_of
from contracts.models import Contract, Stage
from govuk import formats
from kpis.models import GapNote, KPISet, MonthlyReturn
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.reading import short_waiting
from reporting.queries.periods import Period
from reporting.queries.scope import Scope


@dataclass(frozen=True)
class LateReturn:
    """A return that should be in and is not."""

    contract: str
    contract_url: str
    directorate: str
    manager: str
    month: dt.date
    month_words: str
    due_on: dt.date
    due_words: str
    days_late: int
    late_words: str
    state: str
    url: str


def late_returns(scope: Scope, period: Period) -> list[LateReturn]:
    """Return the last twelve months' returns that are overdue today, longest first: one query.

    A return sent back counts from the day its answer was due. Only contracts this person may be shown.
    """
    day = today()
    found = (
        scope.returns()
        .unfinished()
        .filter(month__lte=period.month, month__gte=period.last_twelve[0])
        .annotate(now_due=Coalesce("due_again_on", "due_on"))
        .filter(now_due__lt=day, contract__in=scope.named_contracts().values("number"))
        .select_related("contract", "contract__manager", "directorate")
        .order_by("now_due", "contract__title", "month")
    )
    rows = []
    # Few due dates are shared by many returns.
    lateness: dict[dt.date, int] = {}
    for late in found:
        due = late.current_due_on
        if due not in lateness:
            lateness[due] = working_days_between(due, day)
        days = lateness[due]
        rows.append(
            LateReturn(
                contract=late.contract.title,
                contract_url=late.contract.get_absolute_url(),
                directorate=late.directorate.name,
                manager=str(late.contract.manager or "No contract manager"),
                month=late.month,
                month_words=formats.month(late.month),
                due_on=late.current_due_on,
                due_words=formats.day(late.current_due_on),
                days_late=days,
                late_words=formats.plural(days, "working day"),
                state=state_of(late),
                url=late.get_absolute_url(),
            )
        )
    return rows


def state_of(late: MonthlyReturn) -> str:
    """Return why an overdue return is not in, as far as it says."""
    if late.status == MonthlyReturn.Status.SENT_BACK:
        return "Sent back, not answered"
    if late.status == MonthlyReturn.Status.REOPENED:
        return "Reopened, not answered"
    if late.awaiting_supplier_since:
        return f"Waiting for the supplier since {formats.day(late.awaiting_supplier_since)}"
    return "Never submitted"


@dataclass(frozen=True)
class ContractWithoutKPIs:
    """A live contract with no approved KPI set in force."""

    contract: str
    contract_url: str
    directorate: str
    supplier: str
    value: Decimal | None
    value_words: str
    live_since: dt.date | None
    live_words: str
    why: str
    next_chance: str


def without_kpis(scope: Scope, period: Period):
    """Return the live contracts with neither approved KPIs nor a standing exception in force in the month."""
    return live_in(scope, period).exclude(
        pk__in=KPISet.objects.in_force(period.month).filter(promised_or_excepted(period)).values("contract")
    )


def live_in(scope: Scope, period: Period):
    """Return the contracts that are live, and were in the month."""
    return scope.contracts().live_in_month(period.month).filter(stage=Stage.LIVE)


def promised_or_excepted(period: Period) -> Q:
    """Return the condition that a set in force promises KPIs, or excepts from them at the month's end."""
    return Q(kind=KPISet.Kind.KPIS) | Q(review_on__gte=last_of_month(period.month))


@dataclass(frozen=True)
class Promised:
    """How many live contracts have approved KPIs, how many an approved exception; the rest has neither."""

    live: int = 0
    kpis: int = 0
    exceptions: int = 0

    @property
    def without(self) -> int:
        """Return how many have neither."""
        return self.live - self.kpis - self.exceptions

    @property
    def words(self) -> str:
        """Return "98 of 120 live contracts have approved KPIs, 7 an approved exception, 15 neither."."""
        have = f"{formats.n_of(self.kpis, self.live)} live contracts {'has' if self.kpis == 1 else 'have'}"
        parts = [f"{have} approved KPIs", f"{formats.figure(self.exceptions)} an approved exception"]
        return f"{', '.join(parts)}, {formats.figure(self.without)} neither."


def promised(scope: Scope, period: Period) -> dict[int, Promised]:
    """Return what live contracts have, by directorate (its key): two queries."""
    live = dict(
        live_in(scope, period).order_by().values_list("directorate").annotate(Count("pk", distinct=True))
    )
    held: dict[tuple[int, str], int] = {}
    rows = (
        KPISet.objects.in_force(period.month)
        .filter(promised_or_excepted(period), contract__in=live_in(scope, period).order_by().values("pk"))
        .order_by()
        .values_list("contract__directorate", "kind")
        .annotate(n=Count("pk"))
    )
    for directorate, kind, many in rows:
        held[directorate, kind] = many
    return {
        key: Promised(many, held.get((key, "kpis"), 0), held.get((key, "exception"), 0))
        for key, many in live.items()
    }


def contracts_without_kpis(scope: Scope, period: Period) -> list[ContractWithoutKPIs]:
    """Return, largest first, what is known of each live contract without KPIs, as the gap register has it.

    Five queries, however many there are.
    """
    found = list(
        without_kpis(scope, period)
        .filter(pk__in=scope.named_contracts().values("pk"))
        .select_related("directorate")
        .order_by(F("value").desc(nulls_last=True), "title")
    )
    sets: dict[int, KPISet] = {}
    for kpi_set in KPISet.objects.filter(contract__in=[contract.pk for contract in found]).order_by("number"):
        sets[kpi_set.contract_id] = kpi_set
    numbers = [contract.pk for contract in found]
    notes = {note.contract_id: note for note in GapNote.objects.filter(contract__in=numbers).order_by("pk")}
    ahead = next_chance_of(Contract.objects.filter(pk__in=numbers))
    return [
        ContractWithoutKPIs(
            contract=contract.title,
            contract_url=contract.get_absolute_url(),
            directorate=contract.directorate.name,
            supplier=contract.supplier_text,
            value=contract.value,
            value_words=formats.money_short(contract.value) or "Not recorded",
            live_since=contract.starts_on,
            live_words=formats.day(contract.starts_on) or "Not recorded",
            why=why_none(contract, sets.get(contract.pk), notes.get(contract.pk), scope),
            next_chance=next_chance(ahead.get(contract.pk)),
        )
        for contract in found
    ]


def why_none(contract: Contract, kpi_set: KPISet | None, note: GapNote | None, scope: Scope) -> str:
    """Return why a contract has no KPIs, as far as recorded; drafts are named to insiders only."""
    if contract.kpi_exemption:
        return f"Exempt: {contract.kpi_exemption}"
    if kpi_set is not None:
        if kpi_set.status == KPISet.Status.APPROVED:
            if kpi_set.is_to_be_reviewed_on(today()):
                return f"{kpi_set}: to be reviewed since {formats.day(kpi_set.review_on)}"
            return f"{kpi_set} holds from {formats.month(kpi_set.effective_month)}"
        if kpi_set.status != KPISet.Status.WITHDRAWN:
            if not scope.sees_drafts:
                return "KPIs are being prepared"
            return f"{kpi_set}: {kpi_set.get_status_display().lower()}"
    if note is not None:
        return str(note.get_reason_display())
    if contract.kpis_elsewhere:
        return f"{formats.plural(contract.kpis_elsewhere, 'KPI')} held elsewhere"
    return "Nobody has said why"


def next_chance(chance: Chance | None) -> str:
    """Return the next chance to ask for KPIs and the last day to act on it."""
    if chance is None:
        return "No date recorded"
    return f"{chance.kind_label}, act by {formats.day(chance.act_by)}"


@dataclass(frozen=True)
class WaitingSet:
    """A KPI set that waits for a decision, or was returned and waits for its proposer."""

    contract: str
    contract_url: str
    directorate: str
    name: str
    url: str
    with_whom: str
    since: dt.date | None
    since_words: str
    days: int
    days_words: str


def waiting_sets(scope: Scope) -> list[WaitingSet]:
    """Return KPI sets that wait, longest first; none for people who don't see drafts.

    The same queries for any number of them.
    """
    if not scope.sees_drafts:
        return []
    sets = list(
        KPISet.objects.filter(scope.belongs("contract__directorate"))
        .filter(Q(status=KPISet.Status.SUBMITTED) | Q(status=KPISet.Status.RETURNED))
        .with_contract()
        .select_related("started_by")
        .prefetch_related("editors")
    )
    seats = seats_of_many(one for one in sets if one.status == KPISet.Status.SUBMITTED)
    rows = []
    for kpi_set in sets:
        if kpi_set.status == KPISet.Status.SUBMITTED:
            waits = short_waiting(seats[kpi_set.pk], "with nobody in post who can decide it")
            who = waits.removeprefix("with ")
            moment = kpi_set.submitted_at
        else:
            who = f"{kpi_set.submitted_by or kpi_set.started_by or 'its proposer'} (returned)"
            moment = kpi_set.decided_at or kpi_set.submitted_at
        since = timezone.localdate(moment) if moment else None
        days = working_days_between(since, today()) if since else 0
        rows.append(
            WaitingSet(
                contract=kpi_set.contract.title,
                contract_url=kpi_set.contract.get_absolute_url(),
                directorate=kpi_set.contract.directorate.name,
                name=str(kpi_set),
                url=kpi_set.get_absolute_url(),
                with_whom=who,
                since=since,
                since_words=formats.day(since),
                days=days,
                days_words=formats.plural(days, "working day") if days else "less than a day",
            )
        )
    return sorted(rows, key=lambda row: -row.days)


def waiting_count(scope: Scope) -> int:
    """Return how many KPI sets wait for a decision: one query."""
    return KPISet.objects.pending().filter(scope.belongs("contract__directorate")).count()
