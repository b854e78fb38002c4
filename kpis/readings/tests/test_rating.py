"""Rating and roll-ups: exact, whatever the order, and fair to what is better low."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.readings.rating import Rating, rate
from kpis.readings.to_date import Month, roll_up

HIGHER, LOWER = "higher", "lower"
GREEN, AMBER = Decimal(100), Decimal(90)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
positive = st.decimals(min_value=Decimal("0.0001"), max_value=10**9, places=4)


def month(number, target, value=None, numerator=None, denominator=None):
    return Month(
        dt.date(2026, number, 1),
        *(None if part is None else Decimal(part) for part in (target, value, numerator, denominator)),
    )


def to_date(months, how="sum", direction=HIGHER, **more):
    return roll_up(months, how=how, direction=direction, green_from=GREEN, amber_from=AMBER, **more)


@pytest.mark.parametrize(
    ("actual", "target", "direction", "expected"),
    [
        (100, 100, HIGHER, Rating.ON_TRACK),
        ("99.9999", 100, HIGHER, Rating.WATCH),
        (90, 100, HIGHER, Rating.WATCH),
        ("89.9999", 100, HIGHER, Rating.BEHIND),
        (0, 100, HIGHER, Rating.BEHIND),
        (0, 0, HIGHER, Rating.NOT_DUE),
        (1, 0, HIGHER, Rating.ON_TRACK),
        (-1, 0, HIGHER, Rating.BEHIND),
        (-5, -10, HIGHER, Rating.ON_TRACK),
        (-11, -10, HIGHER, Rating.WATCH),
        (-12, -10, HIGHER, Rating.BEHIND),
        (0, 100, LOWER, Rating.ON_TRACK),
        (0, 0, LOWER, Rating.ON_TRACK),
        (1, 0, LOWER, Rating.BEHIND),
        (50, 100, LOWER, Rating.ON_TRACK),
        (110, 100, LOWER, Rating.WATCH),
        (112, 100, LOWER, Rating.BEHIND),
        (-3, 5, LOWER, Rating.ON_TRACK),
        (-3, -5, LOWER, Rating.ON_TRACK),
        (3, -5, LOWER, Rating.BEHIND),
        (None, 100, HIGHER, Rating.NOT_DUE),
        (5, None, HIGHER, Rating.NOT_DUE),
    ],
)
def test_a_figure_is_rated_against_its_target(actual, target, direction, expected):
    def made(amount):
        return None if amount is None else Decimal(amount)

    assert rate(made(actual), made(target), direction, GREEN, AMBER) == expected


@given(positive, positive)
def test_at_the_target_a_kpi_is_on_track_either_way(target, more):
    assert rate(target, target, HIGHER, GREEN, AMBER) == Rating.ON_TRACK
    assert rate(target, target, LOWER, GREEN, AMBER) == Rating.ON_TRACK
    assert rate(target + more, target, HIGHER, GREEN, AMBER) == Rating.ON_TRACK


@given(amounts, amounts, positive)
def test_doing_better_never_rates_worse(actual, target, more):
    order = [Rating.BEHIND, Rating.WATCH, Rating.NOT_DUE, Rating.ON_TRACK]

    def rank(value, direction):
        return order.index(rate(value, target, direction, GREEN, AMBER))

    assert rank(actual + more, HIGHER) >= rank(actual, HIGHER)
    assert rank(actual, LOWER) >= rank(actual + more, LOWER)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12), st.randoms())
def test_the_sum_to_date_is_exact_whatever_the_order(pairs, chance: random.Random):
    months = [month(index + 1, target, value) for index, (target, value) in enumerate(pairs)]
    shuffled = months[:]
    chance.shuffle(shuffled)
    found = to_date(shuffled)
    assert found == to_date(months)
    assert found.actual == sum(value for _, value in pairs)
    assert found.target == found.due == sum(target for target, _ in pairs)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda two: (min(two), two[1])),
        min_size=1,
        max_size=12,
    )
)
def test_a_percentage_to_date_is_its_numerators_by_its_denominators(pairs):
    months = [month(index + 1, 50, None, top, bottom) for index, (top, bottom) in enumerate(pairs)]
    for how in ("sum", "average"):
        found = to_date(months, how=how, is_percentage=True)
        top, bottom = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        assert (found.numerator, found.denominator) == (top, bottom)
        assert abs(found.actual - Decimal(top) * 100 / bottom) <= Decimal("0.0001")
        assert found.rating == rate(Decimal(top), Decimal(bottom) / 2, HIGHER, GREEN, AMBER)


def test_a_zero_denominator_is_no_cases_and_not_a_rating():
    found = to_date([month(4, 50, None, 0, 0)], how="average", is_percentage=True)
    assert found.no_cases
    assert found.actual is None
    assert found.rating == Rating.NOT_DUE
    assert (found.n_of, found.n) == (1, 1)


def test_a_blank_month_is_blank_and_never_nought():
    found = to_date([month(4, 10, 10), month(5, 10)])
    assert (found.actual, found.target, found.due) == (10, 10, 20)
    assert found.rating == Rating.ON_TRACK
    assert (found.n_of, found.n) == (1, 2)


def test_the_latest_month_carries_nothing_forward():
    months = [month(4, 10, 9), month(5, 12)]
    assert to_date(months, how="latest").actual is None
    assert to_date(months, how="latest", at=dt.date(2026, 4, 1)).actual == 9


def test_average_and_maximum_roll_up_their_targets_alike():
    months = [month(4, 10, 8), month(5, 20, 22)]
    average, highest = to_date(months, how="average"), to_date(months, how="maximum")
    assert (average.actual, average.target) == (15, 15)
    assert (highest.actual, highest.target) == (22, 20)


def test_a_loss_is_behind_a_promised_gain_and_a_gain_after_losses_counts_in_full():
    months = [month(4, 5, -3), month(5, 5, 13)]
    assert to_date(months[:1]).rating == Rating.BEHIND
    found = to_date(months)
    assert (found.actual, found.target, found.rating) == (10, 10, Rating.ON_TRACK)


def test_no_net_loss_is_kept_by_any_gain_and_broken_by_any_loss():
    assert to_date([month(4, 0, 1)]).rating == Rating.ON_TRACK
    assert to_date([month(4, 0, -1)]).rating == Rating.BEHIND
    assert to_date([month(4, 0, 0)]).rating == Rating.NOT_DUE
