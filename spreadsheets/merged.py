"""What a cell merged over several rows says in each of them."""

from __future__ import annotations

from collections.abc import Collection

from spreadsheets.reading import Table
from spreadsheets.workbooks import Cell


def spread_down(table: Table, columns: Collection[int]) -> list[list[Cell]]:
    """Return the cells of every row; in these columns a merged cell stands in each row that it spans."""
    at = {row.number: position for position, row in enumerate(table.rows)}
    cells: list[list[Cell]] = [list(row.cells) for row in table.rows]
    for top, left, bottom, _right in table.merges:
        if bottom == top or left not in columns or top not in at:
            continue
        for number in range(top + 1, bottom + 1):
            if number in at and cells[at[number]][left] is None:
                cells[at[number]][left] = cells[at[top]][left]
    return cells
