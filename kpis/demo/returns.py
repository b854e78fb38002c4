"""Two years of the demo council's monthly returns: on time and late, verified, closed, sent back, corrected."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.calendar import (
    add_months,
    add_working_days,
    first_of_month,
    months_between,
    working_day_of_month,
)
from accounts.models import HistoryRow, Person
from contracts.models import Suspension
from kpis.demo.cast import SLOW, Cast, at, gordon_left
from kpis.demo.promises import COMMENTS, SEASONS, STORIES
from kpis.demo.sets import Promised
from kpis.library.models import Cohort
from kpis.proposals.models import KPITerms
from kpis.readings.models import CohortCount, Reading, ReadingVersion
from kpis.readings.rating import rate
from kpis.returns.models import Evidence, MonthlyReturn, ReturnSubmission
from kpis.returns.periods import block_of, closes_at

Status = MonthlyReturn.Status
# Returns with a story in the two months that are still being worked on: contract -> (months back, what happened).
STORY_RETURNS = {
    "Supported bus services": (2, "sent_back"),
    "Bridge strengthening programme": (2, "reopened"),
    "Highways resurfacing": (1, "late"),
    "Street lighting replacement": (1, "started"),
    "Winter gritting": (1, "late"),
    "Supported living for adults with a learning disability": (1, "late"),
    "Home care, rural and island lots": (2, "late"),
    "School cleaning": (1, "sent_back"),
    "Gas servicing": (1, "awaiting"),
    "Household recycling centres": (1, "started"),
}
SENT_BACK = "The evidence is for the month before. Please attach this month's and check the figure."
REOPENED = "The training provider corrected its register after the return was verified."


@dataclass
class Track:
    """How one KPI has done so far."""

    pace: Decimal
    actual: Decimal = Decimal(0)
    target: Decimal = Decimal(0)
    carried: Decimal = Decimal(0)


@dataclass
class Written:
    """Rows gathered for bulk writing."""

    readings: list[Reading] = field(default_factory=list)
    versions: list[ReadingVersion] = field(default_factory=list)
    cohorts: list[CohortCount] = field(default_factory=list)
    history: list[HistoryRow] = field(default_factory=list)
    reading_editors: list[tuple[Reading, Person]] = field(default_factory=list)
    submissions: list[ReturnSubmission] = field(default_factory=list)
    evidence: list[tuple[Evidence, list[Reading]]] = field(default_factory=list)


class ReturnMaker:
    """Writes the returns of every contract with an approved set, month by month."""

    def __init__(self, cast: Cast, day: dt.date, rng: Random, suspension: Suspension | None = None):
        self.cast, self.day, self.rng, self.suspension = cast, day, rng, suspension
        self.last = add_months(first_of_month(day), -1)
        if working_day_of_month(first_of_month(day), 1) > day:
            self.last = add_months(self.last, -1)
        self.out = Written()
        self.tracks: dict[int, Track] = {}
        self.our_children = Cohort.objects.get(is_our_children=True)

    def all_returns(self, promised: list[Promised]) -> int:
        """Write every return and return how many there are."""
        returns: list[MonthlyReturn] = []
        plan: list[tuple[MonthlyReturn, Promised, list[KPITerms]]] = []
        for promise in promised:
            contract = promise.entry.contract
            first = promise.sets[0][0].effective_month
            assert first and contract.ends_on
            for month in months_between(first, min(self.last, first_of_month(contract.ends_on))):
                held = promise.in_force(month)
                if held is None:
                    continue
                kpi_set, terms = held
                suspension = self.suspension
                if suspension and suspension.contract_id == contract.pk and suspension.covers(month):
                    returns.append(self._excused(contract, kpi_set, month, suspension))
                    continue
                begins = _begins(promise, month, suspension)
                if begins is None:
                    continue
                row = self._return(promise, kpi_set, begins, month)
                returns.append(row)
                asked = [item for item in terms if any(item.covers(one) for one in row.months)]
                plan.append((row, promise, asked))
        MonthlyReturn.objects.bulk_create(returns, batch_size=500)
        for row, promise, terms in plan:
            self._fill(row, promise, terms)
        self._write()
        return len(returns)

    def _excused(self, contract, kpi_set, month: dt.date, suspension: Suspension) -> MonthlyReturn:
        following = add_months(month, 1)
        return MonthlyReturn(
            contract=contract, month=month, kpi_set=kpi_set, directorate=contract.directorate,
            opened_at=at(working_day_of_month(following, 1), 0, 5), status=Status.EXCUSED,
            due_on=working_day_of_month(following, settings.RETURN_DUE_WORKING_DAY), excused_by=suspension,
        )  # fmt: skip

    def _return(self, promise: Promised, kpi_set, begins: dt.date, month: dt.date) -> MonthlyReturn:
        contract = promise.entry.contract
        opened = working_day_of_month(add_months(month, 1), 1)
        due = working_day_of_month(add_months(month, 1), settings.RETURN_DUE_WORKING_DAY)
        back = (self.last.year - month.year) * 12 + self.last.month - month.month + 1
        row = MonthlyReturn(
            contract=contract, month=month, kpi_set=kpi_set, directorate=contract.directorate,
            months_covered=len(months_between(begins, month)), opened_at=at(opened, 0, 5), due_on=due,
        )  # fmt: skip
        manager = contract.manager
        if manager is None:
            # Its manager left: he sent the returns until then, and nobody has since.
            manager = self.cast.people["Gordon Lyle"]
            if due >= gordon_left(self.day):
                return row
        story_back, story = STORY_RETURNS.get(contract.title, (0, ""))
        slow = self.rng.random() < SLOW.get(manager.full_name, 0.07)
        sent_on = add_working_days(due, self.rng.randint(1, 9) if slow else -self.rng.randint(0, 6))
        if story_back == back and story in {"late", "started", "awaiting"}:
            if story == "awaiting":
                row.awaiting_supplier_since = add_working_days(self.day, -3)
                row.awaiting_supplier_note = "Waiting for the sub-contractor's timesheets."
            return row
        if sent_on >= self.day:
            return row
        sent = at(sent_on, self.rng.randint(9, 16), self.rng.randint(0, 59))
        row.first_submitted_at = row.submitted_at = sent
        row.submitted_by = manager
        row.status = Status.SUBMITTED
        if story_back == back and story == "sent_back":
            row.status, row.sent_back_reason, row.cycle = Status.SENT_BACK, SENT_BACK, 2
            sent_back_on = min(add_working_days(sent_on, 3), add_working_days(self.day, -1))
            row.sent_back_at = at(sent_back_on, 14, 5)
            row.due_again_on = add_working_days(sent_back_on, 5)
            return row
        closes = add_working_days(sent_on, 10)
        sampled = self.rng.random() < (0.3 if back > 1 else 0.2)
        checked = add_working_days(sent_on, self.rng.randint(2, 8))
        if sampled and checked < self.day:
            row.status, row.checked_at, row.checked_by = Status.VERIFIED, at(checked, 14, 30), self.cast.lead
            row.sample_reason, row.sampled_at = "Drawn at random", at(add_working_days(sent_on, 1), 9)
        elif closes < self.day:
            row.status, row.checked_at = Status.CLOSED, at(closes, 6, 5)
        elif sampled:
            row.sample_reason, row.sampled_at = "Drawn at random", at(add_working_days(sent_on, 1), 9)
        if story_back == back and story == "reopened":
            row.status, row.sent_back_reason, row.cycle = Status.REOPENED, REOPENED, 2
            row.sent_back_at = at(add_working_days(self.day, -2), 10, 15)
            row.due_again_on = add_working_days(self.day, 3)
            row.checked_at, row.checked_by = at(add_working_days(self.day, -6), 11), self.cast.lead
            row.sample_reason, row.sampled_at = (
                "Above the value threshold",
                at(add_working_days(self.day, -7), 9),
            )
        return row

    def _fill(self, row: MonthlyReturn, promise: Promised, terms: list[KPITerms]) -> None:
        contract = promise.entry.contract
        manager = contract.manager or self.cast.people["Gordon Lyle"]
        submitted = row.first_submitted_at is not None
        partly = STORY_RETURNS.get(contract.title, (0, ""))[1] == "started" and not submitted
        content = []
        supported = []
        for position, item in enumerate(terms):
            reading = Reading(
                monthly_return=row, kpi=item.kpi, terms=item, contract=contract, month=row.month,
                directorate=row.directorate, measure=item.kpi.measure,
                target=_target(item, promise.profiles[item.pk], row),
            )  # fmt: skip
            self.out.readings.append(reading)
            if not submitted and not (partly and position < 2):
                continue
            rating = self._figure(reading, contract.title)
            if rating is not None:
                reading.comment = self.rng.choice(COMMENTS[rating])
            saved = row.submitted_at or at(add_working_days(self.day, -1), 15, 40)
            reading.saved_by, reading.saved_at, reading.version = manager, saved, 2
            self.out.reading_editors.append((reading, manager))
            if submitted:
                self._report(reading, row)
                content.append(_said(reading))
                supported.append(reading)
            self._split(reading, submitted)
        if submitted:
            self._after(row, content, supported)

    def _figure(self, reading: Reading, title: str) -> str | None:
        """Give the reading a value and return how the KPI stands to date."""
        terms, measure = reading.terms, reading.measure
        track = self.tracks.get(reading.kpi_id)
        if track is None:
            told = STORIES.get((title, measure.code))
            usual = self.rng.choice(
                ["0.94", "0.97", "1", "1.02", "1.04", "1.06", "1.1", "1.15", "0.88", "1.03"]
            )
            if measure.direction == "lower":
                usual = self.rng.choice(["0.8", "0.9", "0.95", "1", "0.85", "1.05"])
            track = self.tracks[reading.kpi_id] = Track(Decimal(told or usual))
        noise = Decimal(self.rng.randint(82, 118)) / 100
        target = reading.target or Decimal(0)
        if measure.is_percentage:
            of = Decimal(self.rng.randint(24, 220))
            share = min(target * track.pace * (1 + (noise - 1) / 4) / 100, Decimal(1))
            reading.denominator = of
            reading.numerator = (of * share).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            return rate(
                reading.numerator * 100 / of, target, measure.direction, terms.green_from, terms.amber_from
            )
        season = Decimal(SEASONS.get(measure.code, {}).get(reading.month.month, "1"))
        wanted = target * track.pace * season * noise + track.carried
        places = Decimal(1).scaleb(-min(measure.unit.places, 1))
        value = wanted.quantize(places, rounding=ROUND_HALF_UP)
        if measure.can_be_negative:
            # Gains and losses: some months fall below nought.
            swing = Decimal(self.rng.choice(["-1.2", "-0.4", "0.6", "1.1", "1.6", "2.2", "3.1"]))
            value = (wanted * swing).quantize(places, rounding=ROUND_HALF_UP)
        else:
            value = max(value, Decimal(0))
        # Whole people and starts come one at a time: what a month could not show is carried to the next.
        track.carried = wanted - value if measure.unit.places == 0 else Decimal(0)
        reading.value = value
        reading.nothing_to_report = value == 0
        track.actual += value
        track.target += target
        return rate(track.actual, track.target, measure.direction, terms.green_from, terms.amber_from)

    def _report(self, reading: Reading, row: MonthlyReturn) -> None:
        reading.reported_value = reading.value
        reading.reported_numerator, reading.reported_denominator = reading.numerator, reading.denominator
        reading.reported_at = row.submitted_at
        self._version(reading, ReadingVersion.Act.SUBMITTED, row.submitted_at, row.submitted_by)
        if row.status in {Status.VERIFIED, Status.REOPENED}:
            reading.verified_value = reading.value
            reading.verified_numerator, reading.verified_denominator = reading.numerator, reading.denominator
            reading.verified_at = row.checked_at
            if reading.value and reading.value > 20 and self.rng.random() < 0.04:
                reading.verified_value = (reading.value * Decimal("0.9")).quantize(Decimal(1))
                reading.verification_note = "Two entries lay outside the month and were not counted."
            self._version(reading, ReadingVersion.Act.VERIFIED, row.checked_at, row.checked_by)

    def _version(self, reading: Reading, act: str, when, by) -> None:
        verified = act == ReadingVersion.Act.VERIFIED
        self.out.versions.append(
            ReadingVersion(
                reading=reading, act=act, recorded_at=when, recorded_by=by,
                reported_value=reading.reported_value, reported_numerator=reading.reported_numerator,
                reported_denominator=reading.reported_denominator,
                verified_value=reading.verified_value if verified else None,
                verified_numerator=reading.verified_numerator if verified else None,
                verified_denominator=reading.verified_denominator if verified else None,
                nothing_to_report=reading.nothing_to_report, comment=reading.comment,
                reason=reading.verification_note if verified else "",
            )
        )  # fmt: skip

    def _split(self, reading: Reading, submitted: bool) -> None:
        """Count how many of the people are Our Children, where the measure may be split so."""
        if reading.measure.code not in {"SV-01", "SV-10", "SV-12"} or not reading.value or reading.value < 1:
            return
        count = sum(self.rng.random() < 0.12 for _ in range(int(reading.value)))
        if count:
            self.out.cohorts.append(
                CohortCount(
                    reading=reading, cohort=self.our_children, count=count,
                    reported_count=count if submitted else None,
                )
            )  # fmt: skip

    def _after(self, row: MonthlyReturn, content: list[dict], supported: list[Reading]) -> None:
        """Write what goes with a submission: the copy kept whole, history, and evidence for recent months."""
        assert row.submitted_at
        self.out.submissions.append(
            ReturnSubmission(
                monthly_return=row, ordinal=1, submitted_by=row.submitted_by, submitted_at=row.submitted_at,
                content={"readings": content, "confirmed": ["checked", "commitment", "period"]},
            )
        )  # fmt: skip
        month = row.period_words
        self._note(
            row, "returns.submit", row.submitted_by, row.first_submitted_at, f"{month} return submitted"
        )
        if row.status == Status.VERIFIED:
            self._note(row, "verification.verify", row.checked_by, row.checked_at, f"{month} return verified")
        elif row.status == Status.CLOSED:
            self._note(row, "verification.close", None, row.checked_at, f"{month} return closed, not sampled")
        elif row.status in {Status.SENT_BACK, Status.REOPENED}:
            what = "sent back" if row.status == Status.SENT_BACK else "reopened"
            self._note(
                row, "verification.send_back", self.cast.lead, row.sent_back_at, f"{month} return {what}",
                row.sent_back_reason,
            )  # fmt: skip
        if row.month >= add_months(self.last, -1) and supported and self.rng.random() < 0.8:
            self._attach(row, supported)

    def _attach(self, row: MonthlyReturn, supported: list[Reading]) -> None:
        assert row.submitted_at
        reading = self.rng.choice(supported)
        text = f"{row.contract.title}, {row.period_words}\nItem,Count\n{reading.terms.title},{reading.value or ''}\n"
        body = text.encode()
        name = f"{row.contract_id}-{row.month:%Y-%m}.csv"
        path = default_storage.save(f"evidence/{row.month:%Y/%m}/{name}", ContentFile(body))
        about_people = reading.measure.cohort_id is not None
        self.out.evidence.append(
            (
                Evidence(
                    monthly_return=row, kind=Evidence.Kind.STARTERS if about_people else Evidence.Kind.OTHER,
                    description=f"Supplier's log for the {row.span_word}", file=path, file_name=name,
                    content_type="text/csv", size=len(body), sha256=hashlib.sha256(body).hexdigest(),
                    is_restricted=about_people,
                    restricted_reason="Few people: they could be recognised." if about_people else "",
                    keep_until=row.month.replace(year=row.month.year + 6), added_by=row.submitted_by,
                    added_at=row.submitted_at,
                    verdict=Evidence.Verdict.ACCEPTED if row.status == Status.VERIFIED else "",
                ),
                [reading],
            )
        )  # fmt: skip

    def _note(self, row, action, by, when, summary, note="") -> None:
        self.out.history.append(
            HistoryRow(
                at=when, actor=by, action=action, subject_type="kpis.monthlyreturn", subject_id=row.pk,
                contract_number=row.contract_id, summary=summary, note=note,
            )
        )  # fmt: skip

    def _write(self) -> None:
        out = self.out
        Reading.objects.bulk_create(out.readings, batch_size=500)
        ReadingVersion.objects.bulk_create(out.versions, batch_size=1000)
        CohortCount.objects.bulk_create(out.cohorts, batch_size=1000)
        ReturnSubmission.objects.bulk_create(out.submissions, batch_size=1000)
        HistoryRow.objects.bulk_create(out.history, batch_size=1000)
        edited = Reading.editors.through
        edited.objects.bulk_create(
            [edited(reading_id=reading.pk, person_id=person.pk) for reading, person in out.reading_editors],
            batch_size=2000,
        )
        for evidence, readings in out.evidence:
            evidence.save()
            evidence.readings.set(readings)


def _begins(promise: Promised, month: dt.date, suspension: Suspension | None) -> dt.date | None:
    """Return the first month of the return that closes with a month, or None where none does."""
    held, contract = promise.in_force(month), promise.entry.contract
    assert held and contract.ends_on
    ends = first_of_month(contract.ends_on)
    block = block_of(month, held[0].returns_every)
    part = [one for one in months_between(*block) if promise.in_force(one) is held]
    mine = suspension if suspension and suspension.contract_id == contract.pk else None
    excused = {one for one in part if mine and mine.covers(one)}
    return closes_at(month, (part[0], part[-1]), is_owed=lambda one: one <= ends, covered=excused)


def _target(terms: KPITerms, profile: dict[dt.date, Decimal], row: MonthlyReturn) -> Decimal | None:
    """Return what the KPI is to come to over the return's months: a sum, or the level of the last."""
    if not terms.adds_up:
        return profile.get(min(row.month, terms.ends_month))
    return sum((profile[month] for month in row.months if month in profile), Decimal(0))


def _said(reading: Reading) -> dict:
    """Return a reading as the kept submission has it."""
    return {
        "kpi": reading.kpi_id,
        "title": reading.terms.title,
        "value": None if reading.value is None else format(reading.value, "f"),
        "numerator": None if reading.numerator is None else format(reading.numerator, "f"),
        "denominator": None if reading.denominator is None else format(reading.denominator, "f"),
        "nothing_to_report": reading.nothing_to_report,
        "comment": reading.comment,
    }
