"""The list of suppliers: searched, filtered and sorted, each with the contracts this person may know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase

from accounts.calendar import today
from accounts.models import Directorate, Person
from contracts.models import Contract, ContractSupplier, Stage, Supplier, SupplierStatus
from contracts.suppliers.families import ANSWERS, Families, latest_statuses
from contracts.suppliers.finding import company_key
from govuk.formats import day
from spreadsheets.writing import csv_response, xlsx_response

UNKNOWN = "unknown"
KINDS = (SupplierStatus.Kind.SME, SupplierStatus.Kind.VCSE, SupplierStatus.Kind.LOCAL)


@dataclass
class SupplierRow:
    """One supplier: its contracts as far as the person sees them, their value, and its status."""

    supplier: Supplier
    other_names: list[str]
    statuses: dict[str, SupplierStatus]
    contracts: int = 0
    past: int = 0
    unvalued: int = 0
    # In £ over whole lives, of the contracts that have a value; None where none has.
    value: Decimal | None = None
    directorates: set[int] = field(default_factory=set)

    def count(self, link: ContractSupplier, contract: Contract) -> None:
        """Count one contract: running and to come apart from ended ones and those passed on."""
        if contract.directorate_id:
            self.directorates.add(contract.directorate_id)
        if link.until is not None or contract.stage == Stage.ENDED:
            self.past += 1
            return
        self.contracts += 1
        value = contract.whole_value
        if value is None:
            self.unvalued += 1
        else:
            self.value = (self.value or Decimal(0)) + value

    def answer(self, kind: str) -> str:
        """Return "yes", "no" or "" (not known)."""
        said = self.statuses.get(kind)
        return said.answer if said is not None else ""

    @property
    def marks(self) -> list[str]:
        """Return what it is known to be: "SME", "VCSE", "Local"."""
        return [SHORT[kind] for kind in KINDS if self.answer(kind) == "yes"]


SHORT = {
    SupplierStatus.Kind.SME: "SME",
    SupplierStatus.Kind.VCSE: "VCSE",
    SupplierStatus.Kind.LOCAL: "Local",
}


def supplier_rows(person: Person) -> list[SupplierRow]:
    """Return every standing supplier of contracts the person may see: five queries whatever their number."""
    families = Families()
    statuses = latest_statuses(families)
    rows: dict[int, SupplierRow] = {}
    for supplier in Supplier.objects.visible_to(person).standing():
        said = {str(kind): statuses[supplier.pk, kind] for kind in KINDS if (supplier.pk, kind) in statuses}
        rows[supplier.pk] = SupplierRow(supplier, families.other_names(supplier.pk), said)
    seen = Contract.objects.visible_to(person).order_by()
    contracts = seen.only(
        "number", "directorate", "stage", "value", "value_basis", "starts_on", "ends_on"
    ).in_bulk()
    for link in ContractSupplier.objects.order_by("pk").iterator(2000):
        if link.contract_id in contracts and link.supplier_id in rows:
            rows[link.supplier_id].count(link, contracts[link.contract_id])
    return list(rows.values())


def narrowed(rows: Iterable[SupplierRow], asked: Mapping[str, Any]) -> list[SupplierRow]:
    """Return the rows that match the words, statuses and directorate asked for; blanks narrow nothing."""
    words = [word.casefold() for word in (asked.get("q") or "").split()[:8]]
    directorate: Directorate | None = asked.get("directorate")
    wanted = {kind: asked[kind] for kind in KINDS if asked.get(kind)}
    return [
        row
        for row in rows
        if (not words or _matches(row, words))
        and (directorate is None or directorate.pk in row.directorates)
        and all(row.answer(kind) == ("" if answer == UNKNOWN else answer) for kind, answer in wanted.items())
    ]


def _matches(row: SupplierRow, words: Iterable[str]) -> bool:
    """Whether each word is in a name or number of the supplier, merged names too."""
    one = row.supplier
    text = " ".join([one.name, *row.other_names, one.company_number, one.company_key, one.charity_number])
    text = text.casefold()
    return all(word in text or company_key(word).casefold() in text.split() for word in words)


SORTS: dict[str, Callable[[SupplierRow], Any]] = {
    "name": lambda row: row.supplier.name.casefold(),
    "contracts": lambda row: row.contracts,
    "value": lambda row: row.value if row.value is not None else Decimal(-1),
}


def in_order(rows: list[SupplierRow], asked: str) -> list[SupplierRow]:
    """Return the rows in the order asked for ("-value" is largest first), by name where nothing is."""
    key = SORTS.get(asked.removeprefix("-"), SORTS["name"])
    by_name = sorted(rows, key=SORTS["name"])
    ordered = sorted(by_name, key=key, reverse=asked.startswith("-"))
    if asked.removeprefix("-") == "value":
        # A value nobody recorded is neither the smallest nor the largest.
        ordered.sort(key=lambda row: row.value is None)
    return ordered


def directorates_of(rows: Iterable[SupplierRow]) -> list[int]:
    """Return the directorates whose contracts these suppliers have, as far as seen."""
    return sorted({directorate for row in rows for directorate in row.directorates})


COLUMNS: tuple[tuple[str, str, Callable[[SupplierRow], object]], ...] = (
    ("Number here", "whole", lambda row: row.supplier.pk),
    ("Supplier", "text", lambda row: row.supplier.name),
    ("Other names", "text", lambda row: "; ".join(row.other_names)),
    ("Company number", "text", lambda row: row.supplier.company_number),
    ("Charity number", "text", lambda row: row.supplier.charity_number),
    *(
        column
        for kind in KINDS
        for column in (
            (SHORT[kind], "text", lambda row, kind=kind: ANSWERS[row.answer(kind)]),
            (f"{SHORT[kind]}: source", "text", lambda row, kind=kind: _source(row, kind)),
            (f"{SHORT[kind]}: as at", "date", lambda row, kind=kind: _as_at(row, kind)),
        )
    ),
    ("Contracts", "whole", lambda row: row.contracts),
    ("Past contracts", "whole", lambda row: row.past),
    ("Value of contracts (£)", "money", lambda row: row.value),
    ("Contracts without a value", "whole", lambda row: row.unvalued),
)


def _source(row: SupplierRow, kind: str) -> str:
    said = row.statuses.get(kind)
    return said.source if said is not None else ""


def _as_at(row: SupplierRow, kind: str) -> Any:
    said = row.statuses.get(kind)
    return said.as_at if said is not None else None


def as_file(rows: Iterable[SupplierRow], kind: str) -> HttpResponseBase:
    """Return every supplier of the list as "csv" or "xlsx"."""
    headers = [header for header, _, _ in COLUMNS]
    cells = ([cell(row) for _, _, cell in COLUMNS] for row in rows)
    name = f"Suppliers {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, cells)
    notes = [
        f"As at {day(today())}.",
        "Contracts and values are of the contracts you can see that have not ended. A contract with several "
        "suppliers counts in full under each.",
    ]
    kinds = [column for _, column, _ in COLUMNS]
    return xlsx_response(name, "Suppliers", headers, cells, kinds=kinds, notes=notes)
