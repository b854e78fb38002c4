"""The record of one submission, exact for ever: everything in it was frozen then or is never changed.

The content and its hash, decisions with their authority in the words of that day, what was asked and answered
by then, and the differences from the set before, worked out from both sets' frozen contents. Of today's rows
it takes people's names only: see docs/decisions/0026.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from accounts.calendar import parse_month
from contracts.models import ProportionateRule
from govuk import formats
from kpis.approvals.challenges_read import Line, lines_of
from kpis.approvals.frozen import Content, FrozenProxy, FrozenTerms, terms_of
from kpis.approvals.models import Decision
from kpis.approvals.outcomes import Outcome
from kpis.library.models import Measure
from kpis.proposals.checks import amount_in_words
from kpis.proposals.content import hash_of
from kpis.proposals.differences import Difference, compare, promise
from kpis.proposals.models import KPISet, KPITerms
from kpis.proxies import words
from kpis.proxies.models import Proxy, ProxyValue

# A SetSubmission with what `outcomes.with_outcomes` adds.
Submission = Any


@dataclass(frozen=True)
class Change:
    """What one KPI became against the set before, in the words of differences."""

    title: str
    kind: str
    was: str
    will_be: str
    phrases: list[str]

    @property
    def sentence(self) -> str:
        """Return "Apprenticeship weeks: target 12 to 9"."""
        said = {
            "new": f"new, {self.will_be}",
            "removed": f"no longer a KPI (was {self.was})",
            "unchanged": f"unchanged, {self.will_be}",
        }
        return f"{self.title}: {said.get(self.kind) or '; '.join(self.phrases)}"


def changes_between(before: Content | None, after: Content) -> list[Change]:
    """Return what each KPI of `after` changes against `before`, then those it drops; pure.

    The phrases are those `kpis.proposals.differences` gives for the same sets.
    """
    old = {terms.kpi_id: terms for terms in terms_of(before)} if before else {}
    found = [
        compare(cast(KPITerms | None, old.pop(terms.kpi_id, None)), cast(KPITerms, terms))
        for terms in terms_of(after)
    ]
    found += [Difference(cast(KPITerms, terms), None) for terms in old.values()]
    return [
        Change(
            one.terms.title,
            one.kind,
            one.was_words[:1].lower() + one.was_words[1:],
            one.will_be_words,
            list(one.phrases),
        )
        for one in found
    ]


def set_changes_between(before: Content | None, after: Content) -> list[str]:
    """Return what changes of the set as a whole: how often figures are returned."""
    if before is None or _every(before) == _every(after):
        return []
    return [f"Returns {often_words(before).lower()}, now {often_words(after).lower()}"]


def _every(content: Content) -> int:
    return content.get("returns_every", ProportionateRule.Often.MONTHLY)


def often_words(content: Content) -> str:
    """Return how often figures are returned: "Monthly", "Quarterly"."""
    return str(ProportionateRule.Often(_every(content)).label)


@dataclass(frozen=True)
class ValueWords:
    """What a unit was worth, said in full: a sentence, its source, and each year's value."""

    sentence: str
    name: str
    source: str
    stream: str
    years: list[tuple[int, str, str]]

    @property
    def years_words(self) -> str:
        """Return "Each of the 31 years, 2020 to 2050"."""
        return f"Each of the {len(self.years)} years, {self.years[0][0]} to {self.years[-1][0]}"


def value_words(terms: FrozenTerms) -> ValueWords | None:
    """Return what a unit of the KPI was worth, the council's factor said plainly; None without a £ value."""
    if terms.proxy is None:
        return None
    proxy = terms.proxy
    shown = words.ends(cast(Proxy, proxy), range(terms.starts_month.year, terms.ends_month.year + 1))
    worth = " to ".join(_worth(row) for row in shown) or "No value for these years"
    sentence = f"{worth}, {proxy.price_year} prices."
    if proxy.factor != 1 and shown:
        counted = " to ".join(words.rounded(row.value * proxy.factor) for row in shown)
        sentence += (
            f" Each counts as {counted}: multiplied by {formats.figure(proxy.factor, 6)} for what would have "
            "happened anyway, is taken from elsewhere or due to others, and for how many years it lasts."
        )
    each = words.by_year(cast(Proxy, proxy))
    return ValueWords(
        sentence,
        proxy.name,
        proxy.source,
        _stream(proxy),
        [(row.year or 0, words.pounds(row.value), words.unit_range(row)) for row in each],
    )


def _worth(row: ProxyValue) -> str:
    """Return "£16.50, range £15.00 to £18.00", with the year where it is of one."""
    spread = words.unit_range(row)
    year = f" in {row.year}" if row.year else ""
    return f"{words.pounds(row.value)}{year}{f', range {spread}' if spread else ''}"


def _stream(proxy: FrozenProxy) -> str:
    return str(dict(Proxy._meta.get_field("stream").flatchoices).get(proxy.stream, proxy.stream))


@dataclass(frozen=True)
class RecordKPI:
    """One KPI of a record."""

    terms: FrozenTerms
    promise: str
    rated: str
    baseline: str
    value: ValueWords | None
    years: list[tuple[str, str, list[tuple[str, str]]]]


def _record_kpi(terms: FrozenTerms) -> RecordKPI:
    measure = terms.measure
    baseline = _amount(terms, terms.baseline) if terms.baseline is not None else "Not given"
    rated = ""
    if measure.is_number:
        rated = (
            f"On track from {formats.percent(terms.green_from, 2)} of the target to date, "
            f"watch from {formats.percent(terms.amber_from, 2)}, behind below"
        )
    return RecordKPI(
        terms,
        promise(cast(KPITerms, terms)),
        rated,
        baseline,
        value_words(terms),
        _years(terms),
    )


def _amount(terms: FrozenTerms, amount: Decimal | None) -> str:
    return amount_in_words(cast(Measure, terms.measure), amount)


def _years(terms: FrozenTerms) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return each financial year's targets: its name, in all, and by month where months differ."""
    found: dict[str, list] = {}
    for row in terms.monthly_targets.all():
        found.setdefault(formats.financial_year(row.month), []).append(row)
    years: list[tuple[str, str, list[tuple[str, str]]]] = []
    for name, rows in found.items():
        amounts = {row.amount for row in rows}
        if len(amounts) == 1:
            months_words = formats.months(rows[0].month, rows[-1].month)
            years.append((name, f"{_figure(terms, rows[0].amount)} each month, {months_words}", []))
        else:
            total = f"{_figure(terms, sum(row.amount for row in rows))} in all" if terms.adds_up else ""
            months = [(formats.short_month(row.month), _figure(terms, row.amount)) for row in rows]
            years.append((name, total, months))
    return years


def _figure(terms: FrozenTerms, amount: Decimal) -> str:
    return formats.figure(amount) if terms.measure.kind == "count" else _amount(terms, amount)


@dataclass(frozen=True)
class DecisionLine:
    """One decision of a record, by whom and by what right in the words of that day."""

    decision: Decision
    outcome: str
    by: str
    authority: str
    at: str


def authority_of(decision: Decision) -> str:
    """Return by what right it was decided: as frozen, or for older decisions from what they name."""
    if decision.authority:
        return decision.authority
    if decision.delegation is not None:
        given = decision.delegation
        limit = f", contracts up to {formats.money(given.value_limit)}" if given.value_limit else ""
        return (
            f"For {decision.acting_for}, under the delegation of {formats.day(given.starts_on)}, "
            f"{given.scheme_reference}{limit}"
        )
    return f"In their own right, {decision.directorate}" if decision.directorate else "In their own right"


@dataclass(frozen=True)
class Record:
    """Everything a record shows."""

    submission: Submission
    content: Content
    outcome: str
    title: str
    sentence: str
    decisions: list[DecisionLine]
    reasons: list[tuple[str, str]]
    questions: list[Line]
    kpis: list[RecordKPI]
    changes: list[Change]
    set_changes: list[str]
    # The set the changes are against and when it was approved, or why it can't be compared; "" for a first.
    against: str
    is_compared: bool
    matches: bool
    effective: str
    often: str

    @property
    def is_exception(self) -> bool:
        """Return whether it says why there are no KPIs."""
        return self.content.get("kind") == KPISet.Kind.EXCEPTION

    @property
    def is_final(self) -> bool:
        """Return whether nothing of the record changes any more."""
        return self.outcome != Outcome.WAITING

    @property
    def unchanged(self) -> int:
        """Return how many KPIs stay as they were."""
        return sum(one.kind == "unchanged" for one in self.changes)


def record_of(submission: Submission, *, waiting: str = "", insider: bool = True) -> Record:
    """Return the record of a submission annotated by `outcomes.with_outcomes`.

    `waiting` says with whom it waits; who is no `insider` reads no questions. The number of queries does not
    grow with the KPIs.
    """
    kpi_set, content = submission.kpi_set, submission.content
    decisions = list(
        submission.decisions.select_related("decided_by", "acting_for", "delegation", "directorate").order_by(
            "decided_at", "pk"
        )
    )
    before, against = _before(kpi_set)
    upto = _end_of(submission)
    titles = {str(kpi["position"]): kpi["title"] for kpi in content["kpis"]}
    is_exception = content.get("kind") == KPISet.Kind.EXCEPTION
    return Record(
        submission=submission,
        content=content,
        outcome=submission.outcome,
        title=_title(kpi_set, submission),
        sentence=_sentence(submission, decisions, waiting),
        decisions=[_line(one) for one in decisions],
        reasons=[
            (titles.get(position, _whole(content)), reason)
            for one in decisions
            for position, reason in sorted(one.reasons.items(), key=lambda pair: int(pair[0]))
        ],
        questions=lines_of(kpi_set, upto) if insider else [],
        kpis=[_record_kpi(terms) for terms in terms_of(content)],
        changes=changes_between(before, content) if before is not None else [],
        set_changes=[] if is_exception else set_changes_between(before, content),
        against=against,
        is_compared=before is not None,
        matches=_matches(submission, decisions),
        effective=_effective(kpi_set, submission),
        often=often_words(content),
    )


def _whole(content: Content) -> str:
    exception = content.get("kind") == KPISet.Kind.EXCEPTION
    return "The exception" if exception else "The set as a whole"


def _matches(submission: Submission, decisions: list[Decision]) -> bool:
    """Return whether the content still hashes to what was sent, and every decision quotes that."""
    quoted = {submission.content_hash, *(one.content_hash for one in decisions)}
    return quoted == {hash_of(submission.content)}


def _before(kpi_set: KPISet) -> tuple[Content | None, str]:
    """Return the frozen content of the approved set this one follows, and its name; (None, why) for none.

    Sets with lower numbers were all finished before this one was begun: no later act changes which it is.
    """
    before = (
        KPISet.objects.filter(
            contract=kpi_set.contract_id, status=KPISet.Status.APPROVED, number__lt=kpi_set.number
        )
        .order_by("-effective_month", "-number")
        .first()
    )
    if before is None:
        return None, ""
    sent = before.submissions.order_by("-ordinal").first()
    if sent is None:
        return None, f"{before}, which came before it, was not sent for approval here"
    return sent.content, f"{before}, approved on {formats.day(before.decided_at)}"


def _end_of(submission: Submission) -> dt.datetime | None:
    """Return up to when questions and answers belong to the record; None while it waits."""
    if submission.outcome == Outcome.WAITING:
        return None
    end = submission.decided_at if submission.outcome in {Outcome.APPROVED, Outcome.RETURNED} else None
    return end or submission.ended_at or submission.submitted_at


def _title(kpi_set: KPISet, submission: Submission) -> str:
    if submission.outcome == Outcome.APPROVED:
        return f"Approval record, {kpi_set}"
    return f"Record of {kpi_set}, submission {submission.ordinal}"


def _line(one: Decision) -> DecisionLine:
    acting = f", for {one.acting_for}" if one.acting_for else ""
    return DecisionLine(
        one,
        one.get_outcome_display(),
        f"{one.decided_by}{acting}",
        authority_of(one),
        formats.day_time(one.decided_at),
    )


def _sentence(submission: Submission, decisions: list[Decision], waiting: str) -> str:
    """Return what became of it in one sentence."""
    noun = "exception" if submission.content.get("kind") == KPISet.Kind.EXCEPTION else "KPI set"
    outcome = submission.outcome
    if outcome == Outcome.WAITING:
        return f"Not decided: this {noun} waits {waiting}." if waiting else f"Not decided: this {noun} waits."
    if outcome in {Outcome.APPROVED, Outcome.RETURNED}:
        counted = [one for one in decisions if one.outcome == outcome]
        who = " and ".join(_line(one).by for one in counted) or "Nobody on record"
        at = formats.day_time(submission.decided_at)
        return f"{who} {outcome} this {noun} on {at}." if at else f"{who} {outcome} this {noun}."
    on = f" on {formats.day_time(submission.ended_at)}" if submission.ended_at else ""
    ended = "withdrawn" if outcome == Outcome.WITHDRAWN else "taken back"
    return f"Not decided: this {noun} was {ended} by its proposers{on}."


def _effective(kpi_set: KPISet, submission: Submission) -> str:
    """Return from which month it is in force, or was to be."""
    asked = submission.content["effective_month"]
    asked_words = formats.month(parse_month(asked)) if asked else "Not given"
    if submission.outcome != Outcome.APPROVED or kpi_set.effective_month is None:
        return asked_words
    fixed = formats.month(kpi_set.effective_month)
    if fixed == asked_words:
        return fixed
    return f"{fixed} (asked for: {asked_words}; months with submitted returns keep the earlier targets)"
