"""Who may read which contract."""

import datetime as dt

from contracts.models import Contract


def test_each_post_opens_its_own_contracts(cast, highways, unmapped, home_care):
    counts = {name: Contract.objects.visible_to(person).count() for name, person in cast.items()}
    assert counts == {
        **dict.fromkeys(("colin", "priya", "dafydd", "dana", "desmond", "della", "ewa"), 1),
        **dict.fromkeys(("oscar", "olga", "otto"), 1),
        "sami": 2,
        "lena": 3,
        "adam": 3,
        "nadia": 0,
    }


def test_a_partner_directorate_sees_the_contract(oscar, otto, adults, highways):
    highways.partner_directorates.add(adults)
    assert Contract.objects.visible_to(oscar).get() == highways
    assert not Contract.objects.visible_to(otto).exists()


def test_live_contracts_are_those_whose_dates_include_the_day(cast, highways, unmapped, home_care):
    assert Contract.objects.live_on(dt.date(2026, 5, 1)).count() == 3
    assert Contract.objects.live_on(dt.date(2029, 4, 1)).count() == 0
