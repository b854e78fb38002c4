"""Which editions a contract may propose from: by its procurement date, by its parent, or as chosen."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from kpis.library import choosing
from kpis.library.choice_verbs import CHOSEN, choose_frameworks
from kpis.library.models import Framework
from kpis.library.starter import KEY
from kpis.library.tests.editions import make_edition, make_measure


@pytest.fixture
def starter(db):
    """Return the edition every contract is offered."""
    return Framework.objects.get(key=KEY)


@pytest.fixture
def old(db):
    """Return an edition for procurements begun from April 2023 to March 2025."""
    return make_edition(
        "2023", offered="by_date", procured_from=dt.date(2023, 4, 1), procured_until=dt.date(2025, 3, 31)
    )


@pytest.fixture
def new(old):
    """Return the edition after it, for procurements begun from April 2025."""
    return make_edition("2025", offered="by_date", procured_from=dt.date(2025, 4, 1), previous=old)


def begun(contract, day):
    """Return the contract with its procurement begun on a day."""
    contract.procurement_began_on = day
    contract.save()
    return contract


@pytest.mark.parametrize(
    ("day", "editions"),
    [
        (dt.date(2023, 3, 31), []),
        (dt.date(2023, 4, 1), ["2023"]),
        (dt.date(2025, 3, 31), ["2023"]),
        (dt.date(2025, 4, 1), ["2025"]),
        (dt.date(2031, 1, 1), ["2025"]),
    ],
)
def test_an_edition_is_offered_from_its_first_day_to_its_last(highways, starter, new, day, editions):
    found = choosing.frameworks_for(begun(highways, day))
    assert [one.edition for one in found if one != starter] == editions
    assert starter in found


def test_an_edition_with_one_day_only_is_offered_on_the_open_side(highways, db):
    early = make_edition("1", offered="by_date", procured_until=dt.date(2020, 1, 1))
    late = make_edition("2", offered="by_date", procured_from=dt.date(2020, 1, 2))
    assert early in choosing.frameworks_for(begun(highways, dt.date(1999, 1, 1)))
    found = choosing.frameworks_for(begun(highways, dt.date(2020, 1, 2)))
    assert (early in found, late in found) == (False, True)


def test_without_a_procurement_date_only_what_is_for_every_contract_is_offered_and_it_is_said(
    highways, starter, new
):
    assert choosing.frameworks_for(begun(highways, None)) == [starter]
    assert "is not recorded" in choosing.why_offered(highways)
    assert "1 May 2025" in choosing.why_offered(begun(highways, dt.date(2025, 5, 1)))


def test_two_contracts_of_one_directorate_stay_each_on_its_own_edition_under_the_same_code(
    neighbourhoods, highways, new, old
):
    parks = make_contract("Parks", neighbourhoods)
    first, second = make_measure(old, "CC1"), make_measure(new, "CC1")
    begun(highways, dt.date(2024, 1, 1)), begun(parks, dt.date(2026, 1, 1))
    ours = choosing.measures_for(highways).filter(code="CC1")
    theirs = choosing.measures_for(parks).filter(code="CC1")
    assert (list(ours), list(theirs)) == ([first], [second])


def test_a_call_off_follows_the_agreement_it_is_called_off_from(
    neighbourhoods, highways, new, old, starter, colin
):
    begun(highways, dt.date(2024, 1, 1))
    job = make_contract("Job", neighbourhoods, agreement_type="call_off", parent=highways)
    begun(job, dt.date(2026, 1, 1))
    assert choosing.frameworks_for(job) == [old, starter]
    assert choosing.why_offered(job).startswith("A call-off follows")
    choose_frameworks(highways, by=colin, frameworks=[new], note="As tendered")
    assert choosing.frameworks_for(job) == [new]
    with pytest.raises(Stale, match="Highways resurfacing"):
        choose_frameworks(job, by=colin, frameworks=[old], note="Ours")


@pytest.mark.parametrize(
    "spoiled", [{"status": "draft"}, {"status": "retired"}, {"needs_licence": True}], ids=str
)
def test_a_draft_a_retired_and_an_unlicensed_edition_are_offered_to_nobody(
    highways, new, colin, starter, spoiled
):
    begun(highways, dt.date(2026, 1, 1))
    measure = make_measure(new)
    Framework.objects.filter(pk=new.pk).update(**spoiled)
    assert choosing.frameworks_for(highways) == [starter]
    assert measure not in choosing.measures_for(highways)
    with pytest.raises(Invalid, match="can’t be used"):
        choose_frameworks(highways, by=colin, frameworks=[Framework.objects.get(pk=new.pk)], note="Wanted")


def test_a_licensed_edition_is_offered_once_its_licence_is_confirmed(highways, new):
    Framework.objects.filter(pk=new.pk).update(needs_licence=True, licence_confirmed_at=timezone.now())
    assert new in choosing.frameworks_for(begun(highways, dt.date(2026, 1, 1)))


def test_a_draft_or_retired_measure_is_not_among_those_to_propose(highways, starter, new):
    begun(highways, dt.date(2026, 1, 1))
    draft, gone = make_measure(new, "A1", status="draft"), make_measure(new, "A2", status="retired")
    there = make_measure(new, "A3")
    found = choosing.measures_for(highways).filter(framework=new)
    assert (list(found), draft in found, gone in found) == ([there], False, False)


def test_what_is_chosen_takes_the_place_of_what_is_offered_until_one_goes_back(
    highways, starter, new, old, priya
):
    begun(highways, dt.date(2026, 1, 1))
    choose_frameworks(highways, by=priya, frameworks=[old], note="The tender named it")
    assert choosing.frameworks_for(highways) == [old]
    row = HistoryRow.objects.get(action=CHOSEN)
    assert (row.contract_number, row.note) == (highways.pk, "The tender named it")
    assert row.after == {"Frameworks": "County charter, 2023"}
    choose_frameworks(highways, by=priya, frameworks=[], note="A mistake")
    assert choosing.frameworks_for(highways) == [new, starter]


def test_a_chosen_edition_that_was_retired_since_offers_nothing_and_it_is_said(highways, old, colin):
    choose_frameworks(highways, by=colin, frameworks=[old], note="The tender named it")
    Framework.objects.filter(pk=old.pk).update(status="retired")
    assert choosing.frameworks_for(highways) == []
    assert "“County charter, 2023” can’t be used now" in choosing.why_offered(highways)
    assert not choosing.measures_for(highways).exists()
    # It may stay beside another that is added.
    starter = Framework.objects.get(key=KEY)
    old.refresh_from_db()
    choose_frameworks(highways, by=colin, frameworks=[old, starter], note="To go on")
    assert choosing.frameworks_for(highways) == [starter]


def test_a_choice_needs_a_reason_and_the_same_choice_again_leaves_no_history(highways, old, colin):
    with pytest.raises(Invalid, match="reason"):
        choose_frameworks(highways, by=colin, frameworks=[old], note="  ")
    choose_frameworks(highways, by=colin, frameworks=[old], note="Tender")
    choose_frameworks(highways, by=colin, frameworks=[old], note="Tender")
    assert HistoryRow.objects.filter(action=CHOSEN).count() == 1


def test_only_those_who_may_change_the_contract_choose(highways, old, cast):
    may = {"colin", "priya", "dafydd", "lena", "adam"}
    for name, person in cast.items():
        if name in may:
            continue
        with pytest.raises(Refused):
            choose_frameworks(highways, by=person, frameworks=[old], note="Mine")


def test_what_a_contract_is_offered_takes_two_queries(highways, new, django_assert_num_queries):
    with django_assert_num_queries(2):
        choosing.why_offered(highways)
