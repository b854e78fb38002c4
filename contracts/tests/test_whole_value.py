"""What a contract is worth over its whole life: one rule for limits, rules, checklists and shares."""

import datetime as dt
from decimal import Decimal

import pytest

from contracts.models import Contract
from contracts.rules.finding import band_among, bands, rule_for
from contracts.stages.asked import Checklist

DAY = dt.date


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (DAY(2025, 4, 1), DAY(2029, 3, 31), 48),
        (DAY(2025, 4, 15), DAY(2026, 4, 14), 12),
        (DAY(2025, 4, 15), DAY(2026, 4, 15), 13),
        (DAY(2025, 4, 15), DAY(2025, 4, 15), 1),
        (DAY(2025, 12, 31), DAY(2026, 1, 30), 1),
        (DAY(2024, 2, 29), DAY(2025, 2, 28), 12),
    ],
)
def test_a_yearly_value_counts_a_twelfth_for_each_month_begun(starts_on, ends_on, months):
    contract = Contract(value=Decimal(1200), value_basis="annual", starts_on=starts_on, ends_on=ends_on)
    assert contract.whole_value == Decimal(100) * months


def test_extension_and_termination_count():
    contract = Contract(
        value=Decimal(1200), value_basis="annual", starts_on=DAY(2025, 4, 1), ends_on=DAY(2026, 3, 31)
    )
    contract.extended_to = DAY(2027, 3, 31)
    assert contract.whole_value == Decimal(2400)
    contract.terminated_on = DAY(2025, 9, 30)
    assert contract.whole_value == Decimal(600)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(None, DAY(2026, 3, 31)), (DAY(2025, 4, 1), None), (DAY(2026, 4, 1), DAY(2025, 4, 1))],
)
def test_without_dates_or_with_dates_reversed_nobody_can_tell(starts_on, ends_on):
    contract = Contract(value=Decimal(1200), value_basis="annual", starts_on=starts_on, ends_on=ends_on)
    assert contract.whole_value is None


@pytest.mark.parametrize("basis", ["", "whole"])
def test_a_value_that_is_not_said_to_be_yearly_is_the_whole_contracts(basis):
    assert Contract(value=Decimal(1200), value_basis=basis).whole_value == Decimal(1200)
    assert Contract(value=None, value_basis=basis).whole_value is None


def test_a_value_nobody_can_tell_falls_in_no_band_and_asks_only_what_all_are_asked(highways):
    highways.value_basis, highways.ends_on = "annual", None
    assert highways.whole_value is None
    assert band_among(bands(), highways.whole_value) is None
    rule_for(highways)
    assert all(question.band is None for question in Checklist().of(highways))
