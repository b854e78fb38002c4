"""How a £ is worked out: the lines of the arithmetic by measure and proxy, as pages and files show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from govuk import formats
from kpis.valuation.worth import (
    STREAM_WORDS,
    FourFigures,
    Line,
    MeasureFacts,
    Money,
    ProxyFacts,
    Unpriced,
    Worth,
    summed,
)

FIGURE_WORDS = {
    "committed": "Committed",
    "due": "Due",
    "reported": "Reported",
    "verified": "Verified",
}


@dataclass
class Figure:
    """The lines behind one of the four figures, and what they come to."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return "Committed"."""
        return FIGURE_WORDS[self.name]

    @property
    def total(self) -> Money:
        """Return the lines added up, exact."""
        return summed(line.money for line in self.lines) or Money()


@dataclass
class ProxyPart:
    """One £ value and the figures it makes."""

    proxy: ProxyFacts
    # Tied to a group of people: in no total.
    apart: bool = False
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the address of the £ value's page; "" where there is none."""
        try:
            return reverse("kpis:proxy-page", args=[self.proxy.measure_id, self.proxy.pk])
        except NoReverseMatch:
            return ""

    @property
    def stream(self) -> str:
        """Return "Additional social value" or "Local economic value"."""
        return STREAM_WORDS[self.proxy.stream]

    @property
    def rows(self) -> list[Figure]:
        """Return the figures in their order."""
        return [self.figures[name] for name in FourFigures.NAMES if name in self.figures]

    @property
    def is_adjusted(self) -> bool:
        """Return whether the council's shares change the value."""
        return self.proxy.factor != 1

    @property
    def has_harm(self) -> bool:
        """Return whether units count as a harm, with the minus sign."""
        return any(line.is_harm for one in self.figures.values() for line in one.lines)


@dataclass
class MeasurePart:
    """One measure with the £ values its figures are worked out by."""

    measure: MeasureFacts
    parts: dict[tuple, ProxyPart] = field(default_factory=dict)

    @property
    def proxies(self) -> list[ProxyPart]:
        """Return the parts in reading order."""
        return list(self.parts.values())


def working(four: FourFigures | Worth, *, sees_guarded: bool = False) -> list[MeasurePart]:
    """Return the working of each £, by edition and code.

    Lines about groups of people only where they may be seen, and then marked.
    """
    if isinstance(four, Worth):
        four = FourFigures(committed=four)
    found: dict[int, MeasurePart] = {}
    for name, worth in four.named:
        for line in (*worth.lines, *(worth.guarded if sees_guarded else ())):
            measure = found.setdefault(line.measure.pk, MeasurePart(line.measure))
            part = measure.parts.setdefault(
                (line.proxy.pk, line.guarded), ProxyPart(line.proxy, line.guarded)
            )
            part.figures.setdefault(name, Figure(name)).lines.append(line)
    return sorted(found.values(), key=lambda one: (one.measure.edition, one.measure.code, one.measure.pk))


HEADERS = (
    "Figure", "Counts as", "Edition", "Code", "Measure", "£ value used", "In prices of", "Area", "Source",
    "Year of the units", "Unit", "Units", "£ per unit", "£ per unit, low", "£ per unit, high",
    "Counted after the council's shares (factor)", "Sign", "£ (exact)", "£ low (exact)", "£ high (exact)",
    "In the totals", "Why it has no £",
)  # fmt: skip


def working_rows(four: FourFigures, *, sees_guarded: bool = False) -> list[tuple]:
    """Return the working as rows of a file, a line of the arithmetic each, then what has no £ and why."""
    rows = []
    for name, worth in four.named:
        for line in (*worth.lines, *(worth.guarded if sees_guarded else ())):
            rows.append(_row(name, line))
        rows += [_unpriced_row(name, one) for one in worth.unpriced]
    return rows


def _row(name: str, line: Line) -> tuple:
    return (
        FIGURE_WORDS[name], STREAM_WORDS[line.stream], line.measure.edition, line.measure.code,
        line.measure.title, line.proxy.name, line.proxy.price_year, line.proxy.geography, line.proxy.source,
        line.year, line.measure.unit, line.units, line.value.value, line.value.low, line.value.high,
        line.proxy.factor, "minus: a harm" if line.is_harm else "plus", line.money.central, line.money.low,
        line.money.high, "no: about a group of people" if line.guarded else "yes", None,
    )  # fmt: skip


def _unpriced_row(name: str, one: Unpriced) -> tuple:
    blank = (None,) * 4
    return (
        FIGURE_WORDS[name], None, one.measure.edition, one.measure.code, one.measure.title, *blank,
        one.year, one.measure.unit, one.units, *blank[:3], None, None, None, None, None, "no",
        f"{formats.plural(one.kpis, 'KPI')}: {one.reason}",
    )  # fmt: skip


def in_words(unpriced: Iterable[Unpriced]) -> list[str]:
    """Return each in a sentence without a full stop, those with most KPIs first."""
    return [one.words for one in sorted(unpriced, key=lambda one: (-one.kpis, one.measure.code))]


def without_pounds(worth: Worth) -> str:
    """Return how many of the KPIs carry no £ value, as a sentence; "" where there are no KPIs."""
    if not worth.kpis:
        return ""
    rest = worth.unpriced_kpis
    if not rest:
        return f"All {formats.plural(worth.kpis, 'KPI')} in force have a £ value."
    verb = "carries" if rest == 1 else "carry"
    return (
        f"{formats.plural(rest, 'KPI')} of the {formats.figure(worth.kpis)} in force {verb} no £ value: "
        "they are counted, not priced."
    )


def editions_sentence(editions: Sequence[str]) -> str:
    """Return which editions the £ come from, where they come from more than one."""
    if len(editions) < 2:
        return ""
    return (
        f"The £ are added up over measures of {len(editions)} editions: {'; '.join(editions)}. "
        "Measures of different editions are never compared with each other."
    )
