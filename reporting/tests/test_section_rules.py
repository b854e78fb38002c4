"""What is asked of a contract, on its page."""

from decimal import Decimal

import pytest

from contracts.models import Category, Offer, ProportionateRule
from reporting.pages.sections.rules import LESS, MET, MORE, UNKNOWN, rules_section
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def rows(contract, person):
    section = rules_section(contract, person)
    return {row.what: row for row in section.context["rows"]} if section else None


def test_a_contract_is_measured_against_the_rule_that_fits_it(highways, priya):
    section = rules_section(highways, priya)
    assert section.context["why"] == "because its value is in “£1 million to under £5 million”"
    found = rows(highways, priya)
    assert (found["KPIs"].asked, found["KPIs"].stands, found["KPIs"].is_met) == (
        "3 or more",
        "None in force",
        LESS,
    )
    assert found["Social value weighting at tender"].stands == "Not recorded"
    assert found["Social value weighting at tender"].is_met == UNKNOWN
    assert found["Returns"].stands == "No KPIs yet"
    highways.social_value_weighting = Decimal(5)
    assert rows(highways, priya)["Social value weighting at tender"].is_met == LESS
    highways.social_value_weighting = Decimal(10)
    assert rows(highways, priya)["Social value weighting at tender"].is_met == MET


def test_an_offer_does_instead_of_kpis_where_the_rule_says_so(highways, priya):
    highways.value = Decimal(60_000)
    assert rows(highways, priya)["KPIs"].is_met == LESS
    Offer.objects.create(contract=highways, kind="in_kind", description="A mural", status="withdrawn")
    assert rows(highways, priya)["KPIs"].is_met == LESS
    Offer.objects.create(contract=highways, kind="in_kind", description="A mural")
    found = rows(highways, priya)
    assert found["KPIs"].is_met == MET
    assert found["Instead of KPIs"].stands == "1 offer"


def test_more_kpis_than_asked_are_remarked_on(highways, priya, world):  # noqa: F811
    ProportionateRule.objects.create(category=highways.category, kpis_at_least=0, kpis_at_most=1)
    assert rows(highways, priya)["KPIs"].is_met == MORE
    assert rows(highways, priya)["Returns"].is_met == MET


def test_nothing_is_shown_where_no_rule_fits(as_person, highways, priya):
    ProportionateRule.objects.all().delete()
    assert rules_section(highways, priya) is None
    ProportionateRule.objects.create(category=Category.objects.create(name="Care"))
    assert rules_section(highways, priya) is None
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "What is asked of this contract" not in page
    ProportionateRule.objects.create()
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "because nothing closer fits" in page
