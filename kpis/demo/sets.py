"""The demo council's KPI sets: approved, changed, returned and waiting, each with its decision and history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from accounts.calendar import add_months, add_working_days, first_of_month, months_between
from accounts.models import Delegation, HistoryRow, Person, Role
from contracts.models import Contract
from kpis.approvals.models import Decision
from kpis.demo.cast import Cast, at
from kpis.demo.library import NAME
from kpis.demo.promises import ASKS, ASKS_BY_VALUE, ASKS_OF_ONE, Ask
from kpis.demo.register import IN_COMMISSIONING, IN_MOBILISATION, IN_TENDER, WITHOUT_KPIS, Entry
from kpis.demo.values import ValueBook
from kpis.library import starter
from kpis.library.models import Measure
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.deciders import Decider
from kpis.proposals.models import KPI, KPISet, KPITerms, MonthlyTarget, SetSubmission
from kpis.proposals.targets import adds_up, flat

# Contract -> (state of the set in progress, what is asked): what directors and commissioners find waiting.
IN_PROGRESS = {
    "Grounds maintenance": ("submitted", "1.2"),
    "Leisure centres operation": ("submitted", "0.8"),
    "Street cleansing": ("returned", "0.7"),
    # Within what the director's delegate may decide.
    "Community centre management": ("submitted", "1.2"),
    "Highways reactive maintenance": ("submitted", "1.1"),
    "Office cleaning": ("submitted", "1.15"),
    # Enough contracts of its category and value for the comparison with similar ones.
    "Wide area network": ("submitted", "0.6"),
    "New secondary school": ("returned", "0.75"),
    "Interpreting and translation": ("draft", "1"),
    "Pest control": ("draft", "1"),
    "Road markings": ("submitted", "1"),
    "Cycle routes, phase 2": ("submitted", "1"),
}
RETURN_REASONS = {
    "Street cleansing": "The promise in the tender was higher. Please say why it is now lower, or put it back.",
    "New secondary school": "Apprentice weeks fall by a quarter with the biggest phase still to come. Explain or restore.",
}
# Small contracts whose figures are returned less often, in months.
RETURNS_EVERY = {
    "Fostering recruitment campaign": 3,
    "Sensory impairment rehabilitation": 3,
    "Direct payments support": 3,
    "School improvement partner": 3,
    "Digital inclusion programme": 3,
    "Independent advocacy": 6,
}
# Contracts without KPIs by approval: reason, words, months since, days from today to the day of review.
EXCEPTED = {
    "Water and waste water": (
        "unsuited",
        "The retailer is chosen by a national lot and supplies by the meter: nobody works here for us. We asked what "
        "it could give and it named only what it gives everybody.",
        7, 150,
    ),
    "Insurance": (
        "earlier",
        "Placed through a broker before the council asked for social value. The broker was asked to offer something "
        "at renewal.",
        13, -16,
    ),
    "Geographic information system": ("small", "A licence of software and two days of help a year.", 0, 360),
}  # fmt: skip
DELEGATED = {"Tree works", "Allotments improvement", "Community centre management", "Dog warden service"}


@dataclass
class Promised:
    """A contract's approved sets with their terms, oldest first."""

    entry: Entry
    sets: list[tuple[KPISet, list[KPITerms]]] = field(default_factory=list)
    profiles: dict[int, dict[dt.date, Decimal]] = field(default_factory=dict)

    def in_force(self, month: dt.date) -> tuple[KPISet, list[KPITerms]] | None:
        """Return the set that holds for a month, with its terms."""
        held = [pair for pair in self.sets if pair[0].effective_month and pair[0].effective_month <= month]
        return held[-1] if held else None


class SetMaker:
    """Writes sets with what belongs to them: terms, monthly targets, submission, decision, history."""

    def __init__(self, cast: Cast, day: dt.date, rng: Random):
        self.cast, self.day, self.rng = cast, day, rng
        self.month = first_of_month(day)
        measures = Measure.objects.select_related("unit", "cohort", "theme", "framework")
        self.measures = {one.code: one for one in measures.filter(framework__key=starter.KEY)}
        # The council's own, by edition too: two editions share codes.
        self.measures |= {
            f"{one.framework.edition}:{one.code}": one for one in measures.filter(framework__name=NAME)
        }
        self.values = ValueBook()
        self.delegation = Delegation.objects.get(given_to=cast.people["Della Marsh"])
        self.history: list[HistoryRow] = []

    def all_sets(self, entries: list[Entry]) -> list[Promised]:
        """Write every contract's sets and return the approved ones."""
        promised = []
        for entry in entries:
            contract = entry.contract
            promise = Promised(entry)
            has_kpis = (
                contract.title not in WITHOUT_KPIS
                and contract.title not in IN_COMMISSIONING | IN_TENDER | IN_MOBILISATION
            )
            if has_kpis:
                self._first(promise)
                if self._changes(promise):
                    self._second(promise)
                promised.append(promise)
            if contract.title in EXCEPTED:
                self._exception(promise, *EXCEPTED[contract.title])
            if contract.title in IN_PROGRESS:
                self._in_progress(promise, *IN_PROGRESS[contract.title])
        HistoryRow.objects.bulk_create(self.history)
        return promised

    def _asks(self, contract: Contract, kind: str) -> list[Ask]:
        count = next(n for limit, n in ASKS_BY_VALUE if (contract.value or 0) <= limit * 1000)
        return [*ASKS[kind][:count], *ASKS_OF_ONE.get(contract.title, ())]

    def _first(self, promise: Promised) -> None:
        contract = promise.entry.contract
        assert contract.starts_on and contract.ends_on
        effective = max(first_of_month(contract.starts_on), add_months(self.month, -24))
        # Some contracts had no KPIs for their first months.
        if self.rng.random() < 0.15:
            effective = min(add_months(effective, 2), add_months(self.month, -2))
        years = Decimal(len(months_between(effective, contract.ends_on))) / 12
        millions = (contract.value or Decimal(0)) / 1_000_000
        whole = Decimal(len(months_between(contract.starts_on, contract.ends_on))) / 12
        amounts = []
        for ask in self._asks(contract, promise.entry.kind):
            if ask.is_level:
                amounts.append((self.measures[ask.code], ask.rate))
                continue
            yearly = min(max(ask.rate * millions / whole, Decimal(ask.least)), Decimal(ask.most))
            amounts.append((self.measures[ask.code], _tidy(yearly * years)))
        kpi_set, terms = self._write(
            promise, 1, effective, amounts, why="As committed in the supplier's tender."
        )
        self._decide(promise, kpi_set, add_months(effective, -1) + dt.timedelta(days=self.rng.randint(3, 18)))

    def _changes(self, promise: Promised) -> bool:
        effective = promise.sets[0][0].effective_month
        assert effective
        return effective <= add_months(self.month, -14) and self.rng.random() < 0.3

    def _second(self, promise: Promised) -> None:
        _, terms = promise.sets[0]
        effective = add_months(self.month, -self.rng.randint(4, 10))
        changed = self.rng.randrange(len(terms))
        factor = Decimal(self.rng.choice(["0.8", "0.85", "1.15", "1.25"]))
        amounts = [
            (row.kpi.measure, _changed(row, factor) if position == changed else row.target)
            for position, row in enumerate(terms)
        ]
        why = (
            "The supplier took on more work than first planned, and promises more."
            if factor > 1
            else "The programme was cut back; the target follows the work that is left."
        )
        kpi_set, _ = self._write(
            promise, 2, effective, amounts, why=why,
            agreed=f"Variation {self.rng.randint(2, 9)}, agreed by the supplier in writing",
        )  # fmt: skip
        self._decide(promise, kpi_set, add_months(effective, -1) + dt.timedelta(days=self.rng.randint(3, 18)))

    def _in_progress(self, promise: Promised, state: str, factor: str) -> None:
        contract = promise.entry.contract
        number = len(promise.sets) + 1
        if promise.sets:
            amounts = [
                (row.kpi.measure, _changed(row, Decimal(factor)) if position == 0 else row.target)
                for position, row in enumerate(promise.sets[-1][1])
            ]
        else:
            kind = "works" if "ycle" in contract.title or "Road" in contract.title else "cleaning"
            amounts = [
                (self.measures[ask.code], ask.rate if ask.is_level else Decimal(max(ask.least * 3, 3)))
                for ask in ASKS[kind][:3]
            ]
        effective = max(self.month, first_of_month(contract.starts_on or self.month))
        kpi_set, _ = self._write(
            promise, number, effective, amounts, why="Agreed at the half-year review with the supplier.",
            keep=False,
        )  # fmt: skip
        proposer = contract.commissioner
        assert proposer
        if state == "draft":
            return
        sent = at(add_working_days(self.day, -self.rng.randint(3, 12)), 11, self.rng.randint(0, 59))
        submission = self._send(kpi_set, proposer, sent)
        kpi_set.status = KPISet.Status.SUBMITTED
        if state == "returned":
            director = self._director(contract)
            assert contract.directorate
            back = at(add_working_days(sent.date(), 2), 16, 20)
            back = min(back, at(self.day, 8))
            kpi_set.status = KPISet.Status.RETURNED
            kpi_set.decided_at = back
            reason = RETURN_REASONS[contract.title]
            Decision.objects.create(
                submission=submission, outcome=Decision.Outcome.RETURNED, content_hash=kpi_set.content_hash,
                decided_by=director, decided_at=back, reasons={"1": reason},
                directorate=contract.directorate,
                authority=Decider(director, Role.DIRECTOR, contract.directorate).authority,
            )  # fmt: skip
            self._note(kpi_set, "approvals.send_back", director, back, f"KPI set {number} returned", reason)
        kpi_set.save()

    def _write(self, promise: Promised, number, effective, amounts, *, why, agreed="", keep=True):
        contract = promise.entry.contract
        proposer = contract.commissioner
        assert proposer and contract.ends_on
        kpi_set = KPISet.objects.create(
            contract=contract, number=number, effective_month=effective, why=why, supplier_agreed=agreed,
            returns_every=RETURNS_EVERY.get(contract.title, 1), started_by=proposer,
            # Nobody begins a set later than some weeks ago, even for a contract that is yet to start.
            started_at=at(min(add_months(effective, -1), self.day - dt.timedelta(days=26)), 10),
        )  # fmt: skip
        kpi_set.editors.set([proposer])
        earlier = {row.kpi_id: row for row in promise.sets[-1][1]} if promise.sets else {}
        known = {row.kpi.measure_id: row.kpi for row in earlier.values()}
        written = []
        targets: list[MonthlyTarget] = []
        for position, (measure, target) in enumerate(amounts, start=1):
            kpi = known.get(measure.pk) or KPI.objects.create(
                contract=contract, measure=measure, unit=measure.unit, direction=measure.direction,
                kind=measure.kind,
            )  # fmt: skip
            before = earlier.get(kpi.pk)
            starts = before.starts_month if before else effective
            terms = KPITerms.objects.create(
                kpi_set=kpi_set, kpi=kpi, position=position, title=measure.title, target=target,
                starts_month=starts, ends_month=first_of_month(contract.ends_on), cohort=measure.cohort,
                counting_rule=measure.counting_rule, evidence_expected=measure.evidence_expected,
                baseline=Decimal(0) if adds_up(measure) else None,
                proxy=self._proxy(contract, measure, before, add_months(effective, -1)),
            )  # fmt: skip
            months = months_between(starts, terms.ends_month)
            kept = {}
            if before:
                kept = {m: a for m, a in promise.profiles[before.pk].items() if m < effective}
            profile = flat(measure, target, months, kept)
            targets += [
                MonthlyTarget(terms=terms, month=month, amount=amount) for month, amount in profile.items()
            ]
            promise.profiles[terms.pk] = profile
            written.append(terms)
        MonthlyTarget.objects.bulk_create(targets)
        if keep:
            promise.sets.append((kpi_set, written))
        return kpi_set, written

    def _proxy(self, contract: Contract, measure: Measure, before: KPITerms | None, day: dt.date):
        """Return the £ value a KPI counts by: the one it had, or for every other contract the newest."""
        if before is not None and contract.pk % 2:
            return before.proxy
        return self.values.on(measure, day)

    def _exception(self, promise: Promised, reason: str, why: str, since: int, days: int) -> None:
        """Write why a contract has no KPIs: approved some months ago, or waiting where it was asked for today."""
        contract = promise.entry.contract
        proposer = contract.commissioner
        assert proposer
        effective = add_months(self.month, -since)
        asked = min(add_months(effective, -1), self.day - dt.timedelta(days=26))
        review = self.day + dt.timedelta(days=days)
        kpi_set = KPISet.objects.create(
            contract=contract, number=1, kind=KPISet.Kind.EXCEPTION, reason=reason, why=why,
            review_on=min(review, contract.last_day or review), effective_month=effective,
            started_by=proposer, started_at=at(asked, 10),
        )  # fmt: skip
        kpi_set.editors.set([proposer])
        if since:
            self._decide(promise, kpi_set, asked)
            return
        self._send(kpi_set, proposer, at(add_working_days(self.day, -4), 11))
        kpi_set.status = KPISet.Status.SUBMITTED
        kpi_set.save()

    def _send(self, kpi_set: KPISet, proposer: Person, sent: dt.datetime) -> SetSubmission:
        content = content_of(kpi_set)
        kpi_set.content_hash = hash_of(content)
        kpi_set.submitted_by, kpi_set.submitted_at = proposer, sent
        kpi_set.version += 1
        self._note(kpi_set, "proposals.submit", proposer, sent, f"{kpi_set} sent for approval")
        return SetSubmission.objects.create(
            kpi_set=kpi_set, ordinal=1, content=content, content_hash=kpi_set.content_hash,
            submitted_by=proposer, submitted_at=sent,
        )  # fmt: skip

    def _decide(self, promise: Promised, kpi_set: KPISet, around: dt.date) -> None:
        contract = promise.entry.contract
        proposer = contract.commissioner
        assert proposer and contract.directorate
        sent = at(
            min(add_working_days(around, 0), self.day - dt.timedelta(days=6)), 11, self.rng.randint(0, 59)
        )
        submission = self._send(kpi_set, proposer, sent)
        director = self._director(contract)
        waited = self.rng.randint(1, 6)
        decided = at(min(add_working_days(sent.date(), waited), self.day - dt.timedelta(days=1)), 15, 10)
        delegation, decider, principal = None, director, None
        if contract.title in DELEGATED and decided.date() >= self.delegation.starts_on:
            assert self.delegation.given_to
            delegation, decider, principal = self.delegation, self.delegation.given_to, director
        kpi_set.status = KPISet.Status.APPROVED
        kpi_set.decided_at = decided
        kpi_set.save()
        Decision.objects.create(
            submission=submission, outcome=Decision.Outcome.APPROVED, content_hash=kpi_set.content_hash,
            decided_by=decider, acting_for=principal, delegation=delegation, decided_at=decided,
            directorate=contract.directorate,
            authority=Decider(
                decider, "" if delegation else Role.DIRECTOR, contract.directorate, delegation
            ).authority,
        )  # fmt: skip
        self._note(
            kpi_set, "approvals.approve", decider, decided,
            f"{kpi_set} approved, from {kpi_set.effective_month:%B %Y}",
            acting_for=principal, delegation=delegation,
        )  # fmt: skip

    def _director(self, contract: Contract) -> Person:
        assert contract.directorate
        return next(
            post.person for post in contract.directorate.appointments.all() if post.role == "director"
        )

    def _note(self, kpi_set, action, by, when, summary, note="", acting_for=None, delegation=None):
        self.history.append(
            HistoryRow(
                at=when, actor=by, acting_for=acting_for, delegation=delegation, action=action,
                subject_type="kpis.kpiset", subject_id=kpi_set.pk, contract_number=kpi_set.contract_id,
                summary=summary, note=note, after={"Status": kpi_set.get_status_display()},
            )
        )  # fmt: skip


def _changed(row: KPITerms, factor: Decimal) -> Decimal:
    """Return a changed target: levels move by a few points, amounts by the factor."""
    if not adds_up(row.kpi.measure):
        return max(min(row.target + (5 if factor > 1 else -5), Decimal(100)), Decimal(5))
    return _tidy(row.target * factor)


def _tidy(amount: Decimal) -> Decimal:
    """Return the amount as a person would write it: whole, and in round numbers when large."""
    step = Decimal(1) if amount < 100 else Decimal(10) if amount < 2000 else Decimal(500)
    return max((amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step, Decimal(1))
