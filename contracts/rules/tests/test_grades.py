"""Value bands and tiers: kept by the lead, renamed on contracts, not removed while used."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import ContractTier, ProportionateRule, ValueBand
from contracts.rules import grades
from contracts.rules.finding import rule_for

pytestmark = pytest.mark.django_db


def gold():
    return ContractTier.objects.get(name="Gold")


def order():
    return [(tier.name, tier.position) for tier in ContractTier.objects.all()]


def test_a_new_name_of_a_tier_goes_to_its_contracts_with_their_history(highways, home_care, lena):
    highways.tier, home_care.tier = "gold", "Silver"
    highways.save()
    home_care.save()
    grades.change_tier(gold(), by=lena, name="Platinum", position=1)
    version = highways.version
    highways.refresh_from_db()
    home_care.refresh_from_db()
    assert (highways.tier, highways.version, home_care.tier) == ("Platinum", version + 1, "Silver")
    row = HistoryRow.objects.of_contract(highways.pk).get()
    assert (row.summary, row.before, row.after) == (
        "The tier Gold is now called Platinum",
        {"Tier": "gold"},
        {"Tier": "Platinum"},
    )
    assert HistoryRow.objects.get(action="rules.change_tier").summary == (
        "Changed the tier Gold, and 1 contract with it"
    )


def test_the_rule_of_a_tier_follows_its_name(highways, lena):
    rule = ProportionateRule.objects.create(tier=gold(), kpis_at_least=9)
    highways.tier = "Gold"
    highways.save()
    grades.change_tier(gold(), by=lena, name="Platinum", position=1)
    highways.refresh_from_db()
    assert rule_for(highways) == rule


def test_tiers_are_numbered_without_gaps_wherever_one_is_put(lena):
    grades.change_tier(gold(), by=lena, name="Gold", position=3)
    assert order() == [("Silver", 1), ("Bronze", 2), ("Gold", 3)]
    grades.add_tier(by=lena, name="Platinum", position=1)
    assert order() == [("Platinum", 1), ("Silver", 2), ("Bronze", 3), ("Gold", 4)]
    grades.remove_tier(ContractTier.objects.get(name="Silver"), by=lena)
    assert order() == [("Platinum", 1), ("Bronze", 2), ("Gold", 3)]


def test_a_tier_in_use_is_not_removed_and_the_page_says_where_it_is(as_person, highways, lena):
    highways.tier = "Gold"
    highways.save()
    ProportionateRule.objects.create(tier=gold())
    with pytest.raises(Stale, match="still used by 1 proportionate rule and 1 contract"):
        grades.remove_tier(gold(), by=lena)
    client = as_person(lena)
    address = reverse("contracts:tier-remove", args=[gold().pk])
    page = client.get(address).content.decode()
    assert "1 proportionate rule" in page
    assert "1 contract<" in page
    assert client.post(address, {"note": ""}).status_code == 409
    assert gold()


def test_a_band_with_a_rule_is_not_removed(as_person, lena):
    band = ValueBand.objects.create(name="£10 million and over", at_least=Decimal(10_000_000))
    ProportionateRule.objects.create(band=band)
    address = reverse("contracts:band-remove", args=[band.pk])
    client = as_person(lena)
    assert client.post(address, {"note": ""}).status_code == 409
    ProportionateRule.objects.filter(band=band).delete()
    assert client.post(address, {"note": "Too few"}).status_code == 302
    assert not ValueBand.objects.filter(pk=band.pk).exists()
    assert HistoryRow.objects.get(action="rules.remove_band").note == "Too few"


def test_a_band_is_added_and_changed_on_its_pages(as_person, lena):
    client = as_person(lena)
    sent = {"name": "£10 million and over", "at_least": "£10,000,000"}
    assert client.post(reverse("contracts:band-add"), sent).status_code == 302
    band = ValueBand.objects.get(at_least=Decimal(10_000_000))
    address = reverse("contracts:band-edit", args=[band.pk])
    assert "10,000,000" in client.get(address).content.decode()
    changed = {"name": "£12 million and over", "at_least": "12,000,000", "seen": "0"}
    assert client.post(address, changed).status_code == 302
    late = client.post(address, {"name": "Mine", "at_least": "11", "seen": "0"})
    assert late.status_code == 409
    assert "Lena Fischer changed this value band while you had it open." in late.content.decode()


def test_a_second_band_from_the_same_value_or_of_the_same_name_is_refused(lena):
    with pytest.raises(Invalid) as refused:
        grades.add_band(by=lena, name="under £100,000", at_least=Decimal(0))
    assert {field for field, _ in refused.value.errors} == {"name", "at_least"}


def test_a_tier_is_added_and_changed_on_its_pages(as_person, lena):
    client = as_person(lena)
    answer = client.post(reverse("contracts:tier-add"), {"name": "Copper", "position": "9"})
    assert "Place of the tier must be between 1 and 4" in answer.content.decode()
    assert client.post(reverse("contracts:tier-add"), {"name": "gold", "position": "4"}).status_code == 200
    assert client.post(reverse("contracts:tier-add"), {"name": "Copper", "position": "4"}).status_code == 302
    address = reverse("contracts:tier-edit", args=[gold().pk])
    assert client.get(address).context["form"]["position"].value() == 1
    assert client.post(address, {"name": "Platinum", "position": "1", "seen": "0"}).status_code == 302
    assert client.post(address, {"name": "Mine", "position": "1", "seen": "0"}).status_code == 409


def test_others_keep_no_bands_or_tiers(as_person, colin, dana):
    with pytest.raises(Refused):
        grades.add_tier(by=dana, name="Copper", position=1)
    client = as_person(colin)
    for name in ("band-add", "tier-add"):
        assert client.get(reverse(f"contracts:{name}")).status_code == 403
