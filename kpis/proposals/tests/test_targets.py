"""Targets spread over months come to the target exactly, whatever the numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendar import add_months, months_between
from kpis.library.models import Measure
from kpis.proposals import targets

APRIL = dt.date(2026, 4, 1)
SUMS = Measure(kind="count", roll_up="sum")
LEVELS = Measure(kind="percentage", roll_up="latest")
amounts = st.decimals(min_value=0, max_value=10**9, places=4)
lengths = st.integers(min_value=1, max_value=120)


def months(count):
    return months_between(APRIL, add_months(APRIL, count - 1))


@given(amounts, lengths)
def test_the_months_sum_exactly_to_the_target(target, count):
    shares = targets.spread(target, months(count))
    assert sum(shares.values(), Decimal(0)) == target
    assert len(shares) == count


@given(amounts, lengths)
def test_no_month_is_out_by_more_than_the_smallest_step(target, count):
    shares = targets.spread(target, months(count)).values()
    assert max(shares) - min(shares) <= targets.SMALLEST
    assert all(share >= 0 for share in shares)
    assert all(share == share.quantize(targets.SMALLEST) for share in shares)


@given(amounts, amounts, st.integers(min_value=2, max_value=60), st.data())
def test_kept_months_stay_and_the_whole_still_comes_to_the_target(old, new, count, data):
    every = months(count)
    standing = targets.spread(old, every)
    first = data.draw(st.integers(min_value=1, max_value=count - 1))
    kept = {month: standing[month] for month in every[:first]}
    found = targets.flat(SUMS, new, every, kept)
    assert sum(found.values(), Decimal(0)) == new
    assert all(amount >= 0 for amount in found.values())
    assert list(found) == every
    if sum(kept.values()) <= new:
        assert {month: found[month] for month in kept} == kept


@given(amounts, st.integers(min_value=2, max_value=60))
def test_an_unchanged_target_spreads_as_before_wherever_the_change_begins(target, count):
    every = months(count)
    plain = targets.spread(target, every)
    kept = {month: plain[month] for month in every[: count // 2]}
    assert targets.flat(SUMS, target, every, kept) == plain


@given(st.decimals(min_value=0, max_value=100, places=2), lengths)
def test_a_level_is_the_same_each_month(target, count):
    assert set(targets.flat(LEVELS, target, months(count)).values()) == {target}
    assert targets.out_by(LEVELS, target, {}) == 0


@pytest.mark.parametrize("kind", ["text", "milestone"])
def test_what_is_no_amount_has_no_months(kind):
    assert targets.flat(Measure(kind=kind, roll_up="latest"), Decimal(0), months(3)) == {}


wide_lengths = st.integers(min_value=1, max_value=72)
offsets = st.integers(min_value=0, max_value=11)


def run(offset, count):
    first = add_months(APRIL, offset)
    return months_between(first, add_months(first, count - 1))


@given(amounts, offsets, wide_lengths)
def test_school_terms_sum_exactly_to_the_target_and_nothing_is_due_between(target, offset, count):
    every = run(offset, count)
    found = targets.by_term(SUMS, target, every)
    assert list(found) == every
    assert sum(found.values(), Decimal(0)) == target
    assert all(amount >= 0 for amount in found.values())
    ends = {month for month in every if month.month in (3, 7, 12)} | {every[-1]}
    assert all(not amount for month, amount in found.items() if month not in ends)
    if target == target.to_integral_value():
        assert all(amount == amount.to_integral_value() for amount in found.values())


@given(amounts, offsets, wide_lengths)
def test_whole_terms_have_the_same_share_to_the_smallest_step(target, offset, count):
    every = run(offset, count)
    found = targets.by_term(SUMS, target, every)
    whole = [
        found[month]
        for month in every
        if month.month in (3, 7, 12) and add_months(month, -(2 if month.month == 3 else 3)) in found
    ]
    step = 1 if target == target.to_integral_value() else targets.SMALLEST
    if whole:
        assert max(whole) - min(whole) <= step


@given(amounts, amounts, offsets, st.integers(min_value=2, max_value=60), st.data())
def test_kept_months_stand_and_the_terms_still_come_to_the_target(old, new, offset, count, data):
    every = run(offset, count)
    standing = targets.by_term(SUMS, old, every)
    first = data.draw(st.integers(min_value=1, max_value=count - 1))
    kept = {month: standing[month] for month in every[:first]}
    found = targets.by_term(SUMS, new, every, kept)
    assert sum(found.values(), Decimal(0)) == new
    assert list(found) == every
    if sum(kept.values()) <= new:
        assert {month: found[month] for month in kept} == kept
    assert targets.by_term(SUMS, old, every, kept) == standing


def test_a_started_term_counts_in_proportion_and_is_due_at_its_end():
    # October 2026 to July 2027: three of the autumn's four months, then two whole terms.
    every = months_between(dt.date(2026, 10, 1), dt.date(2027, 7, 1))
    found = targets.by_term(SUMS, Decimal(11), every)
    assert {month.month: int(amount) for month, amount in found.items() if amount} == {12: 3, 3: 4, 7: 4}
    ends_early = months_between(dt.date(2026, 9, 1), dt.date(2026, 10, 1))
    assert targets.by_term(SUMS, Decimal(5), ends_early)[dt.date(2026, 10, 1)] == 5
    august = [dt.date(2026, 8, 1)]
    assert targets.by_term(SUMS, Decimal(5), august) == {august[0]: 5}


def test_a_level_by_term_is_held_each_month():
    assert set(targets.by_term(LEVELS, Decimal(45), months(6)).values()) == {Decimal(45)}
    assert targets.by_term(Measure(kind="text", roll_up="latest"), Decimal(0), months(3)) == {}
