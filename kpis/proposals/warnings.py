"""What makes a KPI set weak, in words: warnings inform the proposer and the decider, they block nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.calendar import months_between
from govuk import formats
from kpis.library.models import Direction, Kind
from kpis.proposals import exceptions
from kpis.proposals.checks import amount_in_words
from kpis.proposals.differences import Difference
from kpis.proposals.models import KPISet, KPITerms

MANY = 12


@dataclass(frozen=True)
class Warning:
    """One thing to look at; `kpi` is the KPI it is about, or None for the set as a whole."""

    kpi: int | None
    sentence: str


def of_set(kpi_set: KPISet, every: Iterable[Difference], *, our_children: str) -> list[Warning]:
    """Return the warnings of a set from its differences: pure, but for an exception, which asks of others.

    `our_children` is what the council calls its children in care and care leavers.
    """
    every = list(every)
    if kpi_set.is_exception:
        ending = sum(one.will_be is None for one in every)
        return [Warning(None, words) for words in exceptions.worth_a_look(kpi_set, ending)]
    terms = [one.will_be for one in every if one.will_be]
    found = [Warning(None, words) for words in _of_whole(kpi_set, every, terms, our_children)]
    for one in every:
        if one.will_be:
            found += [Warning(one.will_be.kpi_id, words) for words in _of_kpi(one, one.will_be)]
        elif not kpi_set.why:
            found.append(Warning(one.terms.kpi_id, "It is dropped without a reason."))
    return found


def _of_whole(kpi_set, every, terms, our_children):
    if terms and not any(_counts_our_children(one) for one in terms):
        yield f"No KPI counts {our_children}, alone or as a group within a measure."
    if not kpi_set.why:
        yield "No reason is given for the set."
    changed = [one for one in every if one.changes_promise]
    if (changed or any(one.will_be is None for one in every)) and not kpi_set.supplier_agreed:
        yield "Promises change, but no supplier’s agreement is recorded: approving doesn’t vary the contract."
    if len(terms) > MANY:
        yield f"{len(terms)} KPIs are many to report every month."
    if terms and all(one.kpi.kind in {Kind.TEXT, Kind.MILESTONE, Kind.YES_NO} for one in terms):
        yield "No KPI is a number, so progress can't be rated against a target."


def _counts_our_children(terms: KPITerms) -> bool:
    groups = [terms.cohort, terms.kpi.measure.cohort, *terms.kpi.measure.cohort_splits.all()]
    return any(group.is_our_children for group in groups if group)


def _of_kpi(difference: Difference, terms: KPITerms):
    measure = terms.kpi.measure
    is_news = difference.was is None or bool(difference.phrases)
    if is_news and terms.baseline is None and measure.is_number:
        yield "No baseline: nobody can tell how far this goes beyond what happens today."
    if difference.was and measure.is_number:
        yield from _lowered(difference.was, terms)
    if measure.status == measure.Status.RETIRED:
        yield "Its measure was retired from the library; the wording here stays."
    if not terms.evidence_expected.strip():
        yield "No evidence is expected, so it can't be verified."
    last = terms.kpi_set.contract.last_day
    if last and terms.ends_month > last:
        yield f"It runs on after the contract ends on {formats.day(last)}."
    if last and (last.year - terms.ends_month.year) * 12 + last.month - terms.ends_month.month > 12:
        yield f"It ends more than a year before the contract does on {formats.day(last)}."
    if terms.profile == KPITerms.Profile.BY_HAND and terms.adds_up and terms.target:
        months = months_between(terms.starts_month, terms.ends_month)
        late = set(months[len(months) * 3 // 4 :])
        due = sum(row.amount for row in terms.monthly_targets.all() if row.month in late)
        if len(months) >= 8 and due * 2 > terms.target:
            yield "More than half of the target is due in the last quarter of its months."
    if terms.amber_from < 50 and measure.is_number:
        yield f"It would only be called behind below {formats.percent(terms.amber_from)} of its target."


def _lowered(was: KPITerms, terms: KPITerms):
    measure = terms.kpi.measure
    worse = terms.target < was.target if measure.direction == Direction.HIGHER else terms.target > was.target
    if worse:
        yield (
            f"The promise is weaker than before: {amount_in_words(measure, was.target)} becomes "
            f"{amount_in_words(measure, terms.target)}."
        )
    if terms.ends_month > was.ends_month and terms.target <= was.target and terms.adds_up:
        yield "It has longer to deliver no more than before."
    if terms.adds_up and terms.kpi_set.effective_month:
        month = terms.kpi_set.effective_month
        due = sum((row.amount for row in was.monthly_targets.all() if row.month < month), Decimal(0))
        if due > terms.target:
            yield (
                f"{amount_in_words(measure, due)} are already due before it takes effect, more than "
                "the new target."
            )
