"""Chances ahead: what was recorded, what the register's dates imply, each once and in order."""

import datetime as dt
from unittest.mock import patch

import pytest

from conftest import make_contract
from contracts.breaks import ahead
from contracts.models import BreakPoint, Contract, Stage

DAY = dt.date(2026, 6, 1)
FAR = dt.date(2030, 12, 31)


def point(contract, kind="break", on=dt.date(2027, 4, 1), notice_by=dt.date(2026, 10, 1), **facts):
    """Return a break point of the contract."""
    return BreakPoint.objects.create(contract=contract, kind=kind, on=on, notice_by=notice_by, **facts)


def found(from_day=DAY, to_day=FAR):
    """Return (kind, day, last day to act, source) of all chances."""
    return [
        (one.kind, one.on, one.act_by, one.source)
        for one in ahead.chances(Contract.objects.all(), from_day, to_day)
    ]


def test_recorded_and_implied_chances_stand_in_the_order_one_must_act(highways):
    highways.review_on = dt.date(2026, 12, 1)
    highways.save()
    point(highways)
    assert found() == [
        ("break", dt.date(2027, 4, 1), dt.date(2026, 10, 1), "recorded"),
        ("review", dt.date(2026, 12, 1), dt.date(2026, 12, 1), "from the register"),
        ("end", dt.date(2029, 3, 31), dt.date(2029, 3, 31), "from the register"),
    ]


def test_a_contract_that_can_be_extended_has_its_end_when_every_extension_is_used(highways):
    highways.last_extension_to = dt.date(2030, 3, 31)
    highways.save()
    assert [(kind, on) for kind, on, _, _ in found()] == [
        ("extension", dt.date(2029, 3, 31)), ("end", dt.date(2030, 3, 31)),
    ]  # fmt: skip
    highways.extended_to = dt.date(2030, 3, 31)
    highways.save()
    assert [(kind, on) for kind, on, _, _ in found()] == [("end", dt.date(2030, 3, 31))]


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        (dt.date(2029, 2, 28), ["end"]),
        (dt.date(2029, 5, 1), ["end"]),
        (dt.date(2029, 5, 2), ["end", "end"]),
    ],
)
def test_a_recorded_date_within_31_days_stands_for_the_registers(highways, on, kinds):
    point(highways, "end", on, None)
    assert [kind for kind, *_ in found()] == kinds


def test_what_was_decided_is_not_ahead_any_more_nor_implied_again(highways):
    point(highways, "end", dt.date(2029, 3, 31), None, outcome="left")
    assert found() == []


def test_withdrawn_break_points_and_ended_contracts_give_none(highways, home_care):
    point(highways, withdrawn_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    Contract.objects.filter(pk=home_care.pk).update(stage=Stage.ENDED)
    assert [kind for kind, *_ in found()] == ["end"]


def test_a_passed_notice_date_stays_until_the_day_itself_but_is_no_next_chance(highways):
    made = point(highways, on=dt.date(2026, 9, 1), notice_by=dt.date(2026, 3, 1))
    assert found()[0][0] == "break"
    assert found(dt.date(2026, 9, 2))[0][0] == "end"
    with patch.object(ahead, "today", return_value=DAY):
        assert ahead.next_chance_of(Contract.objects.all())[highways.pk].kind == "end"
        BreakPoint.objects.filter(pk=made.pk).update(notice_by=DAY)
        assert ahead.next_chance_of(Contract.objects.all())[highways.pk].break_point == made
        highways.refresh_from_db()
        assert ahead.chances_of(highways)[0].break_point == made


def test_what_must_be_acted_on_after_the_last_day_asked_for_is_left_out(highways):
    point(highways)
    assert found(to_day=dt.date(2026, 9, 30)) == []
    assert len(found(to_day=dt.date(2026, 10, 1))) == 1


def test_a_terminated_contract_ends_when_it_was_terminated(highways):
    highways.terminated_on, highways.last_extension_to = dt.date(2026, 8, 31), dt.date(2031, 3, 31)
    highways.save()
    assert [(kind, on) for kind, on, _, _ in found()] == [("end", dt.date(2026, 8, 31))]
    point(highways, on=dt.date(2026, 9, 1), notice_by=None)
    assert len(found()) == 1


def test_many_contracts_cost_as_many_queries_as_one(highways, neighbourhoods, django_assert_num_queries):
    point(highways)
    for number in range(20):
        point(make_contract(f"Contract {number}", neighbourhoods))
    with django_assert_num_queries(2):
        assert len(ahead.chances(Contract.objects.with_names(), DAY, FAR)) == 42
    with django_assert_num_queries(2):
        assert len(ahead.next_chance_of(Contract.objects.all())) == 21
