"""Extending a contract: returns go on opening until the new last day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.calendar import first_of_month, today
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid
from contracts.models import Contract, Stage
from govuk.formats import day as show_day
from kpis.lifecycle import permissions
from kpis.lifecycle.settling import settle
from kpis.lifecycle.verbs.opening_up import opened, refuse_unsigned
from kpis.proposals.models import KPITerms
from kpis.proposals.months import latest_approved


def extend(
    contract: Contract, *, by: Person, to: dt.date, note: str = "", version: int | None = None
) -> Contract:
    """Return the contract, extended to a later last day; one that had ended is live again.

    Months that were missed meanwhile have their returns opened, where the KPI set holds that long. Raises
    Invalid by field: the day is not later, or lies beyond the latest possible end date without a reason.
    """
    note = note.strip()
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_extend, version=version)
        _check(contract, to, note)
        was, stage_was = contract.last_day, contract.get_stage_display()
        contract.extended_to = to
        if contract.stage == Stage.ENDED and to >= today():
            contract.stage = Stage.LIVE
        contract.version += 1
        contract.save()
        staged = contract.get_stage_display() != stage_was
        record(
            action="contracts.extend",
            subject=contract,
            by=by,
            contract_number=contract.pk,
            summary=f"Extended to {show_day(to)}",
            before={"Last day": was, **({"Stage": stage_was} if staged else {})},
            after={"Last day": to, **({"Stage": contract.get_stage_display()} if staged else {})},
            note=note,
        )
        settle(contract, by=by)
    return contract


def _check(contract: Contract, to: dt.date, note: str) -> None:
    refuse_unsigned(contract, "to", "extended")
    last = contract.last_day
    if contract.terminated_on:
        raise Invalid(
            [("to", f"This contract was terminated on {show_day(contract.terminated_on)}. Undo that first")]
        )
    if last is None:
        raise Invalid([("to", "This contract has no end date to extend. Give it one among its facts first")])
    if to <= last:
        raise Invalid([("to", f"The new last day must be after {show_day(last)}, the present one")])
    if to.year > last.year + 50:
        raise Invalid([("to", "The new last day must be within 50 years of the present one")])
    latest = contract.last_extension_to
    if latest and to > latest and not note:
        raise Invalid(
            [
                (
                    "note",
                    f"The contract allows extensions to {show_day(latest)}. Say on what ground it "
                    "is extended beyond that",
                )
            ]
        )


def kpis_ending_before(contract: Contract, day: dt.date | None) -> list[KPITerms]:
    """Return the KPIs of the latest approved set that end before the month of a day; none for None."""
    kpi_set = latest_approved(contract)
    if kpi_set is None or day is None:
        return []
    return list(kpi_set.terms.filter(ends_month__lt=first_of_month(day)).order_by("position", "pk"))
