"""The demo council's break points, signatures and notices under section 52, as of a day."""

from __future__ import annotations

import datetime as dt
from random import Random

from accounts.calendar import add_months
from accounts.models import HistoryRow
from contracts.models import BreakPoint, Contract, Regime, Stage
from kpis.demo.cast import Cast, at
from kpis.models import KPISet, KPITerms
from kpis.notices.models import Notice, NoticeKPI
from kpis.notices.section52 import NEEDED, THRESHOLD

Kind, Outcome = BreakPoint.Kind, BreakPoint.Outcome

COULD_ASK = [
    "Two apprenticeships a year for people from the borough, in return for the extension.",
    "A guaranteed interview for care-experienced young people for each vacancy.",
    "A tenth of sub-contracted spend with suppliers in the borough.",
    "Work placements for pupils of two of our schools each summer term.",
    "The real living wage for everybody who works on the contract.",
    "A volunteering day for each member of staff with a community group of their choice.",
    "Carbon figures for the contract each year, with a plan to bring them down.",
    "",
]
CAME_OF_IT = {
    Outcome.KPIS_AGREED: "Two measures were agreed in the letter of variation; they go into the next KPI set.",
    Outcome.ASKED_REFUSED: "The supplier would not agree without a higher price. To be asked again in two years.",
    Outcome.NOT_ASKED: "The day passed while the contract had no manager.",
}
# Service KPIs kept in the contract manager's own records; None = nobody has said.
ELSEWHERE = [0, 2, 4, 6, None]


def add_break_points(cast: Cast, day: dt.date, rng: Random) -> None:
    """Give contracts the day they were signed, about a third of them break points, a few their notices."""
    contracts = list(Contract.objects.select_related("commissioner", "manager").order_by("number"))
    _sign(contracts, day, rng)
    live = [one for one in contracts if one.stage == Stage.LIVE]
    points = [_point(one, day, rng, is_past=position % 4 == 1) for position, one in enumerate(live[::3])]
    BreakPoint.objects.bulk_create(points)
    _write_history(points, day)
    _publish([one for one in contracts if _is_asked(one)], day, rng)


def _sign(contracts: list[Contract], day: dt.date, rng: Random) -> None:
    """Fill in signatures, KPIs held elsewhere, and leave a few values for somebody to record."""
    asked = 0
    for contract in contracts:
        start = contract.starts_on
        if contract.signed_on is None and start and contract.stage != Stage.TENDER and start <= day:
            contract.signed_on = start - dt.timedelta(days=rng.randint(14, 60))
        if _is_asked(contract):
            contract.kpis_elsewhere = ELSEWHERE[asked % len(ELSEWHERE)]
            asked += 1
        elif contract.regime == Regime.PA2023 and rng.random() < 0.1:
            contract.estimated_value_inc_vat = None
    Contract.objects.bulk_update(contracts, ["signed_on", "kpis_elsewhere", "estimated_value_inc_vat"])


def _is_asked(contract: Contract) -> bool:
    value = contract.estimated_value_inc_vat
    return contract.regime == Regime.PA2023 and value is not None and value > THRESHOLD


def _point(contract: Contract, day: dt.date, rng: Random, *, is_past: bool) -> BreakPoint:
    """Return a break point with its notice date from half a year ago (where it is past) to a year ahead."""
    notice_by = day + dt.timedelta(days=rng.randint(-180, -40) if is_past else rng.randint(-20, 365))
    if contract.starts_on:
        # Nobody gives notice before a contract has begun.
        notice_by = max(notice_by, contract.starts_on + dt.timedelta(days=60))
    kind = rng.choice([Kind.BREAK, Kind.BREAK, Kind.EXTENSION, Kind.REVIEW])
    on = notice_by + dt.timedelta(days=rng.choice([30, 91, 182]))
    if kind == Kind.EXTENSION and not is_past and contract.ends_on and contract.ends_on > day:
        on = contract.ends_on
        notice_by = add_months(on.replace(day=1), -rng.choice([3, 6]))
    point = BreakPoint(
        contract=contract,
        kind=kind,
        on=on,
        notice_by=None if kind == Kind.REVIEW else notice_by,
        clause=f"{rng.randint(6, 32)}.{rng.randint(1, 9)}",
        could_ask=rng.choice(COULD_ASK),
        made_by=contract.commissioner,
        made_at=at(_made_on(contract, day), 11),
    )
    # What lies well behind has its outcome; a few were never answered.
    if point.act_by < day - dt.timedelta(days=21) and rng.random() < 0.8:
        point.outcome = rng.choice(list(CAME_OF_IT))
        point.outcome_words = CAME_OF_IT[Outcome(point.outcome)]
        point.outcome_by = contract.manager or contract.commissioner
        point.outcome_at = at(point.act_by + dt.timedelta(days=rng.randint(1, 20)), 15)
    return point


def _made_on(contract: Contract, day: dt.date) -> dt.date:
    """Return when a break point was recorded: soon after the contract began, but not before the service did."""
    begun = contract.starts_on or day
    return min(max(begun, add_months(day, -24)) + dt.timedelta(days=20), day - dt.timedelta(days=1))


def _write_history(points: list[BreakPoint], day: dt.date) -> None:
    rows = []
    for point in points:
        known = {"subject_type": "contracts.breakpoint", "subject_id": point.pk}
        number = point.contract_id
        rows.append(
            HistoryRow(
                at=point.made_at,
                actor=point.made_by,
                action="contracts.break_point_add",
                contract_number=number,
                summary=f"Break point added: {point}",
                **known,
            )
        )
        if point.outcome_at:
            rows.append(
                HistoryRow(
                    at=point.outcome_at,
                    actor=point.outcome_by,
                    action="contracts.break_point_record_outcome",
                    contract_number=number,
                    summary=f"{point}: {point.get_outcome_display()}",
                    note=point.outcome_words,
                    **known,
                )
            )
    HistoryRow.objects.bulk_create(rows)


def _publish(contracts: list[Contract], day: dt.date, rng: Random) -> None:
    """Publish the details notice of most contracts over £5 million, and a performance notice of old ones."""
    terms: dict[int, list[KPITerms]] = {}
    found = KPITerms.objects.filter(
        kpi_set__contract__in=contracts, kpi_set__status=KPISet.Status.APPROVED, kpi_set__number=1
    )
    for one in found.select_related("kpi_set", "kpi").order_by("kpi_set", "position"):
        terms.setdefault(one.kpi_set.contract_id, []).append(one)
    notices: list[Notice] = []
    for position, contract in enumerate(contracts):
        if contract.signed_on is None or position % 4 == 3 or not terms.get(contract.pk):
            continue
        details = contract.signed_on + dt.timedelta(days=rng.randint(10, 28))
        if details > day:
            continue
        dates = [(Notice.Kind.DETAILS, details)]
        if add_months(contract.signed_on.replace(day=1), 12) < day - dt.timedelta(days=40):
            dates.append((Notice.Kind.PERFORMANCE, add_months(contract.signed_on.replace(day=1), 11)))
        for number, (kind, published_on) in enumerate(dates, start=1):
            few = len(terms[contract.pk]) < NEEDED
            notices.append(
                Notice(
                    contract=contract,
                    number=number,
                    kind=kind,
                    published_on=published_on,
                    reference=f"{published_on.year}/S 000-{rng.randint(10000, 89999):06d}",
                    why_these="The other KPIs are service measures kept in the contract." if few else "",
                    made_by=contract.commissioner,
                    made_at=at(published_on, 10),
                )
            )
    Notice.objects.bulk_create(notices)
    NoticeKPI.objects.bulk_create(
        NoticeKPI(notice=notice, kpi=one.kpi, position=place, title=one.title, description=one.counting_rule)
        for notice in notices
        for place, one in enumerate(terms[notice.contract_id][:NEEDED], start=1)
    )
    HistoryRow.objects.bulk_create(
        HistoryRow(
            at=notice.made_at,
            actor=notice.made_by,
            action="notices.add",
            subject_type="kpis.notice",
            subject_id=notice.pk,
            contract_number=notice.contract_id,
            summary=f"Drew up notice {notice.number}: {notice.kind_words}",
        )
        for notice in notices
    )
