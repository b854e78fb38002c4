"""What an exception must say, how long it may stand, and what makes it weak: why a contract has no KPIs."""

from __future__ import annotations

import calendar
import datetime as dt

from django.db.models import Q

from accounts.calendar import add_months, first_of_month, today
from accounts.verbs.recipe import Stale
from contracts.models import Contract, Stage
from contracts.rules import words as rule_words
from contracts.rules.finding import rule_for
from govuk import formats
from kpis.proposals.models import KPISet

Errors = list[tuple[str, str]]
# Months until it is looked at again: what is offered, and the most one may ask for.
USUAL_MONTHS, MOST_MONTHS = 12, 24
# Reasons of fewer words than this tell a reader little.
FEW_WORDS = 15
LONGEST = 4000


def months_on(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month that many months on, or that month's last where it has no such day."""
    month = add_months(first_of_month(day), months)
    return month.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


def latest_review(contract: Contract) -> dt.date:
    """Return the last day an exception of the contract may be reviewed on."""
    limit = months_on(today(), MOST_MONTHS)
    return min(limit, contract.last_day) if contract.last_day else limit


def usual_review(contract: Contract) -> dt.date:
    """Return the day of review that is offered: twelve months ahead, or the contract's last day."""
    return min(months_on(today(), USUAL_MONTHS), latest_review(contract))


def wrong_with(contract: Contract, *, reason: str, why: str, review_on: dt.date | None) -> Errors:
    """Return everything wrong with what an exception says, as (field, sentence)."""
    errors: Errors = []
    if reason not in KPISet.Reason.values:
        errors.append(("reason", "Select why there are no KPIs"))
    if not why.strip():
        errors.append(("why", "Enter the reasons in your own words"))
    elif len(why) > LONGEST:
        errors.append(("why", f"The reasons must be {formats.figure(LONGEST)} characters or fewer"))
    return errors + wrong_review(contract, review_on)


def wrong_review(contract: Contract, review_on: dt.date | None) -> Errors:
    """Return what is wrong with the day of review."""
    field, name = "review_on", "The day it is reviewed on"
    if review_on is None:
        return [(field, "Enter the day it is reviewed on")]
    latest = latest_review(contract)
    if latest <= today():
        return [(field, f"The contract ends on {formats.day(contract.last_day)}: there is nothing to review")]
    if review_on <= today():
        return [(field, f"{name} must be after today")]
    if review_on > latest:
        why = (
            "the contract ends then"
            if latest == contract.last_day
            else f"at most {MOST_MONTHS} months from today"
        )
        return [(field, f"{name} must be {formats.day(latest)} or earlier: {why}")]
    return []


def refuse_a_day_gone_by(kpi_set: KPISet) -> None:
    """Refuse to approve an exception that would have to be reviewed at once: it waited for too long."""
    if kpi_set.is_exception and kpi_set.review_on is not None and kpi_set.review_on <= today():
        raise Stale(
            f"{kpi_set} was to be reviewed on {formats.day(kpi_set.review_on)}, which has come while it "
            "waited. Return it, so that a later day can be asked for."
        )


def in_force_of(contract: Contract, on: dt.date | None = None) -> KPISet | None:
    """Return the exception that holds for a contract on a day (today), also one to be reviewed; or None."""
    month = first_of_month(on or today())
    return KPISet.objects.in_force(month).exceptions().filter(contract=contract.pk).first()


def standing_words(kpi_set: KPISet, on: dt.date | None = None) -> str:
    """Return "approved exception until 3 May 2027", or "exception to be reviewed since 3 May 2027"."""
    if kpi_set.is_to_be_reviewed_on(on or today()):
        return f"exception to be reviewed since {formats.day(kpi_set.review_on)}"
    return f"approved exception until {formats.day(kpi_set.review_on)}"


def sentences_of(kpi_set: KPISet) -> list[str]:
    """Return what an exception says, as lines for a letter."""
    since = f", from {formats.month(kpi_set.effective_month)}" if kpi_set.effective_month else ""
    return [
        f"No social value KPIs{since}: {kpi_set.get_reason_display()}",
        f"In their words: {' '.join(kpi_set.why.split())}",
        f"To be reviewed on {formats.day(kpi_set.review_on)}",
    ]


def summary_of(kpi_set: KPISet, ending: int) -> str:
    """Return the exception in one sentence; `ending` is how many KPIs end by it."""
    parts = ["No social value KPIs"]
    if kpi_set.effective_month:
        parts.append(f" from {formats.month(kpi_set.effective_month)}")
    if kpi_set.review_on:
        parts.append(f", to be reviewed on {formats.day(kpi_set.review_on)}")
    if ending:
        parts.append(f". {formats.plural(ending, 'KPI ends', 'KPIs end')}")
    return f"{''.join(parts)}."


def worth_a_look(kpi_set: KPISet, ending: int) -> list[str]:
    """Return what a decider should look at, as sentences: four queries at most.

    `ending` is how many KPIs would be no longer reported.
    """
    found = []
    contract = kpi_set.contract
    if ending:
        month = formats.month(kpi_set.effective_month)
        found.append(
            f"{'The KPI' if ending == 1 else f'All {ending} KPIs'} in force would end from {month}, and "
            "nothing would be reported any more."
        )
    rule = rule_for(contract)
    if rule is not None and rule.kpis_at_least:
        value = contract.whole_value
        worth = f"It is worth {formats.money_short(value)}, and the" if value is not None else "The"
        found.append(
            f"{worth} council’s rule asks such contracts for KPIs ({rule_words.kpis_asked(rule)}), "
            f"{rule_words.why_it_fits(rule)}."
        )
    found += _like_contracts(contract)
    if kpi_set.review_on and kpi_set.review_on > months_on(today(), 12):
        found.append(
            f"It would not be looked at again before {formats.day(kpi_set.review_on)}, more than a year "
            "ahead."
        )
    if 0 < len(kpi_set.why.split()) < FEW_WORDS:
        found.append("The reasons are short: a reader may ask what was considered instead.")
    return found


def _like_contracts(contract: Contract) -> list[str]:
    """Return how many live contracts of the same category have KPIs, where any has: two queries."""
    if not contract.category_id:
        return []
    alike = (
        Contract.objects.filter(category=contract.category_id, stage=Stage.LIVE)
        .live_on(today())
        .filter(~Q(pk=contract.pk), directorate__isnull=False)
    )
    have = (
        KPISet.objects.in_force(first_of_month(today()))
        .with_kpis()
        .filter(contract__in=alike.order_by().values("pk"))
        .count()
    )
    if not have:
        return []
    verb = "has" if have == 1 else "have"
    return [f"{formats.n_of(have, alike.count())} other live contracts in {contract.category} {verb} KPIs."]
