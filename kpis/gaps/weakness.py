"""What is wrong with a contract's KPIs, if anything: one list of codes, each with a word and a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from accounts.calendar import first_of_month, months_between
from accounts.models import Person
from contracts.models import Contract, ProportionateRule
from govuk import formats
from kpis.gaps import facts
from kpis.gaps.red import red_kpis

GAP, WEAK, SAID_ONLY = "gap", "weak", ""
# KPIs that end earlier than this many months before their contract does run out too soon.
MONTHS_UNCOVERED = 3


@dataclass(frozen=True)
class Kind:
    """What one code means: its word, whether it counts as a gap, as weak or not alone, and when it holds."""

    code: str
    word: str
    counts: str
    when: str


# The one table of what counts as what. The worst comes first: it is the one lists lead with.
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("none", "No KPIs", GAP,
             "Live, with neither an approved KPI set nor an approved exception in force and no recorded "
             "reason for none, where the council's rule asks for KPIs and no offer stands instead."),
        Kind("pending", "In the making", GAP,
             "As above, but a KPI set or an exception is being prepared, waits for a decision or holds from "
             "a later month."),
        Kind("review", "Exception to be reviewed", GAP,
             "An approved exception is in force, and the day it was to be reviewed on has passed."),
        Kind("ended_terms", "KPIs have ended", GAP,
             "A KPI set is in force, but the last month of every KPI has passed while the contract runs on."),
        Kind("few", "Too few KPIs", WEAK,
             "Fewer KPIs in force than the council's rule asks for such contracts, and no offer instead."),
        Kind("runs_out", "Run out early", WEAK,
             f"The last KPI ends more than {MONTHS_UNCOVERED} months before the contract does."),
        Kind("stale", "Out of date", WEAK,
             "The KPI set has been in force for more than three years (a setting), or returns were owed in "
             "the last six months and none came in."),
        Kind("behind", "Behind", WEAK,
             "A third or more of the KPIs in force are red on the figures to date."),
        Kind("nobody", "Nobody named", WEAK,
             "It has neither a contract manager nor a deputy nor a commissioner."),
        Kind("legacy", "Older than the policy", SAID_ONLY,
             "Awarded before the council asked for social value. It explains a gap and is none by itself."),
    )
}  # fmt: skip
MARKS = {GAP: "behind", WEAK: "watch", SAID_ONLY: "not_due"}
# One in this many KPIs behind makes a contract's KPIs weak.
BEHIND_SHARE = 3


@dataclass(frozen=True)
class Weakness:
    """One thing that is wrong with a contract's KPIs, as a code of KINDS and in a sentence."""

    code: str
    sentence: str

    @property
    def word(self) -> str:
        """Return the word beside the mark."""
        return KINDS[self.code].word

    @property
    def counts(self) -> str:
        """Return "gap", "weak", or "" where it explains and does not count by itself."""
        return KINDS[self.code].counts

    @property
    def mark(self) -> str:
        """Return the mark lists draw: red for a gap, amber for one being closed and for weak KPIs."""
        return "watch" if self.code == "pending" else MARKS[self.counts]


def is_gap(found: Iterable[Weakness]) -> bool:
    """Return whether anything of it is a gap."""
    return any(one.counts == GAP for one in found)


def counts(found: Iterable[Weakness]) -> bool:
    """Return whether anything of it is a gap or weak."""
    return any(one.counts for one in found)


def weaknesses(
    contracts: Iterable[Contract], day: dt.date, *, seen_by: Person | None = None
) -> dict[int, tuple[Weakness, ...]]:
    """Return what is wrong with each contract's KPIs on a day, the worst first; () for nothing.

    The contracts are taken to be live on that day. The number of queries is constant where `deputies` are
    prefetched. For `seen_by`, KPIs whose figures hide small numbers from that person don't count as behind.
    """
    every = list(contracts)
    known = facts.facts_of(every, day)
    red = red_kpis(
        {kpi: (number, one.cut_points[kpi]) for number, one in known.sets.items() for kpi in one.ends}
    )
    if seen_by is not None:
        red -= facts.hidden_kpis(seen_by, every, red)
    return {contract.number: tuple(_of_one(contract, known, red, day)) for contract in every}


def _of_one(contract: Contract, known: facts.Facts, red: set[int], day: dt.date) -> Iterable[Weakness]:
    number = contract.number
    rule = known.rules.get(number)
    in_force = known.sets.get(number)
    excused = rule is not None and rule.offer_instead and number in known.offered
    if in_force is None:
        asked = rule is None or rule.kpis_at_least > 0
        if asked and not excused and not contract.kpi_exemption:
            yield _bare(contract, known)
    elif in_force.review_on is not None:
        # An exception says why there are no KPIs, until its day of review has passed.
        if in_force.review_on < day:
            yield _to_review(contract, in_force, known)
    else:
        yield from _of_set(contract, in_force, rule, excused, known, red, day)
    if not (contract.manager_id or contract.commissioner_id or list(contract.deputies.all())):
        yield Weakness("nobody", "No contract manager, deputy or commissioner is named.")
    awarded = contract.awarded_on
    if awarded is not None and awarded < settings.SOCIAL_VALUE_POLICY_FROM:
        since = formats.day(settings.SOCIAL_VALUE_POLICY_FROM)
        yield Weakness(
            "legacy",
            f"Awarded on {formats.day(awarded)}, before the council asked for social value (from {since}).",
        )


def _bare(contract: Contract, known: facts.Facts) -> Weakness:
    """Return what is said of a contract without a KPI set in force."""
    elsewhere = ""
    if contract.kpis_elsewhere:
        elsewhere = f" {formats.plural(contract.kpis_elsewhere, 'KPI')} of other kinds stand elsewhere."
    excepted = contract.number in known.exceptions_ahead
    if later := known.later.get(contract.number):
        what = "Its exception is approved and holds" if excepted else "Its KPIs are approved and hold"
        return Weakness("pending", f"{what} from {formats.month(later)}.{elsewhere}")
    if contract.number in known.begun:
        if excepted:
            return Weakness("pending", f"None in force; an exception is being prepared.{elsewhere}")
        return Weakness("pending", f"None in force yet; KPIs are being prepared.{elsewhere}")
    return Weakness("none", f"No KPIs are approved, and no exception or reason for having none.{elsewhere}")


def _to_review(contract: Contract, in_force: facts.InForce, known: facts.Facts) -> Weakness:
    """Return what is said of an exception whose day of review has passed."""
    since = f"Exception {in_force.number} is to be reviewed since {formats.day(in_force.review_on)}"
    begun = "; what follows it is being prepared" if contract.number in known.begun else ""
    if later := known.later.get(contract.number):
        begun = f"; what follows it is approved and holds from {formats.month(later)}"
    return Weakness("review", f"{since}{begun}. The reason given: {in_force.reason_words}.")


def _of_set(
    contract: Contract,
    in_force: facts.InForce,
    rule: ProportionateRule | None,
    excused: bool,
    known: facts.Facts,
    red: set[int],
    day: dt.date,
) -> Iterable[Weakness]:
    """Return what is wrong with the set in force."""
    month = first_of_month(day)
    last = max(in_force.ends.values(), default=None)
    if last is None or last < month:
        since = f" in {formats.month(last)}" if last else ""
        yield Weakness("ended_terms", f"The last of its KPIs ended{since}, and the contract runs on.")
    running = sum(end >= month for end in in_force.ends.values())
    if rule is not None and not excused and 0 < running < rule.kpis_at_least:
        asked = formats.plural(rule.kpis_at_least, "KPI")
        yield Weakness(
            "few", f"It has {formats.plural(running, 'KPI')}; the council’s rule asks for {asked}."
        )
    if last is not None and last >= month and contract.last_day is not None:
        uncovered = len(months_between(last, first_of_month(contract.last_day))) - 1
        if uncovered > MONTHS_UNCOVERED:
            yield Weakness(
                "runs_out",
                f"Its last KPI ends in {formats.month(last)}, {uncovered} months before the contract does.",
            )
    if facts.years_before(day, settings.KPI_SET_STALE_YEARS) > in_force.effective_month:
        yield Weakness("stale", f"Its KPIs are unchanged since {formats.month(in_force.effective_month)}.")
    elif owed := known.owed_and_none_came.get(contract.number):
        were = "return was" if owed == 1 else "returns were"
        yield Weakness("stale", f"{owed} {were} owed in the last six months and none came in.")
    behind = sum(kpi in red for kpi in in_force.ends)
    # One KPI of many behind is the month's business, not a weak promise.
    if behind * BEHIND_SHARE >= len(in_force.ends) and behind:
        of = formats.plural(len(in_force.ends), "KPI")
        yield Weakness("behind", f"{behind} of {of} {'is' if behind == 1 else 'are'} behind.")
