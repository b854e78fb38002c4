"""The demo council's gaps: what was said of contracts without KPIs, a stock-take of last year and one half done."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db.models import QuerySet

from accounts.calendar import add_months, first_of_month
from accounts.models import Directorate, HistoryRow, Person
from contracts.models import BreakPoint, Contract
from kpis.demo.cast import COMMISSIONERS, DIRECTORS, Cast, at
from kpis.demo.register import LEGACY
from kpis.gaps.models import GapNote, StockTake, StockTakeContract
from kpis.gaps.weakness import weaknesses

Reason, Step = GapNote.Reason, GapNote.NextStep
# Title -> why, in whose words, what happens next.
SAID: dict[str, tuple[str, str, str]] = {
    LEGACY: (
        Reason.BEFORE_POLICY,
        "A thirty-year agreement signed in 2003. The review is the first chance in years to agree local jobs and training.",
        Step.AT_BREAK_POINT,
    ),
    "Energy, electricity": (
        Reason.NATIONAL_TERMS,
        "Bought through a national framework; local KPIs can't be added to a call-off.",
        Step.NEXT_CONTRACT,
    ),
    "Banking": (Reason.NOT_ASKED, "The tender of the time scored price and service only.", Step.NEXT_CONTRACT),
    "Fuel cards": (Reason.NATIONAL_TERMS, "", Step.NOTHING),
    "Stationery and office supplies": (
        Reason.TOO_SMALL, "A day of volunteering would fit better than KPIs.", Step.OFFER,
    ),
    "Pest control": (Reason.NOT_WRITTEN_DOWN, "The bid promised two apprenticeships.", Step.PROPOSE_NOW),
}  # fmt: skip
# Reasons given for weak KPIs in the stock-takes.
WEAK_ONES = [
    (Reason.NOT_WRITTEN_DOWN, "More was promised in the bid than stands in the KPIs.", Step.PROPOSE_NOW),
    (Reason.SUPPLIER, "The supplier would not agree to more before the extension.", Step.AT_BREAK_POINT),
    (Reason.NO_GAP, "Small as they are, these are the right KPIs for this work.", Step.NOTHING),
    (Reason.TOO_SMALL, "", Step.NEXT_CONTRACT),
]
CLOSED, OPEN = "Corporate Services", "Neighbourhoods"


def say_why(cast: Cast, day: dt.date, rng: Random) -> None:
    """Write notes on about half of the contracts without KPIs, a closed stock-take and an open one."""
    notes = []
    for contract in Contract.objects.filter(title__in=SAID).select_related("commissioner").order_by("number"):
        reason, words, step = SAID[contract.title]
        said_on = day - dt.timedelta(days=rng.randint(20, 90))
        notes.append(_note(contract, reason, words, step, contract.commissioner, said_on, day))
    notes += _stock_take(cast, CLOSED, add_months(first_of_month(day), -11), day, rng, closed=True)
    notes += _stock_take(cast, OPEN, add_months(first_of_month(day), -1), day, rng, closed=False)
    # The latest note of a contract is the one with the highest number.
    notes.sort(key=lambda note: note.made_at)
    GapNote.objects.bulk_create(notes)
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                at=note.made_at,
                actor=note.made_by,
                action="gaps.say",
                subject_type="contracts.contract",
                subject_id=note.contract_id,
                contract_number=note.contract_id,
                summary=f"Said about its KPIs: {note.get_reason_display()}",
                after={"Why": note.get_reason_display(), "Next step": note.get_next_step_display()},
                note=note.words,
            )
            for note in notes
        ]
    )


def _note(
    contract: Contract,
    reason: str,
    words: str,
    step: str,
    by: Person | None,
    said_on: dt.date,
    day: dt.date,
    stock_take: StockTake | None = None,
) -> GapNote:
    """Return a note as somebody of the contract would have made it; it is not saved."""
    acts = step != Step.NOTHING
    return GapNote(
        contract=contract,
        stock_take=stock_take,
        reason=reason,
        words=words,
        next_step=step,
        who=contract.commissioner if acts else None,
        by_when=_by_when(contract, step, said_on, day) if acts else None,
        made_by=by or contract.commissioner,
        made_at=at(said_on, 11),
    )


def _by_when(contract: Contract, step: str, said_on: dt.date, day: dt.date) -> dt.date:
    if step == Step.AT_BREAK_POINT:
        points: QuerySet[BreakPoint] = contract.break_points.filter(on__gte=day, withdrawn_at=None)
        point = points.order_by("on").first()
        ahead = point.act_by if point else contract.review_on
        if ahead and ahead > said_on:
            return ahead
    if step == Step.NEXT_CONTRACT and contract.last_day and contract.last_day > said_on:
        return contract.last_day
    return said_on + dt.timedelta(days=120)


def _stock_take(
    cast: Cast, name: str, month: dt.date, day: dt.date, rng: Random, *, closed: bool
) -> list[GapNote]:
    """Write a stock-take of a directorate begun in a month; return the notes made in it, not saved yet."""
    directorate: Directorate = cast.directorates[name]
    director = cast.people[DIRECTORS[name]]
    commissioner = cast.people[COMMISSIONERS[name][0]]
    begun = month + dt.timedelta(days=6)
    live = list(
        Contract.objects.live_on(day)
        .filter(directorate=directorate, starts_on__lt=month)
        .select_related("commissioner")
        .prefetch_related("deputies")
        .order_by("title", "number")
    )
    found = weaknesses(live, day)
    stock_take = StockTake.objects.create(
        directorate=directorate,
        started_by=director,
        started_at=at(begun, 9),
        gaps_only=False,
        closed_at=at(begun + dt.timedelta(days=24), 16) if closed else None,
        closed_by=director if closed else None,
        version=2 if closed else 1,
    )
    StockTakeContract.objects.bulk_create(
        StockTakeContract(
            stock_take=stock_take,
            contract=contract,
            position=position,
            found=[one.code for one in found[contract.number]],
        )
        for position, contract in enumerate(live, 1)
    )
    looked = live[:-2] if closed else live[: len(live) // 2]
    notes = []
    for contract in looked:
        reason, words, step = SAID.get(contract.title) or rng.choice(WEAK_ONES)
        bare = any(one.code in ("none", "pending") for one in found[contract.number])
        if reason == Reason.NO_GAP and bare:
            reason, words, step = Reason.NOT_ASKED, "", Step.NEXT_CONTRACT
        said_on = min(begun + dt.timedelta(days=rng.randint(1, 20)), day - dt.timedelta(days=1))
        notes.append(_note(contract, reason, words, step, commissioner, said_on, day, stock_take))
    ends = [
        (
            "gaps.start",
            stock_take.started_at,
            f"Stock-take of {directorate} begun: {len(live)} contracts live",
        )
    ]
    if closed:
        ends.append(
            (
                "gaps.close",
                at(begun + dt.timedelta(days=24), 16),
                f"Stock-take of {directorate} closed: {len(looked)} of {len(live)} contracts looked at, "
                f"{len(live) - len(looked)} not",
            )
        )
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                at=when, actor=director, action=action, subject_type="kpis.stocktake",
                subject_id=stock_take.pk, summary=words,
            )
            for action, when, words in ends
        ]
    )  # fmt: skip
    return notes
