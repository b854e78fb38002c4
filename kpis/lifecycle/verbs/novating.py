"""Novating a contract: another supplier takes it over from a day, everything else goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.calendar import today
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid
from contracts.models import Contract, ContractSupplier, Supplier
from contracts.suppliers.finding import find_or_make, held
from govuk.formats import day as show_day
from kpis.lifecycle import permissions
from kpis.lifecycle.verbs.opening_up import opened, refuse_unsigned


def novate(
    contract: Contract,
    *,
    by: Person,
    suppliers: Sequence[Supplier | str],
    on: dt.date,
    reference: str = "",
    version: int | None = None,
) -> Contract:
    """Return the contract with the suppliers (rows or names, found or made) it has from a day on.

    Those who are not among them were its suppliers until the day before. KPIs, returns and totals go on
    unchanged. Raises Invalid by field: nobody new, or a day before the present suppliers came in.
    """
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_novate, version=version)
        refuse_unsigned(contract, "on", "novated")
        rows = rows_of(suppliers)
        errors = _day_wrong(contract, on)
        standing = {link.supplier_id for link in contract.supplier_links.filter(until=None)}
        if not rows:
            errors.append(("suppliers", "Enter who has taken the contract over"))
        elif {row.pk for row in rows} == standing:
            errors.append(("suppliers", "These are its suppliers now. Enter who has taken the contract over"))
        if len("; ".join(row.name for row in rows)) > 500:
            errors.append(("suppliers", "The suppliers' names together must be 500 characters or fewer"))
        if len(reference) > 1000:
            errors.append(("reference", "The agreement must be 1,000 characters or fewer"))
        if errors:
            raise Invalid(errors)
        before, until = contract.supplier_text, on - dt.timedelta(days=1)
        change_suppliers(contract, rows, on)
        contract.version += 1
        contract.save()
        record(
            action="contracts.novate",
            subject=contract,
            by=by,
            contract_number=contract.pk,
            summary=f"Novated to {contract.supplier_text} from {show_day(on)}"[:300],
            before={"Suppliers": f"{before} until {show_day(until)}" if before else ""},
            after={"Suppliers": contract.supplier_text},
            note=reference.strip(),
        )
    return contract


def rows_of(suppliers: Sequence[Supplier | str]) -> list[Supplier]:
    """Return the suppliers as rows, those given by name found or made, each once; blanks left out."""
    rows = [
        one if isinstance(one, Supplier) else find_or_make(one)
        for one in suppliers
        if isinstance(one, Supplier) or one.strip()
    ]
    return list(dict.fromkeys(held(rows).values()))


def _day_wrong(contract: Contract, on: dt.date) -> list[tuple[str, str]]:
    if on > today():
        return [("on", "The day must be today or in the past: record the novation once it has taken effect")]
    if contract.starts_on and on <= contract.starts_on:
        return [("on", f"The day must be after {show_day(contract.starts_on)}, when the contract started. To "
                 "correct who the supplier was from the start, change its facts")]  # fmt: skip
    if contract.last_day and on > contract.last_day:
        return [("on", f"The day must be {show_day(contract.last_day)} or earlier, its last day")]
    since = [link.since for link in contract.supplier_links.filter(until=None) if link.since]
    if since and on <= max(since):
        return [("on", f"The day must be after {show_day(max(since))}, when the present supplier came in")]
    return []


def change_suppliers(contract: Contract, rows: Sequence[Supplier], on: dt.date) -> None:
    """Make these the contract's suppliers from a day: those who leave until the day before (not saved).

    Links are written; the contract's words for its suppliers are put on it unsaved.
    """
    standing = {link.supplier_id: link for link in contract.supplier_links.filter(until=None)}
    wanted = {row.pk for row in rows}
    for supplier, link in standing.items():
        if supplier not in wanted:
            link.until = on - dt.timedelta(days=1)
            link.save(update_fields=["until"])
    for place, row in enumerate(rows, start=1):
        kept = standing.get(row.pk)
        if kept is None:
            ContractSupplier.objects.create(contract=contract, supplier=row, position=place, since=on)
        elif kept.position != place:
            kept.position = place
            kept.save(update_fields=["position"])
    contract.supplier_text = "; ".join(row.name for row in rows)
