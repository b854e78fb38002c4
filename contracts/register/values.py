"""Reading one row's cells into field texts: what cannot be read is left blank and said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.register.fields import AMOUNTS, BY_NAME, DATES
from spreadsheets import values as cells
from spreadsheets.mapping import Header, normal
from spreadsheets.reading import canonical

SME_YES = (
    "small",
    "medium",
    "micro",
    *(
        f"{size} {kind}"
        for size in ("small", "medium", "micro")
        for kind in ("enterprise", "business", "sized")
    ),
    "small or medium",
    "small and medium enterprise",
    "sme supplier",
)
VCSE_YES = (
    "charity",
    "cic",
    "community interest company",
    "social enterprise",
    "voluntary",
    "community",
    "voluntary organisation",
    "community organisation",
    "mutual",
    "registered charity",
    "third sector",
    "vcs",
    "co-operative",
)
PLACEHOLDERS = frozenset((Decimal("0"), Decimal("0.01")))
# Said instead of a name: kept as text, never made a supplier.
_JUNK_WORDS = frozenset(
    (
        "na",
        "none",
        "nil",
        "tbc",
        "tba",
        "unknown",
        "various",
        "notapplicable",
        "notknown",
        "multiple",
        "several",
        "variousproviders",
        "varioussuppliers",
        "multiplesuppliers",
        "multipleproviders",
        "toconfirm",
        "tobeconfirmed",
        "seeattached",
        "seebelow",
        "seedescription",
        "nosupplier",
        "notawarded",
        "suppliers",
        "anumberofsuppliers",
        "redacted",
        "blank",
        "null",
        "x",
        "xx",
        "xxx",
        "test",
        "pending",
        "confidential",
        "individual",
        "individuals",
        "spotpurchase",
        "framework",
        "seelist",
        "seenotes",
    )
)
_JUNK_STARTS = (
    "multiplesuppliers",
    "varioussuppliers",
    "multipleproviders",
    "variousproviders",
    "tobeconfirmed",
    "seeattached",
    "variousseeattached",
    "multipleseeattached",
)
_JUNK_REFERENCES = frozenset(
    (
        "na",
        "none",
        "nil",
        "tbc",
        "tba",
        "unknown",
        "various",
        "notapplicable",
        "null",
        "pending",
        "noref",
        "noreference",
        "notknown",
        "0",
    )
)


def is_junk_supplier(name: str) -> bool:
    """Return whether the text stands where a supplier's name is missing."""
    key = normal(name)
    return not key or (key.isdigit() and len(key) < 3) or key in _JUNK_WORDS or key.startswith(_JUNK_STARTS)


def reference_key(reference: str) -> str:
    """Return a reference as it is compared: letters and digits; "" for "n/a", "TBC" and the like."""
    key = normal(reference)[:200]
    return "" if key in _JUNK_REFERENCES else key


class CellReader:
    """Reads cells by their field's kind; the same text is read once, as registers repeat themselves."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, object], tuple[str, str]] = {}

    def read(self, field: str, cell: Any) -> tuple[str, str]:
        """Return (the value as text, what is wrong or noticed): "" for blank and for nothing wrong."""
        if cell is None:
            return "", ""
        key = (field, cell if isinstance(cell, str) else (type(cell).__name__, str(cell)))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(field, cell)
        return found

    def _read(self, field: str, cell: Any) -> tuple[str, str]:
        kind = BY_NAME[field].kind
        notes: list[str] = []
        try:
            if kind == "text":
                return self._text(field, cell)
            if kind == "date":
                return _date_text(cells.read_date(cell)), ""
            if kind == "money":
                amount = cells.read_money(cell, notes)
                return _amount_text(amount), notes[0] if notes else ""
            if kind == "company":
                return self._company(cell)
            return self._flag(field, cell), ""
        except cells.CellError as error:
            return "", f"{error} Left blank."

    def _text(self, field: str, cell: Any) -> tuple[str, str]:
        text = cells.read_text(cell)
        if field != "description":
            text = " ".join(text.split())
        longest = BY_NAME[field].longest
        if longest and len(text) > longest:
            return text[
                : longest - 1
            ] + "…", f"The text has {len(text)} characters; the first {longest - 1} are kept."
        return text, ""

    def _company(self, cell: Any) -> tuple[str, str]:
        if normal(cell) in {"na", "none", "nil", "notapplicable", "unknown", "tbc"}:
            return "", ""
        return cells.read_company_number(cell), ""

    def _flag(self, field: str, cell: Any) -> str:
        if normal(cell) in {"na", "notapplicable"}:
            return ""
        answer = cells.read_tristate(cell, yes=SME_YES if field == "sme" else VCSE_YES)
        return "" if answer is None else "yes" if answer else "no"


def read_row(
    row_cells: Sequence[Any], columns: Mapping[str, int], headers: Sequence[Header], reader: CellReader
) -> tuple[dict[str, str], list[str]]:
    """Return (field -> text for every column in use, warnings that name the column and quote the cell)."""
    read: dict[str, str] = {}
    warnings: list[str] = []
    for field, index in columns.items():
        cell = row_cells[index] if index < len(row_cells) else None
        read[field], problem = reader.read(field, cell)
        if problem:
            warnings.append(f"{headers[index].text or 'Column ' + headers[index].letter}: {problem}")
    _settle_value(read)
    _settle_title(read)
    warnings += _look_at(read)
    return read, warnings


def _settle_value(read: dict[str, str]) -> None:
    """One value and what it is the value of, from the whole value or the annual one."""
    annual = read.pop("annual_value", None)
    if annual is None and "value" not in read:
        return
    whole = read.get("value", "")
    if annual and not whole:
        read["value"], read["value_basis"] = annual, "annual"
    else:
        read["value"] = whole
        if annual is not None:
            read["value_basis"] = ""


def _settle_title(read: dict[str, str]) -> None:
    """Without a title the description is the title."""
    if not read.get("title") and read.get("description"):
        read["title"] = title_of(read["description"])


def title_of(description: str) -> str:
    """Return the title a description gives where there is no other."""
    text = " ".join(description.split())
    return text if len(text) <= 500 else text[:499] + "…"


def _look_at(read: Mapping[str, str]) -> list[str]:
    found = []
    value = read.get("value")
    if value:
        amount = Decimal(value)
        if amount < 0:
            found.append(f"The value is below zero (−£{-amount:,.2f}). Kept as it is.")
        elif amount in PLACEHOLDERS:
            found.append(f"The value is £{amount:,.2f}, which often stands for “not known”. Kept as it is.")
    start, end, last = read.get("starts_on"), read.get("ends_on"), read.get("last_extension_to")
    if end and last and last < end:
        found.append(f"The latest possible end date {_said(last)} is before the end date {_said(end)}.")
    if start and end and end < start:
        found.append(f"The end date {_said(end)} is before the start date {_said(start)}.")
    supplier = read.get("supplier_text")
    if supplier and is_junk_supplier(supplier):
        found.append(f"“{supplier}” names no supplier: kept as text, no supplier linked.")
    return found


def _said(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _date_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount_text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def as_text(field: str, value: Any) -> str:
    """Return a contract's own value in the form rows are read in, for comparing."""
    if value is None or value == "":
        return ""
    if field in AMOUNTS:
        return f"{value:.2f}"
    if field in DATES:
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def from_text(field: str, text: str) -> Any:
    """Return the value a contract's column takes for a text as rows are read: the reverse of `as_text`."""
    if field in AMOUNTS:
        return Decimal(text) if text else None
    if field in DATES:
        return date.fromisoformat(text) if text else None
    return text


def hash_of(parts: Any) -> str:
    """Return a sha256 of anything JSON can say."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def row_hash(row_cells: Sequence[Any], heading_keys: Sequence[str]) -> str:
    """Return the hash of a whole row by heading: the order of columns and blank cells don't count."""
    return hash_of(
        sorted(
            [heading_keys[index], canonical(cell)] for index, cell in enumerate(row_cells) if cell is not None
        )
    )


def values_hash(read: Mapping[str, str]) -> str:
    """Return the hash of what is understood of a row: how its dates and amounts are written doesn't count."""
    return hash_of(sorted([name, text] for name, text in read.items() if text))
