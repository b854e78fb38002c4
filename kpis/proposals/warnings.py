"""What makes a KPI set weak, in words: warnings inform the proposer and the decider, they block nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.calendar import months_between
from contracts.models import ProportionateRule
from contracts.rules import words as rule_words
from govuk import formats
from kpis.library.models import Direction, Kind
from kpis.proposals import exceptions
from kpis.proposals.alike import Alike, Compared
from kpis.proposals.checks import amount_in_words
from kpis.proposals.differences import Difference
from kpis.proposals.models import KPISet, KPITerms

MANY = 12
# Units that say nothing until the counting rule says what one of them is, by code.
VAGUE = {"items", "activities", "places", "score", "hours", "words"}
DEFINES = ("count ", "counts ", "counted", "one is", "means", "include", "add up")
SHORT_RULE = 5
# What one can look at: evidence that names none of these names nothing.
CONCRETE = (
    *("account", "agreement", "analys", "attend", "audit", "award", "bill", "book", "calculat", "case"),
    *("certificat", "confirm", "contract", "credential", "data", "declar", "diary", "document", "email"),
    *("enrol", "figures from", "form", "invoice", "ledger", "letter", "licen", "list", "log", "map"),
    *("membership", "meter", "minutes", "note", "offer", "order", "payment", "payroll", "photo", "plan"),
    *("polic", "programme", "publi", "questionnaire", "receipt", "record", "referral", "register", "report"),
    *("reading", "result", "rota", "sample", "schedule", "screen", "sheet", "spreadsheet", "statement"),
    *(
        "count of",
        "number",
        "question",
        "signed",
        "survey",
        "system",
        "ticket",
        "timesheet",
        "transfer",
        "video",
    ),
    *("website", "weigh"),
)


@dataclass(frozen=True)
class Warning:
    """One thing to look at; `kpi` is the KPI it is about, or None for the set as a whole."""

    kpi: int | None
    sentence: str


@dataclass(frozen=True)
class Beside:
    """What a set is held against besides itself: like contracts, the council's rule and its priorities."""

    alike: Alike = field(default_factory=Alike)
    rule: ProportionateRule | None = None
    # Whether the council has priorities, and whether a measure of the set points to one.
    has_priorities: bool = False
    serves_a_priority: bool = False


def of_set(
    kpi_set: KPISet, every: Iterable[Difference], *, our_children: str, beside: Beside | None = None
) -> list[Warning]:
    """Return the warnings of a set from its differences, each with what to do: pure, but for an exception,
    which asks of others.

    `our_children` is what the council calls its children in care and care leavers. Without `beside` the set
    is held against nothing but itself.
    """
    beside = beside or Beside()
    every = list(every)
    if kpi_set.is_exception:
        ending = sum(one.will_be is None for one in every)
        return [Warning(None, words) for words in exceptions.worth_a_look(kpi_set, ending)]
    terms = [one.will_be for one in every if one.will_be]
    found = [Warning(None, words) for words in _of_whole(kpi_set, every, terms, our_children)]
    found += [Warning(None, words) for words in _of_council(terms, beside)]
    for one in every:
        if one.will_be:
            found += [Warning(one.will_be.kpi_id, words) for words in _of_kpi(one, one.will_be)]
            compared = beside.alike.by_kpi.get(one.will_be.kpi_id)
            if compared and compared.is_weak:
                found.append(Warning(one.will_be.kpi_id, _weak(compared)))
        elif not kpi_set.why:
            found.append(Warning(one.terms.kpi_id, "It is dropped without a reason."))
    return found


def _of_whole(kpi_set, every, terms, our_children):
    if terms and not any(_counts_our_children(one) for one in terms):
        yield (
            f"No KPI counts {our_children}, alone or as a group within a measure. Ask what the supplier "
            "could offer them, or say why nothing fits."
        )
    if not kpi_set.why:
        yield "No reason is given for the set. Say why these KPIs, under “From when and why”."
    changed = [one for one in every if one.changes_promise]
    if (changed or any(one.will_be is None for one in every)) and not kpi_set.supplier_agreed:
        yield "Promises change, but no supplier’s agreement is recorded: approving doesn’t vary the contract."
    if terms and all(one.kpi.kind in {Kind.TEXT, Kind.MILESTONE, Kind.YES_NO} for one in terms):
        yield "No KPI is a number, so progress can't be rated against a target. Add one with a figure."


def _of_council(terms: list[KPITerms], beside: Beside):
    """Say where the set is too large or too small for its contract, or serves no priority."""
    count, rule, marks = len(terms), beside.rule, beside.alike.counts
    if not count:
        return
    are = formats.plural(count, "KPI is", "KPIs are")
    asked = f"({rule_words.kpis_asked(rule)}, {rule_words.why_it_fits(rule)})" if rule else ""
    if rule is not None and rule.kpis_at_most is not None and count > rule.kpis_at_most:
        yield f"{are} more than the council asks of such a contract {asked}. Keep those that matter most."
    elif marks is not None and count > marks.upper:
        yield (
            f"{are} more than three in four similar contracts have (half have {formats.figure(marks.lower)} "
            f"to {formats.figure(marks.upper)}; {marks.n} contracts). Keep those that matter most."
        )
    elif count > MANY:
        yield f"{count} KPIs are many to report every month. Keep those that matter most."
    if rule is not None and count < rule.kpis_at_least:
        yield (
            f"{are} fewer than the council asks of such a contract {asked}. Add others, or say why fewer are "
            "right."
        )
    if beside.has_priorities and not beside.serves_a_priority:
        yield (
            "No KPI serves any of the council’s priorities. Add a measure that points to one, or say why "
            "none fits."
        )


def _weak(compared: Compared) -> str:
    """Say that a target is worse than what three in four similar contracts promise; figures stand beside."""
    lower = compared.measure.direction == Direction.LOWER
    does = "allows more" if lower else "promises less"
    return (
        f"It {does} than three in four similar contracts ({compared.others.n}). "
        "Ask the supplier for better, or say under “why” what is different here."
    )


def _counts_our_children(terms: KPITerms) -> bool:
    groups = [terms.cohort, terms.kpi.measure.cohort, *terms.kpi.measure.cohort_splits.all()]
    return any(group.is_our_children for group in groups if group)


def _of_kpi(difference: Difference, terms: KPITerms):
    measure = terms.kpi.measure
    is_news = difference.was is None or bool(difference.phrases)
    if is_news and terms.baseline is None and measure.is_number:
        yield (
            "No baseline: nobody can tell how far this goes beyond what happens today. Ask the supplier for "
            "last year’s figure."
        )
    if is_news:
        yield from _words_of(terms, measure)
    if difference.was and measure.is_number:
        yield from _lowered(difference.was, terms)
    if measure.status == measure.Status.RETIRED:
        yield "Its measure was retired from the library; the wording here stays."
    if not terms.evidence_expected.strip():
        yield "No evidence is expected, so it can't be verified. Say what will show it."
    last = terms.kpi_set.contract.last_day
    if last and terms.ends_month > last:
        yield f"It runs on after the contract ends on {formats.day(last)}."
    if last and (last.year - terms.ends_month.year) * 12 + last.month - terms.ends_month.month > 12:
        yield f"It ends more than a year before the contract does on {formats.day(last)}."
    yield from _late(terms)
    if terms.amber_from < 50 and measure.is_number:
        yield f"It would only be called behind below {formats.percent(terms.amber_from)} of its target."


def _words_of(terms: KPITerms, measure):
    """Say where unit, counting rule or evidence leave open what is counted."""
    rule, evidence = terms.counting_rule.casefold(), terms.evidence_expected.casefold()
    vague = measure.unit.code in VAGUE and not any(word in rule for word in DEFINES)
    if len(rule.split()) < SHORT_RULE:
        yield (
            "Its counting rule is too short to count by. Say what counts as one, what does not, and in which "
            "month."
        )
    elif measure.kind == Kind.COUNT and vague:
        yield f"“{measure.unit.name}” can be anything. Say in the counting rule what one of them is."
    if measure.kind == Kind.TEXT:
        yield "It is words, not a figure, so nobody can rate it. Say in its counting rule what is enough."
    if evidence.strip() and not any(word in evidence for word in CONCRETE):
        yield (
            "Its evidence names nothing one could look at. Say which: timesheets, payroll, certificates, "
            "invoices, photographs with dates."
        )


def _late(terms: KPITerms):
    """Say where nobody would see the promise fall short before it is too late."""
    if terms.profile == KPITerms.Profile.FLAT or not terms.adds_up or not terms.target:
        return
    months = months_between(terms.starts_month, terms.ends_month)
    amounts = {row.month: row.amount for row in terms.monthly_targets.all()}
    late = sum((amounts.get(month, Decimal(0)) for month in months[len(months) * 3 // 4 :]), Decimal(0))
    if len(months) > 3 and amounts.get(months[-1]) == terms.target:
        yield (
            f"All of it is due in the last month, {formats.month(months[-1])}, so nobody sees it fall short "
            "before. Spread it over the months or the school terms."
        )
    elif len(months) >= 8 and late * 2 > terms.target:
        yield "More than half of the target is due in the last quarter of its months. Ask for it sooner."


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
