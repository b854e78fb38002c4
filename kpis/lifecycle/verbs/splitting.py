"""Splitting a contract into lots: it goes on as the first, each other lot becomes a contract of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, require
from contracts.models import Contract, ContractSupplier, Supplier
from govuk.formats import day as show_day
from govuk.formats import money, plural
from kpis.library.choice_verbs import carry_choices
from kpis.library.models import Measure
from kpis.lifecycle import permissions
from kpis.lifecycle.verbs.novating import change_suppliers, rows_of
from kpis.lifecycle.verbs.opening_up import opened, refuse_unsigned
from kpis.proposals import verbs as proposals
from kpis.proposals.models import KPISet
from kpis.proposals.months import latest_approved
from kpis.proposals.permissions import may_propose

# What a lot has in common with the contract it was split from.
SHARED = (
    "description", "sme", "vcse", "directorate", "department", "directorate_text", "commissioner", "manager",
    "category", "category_text", "process", "citywide", "agreement_type", "parent", "our_share", "regime",
    "procurement_began_on", "act_kind", "signed_on", "starts_on", "ends_on", "review_on", "last_extension_to",
    "extended_to", "value_basis", "value_note", "social_value_weighting", "tier", "monitoring",
    "kpi_exemption", "stage", "reference", "reference_key",
)  # fmt: skip
MOST = 20


@dataclass(frozen=True)
class Lot:
    """One lot: its title, who supplies it (rows or names; none leaves them), its own part of the value."""

    title: str
    suppliers: Sequence[Supplier | str] = ()
    value: Decimal | None = None


def split_into_lots(
    contract: Contract,
    *,
    by: Person,
    lots: Sequence[Lot],
    on: dt.date,
    note: str = "",
    copy_kpis: bool = False,
    version: int | None = None,
) -> list[Contract]:
    """Return the contracts of the lots, the first of which is the contract itself.

    It keeps its number, KPIs, returns and figures, and goes on with its own part of the value; so nothing is
    counted twice and no total changes. The others have its people, dates and rules, are called split from it,
    and begin without KPIs; with `copy_kpis` each has a draft set with its KPIs, to be agreed anew. Raises
    Invalid by field ("title_2", "value_1"), Refused where the person may not propose the copies.
    """
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_split, version=version)
        refuse_unsigned(contract, "on", "split")
        if copy_kpis:
            require(may_propose(by, contract))
        lots = [Lot(" ".join(lot.title.split()), lot.suppliers, lot.value) for lot in lots]
        _check(contract, lots, on)
        rows_by_lot = [rows_of(lot.suppliers) for lot in lots]
        people, wards = list(contract.deputies.all()), list(contract.wards.all())
        partners = list(contract.partner_directorates.all())
        standing = [link.supplier for link in contract.supplier_links.filter(until=None)]
        template = latest_approved(contract) if copy_kpis else None
        others = []
        for lot, named in zip(lots[1:], rows_by_lot[1:], strict=True):
            other = Contract(split_from=contract, title=lot.title, value=lot.value)
            for name in SHARED:
                setattr(other, name, getattr(contract, name))
            rows = named or standing
            other.supplier_text = "; ".join(row.name for row in rows) or contract.supplier_text
            other.save()
            other.deputies.set(people)
            other.wards.set(wards)
            other.partner_directorates.set(partners)
            ContractSupplier.objects.bulk_create(
                ContractSupplier(contract=other, supplier=row, position=place)
                for place, row in enumerate(rows, start=1)
            )
            record(
                action="contracts.split_from",
                subject=other,
                by=by,
                contract_number=other.pk,
                summary=f"Split from contract {contract.pk} on {show_day(on)}",
                after={"Title": other.title, "Supplier": other.supplier_text, "Value (£)": other.value},
                note=note.strip(),
            )
            others.append(other)
        carry_choices(contract, others)
        _keep_first(contract, lots[0], rows_by_lot[0], others, by=by, on=on, note=note)
        if template is not None:
            for other in others:
                _copy_kpis(template, other, by)
    return [contract, *others]


def _check(contract: Contract, lots: Sequence[Lot], on: dt.date) -> None:
    errors = []
    if len(lots) < 2:
        errors.append(("title_2", "Enter at least two lots: the first is what this contract goes on as"))
    if len(lots) > MOST:
        errors.append((f"title_{MOST}", f"Enter at most {MOST} lots"))
    titles: dict[str, int] = {}
    for place, lot in enumerate(lots, start=1):
        if not lot.title:
            errors.append((f"title_{place}", f"Enter a title for lot {place}"))
        elif len(lot.title) > 500:
            errors.append((f"title_{place}", f"The title of lot {place} must be 500 characters or fewer"))
        elif lot.title.casefold() in titles:
            errors.append((f"title_{place}", f"Lot {titles[lot.title.casefold()]} has this title too"))
        titles.setdefault(lot.title.casefold(), place)
        if lot.value is not None and lot.value < 0:
            errors.append((f"value_{place}", f"The value of lot {place} must be 0 or more"))
        if len("; ".join(str(row) for row in lot.suppliers)) > 500:
            errors.append((f"suppliers_{place}", "The suppliers' names must be 500 characters or fewer"))
    values = [lot.value for lot in lots if lot.value is not None]
    whole = sum(values, Decimal(0))
    if contract.value is not None and len(values) == len(lots) and whole != contract.value:
        errors.append(
            ("value_1", f"The values of the lots come to {money(whole)}, but the contract's is "
             f"{money(contract.value)}. Share out what it is")
        )  # fmt: skip
    elif contract.value is not None and len(values) < len(lots):
        missing = next(place for place, lot in enumerate(lots, start=1) if lot.value is None)
        errors.append(
            (f"value_{missing}", f"Enter the value of lot {missing}: its part of {money(contract.value)}")
        )
    if contract.starts_on and on < contract.starts_on:
        errors.append(("on", f"The day must be {show_day(contract.starts_on)} or later, its start date"))
    if contract.last_day and on > contract.last_day:
        errors.append(("on", f"The day must be {show_day(contract.last_day)} or earlier, its last day"))
    if errors:
        raise Invalid(errors)


def _keep_first(
    contract: Contract,
    first: Lot,
    rows: list[Supplier],
    others: list[Contract],
    *,
    by,
    on: dt.date,
    note: str,
) -> None:
    """Let the contract go on as the first lot, and tell its history what it was split into."""
    before: dict = {"Title": contract.title, "Value (£)": contract.value, "Suppliers": contract.supplier_text}
    contract.title, contract.value = first.title, first.value
    # Both of these were of the whole; nobody has said what they are of this part.
    estimate, vat = contract.estimated_value_inc_vat, contract.irrecoverable_vat
    contract.estimated_value_inc_vat = contract.irrecoverable_vat = None
    if rows:
        change_suppliers(contract, rows, on)
    contract.version += 1
    contract.save()
    after = {"Title": contract.title, "Value (£)": contract.value, "Suppliers": contract.supplier_text}
    before = {name: was for name, was in before.items() if after[name] != was}
    after = {name: now for name, now in after.items() if name in before}
    for label, was in (("Estimated value including VAT (£)", estimate), ("Irrecoverable VAT (£)", vat)):
        if was is not None:
            before[label] = was
    named = ", ".join(f"{one.title} (contract {one.pk})" for one in others)
    record(
        action="contracts.split",
        subject=contract,
        by=by,
        contract_number=contract.pk,
        summary=f"Split into {plural(len(others) + 1, 'lot')} on {show_day(on)}",
        before=before,
        after={**after, "Other lots": named},
        note=note.strip(),
    )


def _copy_kpis(template: KPISet, other: Contract, by: Person) -> KPISet:
    """Start a draft set for a lot with the KPIs of another set; retired measures stay behind.

    Targets are those of the whole, to be changed before anybody sends the set: the reasons say so.
    """
    kpi_set = proposals.start_set(other, by=by)
    source = f"KPI set {template.number} of {template.contract.title}"
    why = f"Copied from {source}. Give each KPI this lot's target."
    proposals.describe(kpi_set, by=by, why=why)
    proposals.hold_measures(template.terms.values("kpi__measure"))
    for terms in template.terms.select_related("kpi__measure__unit", "cohort", "proxy").order_by(
        "position", "pk"
    ):
        measure = terms.kpi.measure
        if measure.status != Measure.Status.LIVE or terms.ends_month < kpi_set.effective_month:
            continue
        proposals.add_kpi(
            kpi_set,
            by=by,
            measure=measure,
            target=terms.target,
            ends_month=terms.ends_month,
            title=terms.title,
            baseline=terms.baseline,
            cohort=terms.cohort,
            counting_rule=terms.counting_rule,
            evidence_expected=terms.evidence_expected,
            green_from=terms.green_from,
            amber_from=terms.amber_from,
            proxy=terms.proxy,
            carried=True,
        )
    return kpi_set
