"""Every £ of the council worked out a second time, from bare SQL and plain fractions.

Nothing of the valuation's own code is used, on purpose: a check that shared it would share its mistakes. The
formula is that of docs/valuation.md.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db import connection, transaction

COMMITTED_SQL = """
SELECT c.directorate_id, k.measure_id, k.direction, m.kind, m.roll_up, m.record_only, t.proxy_id,
  CASE WHEN m.cohort_id IS NOT NULL OR t.cohort_id IS NOT NULL THEN 1 ELSE 0 END,
  g.month, g.amount
FROM kpis_monthlytarget g
JOIN kpis_kpiterms t ON t.id = g.terms_id
JOIN kpis_kpi k ON k.id = t.kpi_id
JOIN kpis_measure m ON m.id = k.measure_id
JOIN kpis_kpiset s ON s.id = t.kpi_set_id
JOIN contracts_contract c ON c.number = s.contract_id
WHERE t.proxy_id IS NOT NULL AND c.directorate_id IS NOT NULL AND c.stage IN ('live', 'ended')
  AND (c.starts_on IS NULL OR c.starts_on <= %(last)s)
  AND (c.ends_on IS NULL OR c.ends_on >= %(month)s OR c.extended_to >= %(month)s)
  AND (c.terminated_on IS NULL OR c.terminated_on >= %(month)s)
  AND s.status = 'approved' AND s.effective_month <= %(month)s
  AND NOT EXISTS (
    SELECT 1 FROM kpis_kpiset x WHERE x.contract_id = s.contract_id AND x.status = 'approved'
    AND x.effective_month <= %(month)s AND (x.effective_month > s.effective_month
      OR (x.effective_month = s.effective_month AND x.number > s.number)))
"""
READINGS_SQL = """
SELECT r.directorate_id, r.measure_id, k.direction, m.kind, m.roll_up, m.record_only, t.proxy_id,
  CASE WHEN m.cohort_id IS NOT NULL OR t.cohort_id IS NOT NULL THEN 1 ELSE 0 END,
  r.month, r.target, r.reported_value, r.verified_value
FROM kpis_reading r
JOIN kpis_kpiterms t ON t.id = r.terms_id
JOIN kpis_kpi k ON k.id = r.kpi_id
JOIN kpis_measure m ON m.id = r.measure_id
WHERE t.proxy_id IS NOT NULL AND r.month >= %(start)s AND r.month <= %(month)s
"""
PROXIES_SQL = """
SELECT id, stream, deadweight, displacement, attribution, lasts_years, drop_off FROM kpis_proxy
"""
VALUES_SQL = "SELECT proxy_id, year, value, low, high FROM kpis_proxyvalue"


@dataclass(frozen=True, order=True)
class Key:
    """Which £ it is."""

    directorate: int
    measure: int
    stream: str
    figure: str
    # About a group of people: in no total.
    apart: bool


Ends = tuple[Fraction, Fraction, Fraction]


def recomputed(month: dt.date, start: dt.date) -> dict[Key, Ends]:
    """Return central, low and high of every £ of the council, exact.

    Committed as in force in `month`; due, reported and verified of the months from `start` to `month`. Rows
    are read one by one and as of one moment.
    """
    next_month = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    asked = {"month": month, "start": start, "last": next_month - dt.timedelta(days=1)}
    is_outermost = not connection.in_atomic_block
    found: dict[Key, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 3)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(PROXIES_SQL)
        proxies = {row[0]: (row[1], _factor(*row[2:])) for row in cursor.fetchall()}
        cursor.execute(VALUES_SQL)
        values = {(proxy, year): (value, low, high) for proxy, year, value, low, high in cursor.fetchall()}
        for sql, figures in (
            (COMMITTED_SQL, ("committed",)),
            (READINGS_SQL, ("due", "reported", "verified")),
        ):
            cursor.execute(sql, asked)
            for row in cursor.fetchall():
                directorate, measure, direction, kind, roll_up, record_only, proxy, apart, of_month = row[:9]
                if kind not in ("count", "money") or roll_up != "sum" or record_only:
                    continue
                year = int(str(of_month)[:4])
                ends = values.get((proxy, None)) or values.get((proxy, year))
                if ends is None:
                    continue
                stream, factor = proxies[proxy]
                for figure, units in zip(figures, row[9:], strict=True):
                    if units is None:
                        continue
                    times = _whole(units) * factor * (-1 if direction == "lower" else 1)
                    value = _whole(ends[0])
                    low = value if ends[1] is None else _whole(ends[1])
                    high = value if ends[2] is None else _whole(ends[2])
                    key = Key(directorate, measure, stream, figure, bool(apart))
                    worth = (times * value, min(times * low, times * high), max(times * low, times * high))
                    found[key] = [held + more for held, more in zip(found[key], worth, strict=True)]
    return {key: (ends[0], ends[1], ends[2]) for key, ends in found.items()}


def _whole(amount) -> Fraction:
    """Return a column of 4 places as an exact fraction, also where the database hands out a float."""
    return Fraction(Decimal(str(amount)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))


def _share(percent) -> Fraction:
    return Fraction(Decimal(str(percent)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)) / 100


def _factor(deadweight, displacement, attribution, lasts_years, drop_off) -> Fraction:
    """Return the share counted: what stays after the council's shares, over the years it lasts."""
    kept = Fraction(1)
    if deadweight is not None:
        kept *= 1 - _share(deadweight)
    if displacement is not None:
        kept *= 1 - _share(displacement)
    if attribution is not None:
        kept *= _share(attribution)
    stays = 1 - (_share(drop_off) if drop_off is not None else 0)
    return kept * sum((Fraction(stays) ** year for year in range(lasts_years)), Fraction(0))


def to_the_penny(amount: Fraction) -> Decimal:
    """Return an exact amount rounded half up (away from nought) to the penny."""
    sign = -1 if amount < 0 else 1
    hundredths = abs(amount) * 100
    whole = hundredths.numerator // hundredths.denominator
    if hundredths - whole >= Fraction(1, 2):
        whole += 1
    return Decimal(sign * whole).scaleb(-2)
