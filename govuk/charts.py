"""Draws pictures on the server: bars per month, sparks, ranges and small multiples, each with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from govuk import formats
from govuk.pictures import (
    Bar,
    BarTrend,
    DotRange,
    Frame,
    Label,
    Line,
    Multiple,
    Point,
    Range,
    RangeRow,
    SmallMultiples,
    SparkBars,
    Table,
)
from govuk.scale import ZERO, Scale, nice_scale, place

__all__ = ["Point", "Range", "bar_trend", "dot_range", "small_multiples", "spark_bars"]


def written(value: Decimal | None, unit: str = "") -> str:
    """Return a value with its unit as the picture writes it; "no figure" for None."""
    if value is None:
        return "no figure"
    if unit == "£":
        return formats.money_short(value)
    return f"{formats.figure(value)}%" if unit == "%" else formats.with_unit(value, unit)


def bare(value: Decimal | None, unit: str) -> str:
    """Return a value as the axis and the table write it, the unit standing in the header."""
    if value is None:
        return ""
    return written(value, unit if unit in ("£", "%") else "")


def bars_of(
    points: Sequence[Point],
    scale: Scale,
    frame: Frame,
    unit: str,
    open_last: bool = False,
    offset: Decimal = ZERO,
    fill: Decimal = Decimal("0.66"),
    second: bool = False,
) -> tuple[Bar, ...]:
    """Return a bar for each point, from nought; offset and fill are shares of a month's place."""
    slot = Decimal(frame.width - frame.left - frame.right) / max(len(points), 1)
    zero = frame.y(scale.share(ZERO))
    found = []
    for index, point in enumerate(points):
        start = frame.left + slot * index
        top = frame.y(scale.share(point.value)) if point.value is not None else zero
        found.append(
            Bar(
                x=place(start + slot * (offset or (1 - fill) / 2)),
                y=place(min(top, zero)),
                width=place(slot * fill),
                height=place(abs(zero - top)),
                middle=place(start + slot / 2),
                words=f"{point.label}: {written(point.value, unit)}",
                open=open_last and index == len(points) - 1,
                second=second,
                drawn=point.value is not None,
            )
        )
    return tuple(found)


def path_of(points: Sequence[Point], scale: Scale, frame: Frame, slots: int) -> str:
    """Return the path of a target: level across each month, broken where there is none."""
    slot = Decimal(frame.width - frame.left - frame.right) / max(slots, 1)
    steps: list[str] = []
    gap = True
    for index, point in enumerate(points[:slots]):
        if point.value is None:
            gap = True
            continue
        y = place(frame.y(scale.share(point.value)))
        start, end = place(frame.left + slot * index), place(frame.left + slot * (index + 1))
        steps.append(f"{'M' if gap else 'L'}{start} {y}L{end} {y}")
        gap = False
    return "".join(steps)


def level(scale: Scale, frame: Frame, value: Decimal) -> Line:
    """Return a line across the drawing at that value."""
    y = place(frame.y(scale.share(value)))
    return Line(place(frame.x(ZERO)), y, place(frame.x(Decimal(1))), y)


def values_of(*series: Sequence[Point]) -> list[Decimal]:
    """Return the values there are in all the series, nought when there is none."""
    return [point.value for points in series for point in points if point.value is not None] or [ZERO]


def last_figure(points: Sequence[Point]) -> tuple[int, Point] | None:
    """Return the last point that has a figure, with its place."""
    return next(((i, points[i]) for i in range(len(points) - 1, -1, -1) if points[i].value is not None), None)


def spark_bars(
    values: Sequence[Decimal | None],
    target: Decimal | None = None,
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    open_last: bool = False,
    key: str = "",
) -> SparkBars:
    """Return the last twelve values as small bars, with the target as a line across them."""
    frame = Frame(132, 40, 1, 3, 3, 2)
    points = [Point(str(index + 1), value) for index, value in enumerate(values[-12:])]
    seen = values_of(points) + ([target] if target is not None else [])
    scale = nice_scale(min(seen), max(seen))
    shown = ", ".join(written(point.value, unit) for point in points)
    return SparkBars(
        title=title,
        desc=desc or (f"From first to last: {shown}." if points else "No figures yet."),
        frame=frame,
        table=Table(("", unit), tuple((point.label, bare(point.value, unit)) for point in points)),
        key=key,
        bars=bars_of(points, scale, frame, unit, open_last),
        target=level(scale, frame, target) if target is not None else None,
    )


def bar_trend(
    points: Sequence[Point],
    target_points: Sequence[Point] = (),
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    open_last: bool = False,
    first_label: str = "",
    second: Sequence[Point] = (),
    second_label: str = "",
    key: str = "",
) -> BarTrend:
    """Return bars per month against the target to date; open_last hatches a month still open."""
    frame = Frame(640, 270, 62, 74 if target_points else 24, 26, 32)
    seen = values_of(points, target_points, second)
    scale = nice_scale(min(seen), max(seen), whole=all(value % 1 == 0 for value in seen))
    slot = Decimal(frame.width - frame.left - frame.right) / max(len(points), 1)
    if second:
        bars = bars_of(points, scale, frame, unit, open_last, Decimal("0.12"), Decimal("0.37"))
        bars += bars_of(second, scale, frame, unit, False, Decimal("0.51"), Decimal("0.37"), True)
    else:
        bars = bars_of(points, scale, frame, unit, open_last)
    last = last_figure(points)
    value_label = None
    if last is not None:
        index, point = last
        y = frame.y(scale.share(max(point.value or ZERO, ZERO))) - 7
        x = frame.left + slot * index + slot * (Decimal("0.305") if second else Decimal("0.5"))
        value_label = Label(place(x), place(y), bare(point.value, unit), True)
    target_end = last_figure(list(target_points)[: len(points)])
    target_label = None
    if target_end is not None:
        index, point = target_end
        x = frame.left + slot * (index + 1) + 5
        y = frame.y(scale.share(point.value or ZERO)) + 4
        target_label = Label(place(x), place(y), f"Target {bare(point.value, unit)}")
    every = 2 if len(points) > 14 else 1
    targets = {point.label: point.value for point in target_points}
    seconds = {point.label: point.value for point in second}
    head = f"Reported ({unit})" if unit and unit not in ("£", "%") else "Reported"
    headers = (
        "Month",
        first_label or head,
        *((second_label,) if second else ()),
        *(("Target",) if targets else ()),
    )
    rows = tuple(
        (
            point.label,
            bare(point.value, unit),
            *((bare(seconds.get(point.label), unit),) if second else ()),
            *((bare(targets.get(point.label), unit),) if targets else ()),
        )
        for point in points
    )
    last_words = ""
    if last is not None:
        last_words = last[1].label
        if targets.get(last[1].label) is not None:
            last_words += f", target {written(targets[last[1].label], unit)}"
    return BarTrend(
        title=title,
        desc=desc or title,
        frame=frame,
        table=Table(headers, rows),
        key=key,
        bars=bars,
        target_path=path_of(target_points, scale, frame, len(points)),
        target_label=target_label,
        grid=tuple(level(scale, frame, tick) for tick in scale.ticks if tick != 0),
        base=level(scale, frame, ZERO),
        tick_labels=tuple(
            Label(str(frame.left - 8), place(frame.y(scale.share(tick)) + 4), bare(tick, unit))
            for tick in scale.ticks
        ),
        month_labels=tuple(
            Label(place(frame.left + slot * i + slot / 2), str(frame.height - frame.bottom + 20), point.label)
            for i, point in enumerate(points)
            if i % every == 0
        ),
        value_label=value_label,
        open_last=open_last,
        first_label=first_label,
        second_label=second_label if second else "",
        spark=spark_bars(
            [point.value for point in points],
            target_end[1].value if target_end else None,
            title=title,
            desc=desc,
            unit=unit,
            open_last=open_last,
            key=key + "narrow",
        ),
        last_value=written(last[1].value, unit) if last else "No figures yet",
        last_words=last_words,
    )


def dot_range(
    ranges: Sequence[Range], *, title: str, desc: str = "", unit: str = "", key: str = ""
) -> DotRange:
    """Return a row for each value: a dot, the range it may lie in, and the words above it."""
    frame = Frame(640, 24, 16, 16, 0, 0)
    values = [v for item in ranges for v in (item.low, item.mid, item.high) if v is not None] or [ZERO]
    scale = nice_scale(min(values), max(values))

    def across(value: Decimal | None) -> str:
        return "" if value is None else place(frame.x(scale.share(value)))

    rows = []
    for item in ranges:
        words = written(item.mid, unit)
        ranged = item.low is not None and item.high is not None
        if ranged:
            words += f" ({written(item.low, unit)} to {written(item.high, unit)})"
        ends = (across(item.low), across(item.high)) if ranged else ("", "")
        rows.append(RangeRow(item.label, words, ends[0], ends[1], across(item.mid)))
    return DotRange(
        title=title,
        desc=desc or title,
        frame=frame,
        table=Table(
            ("", "Least", "Value", "Most"),
            tuple((r.label, bare(r.low, unit), bare(r.mid, unit), bare(r.high, unit)) for r in ranges),
        ),
        key=key,
        rows=tuple(rows),
        ticks=tuple(across(tick) for tick in scale.ticks),
        tick_texts=tuple(bare(tick, unit) for tick in scale.ticks),
    )


def small_multiples(
    series: Sequence[tuple[str, Sequence[Point]]],
    target_points: Sequence[Point] | None = None,
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    open_last: bool = False,
    key: str = "",
) -> SmallMultiples:
    """Return a small picture for each name, all on the one scale that holds them all."""
    frame = Frame(240, 96, 2, 6, 6, 20)
    targets = list(target_points or ())
    seen = values_of(targets, *(points for _, points in series))
    scale = nice_scale(min(seen), max(seen))
    parts = []
    for name, points in series:
        last = last_figure(points)
        foot = str(frame.height - 5)
        ends: tuple[Label, ...] = ()
        if points:
            ends = (
                Label(str(frame.left), foot, points[0].label),
                Label(str(frame.width - frame.right), foot, points[-1].label),
            )
        parts.append(
            Multiple(
                name=name,
                last=written(last[1].value, unit) if last else "no figure",
                bars=bars_of(points, scale, frame, unit, open_last),
                target_path=path_of(targets, scale, frame, len(points)),
                base=level(scale, frame, ZERO),
                labels=ends,
            )
        )
    longest = max((points for _, points in series), key=len, default=())
    by_name = [(name, {point.label: point.value for point in points}) for name, points in series]
    return SmallMultiples(
        title=title,
        desc=desc or title,
        frame=frame,
        table=Table(
            ("Month", *(name for name, _ in by_name)),
            tuple(
                (point.label, *(bare(values.get(point.label), unit) for _, values in by_name))
                for point in longest
            ),
        ),
        key=key,
        parts=tuple(parts),
    )
