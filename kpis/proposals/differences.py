"""What a KPI set changes against the one it follows, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from govuk import formats
from kpis.proposals import exceptions
from kpis.proposals.checks import amount_in_words
from kpis.proposals.content import full_terms
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import set_before
from kpis.proxies import words

ADDED, CHANGED, REMOVED, SAME = "new", "changed", "removed", "unchanged"


@dataclass(frozen=True)
class Difference:
    """One KPI: what it was, what it will be, and each change as a phrase."""

    was: KPITerms | None
    will_be: KPITerms | None
    phrases: list[str] = field(default_factory=list)
    # Those of them that are about what a unit is worth: the council's reckoning, not the supplier's promise.
    of_value: list[str] = field(default_factory=list)

    @property
    def changes_promise(self) -> bool:
        """Return whether what the supplier promised becomes another."""
        return self.was is not None and len(self.phrases) > len(self.of_value)

    @property
    def kind(self) -> str:
        """Return "new", "removed", "changed" or "unchanged"."""
        if self.was is None:
            return ADDED
        if self.will_be is None:
            return REMOVED
        return CHANGED if self.phrases else SAME

    @property
    def terms(self) -> KPITerms:
        """Return the terms to name the KPI by."""
        found = self.will_be or self.was
        assert found is not None
        return found

    @property
    def was_words(self) -> str:
        """Return "12 weeks by March 2029", or "not a KPI before"."""
        return promise(self.was) if self.was else "Not a KPI before"

    @property
    def will_be_words(self) -> str:
        """Return "9 weeks by March 2029", or "no longer a KPI"."""
        return promise(self.will_be) if self.will_be else "No longer a KPI"


def promise(terms: KPITerms) -> str:
    """Return what is promised and by when: "12 weeks by March 2029", "45% each month to March 2029"."""
    measure = terms.kpi.measure
    amount = amount_in_words(measure, terms.target)
    if not amount:
        return f"by {formats.month(terms.ends_month)}"
    if terms.adds_up:
        most = "no more than " if terms.kpi.direction == "lower" else ""
        return f"{most}{amount} by {formats.month(terms.ends_month)}"
    limit = (
        {"lower": "at most ", "higher": "at least "}[terms.kpi.direction]
        if terms.kpi.kind != "yes_no"
        else ""
    )
    return f"{limit}{amount} each month to {formats.month(terms.ends_month)}"


@dataclass(frozen=True)
class Often:
    """How often figures are returned under a set, and how often they were under the one before."""

    now: str
    was: str = ""

    @property
    def words(self) -> str:
        """Return "Quarterly", or "Quarterly, was monthly" where it changes."""
        return f"{self.now}, was {self.was.lower()}" if self.was else self.now

    @property
    def sentence(self) -> str:
        """Return "Returns monthly, now quarterly" where it changes, else ""."""
        return f"Returns {self.was.lower()}, now {self.now.lower()}" if self.was else ""


def often(kpi_set: KPISet, before: KPISet | None) -> Often:
    """Return how often figures are returned, and how often before where that was another."""
    differs = before is not None and before.returns_every != kpi_set.returns_every
    return Often(
        kpi_set.get_returns_every_display(),
        before.get_returns_every_display() if before is not None and differs else "",
    )


def differences(kpi_set: KPISet) -> list[Difference]:
    """Return every KPI of the set and those it drops, in the set's order: ten queries for any number."""
    before = set_before(kpi_set)
    old = {terms.kpi_id: terms for terms in full_terms(before)} if before else {}
    found = [compare(old.pop(terms.kpi_id, None), terms) for terms in full_terms(kpi_set)]
    return found + [Difference(terms, None) for terms in old.values()]


def compare(was: KPITerms | None, will_be: KPITerms) -> Difference:
    """Return the difference between two terms of one KPI; pure, reads only what was fetched."""
    if was is None:
        return Difference(None, will_be)
    measure = will_be.kpi.measure
    phrases = []

    def say(name: str, old: str, new: str) -> None:
        if old != new:
            phrases.append(f"{name} {old or 'not given'} to {new or 'not given'}")

    say("target", _bare(measure, was.target), _bare(measure, will_be.target))
    say("last month", formats.month(was.ends_month), formats.month(will_be.ends_month))
    say("first month", formats.month(was.starts_month), formats.month(will_be.starts_month))
    say("baseline", _bare(measure, was.baseline), _bare(measure, will_be.baseline))
    if (
        was.target == will_be.target
        and was.ends_month == will_be.ends_month
        and _months(was) != _months(will_be)
    ):
        phrases.append("monthly targets changed, the whole stays the same")
    say("group", str(was.cohort or ""), str(will_be.cohort or ""))
    of_value = _value_phrases(was, will_be)
    phrases += of_value
    say("title", f"“{was.title}”", f"“{will_be.title}”")
    if was.counting_rule != will_be.counting_rule:
        phrases.append("counting rule reworded")
    if was.evidence_expected != will_be.evidence_expected:
        phrases.append("evidence expected reworded")
    say("on track from", formats.percent(was.green_from), formats.percent(will_be.green_from))
    say("watch from", formats.percent(was.amber_from), formats.percent(will_be.amber_from))
    return Difference(was, will_be, phrases, of_value)


def _value_phrases(was: KPITerms, will_be: KPITerms) -> list[str]:
    """Return "value of a unit £244.63 (2022 prices) to £269.00 (2024 prices)" where it is another."""
    if was.proxy_id == will_be.proxy_id:
        return []
    years = range(will_be.starts_month.year, will_be.ends_month.year + 1)
    old, new = (
        words.per_unit(terms.proxy, years) if terms.proxy else "no £ value" for terms in (was, will_be)
    )
    if old == new and was.proxy and will_be.proxy:
        old, new = f"“{was.proxy.name}”", f"“{will_be.proxy.name}”, the same £"
    return [f"value of a unit {old} to {new}"]


def _months(terms: KPITerms) -> dict:
    return {row.month: row.amount for row in terms.monthly_targets.all()}


def _bare(measure, amount: Decimal | None) -> str:
    """Return an amount without its unit where the unit goes without saying: "12", "£1,200", "45%"."""
    if amount is not None and measure.kind == "count":
        return formats.figure(amount)
    return amount_in_words(measure, amount)


def sentence(difference: Difference, kpi_set: KPISet) -> str:
    """Return one line for a page or letter: "Apprenticeship weeks: target 12 to 9, from April 2026"."""
    title = difference.terms.title
    month = formats.month(kpi_set.effective_month)
    if difference.kind == ADDED:
        return f"{title}: new, {difference.will_be_words}, from {month}"
    if difference.kind == REMOVED:
        return f"{title}: no longer a KPI from {month} (was {difference.was_words})"
    if difference.kind == SAME:
        return f"{title}: unchanged, {difference.will_be_words}"
    return f"{title}: {'; '.join(difference.phrases)}, from {month}"


def in_sentences(kpi_set: KPISet) -> list[str]:
    """Return every KPI of the set as one line, unchanged ones counted in the last."""
    every = differences(kpi_set)
    lines = [sentence(one, kpi_set) for one in every if one.kind != SAME]
    if kpi_set.is_exception:
        return [*exceptions.sentences_of(kpi_set), *lines]
    returned = often(kpi_set, set_before(kpi_set)).sentence
    if returned:
        lines.insert(0, f"{returned}, from {formats.month(kpi_set.effective_month)}")
    same = sum(one.kind == SAME for one in every)
    if same:
        lines.append(f"{formats.plural(same, 'KPI')} unchanged")
    return lines
