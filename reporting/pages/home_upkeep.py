"""Upkeep on the home page: contracts without a directorate, letters, invitations, imports; what comes up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.calendar import today
from accounts.models import Invitation, Letter, Person
from contracts.models import Contract, RegisterImport, Stage
from govuk.formats import n_of, plural
from kpis.gaps.models import StockTake
from kpis.measure_imports.models import MeasureImport
from reporting.pages.addresses import address
from reporting.pages.home_sections import LOOK, OVERDUE, TO_DO, Row, day_of, short_day

SIX_MONTHS = dt.timedelta(days=183)
SHOWN = 8


def unmapped(person: Person) -> list[Row]:
    """Return one row that counts contracts nobody has put into a directorate."""
    if not person.authority.sees_everything:
        return []
    count = Contract.objects.unmapped().count()
    if not count:
        return []
    return [
        Row(LOOK, "To sort", f"{plural(count, 'contract')} without a directorate",
            address("contracts:unmapped-list"), "", "nobody in the directorates can see them", "Sort them")
    ]  # fmt: skip


def for_administrators(person: Person) -> list[Row]:
    """Return letters that could not be sent, invitations that ran out, imports somebody left half-way."""
    if not person.authority.is_administrator:
        return []
    rows = []
    failed = Letter.objects.filter(given_up_at__isnull=False).aggregate(
        count=Count("pk"), first=Min("given_up_at")
    )
    if failed["count"]:
        rows.append(
            Row(OVERDUE, "Failed", f"{plural(failed['count'], 'letter')} could not be sent",
                address("accounts:outbox"),
                f"the first on {short_day(day_of(failed['first']))}", "", "See why", day_of(failed["first"]))
        )  # fmt: skip
    invited = Invitation.objects.filter(accepted_at=None, person__is_active=True).aggregate(
        count=Count("pk"), over=Count("pk", filter=Q(expires_at__lt=timezone.now())), first=Min("invited_at")
    )
    if invited["count"]:
        rows.append(
            Row(LOOK if invited["over"] else TO_DO, "Invited",
                f"{plural(invited['count'], 'invitation')} not accepted", address("accounts:people-list"),
                f"the first sent {short_day(day_of(invited['first']))}",
                f"{invited['over']} ran out" if invited["over"] else "", "See who", day_of(invited["first"]))
        )  # fmt: skip
    return rows


def imports(person: Person) -> list[Row]:
    """Return imports that were begun and neither applied nor given up."""
    if not person.authority.sees_everything:
        return []
    over = [
        RegisterImport.Status.APPLIED,
        RegisterImport.Status.ABANDONED,
        RegisterImport.Status.FAILED,
    ]
    return [
        Row(TO_DO, "Import", one.file_name, address(listed),
            f"since {short_day(day_of(one.uploaded_at))}", one.get_status_display().lower(), "Carry on",
            day_of(one.uploaded_at))
        for model, listed in (
            (RegisterImport, "contracts:import-list"), (MeasureImport, "kpis:measure-import-list"),
        )
        for one in model._default_manager.exclude(status__in=over).only(
            "pk", "file_name", "status", "uploaded_at"
        )[:5]
    ]  # fmt: skip


def stock_takes(person: Person) -> list[Row]:
    """Return the open stock-takes this person may go on with, the oldest first: one query."""
    held = person.authority
    if held.sees_everything:
        found = StockTake.objects.all()
    elif held.commissions or held.leads:
        found = StockTake.objects.filter(directorate__in=held.commissions | held.leads)
    else:
        return []
    return [
        Row(TO_DO, "Stock-take", f"Stock-take of {one.directorate}", one.get_absolute_url(),
            f"begun {short_day(day_of(one.started_at))}", f"{n_of(one.looked, one.size)} looked at",
            "Close" if one.looked == one.size else "Continue" if one.looked else "Begin",
            day_of(one.started_at))
        for one in found.open_ones()[:5]
    ]  # fmt: skip


@dataclass(frozen=True)
class Event:
    """Something with a date: what will happen to which contract."""

    on: dt.date
    contract: Contract
    what: str


def coming_up(person: Person) -> tuple[list[Event], int]:
    """Return the next events of this person's contracts within six months, and how many more there are."""
    held, first = person.authority, today()
    last = first + SIX_MONTHS
    if held.sees_everything:
        mine = Contract.objects.filter(directorate__isnull=False)
    else:
        mine = Contract.objects.filter(
            Q(directorate__in=held.commissions | held.leads | held.portfolio | held.delegated)
            | Q(pk__in=Contract.objects.managed_by(person).values("number"))
        )
    soon = (first, last)
    ending = Q(ends_on__range=soon) | Q(extended_to__range=soon) | Q(terminated_on__range=soon)
    rows = (
        mine.filter(ending | Q(review_on__range=soon), stage__in=[Stage.LIVE, Stage.MOBILISATION])
        .only("number", "title", "ends_on", "extended_to", "terminated_on", "review_on", "last_extension_to")
        .order_by("ends_on", "number")
    )
    events = []
    for contract in rows:
        end = contract.last_day
        if end and first <= end <= last:
            more = contract.last_extension_to
            further = f", can be extended to {short_day(more)}" if more and more > end else ""
            events.append(Event(end, contract, f"ends{further}"))
        if contract.review_on and first <= contract.review_on <= last:
            events.append(Event(contract.review_on, contract, "review date"))
    events.sort(key=lambda event: (event.on, event.contract.title))
    return events[:SHOWN], max(len(events) - SHOWN, 0)
