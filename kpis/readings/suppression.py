"""Hiding small numbers of people, and as many other cells as it takes that nothing can be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

Cell = tuple[int, int]
HIDDEN_MARK = "Not shown"


def is_small(count: int | None) -> bool:
    """Return whether a count of people is not 0 and below the small number; below 0 as above it."""
    return count is not None and 0 < abs(count) < settings.SMALL_NUMBER


def suppressed(rows: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """Return a table of counts with its totals added as last column and last row, cells to hide as None.

    Small cells (and small totals) are hidden first; then others, the smallest possible, until no hidden cell
    can be worked out from the rest: every hidden cell lies on a ring of hidden cells. Show every None by the
    same mark: one that told which cells are the small ones would give them away.
    """
    if not rows:
        return []
    table = [[*row, sum(row)] for row in rows]
    table.append([sum(column) for column in zip(*table, strict=True)])
    hidden = {(r, c) for r, row in enumerate(table) for c, count in enumerate(row) if is_small(count)}
    while True:
        exposed = bridges(hidden)
        if not exposed:
            break
        hidden |= _ring(table, hidden, exposed[0])
    return [
        [None if (r, c) in hidden else count for c, count in enumerate(row)] for r, row in enumerate(table)
    ]


def bridges(hidden: set[Cell]) -> list[Cell]:
    """Return hidden cells that follow from the shown ones, in order.

    Think of rows and columns as places and of hidden cells as roads between them: each row and column gives
    one equation, and a cell follows from them exactly when no other way leads round it.
    """
    found = []
    for cell in sorted(hidden):
        start, goal = ("r", cell[0]), ("c", cell[1])
        reached, waiting = {start}, [start]
        while waiting:
            kind, index = waiting.pop()
            for r, c in hidden:
                if (r, c) == cell:
                    continue
                if kind == "r" and r == index:
                    other = ("c", c)
                elif kind == "c" and c == index:
                    other = ("r", r)
                else:
                    continue
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        if goal not in reached:
            found.append(cell)
    return found


def _ring(table: list[list[int]], hidden: set[Cell], cell: Cell) -> set[Cell]:
    """Return the three cells that, hidden too, put this cell on a ring at the least loss.

    Zeros are avoided (hiding one protects nothing), then the fewest new cells, inner ones before totals, and
    the smallest counts.
    """
    row, column = cell
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    best: tuple | None = None
    for r in range(len(table)):
        for c in range(len(table[0])):
            if r == row or c == column:
                continue
            ring = {(row, c), (r, column), (r, c)}
            new = ring - hidden
            zeros = sum(table[a][b] == 0 for a, b in new)
            totals = sum((a == last_row) + (b == last_column) for a, b in new)
            loss = (zeros, len(new), totals, sum(table[a][b] for a, b in new), r, c)
            if best is None or loss < best[0]:
                best = (loss, ring)
    # The totals make every table two by two at least, so there is always a ring.
    assert best is not None
    return best[1]
