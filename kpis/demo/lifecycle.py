"""What happened to some of the demo council's contracts: suspended, novated, extended, terminated, split."""

from __future__ import annotations

import datetime as dt

from accounts.calendar import add_months, add_working_days, first_of_month, last_of_month
from accounts.history import readable
from accounts.models import HistoryRow, Person
from contracts.models import Contract, ContractSupplier, Stage, Supplier, Suspension
from contracts.suppliers.finding import company_key, name_key
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from kpis.demo.cast import Cast, at
from kpis.demo.returns import STORY_RETURNS
from kpis.demo.sets import Promised
from kpis.lifecycle.settling import span_of
from kpis.returns.models import MonthlyReturn

FLOODED = "The building was flooded, and nobody could work in it until it had dried out."
# Work that stops when a building is shut.
STOPPED = ("leisure", "voluntary", "cleaning", "catering")
SUCCESSOR, SUCCESSOR_NUMBER = "Fairholme Facilities Ltd", "09911442"
NOVATED = ("Security and concierge", "Parking enforcement", "Household recycling centres", "Gas servicing")
LOT, WHOLE = "Home to school transport, lot 2", "Home to school transport, lot 1"
INSOLVENT = "The supplier went into administration, and the council took the work back."


def suspend_one(promised: list[Promised], day: dt.date) -> Suspension | None:
    """Write the suspension of one contract for December and January of the last whole winter; return it.

    None where no contract had KPIs then. It is told in February, so both returns had opened by then.
    """
    year = day.year if day >= dt.date(day.year, 2, 15) else day.year - 1
    first, last = dt.date(year - 1, 12, 1), dt.date(year, 1, 1)
    told = add_working_days(dt.date(year, 2, 1), 4)
    for promise in promised:
        contract = promise.entry.contract
        if (
            promise.entry.kind in STOPPED
            and contract.stage == Stage.LIVE
            and contract.manager is not None
            and contract.title not in STORY_RETURNS
            and promise.in_force(first) is not None
        ):
            suspension = Suspension.objects.create(
                contract=contract,
                from_month=first,
                to_month=last,
                reason=FLOODED,
                reference=f"Letter of {show_day(told)}",
                made_by=contract.commissioner,
                made_at=at(told, 11),
            )
            _tell(
                contract, "contracts.suspend", told, f"Suspended {span_of(suspension)}",
                after={"Suspended": span_of(suspension)}, note=FLOODED,
            )  # fmt: skip
            return suspension
    return None


def live_through_changes(cast: Cast, day: dt.date, suspension: Suspension | None) -> None:
    """Write the history of excused returns, and a novation, an extension, a termination and a split."""
    month = first_of_month(day)
    if suspension is not None:
        _tell_excused(suspension)
    by_title = {contract.title: contract for contract in Contract.objects.select_related("commissioner")}
    _novate(by_title, add_months(month, -9))
    _extend(by_title.values(), add_working_days(month, -20))
    _terminate(by_title.values())
    _split(by_title, max(add_months(month, -7), add_months(first_of_month(_start(by_title[WHOLE])), 1)))


def _start(contract: Contract) -> dt.date:
    return contract.starts_on or contract.created_at.date()


def _tell(
    contract: Contract, action: str, on: dt.date, summary: str, *, by: Person | None = None, before=None,
    after=None, note: str = "",
) -> None:  # fmt: skip
    HistoryRow.objects.create(
        at=at(on, 11),
        actor=by or contract.commissioner,
        action=action,
        subject_type="contracts.contract",
        subject_id=contract.pk,
        contract_number=contract.pk,
        summary=summary,
        before={name: readable(value) for name, value in (before or {}).items()},
        after={name: readable(value) for name, value in (after or {}).items()},
        note=note,
    )


def _tell_excused(suspension: Suspension) -> None:
    HistoryRow.objects.bulk_create(
        HistoryRow(
            at=suspension.made_at,
            actor=suspension.made_by,
            action="returns.excuse",
            subject_type="kpis.monthlyreturn",
            subject_id=item.pk,
            contract_number=item.contract_id,
            summary=f"{show_month(item.month)} return excused",
            note=f"The contract is suspended {span_of(suspension)}: {suspension.reason}",
        )
        for item in MonthlyReturn.objects.filter(excused_by=suspension).order_by("month")
    )


def _novate(by_title: dict[str, Contract], on: dt.date) -> None:
    """Let another company have taken over one contract that was running then."""
    for title in (*NOVATED, *sorted(by_title)):
        contract = by_title[title]
        if contract.stage == Stage.LIVE and contract.starts_on and contract.starts_on < on:
            break
    successor = Supplier.objects.create(
        name=SUCCESSOR,
        name_key=name_key(SUCCESSOR),
        company_number=SUCCESSOR_NUMBER,
        company_key=company_key(SUCCESSOR_NUMBER),
    )
    until = on - dt.timedelta(days=1)
    before = contract.supplier_text
    contract.supplier_links.filter(until=None).update(until=until)
    ContractSupplier.objects.create(contract=contract, supplier=successor, since=on)
    Contract.objects.filter(pk=contract.pk).update(supplier_text=SUCCESSOR)
    _tell(
        contract, "contracts.novate", add_working_days(on, 3), f"Novated to {SUCCESSOR} from {show_day(on)}",
        before={"Suppliers": f"{before} until {show_day(until)}"}, after={"Suppliers": SUCCESSOR},
        note=f"Deed of novation of {show_day(add_working_days(on, -8))}",
    )  # fmt: skip


def _extend(contracts, on: dt.date) -> None:
    """Let the contract that would have ended first have been extended by a year, as it allows."""
    found = [
        one for one in contracts
        if one.stage == Stage.LIVE and one.ends_on and one.last_extension_to and _start(one) < on
    ]  # fmt: skip
    contract = min(found, key=lambda one: (one.ends_on, one.title), default=None)
    if contract is None:
        return
    to = min(last_of_month(add_months(first_of_month(contract.ends_on), 12)), contract.last_extension_to)
    Contract.objects.filter(pk=contract.pk).update(extended_to=to)
    _tell(
        contract, "contracts.extend", on, f"Extended to {show_day(to)}",
        before={"Last day": contract.ends_on}, after={"Last day": to}, note="First extension under the contract.",
    )  # fmt: skip


def _terminate(contracts) -> None:
    """Let one contract that has ended have been meant to run a year and a half longer."""
    ended = [one for one in contracts if one.stage == Stage.ENDED and one.ends_on]
    contract = min(ended, key=lambda one: one.title, default=None)
    if contract is None:
        return
    on, meant = contract.ends_on, last_of_month(add_months(first_of_month(contract.ends_on), 18))
    Contract.objects.filter(pk=contract.pk).update(
        ends_on=meant, terminated_on=on, termination_reason=INSOLVENT
    )
    _tell(
        contract, "contracts.terminate", add_working_days(on, -5), f"Terminated on {show_day(on)}",
        before={"Last day": meant}, after={"Last day": on}, note=INSOLVENT,
    )  # fmt: skip


def _split(by_title: dict[str, Contract], on: dt.date) -> None:
    """Let one lot have been part of another contract until it was split."""
    whole, lot = by_title[WHOLE], by_title[LOT]
    Contract.objects.filter(pk=lot.pk).update(split_from=whole, created_at=at(on, 11))
    _tell(
        whole, "contracts.split", on, f"Split into 2 lots on {show_day(on)}",
        after={"Other lots": f"{lot.title} (contract {lot.pk})"}, note="Two depots, two suppliers.",
    )  # fmt: skip
    _tell(
        lot, "contracts.split_from", on, f"Split from contract {whole.pk} on {show_day(on)}",
        after={"Title": lot.title, "Supplier": lot.supplier_text}, note="Two depots, two suppliers.",
    )  # fmt: skip
