"""What the demo council knows of its suppliers: statuses with sources, two likely duplicates, one merge."""

from __future__ import annotations

import datetime as dt
from random import Random

from accounts.calendar import add_working_days
from accounts.models import HistoryRow
from contracts.models import Contract, ContractSupplier, Supplier, SupplierMerge, SupplierStatus
from contracts.suppliers.finding import name_key
from govuk.formats import day as show_day
from kpis.demo.cast import Cast, at

SOURCES = {
    "sme": (
        "Companies House accounts for {year}",
        "Procurement questionnaire, {year}",
        "Their own word, {year}",
    ),
    "vcse": ("Charity Commission register, {year}", "Regulator of Community Interest Companies, {year}"),
    "local": ("Registered office at Companies House, {year}", "Procurement questionnaire, {year}"),
}
# Suppliers that two departments write in two ways, and one whose two records somebody has merged.
TWICE = (
    ("Brushworks Facilities Ltd", "Brushworks Facilities Limited"),
    ("Larder Lane Catering Ltd", "Larder Lane Caterings"),
)
MERGED = ("Dale Coaches Ltd", "Dale Coaches of Calderbeck")


def enrich_suppliers(cast: Cast, day: dt.date, rng: Random) -> None:
    """Say what a third of the suppliers are, record two of them twice, and merge one duplicate."""
    suppliers = list(Supplier.objects.standing().order_by("name"))
    said = []
    for supplier in rng.sample(suppliers, len(suppliers) // 3):
        for kind in rng.sample(SupplierStatus.Kind.values, rng.choice([1, 2, 2, 3])):
            as_at = day - dt.timedelta(days=rng.randint(40, 600))
            voluntary = any(mark in supplier.name for mark in ("Trust", "CIC", "Community", "Charity"))
            yes = voluntary if kind == SupplierStatus.Kind.VCSE else rng.random() < 0.7
            said.append(
                SupplierStatus(
                    supplier=supplier,
                    kind=kind,
                    answer="yes" if yes else "no",
                    source=rng.choice(SOURCES[kind]).format(year=as_at.year),
                    as_at=as_at,
                    said_by=cast.lead,
                    said_at=at(add_working_days(as_at, 1), 11),
                )
            )
    SupplierStatus.objects.bulk_create(said)
    HistoryRow.objects.bulk_create(
        HistoryRow(
            at=one.said_at,
            actor=cast.lead,
            action="contracts.supplier_status",
            subject_type="contracts.supplier",
            subject_id=one.supplier_id,
            summary=f"{one.get_kind_display()}: {one.get_answer_display().lower()}, as at "
            f"{show_day(one.as_at)}, from {one.source}",
            after={str(one.get_kind_display()): one.get_answer_display()},
        )
        for one in said
    )
    for name, other in TWICE:
        _record_twice(Supplier.objects.get(name=name), other)
    _merge(Supplier.objects.get(name=MERGED[0]), MERGED[1], cast, day)


def _record_twice(supplier: Supplier, name: str) -> None:
    """Give one contract of the supplier to a second record of it, under another spelling."""
    link = ContractSupplier.objects.current().filter(supplier=supplier).order_by("-contract").first()
    link.supplier = Supplier.objects.create(name=name, name_key=name_key(name))
    link.save(update_fields=["supplier"])
    Contract.objects.filter(pk=link.contract_id).update(supplier_text=name)


def _merge(kept: Supplier, name: str, cast: Cast, day: dt.date) -> None:
    """Leave the supplier as a merge left it: one contract came from a second record, which can be undone."""
    link = ContractSupplier.objects.current().filter(supplier=kept).order_by("contract").first()
    merged = Supplier.objects.create(name=name, name_key=name_key(name), merged_into=kept, version=2)
    reason = "Same registered office and bank account, says Procurement"
    moment = at(add_working_days(day, -9), 15)
    SupplierMerge.objects.create(
        kept=kept,
        merged=merged,
        reason=reason,
        moved={"links": [[link.pk, link.contract_id]], "dropped": [], "numbers": {}},
        made_by=cast.lead,
        made_at=moment,
    )
    HistoryRow.objects.bulk_create(
        HistoryRow(
            at=moment,
            actor=cast.lead,
            action="contracts.supplier_merge",
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            contract_number=link.contract_id if subject == link.contract else None,
            summary=f"Merged {name} into {kept.name}: they are the same supplier",
            note=reason,
        )
        for subject in (kept, merged, link.contract)
    )
