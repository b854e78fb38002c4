"""What a picture is made of: points in, places and words out, as its template wants them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Point:
    """A month (or another label) and its value; None is no figure, never nought."""

    label: str
    value: Decimal | None


@dataclass(frozen=True)
class Range:
    """A value with the least and the most it may be; None throughout is no figure."""

    label: str
    low: Decimal | None
    mid: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Bar:
    """One rectangle, with the middle of its place for what is written under it."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    words: str
    open: bool = False
    second: bool = False
    drawn: bool = True


@dataclass(frozen=True)
class Label:
    """Words at a place."""

    x: str
    y: str
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Line:
    """A straight line from one place to another."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Frame:
    """The paper: its size and the margins around the drawing, in the picture's own units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, share: Decimal) -> Decimal:
        """Return the place across for a share between 0 and 1."""
        return self.left + share * (self.width - self.left - self.right)

    def y(self, share: Decimal) -> Decimal:
        """Return the place down for a share between 0 (foot) and 1 (top)."""
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)


@dataclass(frozen=True)
class Table:
    """The figures of a picture, ready as text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """What every picture carries; `key` keeps the ids of two alike pictures on one page apart."""

    title: str
    desc: str
    frame: Frame
    table: Table
    key: str = ""

    @property
    def id(self) -> str:
        """Return an id that is the same at each drawing and differs between pictures."""
        text = repr((self.title, self.desc, self.table, self.key, type(self).__name__))
        return "chart-" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True)
class SparkBars(Picture):
    """The last values as small bars without an axis."""

    bars: tuple[Bar, ...] = ()
    target: Line | None = None
    template_name: str = field(default="govuk/charts/spark_bars.html", init=False)


@dataclass(frozen=True)
class BarTrend(Picture):
    """Bars per month with the target to date as a dashed line; on a phone a spark and the last figure."""

    bars: tuple[Bar, ...] = ()
    target_path: str = ""
    target_label: Label | None = None
    grid: tuple[Line, ...] = ()
    base: Line | None = None
    tick_labels: tuple[Label, ...] = ()
    month_labels: tuple[Label, ...] = ()
    value_label: Label | None = None
    open_last: bool = False
    second_label: str = ""
    first_label: str = ""
    spark: SparkBars | None = None
    last_value: str = ""
    last_words: str = ""
    template_name: str = field(default="govuk/charts/bar_trend.html", init=False)


@dataclass(frozen=True)
class RangeRow:
    """One row of a dot picture: words, the range's ends and the dot, "" for none."""

    label: str
    words: str
    start: str
    end: str
    dot: str


@dataclass(frozen=True)
class DotRange(Picture):
    """A dot for each value on the range it may lie in; the words stay readable on a phone."""

    rows: tuple[RangeRow, ...] = ()
    ticks: tuple[str, ...] = ()
    tick_texts: tuple[str, ...] = ()
    template_name: str = field(default="govuk/charts/dot_range.html", init=False)


@dataclass(frozen=True)
class Multiple:
    """One of several small pictures on one scale."""

    name: str
    last: str
    bars: tuple[Bar, ...]
    target_path: str
    base: Line
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class SmallMultiples(Picture):
    """The same small picture for each directorate, all on one scale."""

    parts: tuple[Multiple, ...] = ()
    template_name: str = field(default="govuk/charts/small_multiples.html", init=False)
