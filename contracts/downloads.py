"""The list of contracts as a file."""

from collections.abc import Callable

from django.http import HttpResponseBase

from accounts.calendar import today
from contracts.models import Contract
from contracts.models.contract import ContractQuerySet
from govuk.formats import day
from spreadsheets.writing import csv_response, xlsx_response

# Header, kind of column, what stands in it.
COLUMNS: tuple[tuple[str, str, Callable[[Contract], object]], ...] = (
    ("Number", "whole", lambda one: one.number),
    ("Reference", "text", lambda one: one.reference),
    ("Title", "text", lambda one: one.title),
    ("Supplier", "text", lambda one: one.supplier_names),
    ("Directorate", "text", lambda one: one.directorate),
    ("Department", "text", lambda one: one.department),
    ("Category", "text", lambda one: one.category),
    ("Stage", "text", lambda one: one.get_stage_display()),
    ("Commissioner", "text", lambda one: one.commissioner),
    ("Contract manager", "text", lambda one: one.manager),
    ("Start date", "date", lambda one: one.starts_on),
    ("End date", "date", lambda one: one.ends_on),
    ("Extended to", "date", lambda one: one.extended_to),
    ("Review date", "date", lambda one: one.review_on),
    ("Value (£)", "money", lambda one: one.value),
    ("Value is for", "text", lambda one: one.get_value_basis_display() if one.value is not None else ""),
    ("Department in the register", "text", lambda one: one.directorate_text),
)


def as_file(contracts: ContractQuerySet, kind: str) -> HttpResponseBase:
    """Return every contract of the list as "csv" or "xlsx"."""
    headers = [header for header, _, _ in COLUMNS]
    rows = (
        [cell(contract) for _, _, cell in COLUMNS]
        for contract in contracts.with_suppliers().iterator(chunk_size=500)
    )
    name = f"Contracts {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, rows)
    kinds = [column for _, column, _ in COLUMNS]
    return xlsx_response(name, "Contracts", headers, rows, kinds=kinds, notes=[f"As at {day(today())}."])
