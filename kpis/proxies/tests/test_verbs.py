"""Keeping £ values: what each verb leaves behind, and what it refuses."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import today
from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.models import KPITerms, Proxy, ProxyValue
from kpis.proxies import verbs
from kpis.proxies.lines import Figure
from kpis.proxies.models import NeverEdited
from kpis.proxies.tests.making import FACTS, make_proxy
from kpis.tests.factories import make_approved_set, make_measure

pytestmark = pytest.mark.django_db
ONE = [Figure(None, Decimal("250"), Decimal("200"), Decimal("300"))]


def errors_of(caught):
    return dict(caught.value.errors)


def test_the_lead_adds_a_value_and_history_tells_its_source_and_range(lena):
    measure = make_measure()
    proxy = verbs.add_proxy(measure, by=lena, values=ONE, **FACTS)
    assert proxy.is_usual, "a measure's first value is the one new KPIs take"
    assert proxy.value_in(2031).value == 250
    row = history_of(proxy).get()
    assert row.after["£ per unit"] == "£250.00 (2022 prices)"
    assert row.after["Range"] == "£200.00 to £300.00"
    assert row.after["Source"] == FACTS["source"]


@pytest.mark.parametrize("who", ["colin", "priya", "dana", "adam", "sami", "nadia"])
def test_nobody_but_the_lead_keeps_values(who, lena, request):
    measure, person = make_measure(), request.getfixturevalue(who)
    proxy = make_proxy(measure, lena)
    for act in (
        lambda: verbs.add_proxy(measure, by=person, values=ONE, **{**FACTS, "name": "Mine"}),
        lambda: verbs.replace_proxy(proxy, by=person, values=ONE, why="Mine", **FACTS),
        lambda: verbs.withdraw(proxy, by=person, why="Mine"),
        lambda: verbs.make_usual(proxy, by=person),
    ):
        with pytest.raises(Refused):
            act()
    assert Proxy.objects.filter(measure=measure).count() == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"kind": "percentage", "roll_up": "average"}, "is a percentage"),
        ({"roll_up": "latest"}, "a level that is held"),
        ({"record_only": True}, "is recorded only"),
        ({"kind": "yes_no", "roll_up": "latest"}, "is not a number"),
    ],
)
def test_a_measure_whose_units_cant_be_priced_says_why(facts, why, lena):
    with pytest.raises(Invalid, match=why):
        verbs.add_proxy(make_measure(**facts), by=lena, values=ONE, **FACTS)


def test_everything_wrong_is_said_at_once(lena):
    wrong = {
        **FACTS,
        "source": " ",
        "price_year": today().year + 1,
        "valid_from": dt.date(2026, 4, 1),
        "valid_until": dt.date(2026, 3, 31),
        "deadweight": Decimal(120),
        "lasts_years": 0,
    }
    figures = [Figure(2026, Decimal(5), Decimal(6), None), Figure(2027, Decimal(5), None, Decimal(4))]
    with pytest.raises(Invalid) as caught:
        verbs.add_proxy(make_measure(), by=lena, values=figures, **wrong)
    named = {field for field, _ in caught.value.errors}
    assert named >= {"source", "price_year", "valid_until", "deadweight", "lasts_years", "by_year"}
    said = [sentence for field, sentence in caught.value.errors if field == "by_year"]
    assert said == [
        "2026: low (£6.00) must be £5.00, the value, or less",
        "2027: high (£4.00) must be £5.00, the value, or more",
    ]


def test_one_value_for_all_years_and_values_by_year_dont_mix(lena):
    with pytest.raises(Invalid) as caught:
        verbs.add_proxy(make_measure(), by=lena, values=[*ONE, Figure(2026, Decimal(1))], **FACTS)
    assert "not both" in errors_of(caught)["by_year"]


def test_a_proxy_by_year_says_nothing_of_other_years(lena):
    proxy = verbs.add_proxy(make_measure(), by=lena, values=[Figure(2026, Decimal(7))], **FACTS)
    assert proxy.value_in(2026).value == 7
    assert proxy.value_in(2027) is None


def test_a_replaced_value_stands_as_it_was_and_the_usual_moves(lena):
    measure = make_measure()
    old = make_proxy(measure, lena, "100")
    new = verbs.replace_proxy(old, by=lena, values=ONE, why="The study was mended", **FACTS)
    old.refresh_from_db()
    assert (old.is_usual, old.is_withdrawn, old.values.get().value) == (False, True, 100)
    assert (new.is_usual, new.replaces) == (True, old)
    assert Proxy.objects.usual(measure, today()) == new
    assert "The study was mended" in old.withdrawn_why
    with pytest.raises(Stale, match="withdrawn already"):
        verbs.replace_proxy(old, by=lena, values=ONE, why="Again", **{**FACTS, "name": "Third"})


def test_a_withdrawn_value_is_offered_no_more_and_cant_become_usual(lena):
    measure = make_measure()
    proxy = make_proxy(measure, lena)
    verbs.withdraw(proxy, by=lena, why="Its source was retracted")
    assert Proxy.objects.usual(measure, today()) is None
    for act in (lambda: verbs.make_usual(proxy, by=lena), lambda: verbs.withdraw(proxy, by=lena, why="x")):
        with pytest.raises(Stale):
            act()


def test_one_value_of_a_measure_is_usual_at_a_time(lena):
    measure = make_measure()
    national = make_proxy(measure, lena)
    local = make_proxy(measure, lena, "120", name="Ours", is_local=True)
    assert not local.is_usual
    verbs.make_usual(local, by=lena)
    national.refresh_from_db()
    assert not national.is_usual
    assert Proxy.objects.usual(measure, today()) == local


def test_a_value_that_isnt_valid_yet_takes_nothing_from_the_usual_one(lena):
    measure = make_measure()
    now = make_proxy(measure, lena)
    later = today() + dt.timedelta(days=30)
    with pytest.raises(Invalid):
        make_proxy(measure, lena, name="Next year's", valid_from=later, usual=True)
    coming = make_proxy(measure, lena, name="Next year's", valid_from=later)
    with pytest.raises(Invalid):
        verbs.make_usual(coming, by=lena)
    assert Proxy.objects.usual(measure, today()) == now


def test_two_values_of_a_measure_dont_share_a_name(lena):
    measure = make_measure()
    make_proxy(measure, lena)
    with pytest.raises(Invalid, match="of this name already"):
        make_proxy(measure, lena)


@pytest.mark.parametrize(
    ("name", "value"),
    [("price_year", 2024), ("source", "Another"), ("deadweight", Decimal(20)), ("name", "B")],
)
def test_what_stands_is_never_edited(name, value, lena):
    proxy = make_proxy(make_measure(), lena)
    setattr(proxy, name, value)
    with pytest.raises(NeverEdited, match=name):
        proxy.save()
    with pytest.raises(NeverEdited):
        Proxy.objects.filter(pk=proxy.pk).update(**{name: value})
    with pytest.raises(NeverEdited):
        proxy.values.update(value=1)
    row = proxy.values.get()
    row.value = Decimal(1)
    with pytest.raises(NeverEdited):
        row.save()
    assert ProxyValue.objects.get(proxy=proxy).value == 100


def test_a_value_in_use_gets_no_other_years_and_loses_none(lena, highways):
    measure = make_measure()
    proxy = verbs.add_proxy(measure, by=lena, values=[Figure(2026, Decimal(7))], **FACTS)
    make_approved_set(highways, dt.date(2026, 4, 1), [(measure, 12)])
    KPITerms.objects.update(proxy=proxy)
    with pytest.raises(NeverEdited):
        ProxyValue.objects.create(proxy=proxy, year=2027, value=9)
    with pytest.raises(NeverEdited):
        proxy.values.get().delete()


def test_the_councils_adjustments_make_an_exact_factor(lena):
    proxy = make_proxy(
        make_measure(),
        lena,
        deadweight=Decimal(20),
        displacement=Decimal(10),
        attribution=Decimal(50),
        lasts_years=3,
        drop_off=Decimal(10),
        adjustments_why="The council's own study",
    )
    assert proxy.kept == Decimal("0.36")
    assert proxy.lasting == Decimal("2.71")
    assert proxy.factor == Decimal("0.9756")


def test_history_says_the_range_of_each_year_that_has_one(lena):
    figures = [Figure(2026, Decimal(5), Decimal(4), Decimal(6)), Figure(2030, Decimal(7))]
    proxy = verbs.add_proxy(make_measure(), by=lena, values=figures, **FACTS)
    assert history_of(proxy).get().after["Range"] == "£4.00 to £6.00 in 2026"


def test_a_low_above_the_only_value_is_refused_in_a_whole_sentence(lena):
    with pytest.raises(Invalid) as caught:
        verbs.add_proxy(make_measure(), by=lena, values=[Figure(None, Decimal(5), Decimal(6))], **FACTS)
    assert ("value", "Low (£6.00) must be £5.00, the value, or less") in caught.value.errors
