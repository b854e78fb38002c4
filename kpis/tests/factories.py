"""Rows that tests of several rooms begin with: measures, and KPI sets that are approved already."""

import datetime as dt
import itertools
from decimal import Decimal

from django.utils import timezone

from accounts.calendar import add_months, months_between
from kpis.models import KPI, Framework, KPISet, KPITerms, Measure, MonthlyTarget, Theme, Unit

_codes = itertools.count(1)


def make_measure(title="Apprenticeship weeks", *, unit="weeks", places=0, splits=(), **facts):
    """Return a live measure, in a framework of its own making."""
    framework, _ = Framework.objects.get_or_create(
        name="Test framework",
        edition="1",
        defaults={"source": "These tests", "licence": "None needed", "offered": "always"},
    )
    theme, _ = Theme.objects.get_or_create(
        framework=framework, code="T1", defaults={"title": "Work and skills"}
    )
    unit, _ = Unit.objects.get_or_create(code=unit, defaults={"name": unit, "short": unit, "places": places})
    facts["framework"] = facts.setdefault("theme", theme).framework
    measure = Measure.objects.create(
        **{
            "code": f"T-{next(_codes):03d}",
            "title": title,
            "unit": unit,
            "counting_rule": "Count each week once.",
            "evidence_expected": "Training provider's confirmation",
            **facts,
        }
    )
    measure.cohort_splits.set(splits)
    return measure


def make_approved_set(contract, effective_month, kpis, *, ends_month=None, decided_on=None, **terms_facts):
    """Return an approved KPI set of a contract; `kpis` is a list of (measure, target).

    The target is the whole life's for measures that add up (spread alike over the months), else the level to
    hold. It was approved on the first of the effective month unless `decided_on` says otherwise.
    """
    last = contract.kpi_sets.order_by("-number").first()
    day = decided_on or effective_month
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    kpi_set = KPISet.objects.create(
        contract=contract,
        number=last.number + 1 if last else 1,
        status=KPISet.Status.APPROVED,
        effective_month=effective_month,
        submitted_at=at,
        decided_at=at,
        content_hash="0" * 64,
    )
    ends_month = ends_month or add_months(effective_month, 11)
    for position, (measure, target) in enumerate(kpis, start=1):
        kpi, _ = KPI.objects.get_or_create(
            contract=contract,
            measure=measure,
            unit=measure.unit,
            direction=measure.direction,
            kind=measure.kind,
        )
        terms = KPITerms.objects.create(
            **{
                "kpi_set": kpi_set,
                "kpi": kpi,
                "position": position,
                "title": measure.title,
                "target": Decimal(target),
                "starts_month": effective_month,
                "ends_month": ends_month,
                "counting_rule": measure.counting_rule,
                "evidence_expected": measure.evidence_expected,
                **terms_facts,
            }
        )
        months = months_between(effective_month, ends_month)
        last = Decimal(target)
        shares = [last] * (len(months) - 1)
        if terms.adds_up:
            # The last month takes what rounding leaves: the months come to the target.
            shares = [(last / len(months)).quantize(Decimal("0.0001"))] * (len(months) - 1)
            last -= sum(shares, Decimal(0))
        MonthlyTarget.objects.bulk_create(
            [
                MonthlyTarget(terms=terms, month=month, amount=share)
                for month, share in zip(months, [*shares, last], strict=True)
            ]
        )
    return kpi_set


def make_approved_exception(contract, effective_month, review_on, **facts):
    """Return an approved exception of a contract: no KPIs from that month, to be reviewed on that day."""
    last = contract.kpi_sets.order_by("-number").first()
    at = timezone.make_aware(dt.datetime.combine(effective_month, dt.time(9)))
    return KPISet.objects.create(
        **{
            "contract": contract,
            "number": last.number + 1 if last else 1,
            "kind": KPISet.Kind.EXCEPTION,
            "status": KPISet.Status.APPROVED,
            "effective_month": effective_month,
            "reason": KPISet.Reason.SMALL,
            "why": "Two visits a year with one van.",
            "review_on": review_on,
            "submitted_at": at,
            "decided_at": at,
            "content_hash": "0" * 64,
            **facts,
        }
    )
