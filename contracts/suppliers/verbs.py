"""What can be said of a supplier by hand: its status with a source, its name and numbers."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction

from accounts.calendar import today
from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Supplier, SupplierStatus
from contracts.suppliers import permissions
from contracts.suppliers.finding import company_key, name_key
from contracts.suppliers.merging import FACTS
from govuk.formats import day

Kind = SupplierStatus.Kind
_COMPANY = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z]")
_CHARITY = re.compile(r"(?:[0-9]{6,7}(?:-[0-9]{1,3})?|SC0?[0-9]{5}|(?:NIC?)?[0-9]{6})")


def say_status(
    supplier: Supplier,
    *,
    kind: str,
    answer: str,
    source: str,
    as_at: dt.date | None,
    by: Person,
    note: str = "",
) -> SupplierStatus:
    """Say whether a supplier is an SME, a VCSE or local, and how that is known; return what was said.

    Earlier answers stay; the one with the latest date holds. A blank answer says that it is not known.
    Raises Refused, Stale where it was merged meanwhile, Invalid with sentences by field.
    """
    source = " ".join(source.split())
    with transaction.atomic():
        supplier = lock(Supplier, supplier.pk)
        require(permissions.may_describe(by, supplier))
        _still_stands(supplier)
        problems = []
        if kind not in Kind.values:
            problems.append(("kind", "Select what you are saying: SME, VCSE or local"))
        if answer not in ("yes", "no", ""):
            problems.append(("answer", "Select yes, no or not known"))
        if not source:
            problems.append(("source", "Enter how that is known, such as a register you looked it up in"))
        elif len(source) > 250:
            problems.append(("source", "How that is known must be 250 characters or fewer"))
        if as_at is None:
            problems.append(("as_at", "Enter the day it was so"))
        elif as_at > today():
            problems.append(("as_at", "The day it was so must be today or in the past"))
        if problems or as_at is None:
            raise Invalid(problems)
        before = SupplierStatus.objects.filter(supplier=supplier, kind=kind).first()
        said = SupplierStatus.objects.create(
            supplier=supplier, kind=kind, answer=answer, source=source, as_at=as_at, said_by=by
        )
        label = str(said.get_kind_display())
        record(
            action="contracts.supplier_status",
            subject=supplier,
            by=by,
            summary=f"{label}: {said.get_answer_display().lower()}, as at {day(as_at)}, from {source}",
            before={label: before.get_answer_display()} if before else {},
            after={label: said.get_answer_display()},
            note=note,
        )
    return said


def correct(
    supplier: Supplier,
    *,
    by: Person,
    name: str,
    company_number: str = "",
    charity_number: str = "",
    version: int | None = None,
    note: str = "",
) -> Supplier:
    """Correct a supplier's name and numbers and return it; history names each that differs.

    A name that changed stays findable, so that a register that still writes it means the same supplier.
    Raises Refused, Stale where somebody else changed or merged it, Invalid with sentences by field.
    """
    facts = {
        "name": " ".join(name.split()),
        "company_number": company_number.strip(),
        "charity_number": charity_number.strip(),
    }
    with transaction.atomic():
        supplier = lock(Supplier, supplier.pk)
        require(permissions.may_describe(by, supplier))
        _still_stands(supplier)
        check_version(supplier, version, "this supplier")
        if problems := _problems(facts, supplier):
            raise Invalid(problems)
        before, after = changes(supplier, FACTS, facts)
        if not before and not after:
            return supplier
        old_name, old_key = supplier.name, supplier.name_key
        for field, value in facts.items():
            setattr(supplier, field, value)
        supplier.name_key = name_key(supplier.name)
        supplier.company_key = company_key(supplier.company_number)[:40]
        supplier.version += 1
        supplier.save()
        if supplier.name_key != old_key:
            Supplier.objects.create(name=old_name, name_key=old_key, merged_into=supplier)
        names = " and ".join(label[:1].lower() + label[1:] for label in dict.fromkeys([*before, *after]))
        record(
            action="contracts.supplier_edit",
            subject=supplier,
            by=by,
            summary=f"Corrected the supplier’s {names}",
            before=before,
            after=after,
            note=note,
        )
    return supplier


def same_number(supplier: Supplier) -> list[Supplier]:
    """Return other standing suppliers that have the same company number."""
    if not supplier.company_key:
        return []
    same = Supplier.objects.standing().filter(company_key=supplier.company_key)
    return list(same.exclude(pk=supplier.pk).order_by("pk"))


def _problems(facts: dict[str, str], supplier: Supplier) -> list[tuple[str, str]]:
    """Return what is wrong with the facts; a number left as it was is not asked about again."""
    found = []
    if not facts["name"] or not name_key(facts["name"]):
        found.append(("name", "Enter the supplier’s name"))
    elif len(facts["name"]) > 500:
        found.append(("name", "The supplier’s name must be 500 characters or fewer"))
    number, charity = facts["company_number"], facts["charity_number"]
    if number and number != supplier.company_number and not _COMPANY.fullmatch(company_key(number)):
        found.append(
            (
                "company_number",
                "A company number must be 8 digits, or 2 letters and 6 digits, like 01234567 or SC123456",
            )
        )
    compact = re.sub(r"\s", "", charity).upper()
    if charity and charity != supplier.charity_number and not _CHARITY.fullmatch(compact):
        found.append(
            ("charity_number", "A charity number must be 6 or 7 digits, or like SC012345 or NIC100012")
        )
    return found


def _still_stands(supplier: Supplier) -> None:
    if supplier.merged_into is not None:
        raise Stale(
            f"{supplier.name} was merged into {supplier.standing.name}: say it of {supplier.standing.name}."
        )
