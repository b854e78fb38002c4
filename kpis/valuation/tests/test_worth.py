"""The arithmetic of £ keeps its promises for any units, values, shares and order of summing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.valuation.worth import (
    LOCAL,
    SOCIAL,
    Amount,
    Line,
    MeasureFacts,
    Money,
    ProxyFacts,
    Unpriced,
    Worth,
    YearValue,
    pennies,
    plain,
    value,
    worth_in_money,
    worth_of,
)

FEW = settings(max_examples=40)
MEASURE = MeasureFacts(1, "M1", "Volunteer hours", "Our measures, 1", "hours")

units = st.decimals(-10_000_000, 10_000_000, places=4)
pounds = st.decimals(-100_000, 1_000_000, places=4)
shares = st.decimals(0, 3, places=20)


@st.composite
def year_values(draw, year=None):
    low, mid, high = sorted(draw(st.tuples(pounds, pounds, pounds)))
    return YearValue.of(
        year, mid, *draw(st.sampled_from([(low, high), (None, high), (low, None), (None, None)]))
    )


@st.composite
def proxies(draw, stream=None):
    values = draw(st.one_of(st.tuples(year_values()), st.tuples(year_values(2026), year_values(2027))))
    return ProxyFacts(
        draw(st.integers(1, 3)),
        "A value",
        1,
        "hours",
        stream or draw(st.sampled_from([SOCIAL, LOCAL])),
        2025,
        "UK",
        "A table",
        draw(shares),
        values,
    )


@st.composite
def amounts(draw):
    return Amount(
        MEASURE,
        draw(st.one_of(st.none(), proxies())),
        draw(units),
        draw(st.sampled_from([2026, 2027, 2028])),
        draw(st.booleans()),
        1,
        draw(st.booleans()),
    )


@FEW
@given(units, year_values(), shares, st.booleans())
def test_low_is_never_above_the_value_nor_high_below_it(of, per_unit, factor, is_harm):
    found = worth_in_money(of, per_unit, factor, is_harm=is_harm)
    assert found.low <= found.central <= found.high


@FEW
@given(units, year_values(), shares, st.booleans())
def test_the_value_is_units_times_pounds_times_factor_to_the_last_digit(of, per_unit, factor, is_harm):
    sign = -1 if is_harm else 1
    wanted = sign * Fraction(of) * Fraction(per_unit.value) * Fraction(factor)
    assert Fraction(worth_in_money(of, per_unit, factor, is_harm=is_harm).central) == wanted


@FEW
@given(st.lists(st.decimals(0, 10_000_000, places=4), min_size=1, max_size=6), year_values(), shares)
def test_an_amount_split_in_parts_is_worth_the_same_as_the_whole(parts, per_unit, factor):
    together = worth_in_money(sum(parts, Decimal(0)), per_unit, factor)
    apart = Money()
    for part in parts:
        apart = apart + worth_in_money(part, per_unit, factor)
    assert together == apart


@FEW
@given(st.lists(amounts(), max_size=6), st.randoms())
def test_the_order_of_summing_changes_nothing(given_amounts, random):
    # One number stands for one proxy.
    by_pk = {}
    given_amounts = [
        Amount(
            a.measure,
            by_pk.setdefault(a.proxy.pk, a.proxy) if a.proxy else None,
            a.units,
            a.year,
            a.is_harm,
            1,
        )
        for a in given_amounts
    ]
    shuffled = list(given_amounts)
    random.shuffle(shuffled)
    one, other = worth_of(given_amounts), worth_of(shuffled)
    assert (one.social, one.local, one.lines) == (other.social, other.local, other.lines)
    added = Worth()
    for each in shuffled:
        added = added + worth_of([each])
    assert (added.social, added.local) == (one.social, one.local)


@FEW
@given(st.lists(amounts(), max_size=8))
def test_streams_never_mix_and_nothing_about_a_group_is_in_a_headline(given_amounts):
    found = worth_of(given_amounts)
    for stream in (SOCIAL, LOCAL):
        parts = [
            line.money.central
            for each in given_amounts
            if isinstance(line := value(each), Line) and line.stream == stream and not each.guarded
        ]
        total = found.of(stream)
        assert (total is None) == (not parts)
        if total is not None:
            assert Fraction(total.central) == sum(map(Fraction, parts))


@FEW
@given(units, proxies(), st.booleans())
def test_a_harm_is_worth_the_opposite(of, proxy, guarded):
    good = value(Amount(MEASURE, proxy, of, 2026, False, 1, guarded))
    harm = value(Amount(MEASURE, proxy, of, 2026, True, 1, guarded))
    assert isinstance(good, Line)
    assert isinstance(harm, Line)
    opposite = [Fraction(each) for each in (harm.money.central, harm.money.low, harm.money.high)]
    assert opposite == [-Fraction(each) for each in (good.money.central, good.money.high, good.money.low)]


PROXY = ProxyFacts(
    7, "A value", 1, "hours", SOCIAL, 2025, "UK", "A table", Decimal(1),
    (YearValue.of(2026, Decimal("16.93"), None, Decimal("20")),),
)  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [{"kind": "percentage"}, {"kind": "yes_no"}, {"kind": "text"}, {"roll_up": "latest"},
     {"roll_up": "maximum"}, {"record_only": True}],
)  # fmt: skip
def test_percentages_levels_and_records_are_never_valued(facts):
    found = value(Amount(MeasureFacts(1, "M1", "A", "E", "u", **facts), PROXY, Decimal(5), 2026))
    assert isinstance(found, Unpriced)


def test_a_year_the_proxy_says_nothing_of_has_no_pounds_and_is_named():
    found = worth_of([Amount(MEASURE, PROXY, Decimal(5), 2027, kpis=2)], kpis=2)
    assert found.social is None
    assert [one.words for one in found.without_years] == [
        "Volunteer hours (2 KPIs): “A value” has no value for 2027; 5 hours are counted, not valued"
    ]
    assert found.unpriced_kpis == 0


def test_units_of_a_group_are_not_told_where_a_year_has_no_value():
    (one,) = worth_of([Amount(MEASURE, PROXY, Decimal(3), 2027, kpis=1, guarded=True)]).unpriced
    assert one.units is None
    assert "3 hours" not in one.words


def test_zero_units_are_worth_nought_and_no_units_are_blank():
    assert worth_of([Amount(MEASURE, PROXY, Decimal(0), 2026)]).social == Money()
    assert worth_of([]).social is None


def test_figures_below_nought_have_a_range_of_their_own():
    found = worth_of([Amount(MEASURE, PROXY, Decimal(u), 2026) for u in (10, -10)])
    assert found.social == Money(Decimal(0), Decimal("-30.7"), Decimal("30.7"))


def test_pounds_are_rounded_once_half_up_to_the_penny():
    assert pennies(Decimal("0.005")) == Decimal("0.01")
    assert pennies(Decimal("-0.005")) == Decimal("-0.01")
    thirds = [Amount(MEASURE, PROXY, Decimal("0.0002"), 2026) for _ in range(3)]
    total = worth_of(thirds).social
    assert total is not None
    assert total.in_full == "£0.01"
    money = Money(Decimal("12345.675"), Decimal("6000"), Decimal("18000.5"))
    assert (money.shown, money.in_full) == ("£12.3k", "£12,345.68")
    assert money.range_shown == "£6,000 to £18k"
    assert plain(Decimal("-1240.5000")) == "−1,240.5"
