"""Whose figures a report shows: one directorate or the whole council, and who is looking."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Department, Directorate, Person
from contracts.models import Category, Contract
from kpis.models import KPISet, KPITerms, MonthlyReturn, Reading, TotalRow


@dataclass(frozen=True)
class Scope:
    """A directorate, or the council where there is none, as one person sees it."""

    person: Person
    directorate: Directorate | None = None
    # Free cuts, for those who may make them (`reporting.permissions.may_filter`).
    category: Category | None = None
    department: Department | None = None

    @property
    def is_cut(self) -> bool:
        """Return whether only some of the contracts are counted: totals then come from readings."""
        return self.category is not None or self.department is not None

    def cut(self, path: str = "contract__") -> Q:
        """Return the condition that a row's contract is inside the free cuts."""
        condition = Q()
        if self.category:
            condition &= Q(**{f"{path}category": self.category.pk})
        if self.department:
            condition &= Q(**{f"{path}department": self.department.pk})
        return condition

    @property
    def name(self) -> str:
        """Return the directorate's name, or "The council"."""
        return self.directorate.name if self.directorate else "The council"

    def belongs(self, path: str = "directorate") -> Q:
        """Return the condition that a row belongs here; contracts without a directorate never do."""
        if self.directorate:
            return Q(**{path: self.directorate.pk})
        return Q(**{f"{path}__isnull": False})

    def contracts(self):
        """Return the contracts counted here."""
        return Contract.objects.filter(self.belongs(), self.cut(""))

    def named_contracts(self):
        """Return the contracts this person may be shown by name."""
        return self.contracts().filter(pk__in=Contract.objects.visible_to(self.person).values("pk"))

    def returns(self):
        """Return the monthly returns counted here, under the directorate they were opened in."""
        return MonthlyReturn.objects.filter(self.belongs(), self.cut())

    def readings(self) -> QuerySet[Reading]:
        """Return the readings counted here."""
        return Reading.objects.filter(self.belongs(), self.cut())

    def counted(self, readings: QuerySet[Reading]) -> QuerySet[Reading]:
        """Return which of its contracts' readings count here: all of them, unless a scope says otherwise."""
        return readings

    def totals(self) -> QuerySet[TotalRow]:
        """Return the totals of here, without regard to free cuts."""
        return TotalRow.objects.filter(self.belongs())

    def terms_in_force(self, month) -> QuerySet[KPITerms]:
        """Return the terms that hold in a month, of contracts whose dates include it."""
        sets = KPISet.objects.in_force(month).filter(
            contract__in=self.contracts().live_in_month(month).values("number")
        )
        return KPITerms.objects.filter(kpi_set__in=sets.values("pk"))

    @property
    def sees_drafts(self) -> bool:
        """Return whether KPI sets not yet approved may be shown: to those who work on them."""
        held = self.person.authority
        if held.sees_everything:
            return True
        own = held.commissions | held.leads | held.delegated
        return bool(self.directorate and self.directorate.pk in own)

    @property
    def sees_small_numbers(self) -> bool:
        """Return whether counts of a few people may be shown in full in all that is shown here."""
        if self.directorate:
            return sees_small_numbers(self.person, self.directorate.pk)
        return self.person.authority.is_lead


def sees_small_numbers(person: Person, directorate_id: int) -> bool:
    """Return whether a person is one of a directorate's own, or the lead."""
    held = person.authority
    return held.is_lead or directorate_id in held.commissions | held.leads
