"""The nouns of the library."""

from kpis.library.models.framework import CouncilPriority, Framework, FrameworkChoice, Outcome, Theme
from kpis.library.models.measure import Across, Cohort, Direction, Kind, Measure, RollUp, Unit
from kpis.library.models.template import KPITemplate, TemplateItem

__all__ = [
    "Across",
    "Cohort",
    "CouncilPriority",
    "Direction",
    "Framework",
    "FrameworkChoice",
    "KPITemplate",
    "Kind",
    "Measure",
    "Outcome",
    "RollUp",
    "TemplateItem",
    "Theme",
    "Unit",
]
