"""The nouns of this floor, gathered from its rooms for Django."""

from kpis.adoption.models import (
    AdoptedSet,
    AdoptionColumns,
    AdoptionContract,
    AdoptionImport,
    AdoptionPart,
    AdoptionRow,
)
from kpis.approvals.models import Challenge, Decision
from kpis.gaps.models import GapNote, StockTake, StockTakeContract
from kpis.library.models import (
    Cohort,
    CouncilPriority,
    Framework,
    FrameworkChoice,
    KPITemplate,
    Measure,
    Outcome,
    TemplateItem,
    Theme,
    Unit,
)
from kpis.measure_imports.models import MeasureColumns, MeasureImport, MeasureImportRow, MeasureText
from kpis.notices.models import Notice, NoticeKPI
from kpis.practice.models import GoodPracticeNote, GuidancePage
from kpis.proposals.models import KPI, DecisionAsked, KPISet, KPITerms, MonthlyTarget, SetSubmission
from kpis.proxies.models import DeflatorIndex, DeflatorSeries, Proxy, ProxyValue
from kpis.readings.models import CohortCount, Reading, ReadingVersion
from kpis.reminders.models import ReminderClaim, ReminderSnooze, ReminderStep
from kpis.returns.models import Evidence, MonthlyReturn, ReturnSubmission
from kpis.totals.models import DirectorateMonth, TotalRow
from kpis.verification.models import SampleDraw

__all__ = [
    "KPI",
    "AdoptedSet",
    "AdoptionColumns",
    "AdoptionContract",
    "AdoptionImport",
    "AdoptionPart",
    "AdoptionRow",
    "Challenge",
    "Cohort",
    "CohortCount",
    "CouncilPriority",
    "Decision",
    "DecisionAsked",
    "DeflatorIndex",
    "DeflatorSeries",
    "DirectorateMonth",
    "Evidence",
    "Framework",
    "FrameworkChoice",
    "GapNote",
    "GoodPracticeNote",
    "GuidancePage",
    "KPISet",
    "KPITemplate",
    "KPITerms",
    "Measure",
    "MeasureColumns",
    "MeasureImport",
    "MeasureImportRow",
    "MeasureText",
    "MonthlyReturn",
    "MonthlyTarget",
    "Notice",
    "NoticeKPI",
    "Outcome",
    "Proxy",
    "ProxyValue",
    "Reading",
    "ReadingVersion",
    "ReminderClaim",
    "ReminderSnooze",
    "ReminderStep",
    "ReturnSubmission",
    "SampleDraw",
    "SetSubmission",
    "StockTake",
    "StockTakeContract",
    "TemplateItem",
    "Theme",
    "TotalRow",
    "Unit",
]
