"""Keeping totals: recomputed from the readings, never counted up, in the transaction of the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Case, Count, DecimalField, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from kpis.library.models import Kind, RollUp
from kpis.readings.models import Reading
from kpis.totals.models import DirectorateMonth, TotalRow

Key = tuple[int, dt.date, int]
Figure = Decimal | int | None
FIGURES = (
    "due",
    "reported",
    "reported_numerator",
    "reported_denominator",
    "verified",
    "verified_numerator",
    "verified_denominator",
)
COUNTS = ("n_expected", "n_reported", "n_verified")
PLACES = Decimal("0.0001")


def recompute(keys: Iterable[Key]) -> None:
    """Make the totals of each (directorate, month, measure) true again.

    Call inside the verb's transaction, after the readings are written. The rows one directorate and month
    share are locked in key order before anything is summed, and the sum is a later statement: so the last of
    two verbs at once sees what both wrote, on READ COMMITTED as on SQLite.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return
    pairs = sorted({(directorate, month) for directorate, month, _ in wanted})
    DirectorateMonth.objects.bulk_create(
        [DirectorateMonth(directorate_id=directorate, month=month) for directorate, month in pairs],
        ignore_conflicts=True,
    )
    for batch in _batches(pairs, 200):
        list(
            DirectorateMonth.objects.filter(_any(batch))
            .order_by("directorate_id", "month")
            .select_for_update(of=("self",))
        )
        inside = set(batch)
        _write(batch, {key for key in wanted if (key[0], key[1]) in inside})


def _batches(items: list, size: int) -> Iterable[list]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _any(pairs: Iterable[tuple[int, dt.date]]) -> Q:
    """Return the condition "one of these directorates and months"."""
    by_month: dict[dt.date, list[int]] = {}
    for key, month in pairs:
        by_month.setdefault(month, []).append(key)
    return reduce(or_, (Q(month=month, directorate__in=of) for month, of in by_month.items()))


def _write(pairs: list[tuple[int, dt.date]], keys: set[Key] | None) -> None:
    """Sum the readings of these directorates and months and put the result into their rows."""
    where = _any(pairs)
    if keys is not None:
        where &= Q(measure__in={measure for _, _, measure in keys})
    rows = [
        TotalRow(**{**row, **{name: Decimal(row[name]).quantize(PLACES) for name in FIGURES}})
        for row in summed(Reading.objects.filter(where))
        if keys is None or (row["directorate_id"], row["month"], row["measure_id"]) in keys
    ]
    TotalRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["directorate", "month", "measure"],
        update_fields=[*FIGURES, *COUNTS],
        batch_size=500,
    )
    present = {(row.directorate_id, row.month, row.measure_id) for row in rows}
    stand = TotalRow.objects.filter(where).values_list("pk", "directorate_id", "month", "measure_id")
    gone = [pk for pk, *key in stand if tuple(key) not in present and (keys is None or tuple(key) in keys)]
    if gone:
        TotalRow.objects.filter(pk__in=gone).delete()


def summed(readings) -> list[dict]:
    """Return one dictionary of TotalRow's columns for each directorate, month and measure of the readings."""
    money = DecimalField(max_digits=22, decimal_places=4)
    none = Value(Decimal(0), output_field=money)
    # Targets add up only where months do: a level to hold is not due again each month.
    adds_up = Case(
        When(Q(measure__roll_up=RollUp.SUM) & ~Q(measure__kind=Kind.PERCENTAGE), then=F("target")),
        default=None,
        output_field=money,
    )
    sums = {
        f"total_{name}": Coalesce(Sum(name), none)
        for name in (
            "reported_numerator",
            "reported_denominator",
            "verified_numerator",
            "verified_denominator",
        )
    }
    grouped = (
        readings.order_by()
        .values("directorate_id", "month", "measure_id")
        .annotate(
            total_due=Coalesce(Sum(adds_up), none),
            total_reported=Coalesce(Sum("reported_value"), none),
            total_verified=Coalesce(Sum("verified_value"), none),
            n_expected=Count("pk"),
            n_reported=Count("reported_at"),
            n_verified=Count("verified_at"),
            **sums,
        )
    )
    return [{name.removeprefix("total_"): value for name, value in row.items()} for row in grouped]


@dataclass
class Rebuilt:
    """How far a rebuild came."""

    done: int = 0
    of: int = 0
    stopped: bool = False


def rebuild(
    progress: Callable[[Rebuilt], bool | None] | None = None, *, after: tuple | None = None
) -> Rebuilt:
    """Recompute every total, a directorate and month at a time, each in its own transaction.

    `progress` is called after each; returning False stops there. `after` (directorate, month) carries on
    behind a rebuild that was stopped. Running it again changes nothing.
    """
    pairs = set(Reading.objects.order_by().values_list("directorate_id", "month").distinct())
    pairs |= set(TotalRow.objects.order_by().values_list("directorate_id", "month").distinct())
    left = [pair for pair in sorted(pairs) if after is None or pair > after]
    state = Rebuilt(of=len(left))
    for pair in left:
        with transaction.atomic():
            DirectorateMonth.objects.bulk_create(
                [DirectorateMonth(directorate_id=pair[0], month=pair[1])], ignore_conflicts=True
            )
            list(
                DirectorateMonth.objects.filter(directorate=pair[0], month=pair[1]).select_for_update(
                    of=("self",)
                )
            )
            _write([pair], None)
        state.done += 1
        if progress is not None and progress(state) is False:
            state.stopped = state.done < state.of
            break
    return state


@dataclass(frozen=True)
class Difference:
    """One total that is not what its readings come to."""

    directorate: int
    month: dt.date
    measure: int
    column: str
    stands: Figure
    should_be: Figure

    def __str__(self) -> str:
        return (
            f"directorate {self.directorate}, {self.month:%Y-%m}, measure {self.measure}: {self.column} "
            f"stands at {self.stands}, readings come to {self.should_be}"
        )


# Written without the ORM on purpose: a check that shared its code with what it checks would share its
# mistakes. Sums are of whole ten-thousandths, exact on both databases.
BARE_SQL = """
SELECT r.directorate_id, r.month, r.measure_id,
  SUM(CASE WHEN m.roll_up = 'sum' AND m.kind <> 'percentage'
      THEN CAST(ROUND(COALESCE(r.target, 0) * 10000) AS BIGINT) ELSE 0 END),
  SUM(CAST(ROUND(COALESCE(r.reported_value, 0) * 10000) AS BIGINT)),
  SUM(CAST(ROUND(COALESCE(r.reported_numerator, 0) * 10000) AS BIGINT)),
  SUM(CAST(ROUND(COALESCE(r.reported_denominator, 0) * 10000) AS BIGINT)),
  SUM(CAST(ROUND(COALESCE(r.verified_value, 0) * 10000) AS BIGINT)),
  SUM(CAST(ROUND(COALESCE(r.verified_numerator, 0) * 10000) AS BIGINT)),
  SUM(CAST(ROUND(COALESCE(r.verified_denominator, 0) * 10000) AS BIGINT)),
  COUNT(*), COUNT(r.reported_at), COUNT(r.verified_at)
FROM kpis_reading r JOIN kpis_measure m ON m.id = r.measure_id
GROUP BY r.directorate_id, r.month, r.measure_id
"""


def check() -> list[Difference]:
    """Return every total that differs from what bare SQL makes of the readings; empty when all is well.

    Readings and totals are read as of one moment, so that people may submit meanwhile.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(BARE_SQL)
        should: dict[Key, list[Figure]] = {}
        for directorate, month, measure, *figures in cursor.fetchall():
            of = month if isinstance(month, dt.date) else dt.date.fromisoformat(str(month)[:10])
            amounts = [Decimal(int(amount)) / 10000 for amount in figures[: len(FIGURES)]]
            should[directorate, of, measure] = [*amounts, *(int(count) for count in figures[len(FIGURES) :])]
        stands: dict[Key, list[Figure]] = {
            (row.directorate_id, row.month, row.measure_id): [
                getattr(row, name) for name in (*FIGURES, *COUNTS)
            ]
            for row in TotalRow.objects.all()
        }
    nothing: list[Figure] = [None] * (len(FIGURES) + len(COUNTS))
    return [
        Difference(*key, column, stand, want)
        for key in sorted({*should, *stands})
        for column, stand, want in zip(
            (*FIGURES, *COUNTS), stands.get(key, nothing), should.get(key, nothing), strict=True
        )
        if stand != want
    ]
