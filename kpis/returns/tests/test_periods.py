"""Which months a return covers: each once, whatever sets follow each other and whenever they are approved."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from accounts.calendar import add_months, first_of_month, months_between
from conftest import make_contract
from kpis.models import KPI, KPISet, KPITerms, MonthlyReturn, MonthlyTarget, Reading
from kpis.proposals.months import first_free_month
from kpis.returns import verbs
from kpis.returns.periods import block_of, closes_at
from kpis.returns.verbs.opening import keys_of, opens_on
from kpis.tests.factories import make_measure
from kpis.totals import verbs as totals

START = dt.date(2024, 4, 1)
MONTHS = [add_months(START, n) for n in range(14)]
KPIS = 3


@contextmanager
def on(day):
    """Let it be nine in the morning of a day."""
    now = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    with mock.patch.object(timezone, "now", return_value=now):
        yield


@pytest.mark.parametrize(
    ("month", "every", "first", "last"),
    [
        (dt.date(2026, 5, 1), 1, dt.date(2026, 5, 1), dt.date(2026, 5, 1)),
        (dt.date(2026, 5, 1), 3, dt.date(2026, 4, 1), dt.date(2026, 6, 1)),
        (dt.date(2027, 1, 1), 3, dt.date(2027, 1, 1), dt.date(2027, 3, 1)),
        (dt.date(2026, 9, 1), 6, dt.date(2026, 4, 1), dt.date(2026, 9, 1)),
        (dt.date(2027, 2, 1), 6, dt.date(2026, 10, 1), dt.date(2027, 3, 1)),
    ],
)
def test_quarters_and_half_years_are_those_of_the_financial_year(month, every, first, last):
    assert block_of(month, every) == (first, last)


@given(
    owed=st.sets(st.sampled_from(MONTHS)),
    covered=st.sets(st.sampled_from(MONTHS)),
    every=st.sampled_from([1, 3, 6]),
)
def test_returns_of_one_set_share_the_owed_months_out_once_and_never_reach_into_another(owed, covered, every):
    found = []
    for month in MONTHS:
        first = closes_at(month, block_of(month, every), is_owed=owed.__contains__, covered=covered)
        if first:
            assert block_of(first, every) == block_of(month, every)
            found += months_between(first, month)
    assert len(found) == len(set(found))
    assert owed - covered <= set(found)
    assert not set(found) & covered


# When a set takes effect, how often it asks, how many days after its first month begins it is approved,
# and which of three KPIs it holds, from and until when.
a_set = st.tuples(
    st.integers(0, 11),
    st.sampled_from([1, 3, 6]),
    st.integers(-40, 150),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 13), st.integers(1, 40)), min_size=1, max_size=KPIS),
)
# On which days people submit or begin what is open.
acts = st.lists(st.tuples(st.integers(40, 420), st.sampled_from(["submit", "begin"])), max_size=6)


def approve(contract, measures, of, number, by):
    """Write an approved set as the verbs would leave it, and rebuild what is open."""
    offset, every, _, kpis = of
    asked = add_months(START, offset)
    effective = max(asked, first_free_month(contract) or asked)
    kpi_set = KPISet.objects.create(
        contract=contract, number=number, status=KPISet.Status.APPROVED, effective_month=effective,
        returns_every=every, submitted_at=timezone.now(), decided_at=timezone.now(), content_hash="0" * 64,
    )  # fmt: skip
    for position, (begins, length, amount) in enumerate(kpis):
        measure = measures[position]
        kpi, _ = KPI.objects.get_or_create(
            contract=contract, measure=measure, unit=measure.unit, direction=measure.direction,
            kind=measure.kind,
        )  # fmt: skip
        first = add_months(effective, begins)
        terms = KPITerms.objects.create(
            kpi_set=kpi_set, kpi=kpi, position=position + 1, title=measure.title, target=Decimal(amount),
            starts_month=first, ends_month=add_months(first, length), counting_rule="-",
            evidence_expected="-",
        )  # fmt: skip
        MonthlyTarget.objects.bulk_create(
            MonthlyTarget(terms=terms, month=month, amount=Decimal(amount + index))
            for index, month in enumerate(months_between(first, terms.ends_month))
        )
    verbs.hold_still(contract)
    verbs.rebuild_open_returns(contract, effective, by=by)


def act_on(contract, what, at):
    """Submit the contract's open returns, or begin the first of them, without the checks of their pages."""
    for item in contract.monthly_returns.filter(first_submitted_at=None).order_by("month"):
        if what == "begin":
            item.readings.update(value=5, saved_at=at)
            return
        item.readings.update(value=5, saved_at=at, reported_value=5, reported_at=at)
        item.status, item.first_submitted_at, item.submitted_at = "submitted", at, at
        item.save()
        totals.recompute(keys_of(item.readings.all()))


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(
    # A later set asks for months of the quarter before the first that the open return covered.
    sets=[(0, 3, 53, [(3, 6, 18), (3, 13, 30), (2, 2, 27)]), (0, 3, 123, [(5, 5, 15), (0, 13, 13)])],
    acts=[(154, "begin")],
    ends=5,
)
@given(
    sets=st.lists(a_set, min_size=1, max_size=4),
    acts=acts,
    ends=st.none() | st.integers(2, 13),
)
def test_each_month_is_covered_by_one_return_and_targets_come_to_those_of_the_months(sets, acts, ends):
    with transaction.atomic():
        _live_through(sets, acts, ends)
        transaction.set_rollback(True)


def _live_through(sets, acts, ends):
    from accounts.models import Directorate, Person

    directorate = Directorate.objects.create(name="Neighbourhoods", slug="neighbourhoods")
    by = Person.objects.create_user(email="dana@calderbeck.example", full_name="Dana Okafor")
    contract = make_contract(
        "Highways", directorate, starts_on=dt.date(2023, 4, 1),
        ends_on=add_months(START, ends + 1) - dt.timedelta(days=9) if ends is not None else None,
    )  # fmt: skip
    measures = [make_measure(f"Measure {n}") for n in range(KPIS)]
    days: dict[dt.date, list] = {}
    for of in sets:
        days.setdefault(add_months(START, of[0]) + dt.timedelta(days=of[2]), []).append(of)
    for after, what in acts:
        days.setdefault(START + dt.timedelta(days=after), []).append(what)
    for month in [*MONTHS, *(add_months(MONTHS[-1], n) for n in range(1, 7))]:
        days.setdefault(opens_on(month), [])
    number = 0
    for day in sorted(days):
        with on(day):
            verbs.open_due_months()
            for what in days[day]:
                if isinstance(what, str):
                    act_on(contract, what, timezone.now())
                else:
                    number += 1
                    approve(contract, measures, what, number, by)
    _compare(contract, max(days))


def _compare(contract, day):
    returns = list(contract.monthly_returns.order_by("month"))
    covered = [month for one in returns for month in one.months]
    assert len(covered) == len(set(covered))
    assert all(one.months_covered <= 6 for one in returns)
    owed: set[dt.date] = set()
    due: dict[tuple[int, dt.date], Decimal] = {}
    for month in months_between(START, add_months(first_of_month(day), -1)):
        kpi_set = KPISet.objects.in_force(month).filter(contract=contract).first()
        last = contract.last_day
        if kpi_set is None or (last and month > last):
            continue
        for terms in kpi_set.terms.all():
            if terms.covers(month):
                owed.add(month)
                due[terms.kpi_id, month] = terms.monthly_targets.get(month=month).amount
    # The last block may still be running.
    _, end = block_of(first_of_month(day), 6)
    over = {month for month in owed if month <= add_months(end, -6)}
    assert over <= set(covered)
    for one in returns:
        for reading in one.readings.all():
            wanted = [due[reading.kpi_id, month] for month in one.months if (reading.kpi_id, month) in due]
            assert reading.target == sum(wanted), (one, reading)
    for kpi, month in due:
        if month in covered:
            one = next(one for one in returns if month in one.months)
            assert one.readings.filter(kpi=kpi).exists(), (one, month)
    assert totals.check() == []
    assert Reading.objects.count() == sum(one.readings.count() for one in returns)
    assert MonthlyReturn.objects.count() == len(returns)
