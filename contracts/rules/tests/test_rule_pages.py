"""The rules as everybody reads them and as the lead and administrators keep them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused
from contracts.models import ContractTier, ProportionateRule, ValueBand
from contracts.rules import defaults, verbs

pytestmark = pytest.mark.django_db
LIST = "/contracts/rules/"


def posted(**more):
    return {"kpis_at_least": "2", "returns_every": "1", "note": "Decided by Cabinet.", **more}


def test_everybody_reads_the_rules_and_only_keepers_see_how_to_change_them(as_person, nadia, lena):
    page = as_person(nadia).get(LIST).content.decode()
    assert "What is asked of contracts" in page
    assert "£5 million and over" in page
    assert "Gold" in page
    assert reverse("contracts:rule-add") not in page
    assert reverse("contracts:rule-add") in as_person(lena).get(LIST).content.decode()


def test_every_install_begins_with_monthly_rules_marked_as_proposals(db):
    rules = ProportionateRule.objects.all()
    assert {rule.key for rule in rules} == {key for key, _, _ in defaults.RULES}
    assert {rule.returns_every for rule in rules} == {1}
    assert all(rule.note.startswith(defaults.OURS) for rule in rules)
    defaults.load()
    assert ProportionateRule.objects.count() == len(defaults.RULES)


def test_a_councils_own_rules_and_bands_are_left_as_they_are(db):
    ProportionateRule.objects.exclude(key="every-other").delete()
    defaults.load()
    assert ProportionateRule.objects.count() == 1
    ProportionateRule.objects.all().delete()
    ValueBand.objects.filter(at_least=0).update(at_least=5)
    defaults.load()
    assert not ProportionateRule.objects.filter(key="under-100k").exists()
    assert ProportionateRule.objects.count() == len(defaults.RULES) - 1


def test_the_lead_adds_a_rule_and_its_history_says_what_it_asks(as_person, lena):
    gold = ContractTier.objects.get(name="Gold")
    client = as_person(lena)
    answer = client.post(reverse("contracts:rule-add"), posted(tier=gold.pk, weighting_at_least="20"))
    assert answer.status_code == 302
    rule = ProportionateRule.objects.get(tier=gold)
    assert (rule.kpis_at_least, rule.kpis_at_most, rule.weighting_at_least) == (2, None, Decimal(20))
    row = HistoryRow.objects.of(rule).get()
    assert row.summary == "Added the rule for Gold"
    assert row.after["KPIs, at least"] == "2"
    assert "Added the rule for Gold" in client.get(LIST).content.decode()


def test_two_rules_for_the_same_contracts_are_refused_with_a_sentence(as_person, lena):
    answer = as_person(lena).post(reverse("contracts:rule-add"), posted(kpis_at_most="1"))
    page = answer.content.decode()
    assert "There is already a rule for every other contract." in page
    assert "The largest number of KPIs must be 2 or more" in page
    assert "Decided by Cabinet." in page


def test_a_rule_drawn_by_somebody_else_meanwhile_is_refused_by_the_database_too(lena, monkeypatch):
    monkeypatch.setattr(verbs, "_check", lambda rule: None)
    with pytest.raises(Invalid, match="There is already a rule"):
        verbs.add_rule(by=lena, kpis_at_least=1)


def test_a_change_on_an_older_copy_answers_409_and_keeps_what_was_typed(as_person, lena, adam):
    rule = ProportionateRule.objects.get(key="5m-up")
    address = reverse("contracts:rule-edit", args=[rule.pk])
    assert as_person(lena).get(address).context["form"]["seen"].value() == 0
    verbs.change_rule(rule, by=adam, kpis_at_least=7)
    client = as_person(lena)
    sent = posted(band=rule.band_id, seen="0", note="Mine")
    answer = client.post(address, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Adam Price changed this rule while you had it open. KPIs, at least is now “7”." in page
    assert "Mine" in page
    again = client.post(address, {**sent, "seen": str(answer.context["form"]["seen"].value())})
    assert again.status_code == 302
    rule.refresh_from_db()
    assert (rule.kpis_at_least, rule.note, rule.version) == (2, "Mine", 3)


def test_a_rule_removed_meanwhile_answers_409(as_person, lena):
    rule = ProportionateRule.objects.get(key="5m-up")
    copy = ProportionateRule.objects.get(pk=rule.pk)
    verbs.remove_rule(rule, by=lena, note="Not ours")
    row = HistoryRow.objects.get(action="rules.remove_rule")
    assert (row.summary, row.note) == ("Removed the rule for £5 million and over", "Not ours")
    with pytest.raises(Exception, match="Somebody removed this rule"):
        verbs.change_rule(copy, by=lena, kpis_at_least=7)


def test_a_rule_is_removed_after_asking(as_person, lena):
    rule = ProportionateRule.objects.get(key="5m-up")
    client = as_person(lena)
    address = reverse("contracts:rule-remove", args=[rule.pk])
    assert "Remove this rule?" in client.get(address).content.decode()
    assert client.post(address, {"note": ""}).status_code == 302
    assert not ProportionateRule.objects.filter(key="5m-up").exists()


def test_others_are_refused_with_a_reason(as_person, dana, colin):
    with pytest.raises(Refused):
        verbs.add_rule(by=dana, kpis_at_least=1)
    answer = as_person(colin).get(reverse("contracts:rule-add"))
    assert answer.status_code == 403
    assert "kept by the social value lead and administrators" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("weighting_at_least", "101", "Social value weighting must be 100 or less"),
        ("kpis_at_least", "", "Enter the smallest number of KPIs"),
        ("kpis_at_most", "many", "The largest number of KPIs must be a whole number, like 12"),
        ("tier", "99999", "Select a tier from the list"),
    ],
)
def test_what_is_typed_wrong_is_said_by_its_field(as_person, lena, field, typed, sentence):
    page = as_person(lena).post(reverse("contracts:rule-add"), posted(**{field: typed})).content.decode()
    assert sentence in page
