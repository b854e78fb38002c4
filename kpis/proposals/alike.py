"""Like with like: what contracts of the same category and value band promise, beside what this set does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F

from accounts.calendar import first_of_month, months_between, today
from contracts.models import Contract
from contracts.rules.finding import band_among, bands
from govuk import formats
from kpis.library.models import Direction, Kind, Measure
from kpis.proposals import targets
from kpis.proposals.checks import amount_in_words
from kpis.proposals.models import KPISet, KPITerms

# Below so many other contracts nothing is compared: a few could be told apart, and say little.
FEWEST = 5
PER = Decimal(100_000)
# What a rate may be said by: the first at which the middle contract comes to one or more.
SCALES = ((Decimal(1), "£100k"), (Decimal(10), "£1m"), (Decimal(100), "£10m"))


@dataclass(frozen=True)
class Quartiles:
    """The quarter marks of a sample: a quarter of it lies below `lower`, half below `middle`."""

    lower: Decimal
    middle: Decimal
    upper: Decimal
    n: int


@dataclass(frozen=True)
class Compared:
    """One KPI's target beside those of like contracts with the same measure of the same edition."""

    measure: Measure
    mine: Decimal
    others: Quartiles
    # "a year per £100k", "per £1m" or "": what both are reckoned by.
    basis: str

    def say(self, amount: Decimal) -> str:
        """Return an amount of either as the measure counts it, without its basis."""
        return amount_in_words(self.measure, readable(amount))

    @property
    def mine_words(self) -> str:
        """Return "12 weeks a year per £100k"."""
        return f"{self.say(self.mine)} {self.basis}".rstrip()

    @property
    def words(self) -> str:
        """Return "12 weeks a year per £100k; similar contracts: 8 to 20, middle 14 (9 contracts)"."""
        return f"{self.mine_words}; {self.others_words}"

    @property
    def others_words(self) -> str:
        """Return "half of similar contracts: 8 to 20, middle 14 (9 contracts)"."""
        low, high, middle = (
            self._bare(one) for one in (self.others.lower, self.others.upper, self.others.middle)
        )
        count = formats.plural(self.others.n, "contract")
        return f"half of similar contracts: {low} to {high}, middle {middle} ({count})"

    def _bare(self, amount: Decimal) -> str:
        if self.measure.kind == Kind.COUNT:
            return formats.figure(readable(amount))
        return self.say(amount)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return the comparison as the rows of a table."""
        return [
            ("This set", self.say(self.mine)),
            ("A quarter promise less than", self.say(self.others.lower)),
            ("The middle contract", self.say(self.others.middle)),
            ("A quarter promise more than", self.say(self.others.upper)),
        ]

    @property
    def is_weak(self) -> bool:
        """Return whether it is worse than what three in four of them promise."""
        if self.measure.direction == Direction.LOWER:
            return self.mine > self.others.upper
        return self.mine < self.others.lower


@dataclass(frozen=True)
class Alike:
    """What is known of like contracts: how many, how many KPIs they have, and each KPI beside theirs."""

    n: int = 0
    category: str = ""
    band: str = ""
    mine: int = 0
    counts: Quartiles | None = None
    by_kpi: dict[int, Compared] = field(default_factory=dict)
    # {set in force: the whole value in £ of its contract}, for what a floor above reckons of them.
    held: dict[int, Decimal] = field(default_factory=dict)
    # Why nothing can be compared, or "".
    why_not: str = ""

    @property
    def words(self) -> str:
        """Return "Similar contracts: 12 (Facilities, £500k to £1m). Half of them have 3 to 6 KPIs. This set
        has 4.", or why there is no comparison.
        """
        if self.counts is None:
            return self.why_not
        low, high = formats.figure(self.counts.lower), formats.figure(self.counts.upper)
        have = f"{low} KPIs" if low == high else f"{low} to {high} KPIs"
        return (
            f"Similar contracts: {self.n} ({self.category}, {self.band}). Half of them have {have}. "
            f"This set has {self.mine}."
        )


def readable(amount: Decimal) -> Decimal:
    """Return the amount to three significant figures, and never to more than four places."""
    if not amount:
        return Decimal(0)
    places = min(4, max(0, 2 - amount.adjusted()))
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def quartiles(sample: Iterable[Decimal]) -> Quartiles | None:
    """Return the quarter marks of the sample, between two of it where none lies there; None for too few."""
    ordered = sorted(sample)
    if len(ordered) < FEWEST:
        return None
    lower, middle, upper = (_mark(ordered, quarter) for quarter in (1, 2, 3))
    return Quartiles(lower, middle, upper, len(ordered))


def _mark(ordered: Sequence[Decimal], quarter: int) -> Decimal:
    at, over = divmod((len(ordered) - 1) * quarter, 4)
    if not over:
        return ordered[at]
    return ordered[at] + (ordered[at + 1] - ordered[at]) * over / 4


def whole_marks(sample: Iterable[int]) -> Quartiles | None:
    """Return the quarter marks of whole numbers as members of the sample: nobody has 3½ KPIs."""
    ordered = sorted(Decimal(one) for one in sample)
    if len(ordered) < FEWEST:
        return None
    last = len(ordered) - 1
    lower, middle, upper = (ordered[(last * quarter + 2) // 4] for quarter in (1, 2, 3))
    return Quartiles(lower, middle, upper, len(ordered))


def rate(measure: Measure, target: Decimal, months: int, whole_value: Decimal | None) -> Decimal | None:
    """Return a target as it can be compared: a year's share of what adds up, or the level; numbers and £ for
    each £100k of the contract's whole value, percentages as they are. None where it can't be.
    """
    if measure.kind == Kind.PERCENTAGE:
        return target
    if measure.kind not in {Kind.COUNT, Kind.MONEY} or not whole_value or whole_value <= 0 or months < 1:
        return None
    amount = target * 12 / months if targets.adds_up(measure) else target
    return amount * PER / whole_value


def compared(measure: Measure, mine: Decimal, others: Quartiles) -> Compared:
    """Return a target's rate beside the others', both by as many £ as make figures a person can read."""
    if measure.kind == Kind.PERCENTAGE:
        return Compared(measure, mine, others, "")
    times, per = next((one for one in SCALES if others.middle * one[0] >= 1), SCALES[-1])
    marks = Quartiles(others.lower * times, others.middle * times, others.upper * times, others.n)
    basis = f"a year per {per}" if targets.adds_up(measure) else f"per {per}"
    return Compared(measure, mine * times, marks, basis)


def alike(kpi_set: KPISet, terms: Iterable[KPITerms]) -> Alike:
    """Return how the set compares with like contracts running today: three queries for any size.

    `terms` are the set's, with their measures fetched. Measures about a group of people and measures in a
    contract's own words are never compared; nothing is below five other contracts.
    """
    terms = list(terms)
    contract = kpi_set.contract
    ordered = bands()
    band = band_among(ordered, contract.whole_value)
    if contract.category_id is None or band is None:
        lacks = "category" if contract.category_id is None else "value"
        return Alike(why_not=f"Not compared with similar contracts: this contract’s {lacks} is not recorded.")
    sets = {
        one.pk: one
        for one in _in_force(contract)
        if one.kpi_count and band_among(ordered, one.contract.whole_value) == band
    }
    counts = whole_marks(one.kpi_count for one in sets.values())
    category = str(contract.category)
    if counts is None:
        return Alike(
            why_not=f"Not compared: fewer than {FEWEST} other contracts of its kind ({category}, "
            f"{band}) have KPIs in force.",
        )
    mine = {one.kpi.measure_id: one for one in terms if _is_comparable(one)}
    samples = _rates(sets, mine)
    by_kpi = {}
    for key, one in mine.items():
        measure = one.kpi.measure
        own = rate(measure, one.target, _length(one.starts_month, one.ends_month), contract.whole_value)
        others = quartiles(samples[key])
        if own is not None and others is not None:
            by_kpi[one.kpi_id] = compared(measure, own, others)
    held = {key: one.contract.whole_value for key, one in sets.items() if one.contract.whole_value}
    return Alike(len(sets), category, str(band), len(terms), counts, by_kpi, held)


def _in_force(contract: Contract):
    """Return the sets in force today on other running contracts of the category, with `kpi_count`."""
    running = Contract.objects.live_on(today()).filter(category=contract.category_id).exclude(pk=contract.pk)
    held = KPISet.objects.in_force(first_of_month(today())).with_kpis()
    return (
        held.filter(contract__in=running.order_by().values("pk"))
        .select_related("contract")
        .annotate(kpi_count=Count("terms"))
    )


def _is_comparable(terms: KPITerms) -> bool:
    measure = terms.kpi.measure
    guarded = terms.cohort_id or measure.cohort_id
    return not guarded and measure.contract_id is None and terms.target is not None


def _rates(sets: dict[int, KPISet], mine: dict[int, KPITerms]) -> dict[int, list[Decimal]]:
    """Return {measure: the rate of each set that has it}, counted in the same unit and for everybody."""
    found: dict[int, list[Decimal]] = defaultdict(list)
    if not mine:
        return found
    # All of the measures and then by set: SQLite refuses a query that names over a thousand sets.
    rows = (
        KPITerms.objects.filter(
            kpi__measure__in=mine,
            cohort=None,
            kpi__unit=F("kpi__measure__unit"),
            kpi_set__status=KPISet.Status.APPROVED,
        )
        .order_by()
        .values_list("kpi_set", "kpi__measure", "target", "starts_month", "ends_month")
    )
    for kpi_set, key, target, starts, ends in rows:
        if kpi_set in sets:
            value = sets[kpi_set].contract.whole_value
            one = rate(mine[key].kpi.measure, target, _length(starts, ends), value)
            if one is not None:
                found[key].append(one)
    return found


def _length(starts, ends) -> int:
    return len(months_between(starts, ends)) if starts and ends and starts <= ends else 0
