"""What a report's promises and figures are worth in £: the block of four figures, and a row's own £."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from govuk import charts, formats
from kpis.models import KPITerms, Reading
from kpis.valuation.questions import four_by, four_figures
from kpis.valuation.working import FIGURE_WORDS, editions_sentence, in_words, without_pounds
from kpis.valuation.worth import STREAM_WORDS, STREAMS, FourFigures, Money, Worth, summed
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

NAMES = FourFigures.NAMES


def _asked(
    scope: Scope, period: Period, measures: Iterable[int] | None
) -> tuple[QuerySet[KPITerms], QuerySet[Reading]]:
    terms = scope.terms_in_force(period.month)
    readings = scope.readings().filter(period.holds())
    if measures is not None:
        keys = list(measures)
        terms, readings = terms.filter(kpi__measure__in=keys), readings.filter(measure__in=keys)
    return terms, readings


def worth_of_scope(scope: Scope, period: Period, measures: Iterable[int] | None = None) -> FourFigures:
    """Return the four figures of a scope: eleven queries, however many contracts.

    Committed is for the whole lives of the KPIs in force in the period's month; the others are of the months
    of the period. `measures` keeps some measures only.
    """
    return four_figures(*_asked(scope, period, measures))


def worth_by(
    scope: Scope, period: Period, by: str, measures: Iterable[int] | None = None
) -> dict[int, FourFigures]:
    """Return the four figures for each "contract", "directorate" or "kpi" of a scope: eleven queries."""
    return {key[0]: four for key, four in four_by(*_asked(scope, period, measures), by=[by]).items()}


@dataclass(frozen=True)
class Pounds:
    """One £ of a row: which kind of value, how much."""

    stream: str
    money: Money

    @property
    def words(self) -> str:
        """Return "Local economic value"."""
        return STREAM_WORDS[self.stream]


@dataclass(frozen=True)
class RowWorth:
    """The £ beside the four figures of one row, as one person may see them."""

    four: FourFigures
    sees_guarded: bool = False

    def of(self, name: str, stream: str) -> Money | None:
        """Return one figure of one stream; about a group of people only where that may be seen."""
        worth: Worth = getattr(self.four, name)
        apart = worth.guarded if self.sees_guarded else ()
        return summed(line.money for line in (*worth.lines, *apart) if line.stream == stream)

    def _pounds(self, name: str) -> tuple[Pounds, ...]:
        found = ((stream, self.of(name, stream)) for stream in STREAMS)
        return tuple(Pounds(stream, money) for stream, money in found if money is not None)

    @property
    def committed(self) -> tuple[Pounds, ...]:
        """Return the £ of what is committed, one for each stream there is."""
        return self._pounds("committed")

    @property
    def due(self) -> tuple[Pounds, ...]:
        """Return the £ of what is due."""
        return self._pounds("due")

    @property
    def reported(self) -> tuple[Pounds, ...]:
        """Return the £ of what was reported."""
        return self._pounds("reported")

    @property
    def verified(self) -> tuple[Pounds, ...]:
        """Return the £ of what was verified."""
        return self._pounds("verified")

    @property
    def is_apart(self) -> bool:
        """Return whether some of it is about a group of people and stands in no total."""
        return self.sees_guarded and any(worth.guarded for _, worth in self.four.named)

    @property
    def has_pounds(self) -> bool:
        """Return whether there is any £ to show."""
        return any((self.committed, self.due, self.reported, self.verified))

    @property
    def cells(self) -> list[Decimal | None]:
        """Return a file's cells: for each stream and figure the £, the low and the high, to the penny."""
        found: list[Decimal | None] = []
        for stream in STREAMS:
            for name in NAMES:
                money = self.of(name, stream)
                found += money.cells if money else (None, None, None)
        return found


def pounds_headers() -> list[str]:
    """Return the headers of `RowWorth.cells`."""
    short = {"social": "social value", "local": "local economic value"}
    return [
        f"{FIGURE_WORDS[name]}, {short[stream]} (£{end})"
        for stream in STREAMS
        for name in NAMES
        for end in ("", ", low", ", high")
    ]


NO_POUNDS = RowWorth(FourFigures())


@dataclass(frozen=True)
class StreamBlock:
    """One stream's four figures, each with its range, as a picture and as rows."""

    stream: str
    rows: tuple[tuple[str, Money | None], ...]
    apart: tuple[tuple[str, Money | None], ...]
    key: str

    @property
    def words(self) -> str:
        """Return "Additional social value"."""
        return STREAM_WORDS[self.stream]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing of this stream has a £."""
        return all(money is None for _, money in (*self.rows, *self.apart))

    @property
    def apart_words(self) -> list[str]:
        """Return "Committed: £3,200 more" for what is about groups of people."""
        return [
            f"{FIGURE_WORDS[name]}: {money.shown} more" for name, money in self.apart if money is not None
        ]

    @property
    def chart(self):
        """Return the dots with their ranges; None where there is nothing to draw."""
        if all(money is None for _, money in self.rows):
            return None
        return charts.dot_range(
            [
                charts.Range(FIGURE_WORDS[name], *(_ends(money) if money else (None, None, None)))
                for name, money in self.rows
            ],
            title=self._title,
            unit="£",
            key=self.key,
        )

    @property
    def _title(self) -> str:
        found = dict(self.rows)
        committed, reported = found["committed"], found["reported"]
        if committed is None:
            return f"{self.words}: {reported.shown} reported" if reported else self.words
        return (
            f"{self.words}: {committed.shown} committed, {reported.shown if reported else 'nothing'} reported"
        )


def _ends(money: Money) -> tuple[Decimal, Decimal, Decimal]:
    """Return low, central and high in whole pounds: a picture shows no more."""
    return tuple(  # type: ignore[return-value]
        each.quantize(Decimal(1), rounding=ROUND_HALF_UP) for each in (money.low, money.central, money.high)
    )


@dataclass(frozen=True)
class WorthBlock:
    """What a report says of £: both streams apart, what has no £ and what is kept apart."""

    four: FourFigures
    streams: tuple[StreamBlock, ...]
    sees_small_numbers: bool
    period_words: str = ""
    url: str = ""

    @property
    def measure_url(self) -> str:
        """Return the address of one measure's workings, but for its key at the end."""
        return f"{self.url}{'&' if '?' in self.url else '?'}measure="

    @property
    def has_pounds(self) -> bool:
        """Return whether anything has a £."""
        return any(not one.is_empty for one in self.streams)

    @property
    def shown(self) -> list[StreamBlock]:
        """Return the streams with something in them."""
        return [one for one in self.streams if not one.is_empty]

    @property
    def without(self) -> str:
        """Return how many KPIs carry no £ value."""
        return without_pounds(self.four.committed)

    @property
    def unpriced(self) -> list[str]:
        """Return them by name, with why; what has no £ for a year only is among them."""
        return in_words(self.four.committed.unpriced)

    @property
    def not_valued(self) -> list[str]:
        """Return what was due or reported in years without a £ value, where it is not named above."""
        said = set(self.unpriced)
        found = {
            f"{FIGURE_WORDS[name]}: {one.words}"
            for name, worth in self.four.named[1:]
            for one in worth.unpriced
            if one.words not in said and one.year is not None
        }
        return sorted(found)

    @property
    def left_out(self) -> str:
        """Return how many KPIs about groups of people are in no total; "" where none is."""
        n = self.four.guarded_kpis
        if not n:
            return ""
        verb = "is" if n == 1 else "are"
        return (
            f"{formats.plural(n, 'KPI')} about a group of people {verb} in no total here, for anybody: the £ "
            "would give small numbers of people away."
        )

    @property
    def editions(self) -> str:
        """Return which editions are added up, where there are several."""
        return editions_sentence(self.four.editions)

    @property
    def sentence(self) -> str:
        """Return "Committed: £1.2m of additional social value and, apart, £3.4m of local economic value"."""
        parts = []
        for one in self.streams:
            committed = dict(one.rows)["committed"]
            if committed is not None:
                parts.append(f"{committed.shown} of {one.words.lower()}")
        return "Committed: " + " and, apart, ".join(parts) + "." if parts else ""


def block(
    four: FourFigures, *, sees_small_numbers: bool, period_words: str = "", url: str = "", key: str = "worth"
) -> WorthBlock:
    """Return the block of a page; what is about groups of people only where it may be seen."""
    streams = tuple(
        StreamBlock(
            stream,
            tuple((name, worth.of(stream)) for name, worth in four.named),
            tuple((name, worth.kept_apart(stream)) for name, worth in four.named)
            if sees_small_numbers
            else (),
            f"{key}-{stream}",
        )
        for stream in STREAMS
    )
    return WorthBlock(four, streams, sees_small_numbers, period_words, url)


def totals_rows(four: FourFigures, *, sees_small_numbers: bool) -> list[tuple]:
    """Return a row for each stream and figure with its range to the penny, for a file."""
    rows: list[tuple] = []
    for stream in STREAMS:
        for name, worth in four.named:
            money = worth.of(stream)
            apart = worth.kept_apart(stream) if sees_small_numbers else None
            if money is None and apart is None:
                continue
            rows.append(
                (
                    STREAM_WORDS[stream],
                    FIGURE_WORDS[name],
                    *(money.cells if money else (None, None, None)),
                    worth.kpis,
                    worth.unpriced_kpis,
                    worth.guarded_kpis,
                    *(apart.cells if apart else (None, None, None)),
                )
            )
    return rows


def share_of_value(money: Money | None, value: Decimal | None) -> str:
    """Return "12.3%" of a contract's value; "" where either is missing or the value is nought."""
    if money is None or not value or value < 0:
        return ""
    return formats.percent(money.central / value * 100)


def of_measures(four: FourFigures, keys: Sequence[int], *, sees_guarded: bool) -> dict[int, RowWorth]:
    """Return the £ of each measure's row."""
    return {pk: RowWorth(four.of_measure(pk), sees_guarded) for pk in keys}
