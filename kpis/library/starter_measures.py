"""The words of the starter set, gathered: our own, free to use, without any £ values."""

from kpis.library import starter_people, starter_place
from kpis.library.starter_lists import COHORTS, THEMES, UNITS

MEASURES: list[dict] = [*starter_people.MEASURES, *starter_place.MEASURES]

__all__ = ["COHORTS", "MEASURES", "THEMES", "UNITS"]
