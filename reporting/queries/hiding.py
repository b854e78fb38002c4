"""Which totals of measures tied to a cohort may not be shown, the same on every page and in every file."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kpis.library.models import RollUp
from kpis.models import Measure, TotalRow
from kpis.readings.suppression import is_small, suppressed_list
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

COUNCIL = None
Hidden = set[tuple[int, int | None, str]]


def hidden_totals(scope: Scope, period: Period, measures: Iterable[Measure]) -> Hidden:
    """Return (measure, directorate or None for the council, "reported" or "verified") not to be shown.

    Worked out over all directorates whatever page is asked for: a directorate's page must not give away
    what the council's hides. Nothing is hidden from those who may see small numbers here. One query at most.
    """
    tied = {measure.pk: measure for measure in measures if measure.cohort_id}
    if not tied or scope.sees_small_numbers:
        return set()
    counts: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = TotalRow.objects.filter(period.holds(), measure__in=list(tied)).order_by()
    for measure, directorate, month, *amounts in rows.values_list(
        "measure_id",
        "directorate_id",
        "month",
        "reported",
        "verified",
        "reported_numerator",
        "verified_numerator",
    ):
        if tied[measure].roll_up == RollUp.LATEST and month != period.month:
            continue
        offset = 2 if tied[measure].is_percentage else 0
        for index, which in enumerate(("reported", "verified")):
            counts[measure, which][directorate] += math.ceil(amounts[index + offset])
    hidden: Hidden = set()
    for (measure, which), by_directorate in counts.items():
        keys = list(by_directorate)
        for key, shown in zip([*keys, COUNCIL], hide_list(list(by_directorate.values())), strict=True):
            if not shown:
                hidden.add((measure, key, which))
    # What is verified is part of what is reported: a small remainder would be given away by showing both.
    for measure in tied:
        reported, verified = counts[measure, "reported"], counts[measure, "verified"]
        for key in [*reported, COUNCIL]:
            rest = (
                sum(reported.values()) - sum(verified.values())
                if key is None
                else reported[key] - verified[key]
            )
            if is_small(abs(rest)) or (measure, key, "reported") in hidden:
                hidden.add((measure, key, "verified"))
    return hidden


def hide_list(counts: Sequence[int]) -> list[bool]:
    """Return for each count, and for their total at the end, whether it may be shown."""
    return [count is not None for count in suppressed_list(counts)]
