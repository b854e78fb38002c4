"""What units are worth at the demo council: £ values made up for it, some replaced since, one made local."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.calendar import add_months, first_of_month
from accounts.models import HistoryRow
from kpis.demo.cast import Cast, at
from kpis.demo.library import MADE_UP, NAME
from kpis.library import starter
from kpis.library.models import Measure
from kpis.proxies import words
from kpis.proxies.models import Proxy, ProxyValue

LICENCE = "Made up: not for use"
NOTE = "An invented figure, here to show how values work. It says nothing about the worth of anything."
NATIONAL, OURS = "England", "Calderbeck"


@dataclass(frozen=True)
class Worth:
    """A £ value per unit: low, central and high; `back` is how many months ago it was added."""

    code: str
    name: str
    value: str
    low: str | None = None
    high: str | None = None
    back: int = 26
    # How many months ago, and why, it was taken out for whatever comes next of the same measure.
    replaced: tuple[int, str] | None = None
    is_local: bool = False
    more: dict = field(default_factory=dict)


LOCAL = {"stream": Proxy.Stream.LOCAL}
NEW_YEAR = "New figures of the year, in the prices of the last."
WORTHS = (
    Worth("SV-01", "Local job for a year", "21400", "17100", "25700", is_local=True,
          more={**LOCAL, "displacement": Decimal(15), "attribution": Decimal(90),
                "adjustments_why": "Some of these people would have found other work here; some jobs serve "
                                   "other contracts too. Both shares are made up."}),
    Worth("SV-03", "First job after care", "14800", "9900", "19600", is_local=True),
    Worth("SV-05", "Job after a year without one", "12300", "8600", "15400"),
    Worth("SV-09", "Week of apprenticeship", "182.50", "139", "226",
          replaced=(7, NEW_YEAR), more={"deadweight": Decimal(20), "adjustments_why": "Made-up share."}),
    Worth("SV-09", "Week of apprenticeship, new figure", "194.75", "149", "240.50",
          back=7, more={"deadweight": Decimal(20), "adjustments_why": "Made-up share."}),
    Worth("SV-10", "Apprenticeship begun", "2450", "1800", "3100"),
    Worth("SV-12", "Qualification gained", "1150", "740", "1560",
          more={"displacement": Decimal(10), "lasts_years": 3, "drop_off": Decimal(30),
                "adjustments_why": "Pay is higher for some years, and the lead shrinks. Made-up shares."}),
    Worth("SV-15", "Hour with pupils", "21.80", "17", "26.40"),
    Worth("SV-16", "Hour of mentoring", "27.35", "20.10", "33.90",
          replaced=(5, "The range was too narrow for so few cases.")),
    Worth("SV-16", "Hour of mentoring, wider range", "26.90", "15", "41.20", back=5),
    Worth("SV-22", "Hour of expert advice", "63.60", "48", "80"),
    Worth("SV-25", "Volunteer hour, national", "14.40", "11.90", "17"),
    Worth("SV-25", "Volunteer hour, worked out for Calderbeck", "13.15", "11.05", "15.30", back=12, is_local=True),
    Worth("SV-27", "Visit to an activity", "6.45", "3.20", "9.80"),
    Worth("SV-34", "Tonne put into the ground", "117.30", "102.60", "133"),
    Worth("SV-72", "Tonne of carbon cut", "251", "125.50", "376.50"),
)  # fmt: skip
# Of the council's two editions: the meals are worth more in the second.
OF_EDITIONS = {
    "2023": (
        Worth("CM-01", "Warm evening", "42", "31", "55"),
        Worth("CM-02", "Repair café hour", "11.20", "8", "14.60"),
        Worth("CM-03", "Holiday meal", "2.90", "2.40", "3.50"),
    ),
    "2025": (
        Worth("CM-01", "Warm evening", "42", "31", "55", back=14),
        Worth("CM-02", "Repair café hour", "11.20", "8", "14.60", back=14),
        Worth("CM-03", "Holiday meal, dearer now", "3.65", "3", "4.40", back=14),
        Worth("CM-05", "Hour of walking or riding", "4.80", "2.60", "7.10", back=14),
    ),
}


def make_values(cast: Cast, day: dt.date) -> None:
    """Write the made-up £ values with their figures and history, oldest first."""
    month = first_of_month(day)
    measures = {
        one.code: one for one in Measure.objects.filter(framework__key=starter.KEY).select_related("unit")
    }
    pairs = [(measures[one.code], one) for one in WORTHS]
    for edition, worths in OF_EDITIONS.items():
        of_edition = {
            one.code: one for one in Measure.objects.filter(framework__name=NAME, framework__edition=edition)
        }
        pairs += [(of_edition[one.code], one) for one in worths]
    last = {measure.pk: worth for measure, worth in pairs}
    # What an install begins with gives way to the council's own.
    Proxy.objects.filter(measure__in=last, is_usual=True).update(is_usual=False)
    made: dict[int, Proxy] = {}
    history: list[HistoryRow] = []
    for measure, worth in pairs:
        since = add_months(month, -worth.back) + dt.timedelta(days=1)
        before = made.get(measure.pk)
        replaces = before if before is not None and before.withdrawn_at else None
        proxy = _make(cast, measure, worth, since, replaces, is_usual=worth is last[measure.pk])
        made[measure.pk] = proxy
        verb = "replace_proxy" if replaces else "add_proxy"
        did = f"Replaced the £ value “{replaces.name}”" if replaces else f"Added the £ value “{proxy.name}”"
        history.append(
            _row(cast, at(since, 10), f"proxies.{verb}", proxy, f"{did} of {measure.code}", _told(proxy))
        )
        if replaces and replaces.withdrawn_at:
            said = f"Replaced by “{proxy.name}”: {replaces.withdrawn_why}"
            Proxy.objects.filter(pk=replaces.pk).update(withdrawn_why=said)
            history.append(
                _row(cast, replaces.withdrawn_at, "proxies.replaced", replaces,
                     f"Replaced by “{proxy.name}”: {words.per_unit(proxy)}")
            )  # fmt: skip
    HistoryRow.objects.bulk_create(history)


def _make(cast: Cast, measure: Measure, worth: Worth, since: dt.date, replaces, *, is_usual: bool) -> Proxy:
    facts = {"deadweight": None, **worth.more}
    if worth.replaced:
        back, why = worth.replaced
        gone = add_months(first_of_month(since), worth.back - back) + dt.timedelta(days=1)
        facts |= {"withdrawn_at": at(gone, 10), "withdrawn_why": why}
    proxy = Proxy.objects.create(
        measure=measure,
        unit=measure.unit,
        name=worth.name,
        price_year=since.year - 1,
        geography=OURS if worth.is_local else NATIONAL,
        is_local=worth.is_local,
        source=MADE_UP,
        licence=LICENCE,
        note=NOTE,
        replaces=replaces,
        is_usual=is_usual,
        added_by=cast.lead,
        added_at=at(since, 10),
        **facts,
    )
    ProxyValue.objects.create(
        proxy=proxy,
        value=Decimal(worth.value),
        low=None if worth.low is None else Decimal(worth.low),
        high=None if worth.high is None else Decimal(worth.high),
    )
    return proxy


def _told(proxy: Proxy) -> dict[str, str]:
    return {"£ per unit": words.per_unit(proxy), "Source": proxy.source, "Licence": proxy.licence}


def _row(cast: Cast, when, action: str, proxy: Proxy, summary: str, after=None) -> HistoryRow:
    return HistoryRow(
        at=when, actor=cast.lead, action=action, subject_type="kpis.proxy", subject_id=proxy.pk,
        summary=summary, after=after or {},
    )  # fmt: skip


class ValueBook:
    """Which £ value a KPI took on a day: the latest added by then."""

    def __init__(self) -> None:
        self.by_measure: dict[int, list[tuple[dt.date, Proxy]]] = {}
        for proxy in Proxy.objects.order_by("pk"):
            # What every install begins with was there from the first day.
            since = dt.date.min if proxy.key else proxy.added_at.date()
            self.by_measure.setdefault(proxy.measure_id, []).append((since, proxy))

    def on(self, measure: Measure, day: dt.date) -> Proxy | None:
        """Return the value a new KPI of the measure took on a day; None where it has none."""
        if not measure.can_be_priced:
            return None
        held = [proxy for since, proxy in self.by_measure.get(measure.pk, ()) if since <= day]
        return held[-1] if held else None
