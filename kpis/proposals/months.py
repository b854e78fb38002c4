"""Which month a KPI set may take effect from, and which months a KPI runs."""

import datetime as dt

from accounts.calendar import add_months, first_of_month, months_between, today
from contracts.models import Contract
from kpis.proposals.models import KPISet, KPITerms


def first_free_month(contract: Contract) -> dt.date | None:
    """Return the month after the contract's last submitted return, or None where none was submitted."""
    last = (
        contract.monthly_returns.filter(first_submitted_at__isnull=False)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return add_months(last, 1) if last else None


def usual_effective_month(contract: Contract) -> dt.date:
    """Return the month a new set is proposed from: this one, unless it is reported on or not begun."""
    candidates = [first_of_month(today()), first_free_month(contract)]
    if contract.starts_on:
        candidates.append(first_of_month(contract.starts_on))
    return max(month for month in candidates if month)


def usual_last_month(contract: Contract, starts_month: dt.date) -> dt.date:
    """Return the contract's last month; for an open-ended contract the twelfth month of the KPI."""
    last = contract.last_day
    if last and first_of_month(last) >= starts_month:
        return first_of_month(last)
    return add_months(starts_month, 11)


def latest_approved(contract: Contract) -> KPISet | None:
    """Return the approved set of KPIs that holds last (in force now or soon); None under an exception."""
    last = (
        contract.kpi_sets.filter(status=KPISet.Status.APPROVED)
        .order_by("-effective_month", "-number")
        .first()
    )
    return None if last is None or last.is_exception else last


def set_before(kpi_set: KPISet) -> KPISet | None:
    """Return the approved set this one follows, or None for a contract's first."""
    approved = kpi_set.contract.kpi_sets.filter(status=KPISet.Status.APPROVED).exclude(pk=kpi_set.pk)
    if kpi_set.status == KPISet.Status.APPROVED:
        approved = approved.filter(number__lt=kpi_set.number)
    return approved.order_by("-effective_month", "-number").first()


def months_of(terms: KPITerms) -> list[dt.date]:
    """Return every month the KPI runs, first to last."""
    return months_between(terms.starts_month, terms.ends_month)
