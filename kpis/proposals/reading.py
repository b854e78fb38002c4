"""Gathers what the pages of a KPI set show, so that every page and letter says the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from contracts.rules.finding import rule_for
from govuk import formats
from kpis.library.models import CouncilPriority
from kpis.proposals import exceptions, priced, warnings
from kpis.proposals.alike import Alike, Compared, alike
from kpis.proposals.deciders import Seat, deciders_of, seats_of_many
from kpis.proposals.differences import Difference, Often, differences, often
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import set_before
from kpis.proxies.models import Proxy

COLOURS = {
    "draft": "grey",
    "submitted": "yellow",
    "returned": "orange",
    "approved": "green",
    "withdrawn": "grey",
}


@dataclass(frozen=True)
class Row:
    """One KPI of a set as a page shows it."""

    difference: Difference
    warnings: list[str]
    returned_for: str = ""
    # The library's usual £ value where it came after the one this KPI has.
    newer: Proxy | None = None
    # Its target beside those of similar contracts, until the set is decided.
    compared: Compared | None = None


@dataclass(frozen=True)
class SetReading:
    """A set with its KPIs, differences and warnings."""

    kpi_set: KPISet
    rows: list[Row]
    warnings: list[str]
    is_first: bool
    often: Often
    alike: Alike = field(default_factory=Alike)

    @property
    def kept(self) -> list[Row]:
        """Return the rows of KPIs the set holds."""
        return [row for row in self.rows if row.difference.will_be]

    @property
    def changes_promises(self) -> bool:
        """Return whether what the supplier promised before becomes another, or is dropped."""
        return any(row.difference.changes_promise or row.difference.will_be is None for row in self.rows)

    @property
    def summary(self) -> str:
        """Return the set in one sentence: "5 KPIs: 1 new, 2 changed, 2 unchanged, from April 2026."."""
        kinds = [row.difference.kind for row in self.rows]
        if self.kpi_set.is_exception:
            return exceptions.summary_of(self.kpi_set, kinds.count("removed"))
        count = formats.plural(len(self.kept), "KPI")
        since = f"from {formats.month(self.kpi_set.effective_month)}" if self.kpi_set.effective_month else ""
        if self.is_first:
            return f"{count}, {since}, the contract’s first." if since else f"{count}, the contract’s first."
        parts = [
            f"{kinds.count(kind)} {kind}"
            for kind in ("new", "changed", "removed", "unchanged")
            if kind in kinds
        ]
        whole = f"{count}: {', '.join(parts)}, {since}." if parts else f"{count}."
        return f"{whole} {self.often.sentence}." if self.often.sentence else whole


def read(kpi_set: KPISet) -> SetReading:
    """Return the set as its pages show it; the number of queries does not grow with its KPIs."""
    every = differences(kpi_set)
    for one in every:
        if one.will_be:
            one.will_be.kpi_set = kpi_set
    beside = _beside(kpi_set, [one.will_be for one in every if one.will_be])
    found = warnings.of_set(kpi_set, every, our_children=settings.WORDS["our_children"], beside=beside)
    decision = last_decision(kpi_set)
    reasons = {}
    if decision and decision.outcome == "returned" and kpi_set.status != KPISet.Status.APPROVED:
        positions = {kpi["position"]: kpi["kpi"] for kpi in decision.submission.content["kpis"]}
        reasons = {positions.get(int(position)): reason for position, reason in decision.reasons.items()}
    newer = priced.newer_by_measure(one.will_be for one in every if one.will_be)
    rows = [
        Row(
            one,
            [warning.sentence for warning in found if warning.kpi == one.terms.kpi_id],
            reasons.get(one.terms.kpi_id, ""),
            newer.get(one.terms.kpi.measure_id) if one.will_be else None,
            beside.alike.by_kpi.get(one.terms.kpi_id) if one.will_be else None,
        )
        for one in every
    ]
    return SetReading(
        kpi_set,
        rows,
        [warning.sentence for warning in found if warning.kpi is None],
        is_first=not any(one.was for one in every),
        often=often(kpi_set, set_before(kpi_set)),
        alike=beside.alike,
    )


def _beside(kpi_set: KPISet, terms: list[KPITerms]) -> warnings.Beside:
    """Return what a set is held against until it is decided: nine queries for any size."""
    Status = KPISet.Status
    if kpi_set.is_exception or kpi_set.status in {Status.APPROVED, Status.WITHDRAWN}:
        return warnings.Beside()
    today = CouncilPriority.objects.filter(is_active=True)
    served = today.filter(measures__in=[one.kpi.measure_id for one in terms])
    return warnings.Beside(
        alike=alike(kpi_set, terms),
        rule=rule_for(kpi_set.contract),
        has_priorities=today.exists(),
        serves_a_priority=served.exists(),
    )


def last_decision(kpi_set: KPISet):
    """Return the decision on the set's latest submission, or None."""
    submission = kpi_set.submissions.order_by("-ordinal").first()
    if submission is None:
        return None
    decisions = submission.decisions.select_related("decided_by", "acting_for", "delegation", "directorate")
    return decisions.order_by("-pk").first()


def waiting_with(kpi_set: KPISet) -> str:
    """Return with whom the set waits, directorate by directorate, and who has approved it already."""
    return waiting_words(seats_of_many([kpi_set])[kpi_set.pk])


def waiting_words(seats: list[Seat], most: int | None = None) -> str:
    """Return "with Dana Okafor (Strategic Director)", or why nobody can decide; at most so many names each.

    Of a joint contract: "with Olga Brandt (Strategic Director) for Adult Services; approved for
    Neighbourhoods by Dana Okafor on 3 May 2026".
    """
    director = settings.WORDS["director"]
    vacant = f"no {director}, deputy or delegate in post who had no hand in it"
    if not seats:
        return f"and nobody can decide: {vacant}"
    waits, done = [], []
    for seat in seats:
        place = f" for {seat.directorate.name}" if len(seats) > 1 else ""
        if not seat.is_open:
            on = formats.day(seat.approved_at)
            done.append(f"approved{place} by {seat.approved_by} on {on}")
        elif seat.told:
            waits.append(f"with {' or '.join(one.words for one in seat.told[:most])}{place}")
        else:
            waits.append(f"nobody can decide{place}: {vacant}")
    if not waits:
        return "to take effect; " + " and ".join(done)
    # "Waiting with Dana Okafor", but "Waiting and nobody can decide".
    first = "and " if waits[0].startswith("nobody") else ""
    return "; ".join([first + " and ".join(waits), *done])


def short_waiting(seats: list[Seat], nobody: str = "nobody in post can decide it: waiting") -> str:
    """Return "with Dana Okafor (Strategic Director)", one name for each directorate, for a line of a list."""
    waits = [seat for seat in seats if seat.is_open]
    if not any(seat.told for seat in waits):
        return "to take effect" if seats and not waits else nobody
    if len(seats) == 1:
        return f"with {seats[0].told[0].words}"
    return "with " + " and with ".join(
        f"{seat.told[0].words if seat.told else 'nobody who can decide'} for {seat.directorate.name}"
        for seat in waits
    )


def sent_to(kpi_set: KPISet) -> str:
    """Return whom the button names: the first who may decide, or "" where nobody may."""
    able = deciders_of(kpi_set)
    return str(able[0].person) if able else ""
