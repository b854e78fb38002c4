"""Pictures of the measures that want attention most; each title says what the picture shows."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from govuk import charts
from kpis.library.models import Direction
from reporting.queries.figures import in_full
from reporting.queries.measures import MeasureRow


def trend(row: MeasureRow):
    """Return bars for the last twelve months of one measure, with each month's target where it has one."""
    points = [
        charts.Point(label, rounded(value) if row.measure.is_percentage else value)
        for label, value in row.values
    ]
    targets = [charts.Point(label, rounded(value)) for label, value in row.due_values]
    if not any(point.value for point in targets):
        targets = []
    return charts.bar_trend(
        points,
        targets,
        title=finding(row),
        desc=described(row),
        unit=row.unit,
        open_last=row.is_open and points[-1].value is not None,
        key=f"trend-{row.measure.pk}",
    )


def rounded(value: Decimal | None) -> Decimal | None:
    """Return a target as a picture can write it: whole above 100, else to one place."""
    if value is None:
        return None
    return value.quantize(Decimal(1) if abs(value) >= 100 else Decimal("0.1"), rounding=ROUND_HALF_UP)


def finding(row: MeasureRow) -> str:
    """Return what the picture shows, as a sentence for its title."""
    recent = [
        (value, due)
        for (_, value), (_, due) in zip(row.values, row.due_values, strict=False)
        if value is not None and due
    ]
    title = row.title
    if recent:
        lower = row.measure.direction == Direction.LOWER
        met = sum(value <= due if lower else value >= due for value, due in recent)
        goal = "within its target" if lower else "at or above its target"
        return f"{title}: {goal} in {met} of the last {len(recent)} months"
    values = [value for _, value in row.values if value is not None]
    if len(values) < 2 or values[0] == values[-1]:
        return f"{title}: {in_full(row.measure, values[-1]) if values else 'no figures yet'}"
    word = "up" if values[-1] > values[0] else "down"
    return f"{title}: {word} from {in_full(row.measure, values[0])} to {in_full(row.measure, values[-1])}"


def described(row: MeasureRow) -> str:
    """Return the picture in words for those who can't see it."""
    values: list[tuple[str, Decimal]] = [(label, value) for label, value in row.values if value is not None]
    if not values:
        return "No figures are in."
    least, most = min(values, key=lambda v: v[1]), max(values, key=lambda v: v[1])
    return (
        f"Reported by month from {values[0][0]} to {values[-1][0]}: lowest {in_full(row.measure, least[1])} "
        f"in {least[0]}, highest {in_full(row.measure, most[1])} in {most[0]}."
    )
