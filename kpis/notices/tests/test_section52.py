"""Whom section 52 asks for three KPIs: regime, value, type and exemption, and what is not known."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import add_months, first_of_month, today
from conftest import make_contract
from contracts.models import Contract
from kpis.notices.section52 import duties, duty
from kpis.notices.yearly import next_assessment_due
from kpis.tests.factories import make_approved_set, make_measure

OVER, AT, UNDER = Decimal("5000000.01"), Decimal("5000000.00"), Decimal("4999999.99")
PA = {"regime": "pa2023"}
BEGAN = {"regime": "", "procurement_began_on": dt.date(2025, 2, 24)}
BEFORE = {"regime": "", "procurement_began_on": dt.date(2025, 2, 23)}
UNKNOWN = {"regime": "", "procurement_began_on": None, "starts_on": dt.date(2026, 4, 1)}
SIGNED_BEFORE = {**UNKNOWN, "signed_on": dt.date(2025, 2, 23)}


@pytest.mark.parametrize(
    ("rules", "value", "kind", "applies", "decided_by"),
    [
        (PA, OVER, {}, True, ""),
        (PA, AT, {}, False, "value"),
        (PA, UNDER, {}, False, "value"),
        (PA, None, {}, None, "value"),
        (BEGAN, OVER, {}, True, ""),
        (BEFORE, OVER, {}, False, "regime"),
        (BEFORE, None, {}, False, "regime"),
        ({"regime": "pcr2015"}, OVER, {}, False, "regime"),
        ({"regime": "earlier"}, None, {}, False, "regime"),
        (UNKNOWN, OVER, {}, None, "regime"),
        (UNKNOWN, AT, {}, False, "value"),
        (UNKNOWN, None, {}, None, "regime"),
        (SIGNED_BEFORE, OVER, {}, False, "regime"),
        (PA, OVER, {"agreement_type": "framework"}, False, "kind"),
        (PA, OVER, {"agreement_type": "shared", "our_share": 50}, True, ""),
        (PA, OVER, {"act_kind": "concession"}, False, "kind"),
        (PA, OVER, {"act_kind": "light_touch"}, False, "kind"),
        (PA, OVER, {"act_kind": "private_utility"}, False, "kind"),
        (UNKNOWN, None, {"act_kind": "light_touch"}, False, "kind"),
        (PA, OVER, {"kpi_exemption": "A one-off delivery"}, False, "exemption"),
        (PA, None, {"kpi_exemption": "A one-off delivery"}, False, "exemption"),
        (PA, AT, {"kpi_exemption": "A one-off delivery"}, False, "value"),
    ],
)
def test_the_table_of_regime_value_kind_and_exemption(
    neighbourhoods, rules, value, kind, applies, decided_by
):
    contract = make_contract("Roads", neighbourhoods, estimated_value_inc_vat=value, **{**rules, **kind})
    found = duty(contract)
    assert (found.applies, found.decided_by) == (applies, decided_by)


def test_the_reason_names_the_fact_that_decides(neighbourhoods):
    made = make_contract("Roads", neighbourhoods, estimated_value_inc_vat=AT, **PA)
    assert duty(made).reason == "Its estimated value including VAT is £5,000,000, not over £5,000,000."
    made.estimated_value_inc_vat = OVER
    assert duty(made).reason == (
        "It is procured under the Procurement Act 2023 and its estimated value including VAT is "
        "£5,000,000.01, over £5,000,000."
    )
    made.estimated_value_inc_vat = None
    assert duty(made).what_to_do == "Record the estimated value including VAT."
    made.kpi_exemption = "A one-off delivery"
    assert "“A one-off delivery”" in duty(made).reason
    assert "contract details notice" in duty(made).what_to_do


def test_a_call_off_follows_its_framework_in_its_rules_but_not_in_its_kind(neighbourhoods):
    parent = make_contract("Framework", neighbourhoods, agreement_type="framework", regime="pcr2015")
    call_off = make_contract(
        "Call-off", neighbourhoods, agreement_type="call_off", parent=parent, estimated_value_inc_vat=OVER,
        regime="pa2023",
    )  # fmt: skip
    assert duty(call_off).applies is False
    assert "The framework it is called off from was procured under" in duty(call_off).reason
    parent.regime = "pa2023"
    assert duty(call_off).applies is True


@pytest.mark.parametrize(
    ("here", "elsewhere", "is_met"),
    [(3, None, True), (2, None, None), (2, 0, False), (2, 1, True), (0, 3, True), (0, None, None)],
)
def test_all_kpis_count_here_and_elsewhere(neighbourhoods, here, elsewhere, is_met):
    contract = make_contract(
        "Roads", neighbourhoods, estimated_value_inc_vat=OVER, kpis_elsewhere=elsewhere, **PA
    )
    if here:
        make_approved_set(
            contract, add_months(first_of_month(today()), -2), [(make_measure(), 12) for _ in range(here)]
        )
    found = duty(contract)
    assert (found.kpis_here, found.kpis_elsewhere, found.is_met) == (here, elsewhere, is_met)
    if is_met is False:
        assert found.what_to_do.startswith("Set 1 more KPI")
    if is_met is None:
        assert "Record how many KPIs it has elsewhere" in found.what_to_do


def test_the_set_in_force_counts_and_one_to_come_only_where_none_is(neighbourhoods):
    contract = make_contract("Roads", neighbourhoods, estimated_value_inc_vat=OVER, **PA)
    month = first_of_month(today())
    make_approved_set(contract, add_months(month, 2), [(make_measure(), 12)])
    assert duty(contract).kpis_here == 1
    make_approved_set(contract, add_months(month, -3), [(make_measure(), 12), (make_measure(), 12)])
    assert duty(contract).kpis_here == 2


def test_many_contracts_cost_one_query(neighbourhoods, django_assert_num_queries):
    for number in range(12):
        make_contract(f"Contract {number}", neighbourhoods, estimated_value_inc_vat=OVER, **PA)
    contracts = list(Contract.objects.select_related("parent"))
    with django_assert_num_queries(1):
        assert len(duties(contracts)) == 12


@pytest.mark.parametrize(
    ("signed", "last", "due"),
    [
        # A year that ended before section 71 came into force is not asked about.
        (dt.date(2024, 6, 1), None, dt.date(2026, 6, 1)),
        (dt.date(2026, 6, 1), None, dt.date(2027, 6, 1)),
        (dt.date(2026, 6, 1), dt.date(2027, 5, 31), dt.date(2028, 6, 1)),
        (dt.date(2026, 6, 1), dt.date(2027, 6, 1), dt.date(2029, 3, 31)),
        (dt.date(2024, 2, 29), dt.date(2026, 1, 15), dt.date(2027, 2, 28)),
        (None, None, dt.date(2026, 4, 1)),
    ],
)
def test_the_next_assessment_is_due_by_the_contracts_anniversary(highways, signed, last, due):
    highways.signed_on = signed
    assert next_assessment_due(highways, last) == due


def test_without_any_date_no_anniversary_can_be_told(highways):
    highways.starts_on = None
    assert next_assessment_due(highways, None) is None
