"""Which totals of figures about groups of people may not be shown, the same on every page and in every file.

A KPI about a group of people is hidden from outsiders from its first small month on (`kpis.readings.small`);
until then, and for all others, each contract's page shows it. So what a total gives away is the sum of the
hidden KPIs in it, and what two totals give away is what came between them. A total is shown only where that
is nothing, or enough people.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from accounts.calendar import financial_year_start
from kpis.library.models import Across, RollUp
from kpis.models import Measure, Reading
from kpis.readings.small import PARTS, TIED, gives_a_few_away
from kpis.readings.suppression import is_small
from reporting.queries.periods import LIFE, MONTH, Period
from reporting.queries.scope import Scope

COUNCIL = None
Key = int | None
Hidden = set[tuple[int, Key, str]]
# Directorate -> month -> how many people of the hidden KPIs were counted in it.
Series = Mapping[int, Mapping[dt.date, int]]


def hidden_totals(scope: Scope, period: Period, measures: Iterable[Measure]) -> Hidden:
    """Return (measure, directorate or None for the council, what) not to be shown: one query at most.

    What is "reported" or "verified", or "months" where the single months may not be shown. Worked out over
    all directorates whatever page is asked for: a directorate's page must not give away what the council's
    hides.
    Nothing is hidden from those who may see small numbers here.
    """
    by_key = {measure.pk: measure for measure in measures}
    if not by_key or scope.sees_small_numbers:
        return set()
    hidden: Hidden = set()
    for measure, (reported, verified) in unknown(by_key, period.month).items():
        if by_key[measure].roll_up == RollUp.MAXIMUM or by_key[measure].across == Across.MAXIMUM:
            # The highest is one month's or one contract's figure, and any of these may be a small one.
            hidden |= {
                (measure, key, what)
                for key in [*reported, COUNCIL]
                for what in ("reported", "verified", "months")
            }
            continue
        latest = by_key[measure].roll_up == RollUp.LATEST
        unverified = {
            key: {month: count - verified[key].get(month, 0) for month, count in months.items()}
            for key, months in reported.items()
        }
        kept = hidden_keys(reported, period, latest=latest)
        hidden |= {(measure, key, "reported") for key in kept}
        # What is verified is part of what is reported: a small remainder would be given away by showing both.
        kept |= hidden_keys(verified, period, latest=latest) | hidden_keys(unverified, period, latest=latest)
        hidden |= {(measure, key, "verified") for key in kept}
        hidden |= {(measure, key, "months") for key in [*reported, COUNCIL]}
    return hidden


def unknown(measures: Iterable[int], until: dt.date) -> dict[int, tuple[Series, Series]]:
    """Return for each measure what was reported and verified in its hidden KPIs: one query.

    Only months from which on the KPI is hidden: those before can be read on the contract's own pages.
    """
    found: dict[int, tuple[dict, dict]] = {}
    hidden: set[int] = set()
    rows = (
        Reading.objects.filter(TIED, measure__in=list(measures), month__lte=until, reported_at__isnull=False)
        .order_by("month")
        .values_list("measure", "directorate", "kpi", "month", *PARTS[3:])
    )
    for measure, directorate, kpi, month, *parts in rows:
        reported, verified = tuple(parts[:3]), tuple(parts[3:])
        if kpi not in hidden and not gives_a_few_away((None, None, None), reported, verified):  # type: ignore[arg-type]
            continue
        hidden.add(kpi)
        sums = found.setdefault(
            measure, (defaultdict(lambda: defaultdict(int)), defaultdict(lambda: defaultdict(int)))
        )
        for index, (value, numerator, _) in enumerate((reported, verified)):
            counted = value if numerator is None else numerator
            sums[index][directorate][month] += abs(math.ceil(counted or 0))
    return found  # type: ignore[return-value]


def hidden_keys(series: Series, period: Period, *, latest: bool = False) -> set[Key]:
    """Return the directorates, and None for the council, whose totals over the period may not be shown.

    Months build up a financial year's total. A directorate's total is shown in a month where nothing or
    enough people came since it was last shown; a month by itself where the totals before and after it are
    shown; all months together where also every earlier year could be shown to its end. A latest figure
    stands for itself.
    """
    keys: list[Key] = [*series, COUNCIL]
    if latest:
        return keep_back({key: months.get(period.month, 0) for key, months in series.items()})
    years: dict[dt.date, set[dt.date]] = defaultdict(set)
    for months in series.values():
        for month in months:
            if month <= period.month:
                years[financial_year_start(month)].add(month)
    this_year = financial_year_start(period.month)
    kept: set[Key] = set()
    for year in sorted(years):
        if year != this_year and period.basis != LIFE:
            continue
        # Nothing came in other months, so nothing can be worked out from them.
        before, now = _build_up(
            series, sorted(years[year] | ({period.month} if year == this_year else set()))
        )
        kept |= now
        if year == this_year and period.basis == MONTH:
            kept |= before
    return kept & set(keys)


def _build_up(series: Series, months: list[dt.date]) -> tuple[set[Key], set[Key]]:
    """Return the keys held back in the last month but one, and in the last month."""
    since: dict[Key, int] = dict.fromkeys([*series, COUNCIL], 0)
    before: set[Key] = set()
    now: set[Key] = set()
    for month in months:
        before = now
        for directorate, counts in series.items():
            since[directorate] += counts.get(month, 0)
            since[COUNCIL] += counts.get(month, 0)
        now = keep_back({key: since[key] for key in series}, since[COUNCIL])
        for key in since:
            if key not in now:
                since[key] = 0
    return before, now


def keep_back(counts: Mapping[int, int], together: int | None = None) -> set[Key]:
    """Return which of the counts, and None for their total, may not be shown.

    Small ones; then others, the smallest first, until those held back are two or more and together not small;
    where none is left to hold back, the total itself.
    """
    together = sum(counts.values()) if together is None else together
    kept: set[Key] = {key for key, count in counts.items() if is_small(count)}
    left = sorted((key for key in counts if key not in kept and counts[key]), key=lambda key: counts[key])
    if is_small(together):
        return kept | {COUNCIL} | (set() if kept else set(left[:1]))
    while kept and (len(kept) == 1 or is_small(sum(counts[key] for key in kept if key is not None))):
        if not left:
            return kept | {COUNCIL}
        kept.add(left.pop(0))
    return kept
