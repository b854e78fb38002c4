"""Red, amber, green: how a figure stands against what was due by then."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import models

from kpis.library.models import Direction

Amount = Decimal | Fraction | int


class Rating(models.TextChoices):
    """How a KPI stands; shown as a shape and a word as well as a colour."""

    ON_TRACK = "on_track", "On track"
    WATCH = "watch", "Watch"
    BEHIND = "behind", "Behind"
    NOT_DUE = "not_due", "Not due"


def achievement(actual: Amount, target: Amount, direction: str) -> Fraction | None:
    """Return how much of the target was met, in per cent and exact; None where the question has no answer.

    Higher is better: actual / target. Lower is better: target / actual, and without limit for an actual of 0
    or less, which has no answer as a percentage. A target of 0 has none either.
    """
    got, due = Fraction(actual), Fraction(target)
    if direction == Direction.LOWER:
        return None if got <= 0 or due < 0 else due / got * 100
    if due == 0:
        return None
    # For a target above 0 this is actual / target; for one below 0 (a net loss allowed) it falls with
    # the gap.
    return (1 + (got - due) / abs(due)) * 100


def rate(
    actual: Amount | None,
    target: Amount | None,
    direction: str,
    green_from: Amount,
    amber_from: Amount,
) -> Rating:
    """Return the rating of a figure to date against its profile; cut points are percentages of the target.

    Not due: no figure, no target, or nothing due yet and nothing done. Lower is better: 0 is on track, and a
    target of 0 with anything above it is behind.
    """
    if actual is None or target is None:
        return Rating.NOT_DUE
    got, due = Fraction(actual), Fraction(target)
    if direction == Direction.LOWER:
        if got <= 0 or got <= due:
            return Rating.ON_TRACK
        if due < 0:
            return Rating.BEHIND
    elif due == 0:
        if got == 0:
            return Rating.NOT_DUE
        return Rating.ON_TRACK if got > 0 else Rating.BEHIND
    met = achievement(got, due, direction)
    if met is None or met < Fraction(amber_from):
        return Rating.BEHIND
    return Rating.ON_TRACK if met >= Fraction(green_from) else Rating.WATCH
