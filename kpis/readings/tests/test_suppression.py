"""Small numbers: hidden, and nothing hidden can be worked out from what is shown."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.readings.suppression import suppressed

tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def worked_out(table, shown):
    """Return hidden cells that linear algebra over rows and columns gives away."""
    hidden = [(r, c) for r, row in enumerate(shown) for c, cell in enumerate(row) if cell is None]
    lines = [[cell for cell in hidden if cell[0] == r] for r in range(len(shown))]
    lines += [[cell for cell in hidden if cell[1] == c] for c in range(len(shown[0]))]
    equations = [[Fraction(cell in line) for cell in hidden] for line in lines if line]
    pivot = 0
    for column in range(len(hidden)):
        row = next((i for i in range(pivot, len(equations)) if equations[i][column]), None)
        if row is None:
            continue
        equations[pivot], equations[row] = equations[row], equations[pivot]
        equations[pivot] = [x / equations[pivot][column] for x in equations[pivot]]
        for other in range(len(equations)):
            if other != pivot and equations[other][column]:
                factor = equations[other][column]
                equations[other] = [
                    x - factor * y for x, y in zip(equations[other], equations[pivot], strict=True)
                ]
        pivot += 1
    return [
        hidden[next(i for i, x in enumerate(row) if x)] for row in equations if sum(1 for x in row if x) == 1
    ]


@settings(deadline=None)
@given(tables)
def test_no_small_cell_is_shown_or_can_be_worked_out(table):
    shown = suppressed(table)
    whole = [[*row, sum(row)] for row in table]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    for r, row in enumerate(whole):
        for c, count in enumerate(row):
            assert shown[r][c] in (None, count)
            if 0 < count < 5:
                assert shown[r][c] is None
    assert worked_out(whole, shown) == []


@given(tables)
def test_a_table_without_small_cells_is_shown_whole(table):
    large = [[count * 5 for count in row] for row in table]
    assert all(cell is not None for row in suppressed(large) for cell in row)


def test_one_small_cell_takes_a_second_one_with_it():
    assert suppressed([[3, 20, 9]])[0] == [None, 20, None, 32]


def test_a_table_without_rows_stays_empty():
    assert suppressed([]) == []
