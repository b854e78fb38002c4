"""A KPI set as a whole: started, described."""

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale, lock, require
from contracts.models import Contract, ProportionateRule
from contracts.rules.finding import rule_for
from govuk import formats
from kpis.proposals import permissions, profile
from kpis.proposals.models import KPISet, MonthlyTarget
from kpis.proposals.months import first_free_month, latest_approved, usual_effective_month
from kpis.proposals.verbs.changing import changed, open_set


def start_set(contract, *, by):
    """Return the contract's new draft set, a copy of the latest approved one where there is any.

    Raises Stale, naming it, where another set is still being prepared or waits for a decision.
    """
    require(permissions.may_propose(by, contract))
    try:
        with transaction.atomic():
            contract = lock(Contract, contract.pk)
            refuse_a_second(contract)
            last = contract.kpi_sets.order_by("-number").first()
            before = latest_approved(contract)
            kpi_set = KPISet.objects.create(
                contract=contract,
                number=last.number + 1 if last else 1,
                effective_month=usual_effective_month(contract),
                returns_every=_usual_rhythm(contract, before),
                started_by=by,
                copied_from=before,
            )
            if before:
                _copy_terms(before, kpi_set)
            record(
                action="proposals.start_set",
                subject=kpi_set,
                by=by,
                contract_number=contract.pk,
                summary=f"Started KPI set {kpi_set.number}"
                + (f" as a copy of KPI set {before.number}" if before else ""),
            )
    except IntegrityError:
        refuse_a_second(contract)
        raise Stale(
            "Somebody else started a KPI set for this contract. Open the contract to see it."
        ) from None
    return kpi_set


def _usual_rhythm(contract, before):
    """Return how often figures are returned, in months, as the council's rule has it for the contract.

    Where the rule asks for no lighter rhythm than each month, what was approved before stays.
    """
    rule = rule_for(contract)
    if rule is not None and rule.returns_every != ProportionateRule.Often.MONTHLY:
        return rule.returns_every
    return before.returns_every if before else ProportionateRule.Often.MONTHLY


def refuse_a_second(contract):
    """Refuse another set or exception while one is being prepared or waits for a decision."""
    other = contract.kpi_sets.open_or_waiting().first()
    if other:
        raise Stale(
            f"{other} of this contract is already “{other.get_status_display().lower()}”. "
            "A contract has one such set at a time: carry on with it, or withdraw it first."
        )


def _copy_terms(before, kpi_set):
    for terms in before.terms.prefetch_related("monthly_targets"):
        monthly = list(terms.monthly_targets.all())
        terms.pk, terms._state.adding, terms._prefetched_objects_cache = None, True, {}
        terms.kpi_set = kpi_set
        terms.why = ""
        terms.save()
        MonthlyTarget.objects.bulk_create(
            [MonthlyTarget(terms=terms, month=row.month, amount=row.amount) for row in monthly]
        )


def describe(
    kpi_set, *, by, effective_month=None, returns_every=None, why=None, supplier_agreed=None, version=None
):
    """Return the set with its month of effect, how often figures are returned (every 1, 3 or 6 months),
    reasons and the supplier's agreement; None leaves as it is.

    KPIs new in this set move their first month with the month of effect. Raises Invalid.
    """
    if returns_every is not None and returns_every not in ProportionateRule.Often.values:
        raise Invalid([("returns_every", "Select how often figures are returned")])
    given = {
        "effective_month": effective_month,
        "returns_every": returns_every,
        "why": why,
        "supplier_agreed": supplier_agreed,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        kpi_set = open_set(kpi_set, by, version)
        if effective_month:
            check_month(kpi_set, effective_month)
        month_was = kpi_set.effective_month
        was, now = changes(kpi_set, fields, fields)
        for name, value in fields.items():
            setattr(kpi_set, name, value)
        if was or now:
            changed(kpi_set, by)
            if kpi_set.effective_month != month_was:
                was["Effective month"] = formats.month(month_was)
                now["Effective month"] = formats.month(kpi_set.effective_month)
            if kpi_set.effective_month != month_was:
                profile.move_start(kpi_set, month_was)
            record(
                action="proposals.describe",
                subject=kpi_set,
                by=by,
                contract_number=kpi_set.contract_id,
                summary=f"Described KPI set {kpi_set.number}",
                before=was,
                after=now,
            )
    return kpi_set


def check_month(kpi_set, month):
    """Refuse a month of effect that has submitted returns, or in which the contract has ended."""
    field, name = "effective_month", "The month from which the KPIs take effect"
    if month.day != 1:
        raise Invalid([(field, f"{name} must be a month and a year")])
    free = first_free_month(kpi_set.contract)
    if free and month < free:
        raise Invalid(
            [
                (
                    field,
                    f"{name} must be {formats.month(free)} or later: the months before have "
                    "submitted returns",
                )
            ]
        )
    last = kpi_set.contract.last_day
    if last and month > last:
        raise Invalid([(field, f"{name} must be before the contract ends on {formats.day(last)}")])
