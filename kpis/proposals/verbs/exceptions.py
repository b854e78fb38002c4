"""An exception: why a contract has no social value KPIs, proposed and changed like a KPI set."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale, lock, require
from contracts.models import Contract
from govuk import formats
from kpis.proposals import permissions
from kpis.proposals.exceptions import wrong_with
from kpis.proposals.models import KPISet
from kpis.proposals.months import usual_effective_month
from kpis.proposals.verbs.changing import changed, open_set
from kpis.proposals.verbs.sets import check_month, refuse_a_second

FIELDS = ("effective_month", "reason", "why", "review_on")


def propose_exception(
    contract: Contract,
    *,
    by,
    reason: str,
    why: str,
    review_on: dt.date,
    effective_month: dt.date | None = None,
) -> KPISet:
    """Return the contract's new exception, a draft: no KPIs for this reason, reviewed on that day.

    It takes effect from the usual month unless another is given. Raises Invalid, and Stale, naming it, where
    another set or exception is still being prepared or waits for a decision.
    """
    require(permissions.may_propose(by, contract))
    try:
        with transaction.atomic():
            contract = lock(Contract, contract.pk)
            refuse_a_second(contract)
            month = effective_month or usual_effective_month(contract)
            last = contract.kpi_sets.order_by("-number").first()
            kpi_set = KPISet(
                contract=contract,
                number=last.number + 1 if last else 1,
                kind=KPISet.Kind.EXCEPTION,
                effective_month=month,
                reason=reason,
                why=why.strip(),
                review_on=review_on,
                started_by=by,
            )
            _check(kpi_set)
            kpi_set.save()
            kpi_set.editors.add(by)
            record(
                action="proposals.propose_exception",
                subject=kpi_set,
                by=by,
                contract_number=contract.pk,
                summary=f"Started {kpi_set}: no social value KPIs",
                after={
                    "Why": kpi_set.get_reason_display(),
                    "Takes effect": formats.month(month),
                    "To be reviewed on": formats.day(review_on),
                },
                note=kpi_set.why,
            )
    except IntegrityError:
        refuse_a_second(contract)
        raise Stale(
            "Somebody else started a KPI set for this contract. Open the contract to see it."
        ) from None
    return kpi_set


def change_exception(
    kpi_set: KPISet,
    *,
    by,
    reason: str,
    why: str,
    review_on: dt.date,
    effective_month: dt.date,
    version: int | None = None,
) -> KPISet:
    """Return the exception with what it says now. Raises Invalid; Stale once it is no longer a draft."""
    with transaction.atomic():
        kpi_set = open_set(kpi_set, by, version, kind=KPISet.Kind.EXCEPTION)
        given = {
            "effective_month": effective_month,
            "reason": reason,
            "why": why.strip(),
            "review_on": review_on,
        }
        month_was = kpi_set.effective_month
        was, now = changes(kpi_set, given, given)
        for name, value in given.items():
            setattr(kpi_set, name, value)
        _check(kpi_set)
        if was or now:
            if month_was != effective_month:
                was["Effective month"] = formats.month(month_was)
                now["Effective month"] = formats.month(effective_month)
            changed(kpi_set, by)
            record(
                action="proposals.change_exception",
                subject=kpi_set,
                by=by,
                contract_number=kpi_set.contract_id,
                summary=f"Changed {kpi_set}",
                before=was,
                after=now,
            )
    return kpi_set


def _check(kpi_set: KPISet) -> None:
    errors = wrong_with(kpi_set.contract, reason=kpi_set.reason, why=kpi_set.why, review_on=kpi_set.review_on)
    try:
        check_month(kpi_set, kpi_set.effective_month)
    except Invalid as invalid:
        errors += invalid.errors
    if errors:
        raise Invalid(errors)
