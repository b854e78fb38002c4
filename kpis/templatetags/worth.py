"""What a KPI set is worth, for its pages: `{% load worth %}{% worth_of_set kpi_set user as worth %}`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import template

from accounts.models import Person
from govuk.formats import percent
from kpis.proposals.alike import Alike, quartiles
from kpis.proposals.models import KPISet, KPITerms
from kpis.returns.permissions import may_see_small_numbers
from kpis.valuation.comparing import Difference, difference
from kpis.valuation.questions import committed_by
from kpis.valuation.questions import worth_of_set as asked
from kpis.valuation.working import MeasurePart, in_words, working
from kpis.valuation.worth import STREAM_WORDS, STREAMS, Money, Worth

register = template.Library()
# SQLite refuses a query that names over a thousand rows.
MOST_SETS = 900


@dataclass(frozen=True)
class StreamLine:
    """One stream of a set: what it is worth now, before, and how much more that is."""

    words: str
    money: Money | None
    was: Money | None
    # Only for those who may see small numbers.
    apart: Money | None

    @property
    def more(self) -> Money | None:
        """Return how much more the set promises than the one in force; None where there is nothing."""
        if self.money is None and self.was is None:
            return None
        return (self.money or Money()) - (self.was or Money())


@dataclass(frozen=True)
class SetWorth:
    """What a set promises in £, against the set in force."""

    worth: Worth
    before: KPISet | None
    streams: tuple[StreamLine, ...]
    unpriced: list[str]
    working: list[MeasurePart]
    sees_small_numbers: bool

    @property
    def has_pounds(self) -> bool:
        """Return whether any stream has a £."""
        return any(one.money is not None or one.apart is not None for one in self.streams)


@register.simple_tag
def worth_of_set(kpi_set: KPISet, person: Person) -> SetWorth:
    """Return what the set is worth as this person may see it, against the approved set before it."""
    worth = asked(kpi_set)
    sets = KPISet.objects.filter(contract=kpi_set.contract_id, status=KPISet.Status.APPROVED)
    before = sets.exclude(pk=kpi_set.pk).filter(number__lt=kpi_set.number).order_by("-number").first()
    was = asked(before) if before else Worth()
    sees = bool(may_see_small_numbers(person, kpi_set.contract))
    streams = tuple(
        StreamLine(
            STREAM_WORDS[stream],
            worth.of(stream),
            was.of(stream),
            worth.kept_apart(stream) if sees else None,
        )
        for stream in STREAMS
    )
    return SetWorth(
        worth,
        before,
        tuple(
            one for one in streams if one.money is not None or one.was is not None or one.apart is not None
        ),
        in_words(worth.unpriced),
        working(worth, sees_guarded=sees),
        sees,
    )


@register.simple_tag
def shares_beside(kpi_set: KPISet, alike: Alike) -> list[str]:
    """Return for each stream the set's £ as a percentage of the contract's value, beside like contracts'.

    "Local economic value: 4.2% of the contract’s value; half of similar contracts: 3% to 8%, middle 5%
    (9 contracts)". Seven queries; contracts without £ in a stream are not in its sample.
    """
    value = kpi_set.contract.whole_value
    if alike.counts is None or not value:
        return []
    sets = {**alike.held, kpi_set.pk: value}
    terms = KPITerms.objects.filter(kpi_set__in=list(sets)[-MOST_SETS:])
    values = dict(terms.order_by().values_list("kpi_set__contract", "kpi_set").distinct())
    shares: dict[str, list[Decimal]] = {stream: [] for stream in STREAMS}
    mine: dict[str, Decimal] = {}
    for (contract,), worth in committed_by(terms, ["contract"]).items():
        for stream in STREAMS:
            money, whole = worth.of(stream), sets[values[contract]]
            if money is not None and contract == kpi_set.contract_id:
                mine[stream] = money.central * 100 / whole
            elif money is not None:
                shares[stream].append(money.central * 100 / whole)
    found = []
    for stream in STREAMS:
        marks = quartiles(shares[stream])
        if stream in mine and marks is not None:
            low, high, middle = (percent(one) for one in (marks.lower, marks.upper, marks.middle))
            found.append(
                f"{STREAM_WORDS[stream]}: {percent(mine[stream])} of the contract’s value; half of similar "
                f"contracts: {low} to {high}, middle {middle} ({marks.n} contracts)"
            )
    return found


@register.simple_tag
def difference_of_proxies(measure, one, other, person: Person) -> Difference:
    """Return what one £ value makes of the measure's units against another."""
    return difference(measure, one, other, person)
