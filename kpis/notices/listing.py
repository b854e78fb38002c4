"""The contracts section 52 asks for KPIs, or may: where each stands, and when it is next assessed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q

from accounts.models import Person
from contracts.models import AgreementType, Contract, Regime, Stage
from contracts.models.contract import PA2023_IN_FORCE
from kpis.notices.models import Notice
from kpis.notices.section52 import ANSWERS, THRESHOLD, Duty, duties
from kpis.notices.yearly import next_assessment_due

Kind = Notice.Kind


@dataclass(frozen=True)
class Line:
    """One contract of the list."""

    contract: Contract
    duty: Duty
    last_details: dt.date | None
    last_performance: dt.date | None
    # None where the duty is not certain or the contract has no dates.
    assessment_due: dt.date | None

    @property
    def words(self) -> str:
        """Return the answer in words."""
        return ANSWERS[self.duty.answer][0]

    @property
    def colour(self) -> str:
        """Return the tag's colour."""
        return ANSWERS[self.duty.answer][1]


def lines(person: Person) -> list[Line]:
    """Return contracts the person sees that have not ended and where the duty stands or can't be told.

    Those short of KPIs come first, those that have enough last. Three queries.
    """
    contracts = list(_may_apply(Contract.objects.visible_to(person)))
    known = duties(contracts)
    asked = [contract for contract in contracts if known[contract.pk].applies is not False]
    published = last_published(asked)
    found = [_line(contract, known[contract.pk], published.get(contract.pk, {})) for contract in asked]
    order = list(ANSWERS)
    return sorted(found, key=lambda one: (order.index(one.duty.answer), one.contract.title, one.contract.pk))


def last_published(contracts: list[Contract]) -> dict[int, dict[str, dt.date]]:
    """Return, by contract, when each kind of notice was last published; withdrawn ones don't count."""
    found: dict[int, dict[str, dt.date]] = {}
    rows = (
        Notice.objects.filter(
            contract__in=[contract.pk for contract in contracts],
            published_on__isnull=False,
            withdrawn_at=None,
        )
        .order_by()
        .values_list("contract_id", "kind")
        .annotate(last=Max("published_on"))
    )
    for number, kind, last in rows:
        found.setdefault(number, {})[kind] = last
    return found


def _line(contract: Contract, duty: Duty, published: dict[str, dt.date]) -> Line:
    performance = published.get(Kind.PERFORMANCE)
    due = next_assessment_due(contract, performance) if duty.applies else None
    return Line(contract, duty, published.get(Kind.DETAILS), performance, due)


def _may_apply(contracts):
    """Leave out in the database what certainly is not asked; `duties` decides about the rest."""
    old = Q(signed_on__lt=PA2023_IN_FORCE) | Q(signed_on=None, starts_on__lt=PA2023_IN_FORCE)
    own_rules = ~Q(agreement_type=AgreementType.CALL_OFF) | Q(parent=None)
    return (
        contracts.exclude(stage=Stage.ENDED)
        .exclude(agreement_type=AgreementType.FRAMEWORK)
        .filter(act_kind="")
        .exclude(estimated_value_inc_vat__lte=THRESHOLD)
        .exclude(own_rules & Q(regime__in=[Regime.PCR2015, Regime.EARLIER]))
        .exclude(own_rules & Q(regime="", procurement_began_on__lt=PA2023_IN_FORCE))
        .exclude(own_rules & old & Q(regime="", procurement_began_on=None))
        .select_related("directorate", "parent")
    )
