"""A KPI's monthly targets: which stand already, which are spread, and writing them down."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from accounts.calendar import months_between
from kpis.library.models import Measure
from kpis.proposals import targets
from kpis.proposals.models import KPISet, KPITerms, MonthlyTarget
from kpis.proposals.months import set_before


def stored(terms: KPITerms) -> targets.Profile:
    """Return the monthly targets as saved."""
    return dict(terms.monthly_targets.order_by("month").values_list("month", "amount"))


def kept(terms: KPITerms) -> targets.Profile:
    """Return the targets of months before the set takes effect: in force then, nobody can change them."""
    kpi_set = terms.kpi_set
    before = set_before(kpi_set)
    if before is None or kpi_set.effective_month is None:
        return {}
    return dict(
        MonthlyTarget.objects.filter(
            terms__kpi_set=before,
            terms__kpi=terms.kpi_id,
            month__lt=kpi_set.effective_month,
            month__gte=terms.starts_month,
        ).values_list("month", "amount")
    )


def whole(terms: KPITerms, measure: Measure, monthly: Mapping[dt.date, Decimal] | None) -> targets.Profile:
    """Return the profile these terms come to; by hand, months not given stay as they are saved.

    A KPI whose target or months are missing or the wrong way round has none.
    """
    if terms.ends_month is None or terms.target is None or terms.ends_month < terms.starts_month:
        return {}
    months = months_between(terms.starts_month, terms.ends_month)[:601]
    standing = kept(terms)
    if terms.profile == KPITerms.Profile.FLAT or not targets.has_amount(measure):
        return targets.flat(measure, terms.target, months, standing)
    if terms.profile == KPITerms.Profile.BY_TERM:
        return targets.by_term(measure, terms.target, months, standing)
    typed = dict(monthly) if monthly is not None else (stored(terms) if terms.pk else {})
    typed.update(standing)
    return {month: typed[month] for month in months if typed.get(month) is not None}


def write(terms: KPITerms, amounts: Mapping[dt.date, Decimal]) -> None:
    """Save these as the KPI's monthly targets in place of what was there."""
    if terms.pk and stored(terms) == dict(amounts):
        return
    terms.monthly_targets.all().delete()
    MonthlyTarget.objects.bulk_create(
        [MonthlyTarget(terms=terms, month=month, amount=amount) for month, amount in sorted(amounts.items())]
    )


def move_start(kpi_set: KPISet, month_was: dt.date | None) -> None:
    """Let KPIs that are new in this set begin in its new month of effect, and spread anew what is spread."""
    before = set_before(kpi_set)
    carried = set(before.terms.values_list("kpi", flat=True)) if before else set()
    month = kpi_set.effective_month
    for terms in kpi_set.terms.select_related("kpi__measure"):
        terms.kpi_set = kpi_set
        if (
            terms.kpi_id not in carried
            and terms.starts_month == month_was
            and month
            and month <= terms.ends_month
        ):
            terms.starts_month = month
            terms.save(update_fields=["starts_month"])
        write(terms, whole(terms, terms.kpi.measure, None))
