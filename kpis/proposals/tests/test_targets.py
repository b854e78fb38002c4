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
