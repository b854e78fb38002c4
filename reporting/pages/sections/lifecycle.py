"""The contract page's section on its life: what happened to it, and what this person may record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.calendar import first_of_month, today
from accounts.models import HistoryRow, Person
from contracts.models import Contract, Stage, Suspension
from contracts.permissions import may_see
from govuk import formats
from kpis.lifecycle import permissions
from kpis.lifecycle.settling import span_of
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section

RECORDED = ("contracts.extend", "contracts.move")
# The day a split took effect stands in the history alone.
RECORDED_THEN = "The day it was recorded"


@dataclass(frozen=True)
class Event:
    """Something that happened: its day, in words, what belongs to it, and how it is taken back."""

    on: dt.date | None
    words: str
    more: str = ""
    url: str = ""
    # The button that takes it back, and what is only said aloud of it.
    undo_text: str = ""
    undo_of: str = ""
    undo_url: str = ""


def lifecycle_section(contract: Contract, person: Person) -> Section | None:
    """Return what happened to the contract, oldest first, and the acts this person may record."""
    suspensions = list(contract.suspensions.standing())
    events = [
        *_signed(contract),
        *_recorded(contract),
        *_novated(contract),
        *_split(contract, person),
        *_suspended(contract, person, suspensions),
        *_terminated(contract, person),
    ]
    acts = _acts(contract, person, suspensions)
    if not events and not acts:
        return None
    return Section(
        key="life",
        title="Life of the contract",
        template="reporting/sections/_lifecycle.html",
        context={
            "events": sorted(events, key=lambda event: event.on or dt.date.min),
            "acts": acts,
            "now": next((one for one in suspensions if one.covers(first_of_month(today()))), None),
        },
    )


def _signed(contract: Contract) -> list[Event]:
    return [Event(contract.signed_on, "Signed")] if contract.signed_on else []


def _recorded(contract: Contract) -> list[Event]:
    """Return extensions and moves as the history tells them; an imported extension has only its date."""
    rows = HistoryRow.objects.of_contract(contract.pk).filter(action__in=RECORDED).order_by("pk")
    found = [Event(timezone.localdate(row.at), row.summary, row.note) for row in rows]
    if contract.extended_to and not any(event.words.startswith("Extended") for event in found):
        found.append(Event(contract.ends_on, f"Extended to {formats.day(contract.extended_to)}"))
    return found


def _novated(contract: Contract) -> list[Event]:
    links = list(contract.supplier_links.all())
    found = []
    for since in sorted({link.since for link in links if link.since}):
        came = "; ".join(str(link.supplier) for link in links if link.since == since)
        until = since - dt.timedelta(days=1)
        left = "; ".join(str(link.supplier) for link in links if link.until == until)
        more = f"{left} until {formats.day(until)}" if left else ""
        found.append(Event(since, f"Novated to {came}", more))
    return found


def _split(contract: Contract, person: Person) -> list[Event]:
    seen = Contract.objects.visible_to(person)
    found = [
        Event(timezone.localdate(lot.created_at), f"Split: {lot.title} is a contract of its own",
              RECORDED_THEN, lot.get_absolute_url())
        for lot in seen.filter(split_from=contract.pk).order_by("pk")
    ]  # fmt: skip
    if contract.split_from is not None:
        whole = contract.split_from
        url = whole.get_absolute_url() if may_see(person, whole) else ""
        words = f"Split from {whole.title}" if url else f"Split from contract {whole.pk}"
        found.append(Event(timezone.localdate(contract.created_at), words, RECORDED_THEN, url))
    return found


def _suspended(contract: Contract, person: Person, suspensions: list[Suspension]) -> list[Event]:
    may = bool(permissions.may_suspend(person, contract))
    return [
        Event(
            one.from_month,
            f"Suspended {span_of(one)}",
            f"{one.reason}{f' ({one.reference})' if one.reference else ''}",
            undo_text="Withdraw" if may else "",
            undo_of=f"the suspension {span_of(one)}",
            undo_url=address("kpis:suspension-withdraw", contract.pk, one.pk) if may else "",
        )
        for one in suspensions
    ]


def _terminated(contract: Contract, person: Person) -> list[Event]:
    if contract.terminated_on is None:
        return []
    may = bool(permissions.may_terminate(person, contract))
    return [
        Event(
            contract.terminated_on,
            f"Terminated, last day {formats.day(contract.terminated_on)}",
            contract.termination_reason,
            undo_text="Undo" if may else "",
            undo_of="the termination",
            undo_url=address("kpis:contract-termination-undo", contract.pk) if may else "",
        )
    ]


def _acts(contract: Contract, person: Person, suspensions: list[Suspension]) -> list[tuple[str, str]]:
    """Return (words, address) of each act that is possible now and that this person may do."""
    number, over = contract.pk, contract.terminated_on is not None
    signed = contract.stage not in {Stage.COMMISSIONING, Stage.TENDER}
    runs_on = bool(suspensions) and (
        suspensions[-1].to_month is None or suspensions[-1].to_month >= first_of_month(today())
    )
    possible = [
        ("Extend", "kpis:contract-extend", signed and not over and contract.last_day, permissions.may_extend),
        ("Suspend", "kpis:contract-suspend", signed and not runs_on, permissions.may_suspend),
        ("Take up again", "kpis:contract-resume", runs_on, permissions.may_suspend),
        ("Novate to another supplier", "kpis:contract-novate", signed, permissions.may_novate),
        ("Split into lots", "kpis:contract-split", signed, permissions.may_split),
        ("Move to another directorate", "kpis:contract-move", True, permissions.may_move),
        ("Terminate", "kpis:contract-terminate", signed and not over, permissions.may_terminate),
    ]
    return [
        (words, address(name, number)) for words, name, can, may in possible if can and may(person, contract)
    ]
