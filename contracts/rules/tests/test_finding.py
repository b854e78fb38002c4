"""Which rule holds for a contract."""

from decimal import Decimal

import pytest

from contracts.models import Category, ContractTier, ProportionateRule, ValueBand
from contracts.rules.finding import band_among, bands, by_closeness, closest, rule_for, rules_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_rules_yet(db):
    ProportionateRule.objects.all().delete()


def make_rule(tier="", category=None, band="", **facts):
    return ProportionateRule.objects.create(
        tier=ContractTier.objects.get(name=tier) if tier else None,
        category=category,
        band=ValueBand.objects.get(name=band) if band else None,
        **facts,
    )


def test_no_rule_holds_where_none_fits(highways):
    make_rule(tier="Gold")
    assert rule_for(highways) is None


def test_a_tier_counts_more_than_category_and_band_together(highways):
    highways.tier = "gold "
    everyone = make_rule()
    assert rule_for(highways) == everyone
    banded = make_rule(band="£1 million to under £5 million")
    assert rule_for(highways) == banded
    of_kind = make_rule(category=highways.category)
    assert rule_for(highways) == of_kind
    make_rule(category=highways.category, band="£1 million to under £5 million")
    by_tier = make_rule(tier="Gold")
    assert rule_for(highways) == by_tier


def test_the_band_is_that_of_the_value_over_the_whole_life(highways):
    rule = make_rule(band="£1 million to under £5 million")
    highways.value, highways.value_basis = Decimal(400_000), "annual"
    assert rule_for(highways) == rule
    highways.value_basis = "whole"
    assert rule_for(highways) is None
    highways.value = None
    assert rule_for(highways) is None


def test_a_value_on_the_edge_belongs_to_the_band_it_opens():
    ordered = bands()
    assert [band.at_least for band in ordered] == sorted(band.at_least for band in ordered)
    assert band_among(ordered, Decimal(100_000)).name == "£100,000 to under £1 million"
    assert band_among(ordered, Decimal("99999.99")).name == "Under £100,000"
    assert band_among(ordered, Decimal(-5)) is None


def test_of_two_as_close_the_older_holds(highways):
    drawn = [ProportionateRule(pk=9), ProportionateRule(pk=4)]
    assert by_closeness(highways, drawn, bands()) == [drawn[1], drawn[0]]
    assert closest(highways, drawn, bands()) == drawn[1]


def test_many_contracts_cost_no_more_queries_than_one(highways, home_care, django_assert_num_queries):
    Category.objects.create(name="Care")
    rule = make_rule()
    make_rule(tier="Gold", category=highways.category)
    with django_assert_num_queries(2):
        found = rules_for([highways, home_care])
    assert found == {highways.pk: rule, home_care.pk: rule}
