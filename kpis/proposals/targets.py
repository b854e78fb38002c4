"""Spreads a target over months so that the months come to the target exactly."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from kpis.library.models import Kind, Measure, RollUp

SMALLEST = Decimal("0.0001")
# School terms: {month: the months of its term}, due in the last of them. August belongs to none.
AUTUMN, SPRING, SUMMER = (9, 10, 11, 12), (1, 2, 3), (4, 5, 6, 7)
TERM_OF = {month: term for term in (AUTUMN, SPRING, SUMMER) for month in term}
Profile = dict[dt.date, Decimal]


def adds_up(measure: Measure) -> bool:
    """Return whether the monthly targets sum to the target; otherwise each month holds the level."""
    return measure.roll_up == RollUp.SUM and measure.kind in {Kind.COUNT, Kind.MONEY}


def has_amount(measure: Measure) -> bool:
    """Return whether the measure has a monthly target at all: text and milestone dates have none."""
    return measure.kind not in {Kind.TEXT, Kind.MILESTONE}


def spread(target: Decimal, months: Sequence[dt.date]) -> Profile:
    """Return each month's share of the target, to 4 places, summing exactly to the target.

    Each month's amount is the difference between two rounded running totals, so no month is out by more than
    one ten-thousandth and nothing is left over for the last.
    """
    if not months:
        return {}
    found: Profile = {}
    before = Decimal(0)
    for index, month in enumerate(months, start=1):
        upto = (target * index / len(months)).quantize(SMALLEST, rounding=ROUND_HALF_UP)
        found[month] = upto - before
        before = upto
    found[months[-1]] += target - before
    return found


def level(target: Decimal, months: Sequence[dt.date]) -> Profile:
    """Return the same level for every month: for percentages, latest figures and yes or no."""
    return dict.fromkeys(months, target)


def flat(
    measure: Measure, target: Decimal, months: Sequence[dt.date], kept: Mapping | None = None
) -> Profile:
    """Return the monthly targets of a flat profile.

    `kept` holds months whose target stands already (those before a changed set takes effect): they stay, and
    the later months share what is left. Where more than the new target was already due, nothing is left to
    share; the kept months are then scaled to the target, and the later ones are nought.
    """
    if not has_amount(measure):
        return {}
    if not adds_up(measure):
        return {**level(target, months), **{month: kept[month] for month in months if kept and month in kept}}
    fixed = {month: kept[month] for month in months if kept and month in kept}
    plain = spread(target, months)
    # Where nothing changed, the months before fit the plain spread: no rounding may then look like a change.
    if all(plain[month] == amount for month, amount in fixed.items()):
        return plain
    open_months = [month for month in months if month not in fixed]
    already = sum(fixed.values(), Decimal(0))
    if fixed and (already > target or not open_months):
        return {**spread(target, list(fixed)), **dict.fromkeys(open_months, Decimal(0))}
    return dict(sorted({**fixed, **spread(target - already, open_months)}.items()))


def by_term(
    measure: Measure, target: Decimal, months: Sequence[dt.date], kept: Mapping | None = None
) -> Profile:
    """Return the monthly targets of a profile by school term: nothing but in each term's last month.

    Every whole term has the same share, a term of which the KPI has only some months so much less; a term
    the KPI ends in is due in the KPI's last month. Without a school month all is due in the last month.
    `kept` works as it does for `flat`. What doesn't add up holds its level each month.
    """
    if not has_amount(measure):
        return {}
    if not adds_up(measure):
        return flat(measure, target, months, kept)
    fixed = {month: kept[month] for month in months if kept and month in kept}
    plain = share_by_term(target, months)
    if all(plain[month] == amount for month, amount in fixed.items()):
        return plain
    open_months = [month for month in months if month not in fixed]
    already = sum(fixed.values(), Decimal(0))
    if already > target or not open_months:
        return {**share_by_term(target, list(fixed)), **dict.fromkeys(open_months, Decimal(0))}
    return dict(sorted({**fixed, **share_by_term(target - already, open_months)}.items()))


def share_by_term(target: Decimal, months: Sequence[dt.date]) -> Profile:
    """Return each month's share of the target by school term, summing exactly to the target."""
    if not months:
        return {}
    terms: dict[tuple[int, int], list[dt.date]] = {}
    for month in months:
        if month.month in TERM_OF:
            terms.setdefault((month.year, TERM_OF[month.month][0]), []).append(month)
    found = dict.fromkeys(months, Decimal(0))
    if not terms:
        found[months[-1]] = target
        return found
    # Twelfths of a term: whole numbers, so that no share is rounded before the last.
    weights = [12 * len(held) // len(TERM_OF[held[0].month]) for held in terms.values()]
    for held, share in zip(terms.values(), largest_remainder(target, weights), strict=True):
        found[held[-1]] = share
    return found


def largest_remainder(target: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Return the target shared in these proportions, exactly: in whole numbers where it is one, else to 4
    places; what is over goes to the largest remainders, the earlier of equals first.
    """
    step = Decimal(1) if target == target.to_integral_value() else SMALLEST
    steps = int(target / step)
    whole = sum(weights)
    shares = [steps * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(steps * weights[at] % whole), at))
    for at in order[: steps - sum(shares)]:
        shares[at] += 1
    found = [share * step for share in shares]
    found[-1] += target - sum(found, Decimal(0))
    return found


def out_by(measure: Measure, target: Decimal, profile: Mapping[dt.date, Decimal]) -> Decimal:
    """Return by how much the months exceed the target (negative: fall short); 0 if they need not add up."""
    if not adds_up(measure):
        return Decimal(0)
    return sum(profile.values(), Decimal(0)) - target
