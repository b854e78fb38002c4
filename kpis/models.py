"""The nouns of this floor, gathered from its rooms for Django."""

from kpis.approvals.models import Decision
from kpis.library.models import Cohort, Framework, Measure, Outcome, Theme, Unit
from kpis.proposals.models import KPI, KPISet, KPITerms, MonthlyTarget, SetSubmission
from kpis.readings.models import CohortCount, Reading, ReadingVersion
from kpis.reminders.models import ReminderClaim, ReminderSnooze, ReminderStep
from kpis.returns.models import Evidence, MonthlyReturn, ReturnSubmission
from kpis.totals.models import DirectorateMonth, TotalRow
from kpis.verification.models import SampleDraw

__all__ = [
    "KPI",
    "Cohort",
    "CohortCount",
    "Decision",
    "DirectorateMonth",
    "Evidence",
    "Framework",
    "KPISet",
    "KPITerms",
    "Measure",
    "MonthlyReturn",
    "MonthlyTarget",
    "Outcome",
    "Reading",
    "ReadingVersion",
    "ReminderClaim",
    "ReminderSnooze",
    "ReminderStep",
    "ReturnSubmission",
    "SampleDraw",
    "SetSubmission",
    "Theme",
    "TotalRow",
    "Unit",
]
