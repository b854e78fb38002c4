"""Pictures are well formed, exact and readable without seeing them."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from govuk.charts import Point, Range, bar_trend, dot_range, small_multiples, spark_bars
from govuk.scale import nice_scale, place

MONTHS = ["Apr", "May", "Jun"]
POINTS = [Point("Apr", Decimal(90)), Point("May", None), Point("Jun", Decimal(170))]
TARGETS = [Point(month, Decimal(60 * (n + 1))) for n, month in enumerate(MONTHS)]
EMPTY = [Point("Apr", None)]

PICTURES = {
    "trend": bar_trend(POINTS, TARGETS, title="Jobs & skills <rise>", unit="weeks", open_last=True),
    "two series": bar_trend(POINTS, title="Two", second=TARGETS, second_label="Verified"),
    "empty trend": bar_trend(EMPTY, title="Nothing yet"),
    "no months": bar_trend([], title="No months"),
    "below nought": bar_trend([Point("Apr", Decimal(-5)), Point("May", Decimal(5))], title="Both"),
    "spark": spark_bars([Decimal(1), None, Decimal(3)], Decimal(2), title="Last months"),
    "range": dot_range(
        [Range("A <b>", Decimal(1), Decimal(2), Decimal(3)), Range("B", None, None, None)], title="£"
    ),
    "multiples": small_multiples([("North", POINTS), ("South", EMPTY)], TARGETS, title="All", open_last=True),
}


def drawn(picture, source="{% chart picture %}"):
    return Template("{% load govuk %}" + source).render(Context({"picture": picture}))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_and_without_inline_style(name):
    html = drawn(PICTURES[name])
    root = ElementTree.fromstring(f"<div>{html}</div>".replace("&nbsp;", " "))
    assert root is not None
    assert "style=" not in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_names_and_describes_itself(name):
    html = drawn(PICTURES[name])
    ids = set(re.findall(r' id="([^"]+)"', html))
    for names in re.findall(r'aria-labelledby="([^"]+)"', html):
        assert set(names.split()) <= ids


def test_only_the_last_bar_is_hatched_and_only_while_open():
    assert drawn(PICTURES["trend"]).count('class="chart-bar--open"') == 2
    assert "chart-bar--open" not in drawn(bar_trend(POINTS, title="Closed"))


def test_a_month_without_a_figure_has_no_bar_and_an_empty_cell():
    picture = PICTURES["trend"]
    assert [bar.drawn for bar in picture.bars] == [True, False, True]
    assert picture.table.rows[1] == ("May", "", "120")


def test_the_figures_as_a_table_can_be_left_out():
    assert "<table" in drawn(PICTURES["trend"])
    assert "<table" not in drawn(PICTURES["trend"], "{% chart picture table=False %}")


def test_nothing_is_drawn_beyond_the_paper():
    for bar in PICTURES["trend"].bars:
        assert Decimal(bar.x) + Decimal(bar.width) < PICTURES["trend"].frame.width


numbers = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3)


@given(numbers, numbers)
def test_a_scale_holds_nought_and_both_ends_on_even_ticks(one, other):
    scale = nice_scale(one, other)
    assert scale.low <= min(one, other, 0)
    assert scale.high >= max(one, other, 0)
    assert 2 <= len(scale.ticks) <= 8
    assert 0 in scale.ticks
    steps = {high - low for low, high in zip(scale.ticks, scale.ticks[1:], strict=False)}
    assert len(steps) == 1
    assert 0 <= scale.share(one) <= 1


@given(numbers)
def test_a_place_is_a_plain_number(value):
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", place(value))


def test_whole_figures_have_no_half_between_their_lines():
    drawn = bar_trend([Point("Apr", Decimal(0)), Point("May", Decimal(2))], title="Chances")
    assert [label.text for label in drawn.tick_labels] == ["0", "1", "2"]
