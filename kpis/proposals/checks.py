"""What a KPI's terms must satisfy before they are saved, and a set's before it is sent."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from accounts.calendar import months_between
from govuk import formats
from kpis.library.models import Direction, Kind, Measure
from kpis.proposals import exceptions, priced, targets
from kpis.proposals.content import full_terms
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import first_free_month

Errors = list[tuple[str, str]]


def amount_in_words(measure: Measure, amount: Decimal | None) -> str:
    """Return an amount as its measure counts it: "£12,000", "45%", "12 weeks", "Yes"; blank for None."""
    if amount is None:
        return ""
    if measure.kind == Kind.MONEY:
        return formats.money(amount)
    if measure.kind == Kind.PERCENTAGE:
        return formats.percent(amount, 2)
    if measure.kind == Kind.YES_NO:
        return "Yes" if amount else "No"
    if not targets.has_amount(measure):
        return ""
    return formats.with_unit(amount, measure.unit.short)


def check_terms(terms: KPITerms, measure: Measure, monthly: Mapping[dt.date, Decimal]) -> Errors:
    """Return everything wrong with one KPI's terms as (field, sentence); `monthly` is its whole profile."""
    errors = _check_target(terms, measure)
    if not terms.title.strip():
        errors.append(("title", "Enter a title in this contract's words"))
    if not terms.counting_rule.strip():
        errors.append(("counting_rule", "Enter a counting rule"))
    if not terms.evidence_expected.strip():
        errors.append(("evidence_expected", "Enter the evidence expected"))
    errors += _check_months(terms)
    errors += _check_cut_points(terms)
    if terms.baseline is not None:
        errors += _check_range("baseline", "Baseline", terms.baseline, measure)
    if terms.profile == KPITerms.Profile.BY_TERM and not targets.adds_up(measure):
        errors.append(
            ("profile", "Only a target that adds up over the months can be shared over school terms")
        )
    if terms.profile == KPITerms.Profile.BY_HAND and not errors:
        errors += _check_profile(terms, measure, monthly)
    return errors


def _check_target(terms: KPITerms, measure: Measure) -> Errors:
    if not targets.has_amount(measure) or measure.kind == Kind.YES_NO:
        return []
    if terms.target is None:
        return [("target", "Enter a target")]
    errors = _check_range("target", "Target", terms.target, measure)
    # "No net loss" is a promise where a figure can fall below 0; anywhere else 0 promises nothing.
    no_net_loss = measure.kind == Kind.COUNT and measure.can_be_negative
    if not errors and terms.target == 0 and measure.direction == Direction.HIGHER and not no_net_loss:
        errors.append(("target", "Target must be more than 0"))
    places = max(0, -int(terms.target.normalize().as_tuple().exponent))
    if not errors and places > measure.unit.places:
        if measure.unit.places == 0:
            errors.append(("target", f"Target must be a whole number of {measure.unit.name}"))
        else:
            errors.append(("target", f"Target must have {measure.unit.places} decimal places or fewer"))
    return errors


def _check_range(field: str, name: str, amount: Decimal, measure: Measure) -> Errors:
    # Where things stood may be below 0, what is promised not: nobody promises a loss.
    if amount < 0 and not (field == "baseline" and measure.allows_negative):
        return [(field, f"{name} must be 0 or more")]
    if measure.kind == Kind.PERCENTAGE and amount > 100:
        return [(field, f"{name} must be a percentage between 0 and 100")]
    if amount >= Decimal(10) ** 12:
        return [(field, f"{name} must be less than a million million")]
    return []


def _check_months(terms: KPITerms) -> Errors:
    if terms.ends_month is None:
        return [("ends_month", "Enter the last month")]
    if terms.ends_month < terms.starts_month:
        return [("ends_month", f"The last month must be {formats.month(terms.starts_month)} or later")]
    if len(months_between(terms.starts_month, terms.ends_month)) > 600:
        return [("ends_month", "The last month must be within 50 years of the first")]
    return []


def _check_cut_points(terms: KPITerms) -> Errors:
    for field, name in (("green_from", "“On track” cut point"), ("amber_from", "“Watch” cut point")):
        amount = getattr(terms, field)
        if amount is None or not 0 < amount <= 1000:
            return [(field, f"{name} must be a percentage of the target between 1 and 1,000")]
    if terms.amber_from > terms.green_from:
        return [("amber_from", "“Watch” must start at the same percentage as “on track”, or lower")]
    return []


def _check_profile(terms: KPITerms, measure: Measure, monthly: Mapping[dt.date, Decimal]) -> Errors:
    months = months_between(terms.starts_month, terms.ends_month)
    missing = [month for month in months if monthly.get(month) is None]
    if missing:
        shown = ", ".join(formats.month(month) for month in missing[:3])
        more = f" and {len(missing) - 3} more months" if len(missing) > 3 else ""
        return [("monthly", f"Enter a target for {shown}{more}. Enter 0 where none is due")]
    for month in months:
        errors = _check_range("monthly", f"The target for {formats.month(month)}", monthly[month], measure)
        if errors:
            return errors
    out = targets.out_by(measure, terms.target, monthly)
    if out:
        total = amount_in_words(measure, sum(monthly.values(), Decimal(0)))
        by = f"{amount_in_words(measure, abs(out))} {'more' if out > 0 else 'less'} than"
        return [
            (
                "monthly",
                f"The months add up to {total}, {by} the target of "
                f"{amount_in_words(measure, terms.target)}. Change the months or the target",
            )
        ]
    if not targets.adds_up(measure) and months and monthly[months[-1]] != terms.target:
        return [
            ("monthly", f"The last month must reach the target of {amount_in_words(measure, terms.target)}")
        ]
    return []


def problems(kpi_set: KPISet) -> list[tuple[KPITerms | None, str, str]]:
    """Return everything that keeps the set from being sent, all at once: (terms or None, field, sentence)."""
    found: list[tuple[KPITerms | None, str, str]] = []
    every = list(full_terms(kpi_set))
    if kpi_set.is_exception:
        said = exceptions.wrong_with(
            kpi_set.contract, reason=kpi_set.reason, why=kpi_set.why, review_on=kpi_set.review_on
        )
        found += [(None, field, sentence) for field, sentence in said]
        if every:
            found.append((None, "kpis", "Take the KPIs out: an exception holds none"))
    elif not every:
        found.append((None, "kpis", "Add at least one KPI"))
    if kpi_set.effective_month is None:
        found.append((None, "effective_month", "Enter the month from which the KPIs take effect"))
    else:
        free = first_free_month(kpi_set.contract)
        if free and kpi_set.effective_month < free:
            found.append(
                (
                    None,
                    "effective_month",
                    "The month from which the KPIs take effect must be "
                    f"{formats.month(free)} or later: the months before have submitted returns",
                )
            )
    for terms in every:
        monthly = {row.month: row.amount for row in terms.monthly_targets.all()}
        found += [
            (terms, field, f"{terms.title}: {sentence[:1].lower()}{sentence[1:]}")
            for field, sentence in check_terms(terms, terms.kpi.measure, monthly)
        ]
        if terms.kpi.measure.status == Measure.Status.DRAFT:
            found.append((terms, "measure", f"{terms.title}: its measure is not ready to be used yet"))
    return [*found, *priced.problems_of(kpi_set, every)]
