"""The words of the starter set, gathered: our own, free to use, without any £ values."""

from kpis.library import (
    starter_learning,
    starter_nature,
    starter_people,
    starter_place,
    starter_trade,
    starter_work,
)
from kpis.library.starter_lists import COHORTS, THEMES, UNITS

MEASURES: list[dict] = sorted(
    [
        *starter_people.MEASURES,
        *starter_place.MEASURES,
        *starter_work.MEASURES,
        *starter_learning.MEASURES,
        *starter_trade.MEASURES,
        *starter_nature.MEASURES,
    ],
    key=lambda words: words["code"],
)

__all__ = ["COHORTS", "MEASURES", "THEMES", "UNITS"]
