"""Which columns of £ are the £ of one unit, and which are a bidder's: units times proxy, totals."""

from __future__ import annotations

import re

from kpis.measure_imports.cells import NO_VALUE, is_range, read_pounds, split_range
from kpis.measure_imports.fields import (
    FAMILY,
    PRODUCTS,
    STREAMS,
    TARGET_KEYS,
    TARGET_WORDS,
    VALUE_KEYS,
)
from spreadsheets.mapping import Header, normal
from spreadsheets.reading import Table
from spreadsheets.values import CellError, read_text

# In how many rows one £ must be another times a quantity: in one it may be so by chance.
ROWS_THAT_SHOW_IT = 2
_YEAR_OF_PRICES = re.compile(r"(19|20)[0-9]{2}([0-9]{2})?|prices?|gbp")


def unit_amounts(table: Table, taken: set[int]) -> list[int]:
    """Return the columns that hold the £ of one unit, in the order of the table; `taken` are others'."""
    found = [
        header
        for header in table.headers
        if header.index not in taken and _is_value(header) and _holds_amounts(table, header.index)
    ]
    quantities = [header for header in table.headers if is_target(header)]
    sure = [header for header in found if _bare(header) not in PRODUCTS]
    together = len({word for header in found if (word := _of_family(header))}) > 1
    if sure or quantities:
        found = [
            header for header in found if header in sure or _stays(header, bool(sure), together, quantities)
        ]
    return [header.index for header in found if not _is_product(table, header.index, found, quantities)]


def _stays(header: Header, beside_sure: bool, together: bool, quantities: list[Header]) -> bool:
    """Return whether a heading that may be a product is the £ of one unit all the same."""
    bare = _bare(header)
    if _of_family(header):
        return together
    if beside_sure:
        return bare == "cost" and not quantities
    return bare not in STREAMS


def _of_family(header: Header) -> str:
    """Return which of the family a heading that may be a product says, "" for none."""
    bare = _bare(header)
    return next((word for word in FAMILY if bare in PRODUCTS and bare.startswith(word)), "")


def is_target(header: Header) -> bool:
    """Return whether a heading says targets, or what a bidder offers."""
    return header.key in TARGET_KEYS or any(word in header.key for word in TARGET_WORDS)


def is_left_out(header: Header) -> bool:
    """Return whether a heading says targets, £ or totals of £: worth a word where nothing is read from it."""
    return is_target(header) or is_total(header) or _is_value(header)


def is_total(header: Header) -> bool:
    """Return whether a heading says that a column adds up or multiplies out."""
    return "total" in header.key or header.key.startswith("sumof")


def _bare(header: Header) -> str:
    """Return a heading as compared, without words such as prices of a year."""
    return _YEAR_OF_PRICES.sub("", header.key) or header.key


def _is_value(header: Header) -> bool:
    return not is_total(header) and (header.key in VALUE_KEYS or _bare(header) in VALUE_KEYS)


def _holds_amounts(table: Table, index: int) -> bool:
    """Return whether most filled cells of a column are amounts or say that there is none."""
    good = filled = 0
    for row in table.rows:
        cell = row.cells[index]
        if cell is None:
            continue
        filled += 1
        text = read_text(cell)
        try:
            good += normal(text) in NO_VALUE or read_pounds(split_range(cell)[0]).value is not None
        except CellError:
            good += is_range(cell)
    return not filled or good >= filled / 2


def _is_product(table: Table, index: int, values: list[Header], quantities: list[Header]) -> bool:
    """Return whether a column is another £ times a quantity, in every row that has all three of them."""
    for other in values:
        for quantity in quantities:
            if other.index == index or quantity.index == index:
                continue
            checked = 0
            for row in table.rows:
                try:
                    all_three = [
                        read_pounds(row.cells[at]).value for at in (index, other.index, quantity.index)
                    ]
                except CellError:
                    continue
                product, one, units = all_three
                if not product or not one or units is None or units == 1:
                    continue
                if abs(product - one * units) > abs(product) / 1000:
                    break
                checked += 1
            else:
                if checked >= ROWS_THAT_SHOW_IT:
                    return True
    return False
