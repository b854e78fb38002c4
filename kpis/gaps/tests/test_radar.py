"""The radar: the next two years' chances, those missed first, and what could be asked for."""

import datetime as dt

import pytest

from accounts.calendar import add_months, today
from contracts.models import BreakPoint, Category
from kpis.tests.factories import make_approved_set, make_measure

pytestmark = pytest.mark.django_db
ADDRESS = "/contracts/radar/"


def point(contract, days, notice=None, **facts):
    """Return a break point so many days from now."""
    return BreakPoint.objects.create(
        **{
            "contract": contract,
            "kind": "break",
            "on": today() + dt.timedelta(days=days),
            "notice_by": None if notice is None else today() + dt.timedelta(days=notice),
            **facts,
        }
    )


def shown(page):
    """Return (title, kind) of what lies ahead."""
    ones = [one for _, entries in page.context["quarters"] for one in entries]
    return [(one.chance.contract.title, one.chance.kind) for one in ones]


def test_chances_of_weak_contracts_stand_by_their_last_day_to_act(as_person, bare, covered, colin):
    trees, _ = bare("Trees"), covered("Parks")
    point(trees, 300, notice=100)
    point(trees, 200)
    page = as_person(colin).get(ADDRESS)
    assert shown(page) == [("Trees", "break"), ("Trees", "break"), ("Trees", "end")]
    assert page.context["page_obj"][0].chance.act_by == today() + dt.timedelta(days=100)
    assert ("Parks", "end") in shown(as_person(colin).get(ADDRESS, {"which": "all"}))
    assert {kind for _, kind in shown(as_person(colin).get(ADDRESS, {"kind": "end"}))} == {"end"}


def test_a_passed_notice_date_without_outcome_comes_first_until_somebody_records_it(as_person, bare, colin):
    one = point(bare(), 30, notice=-5)
    gone = point(bare("Gone by"), -40)
    page = as_person(colin).get(ADDRESS)
    assert [entry.chance.break_point for entry in page.context["passed"]] == [gone, one]
    assert "the notice date has passed" in page.context["sentence"]
    assert "Notice date passed" in page.content.decode()
    for each in (one, gone):
        each.outcome = "not_asked"
        each.save()
    assert not as_person(colin).get(ADDRESS).context["passed"]


def test_what_lies_further_off_than_two_years_is_not_shown(as_person, bare, colin, month):
    bare(ends_on=add_months(month, 25))
    page = as_person(colin).get(ADDRESS)
    assert shown(page) == []
    assert "No chance" in page.context["sentence"]


def test_what_could_be_asked_is_what_was_written_down_or_what_others_promise(as_person, bare, month, colin):
    category = Category.objects.create(name="Highways")
    trees = bare("Trees", category=category)
    other = bare("Roads", category=category, ends_on=None)
    make_approved_set(
        other, add_months(month, -2), [(make_measure("Local jobs"), "5")], ends_month=add_months(month, 30)
    )
    point(trees, 60, could_ask="Two apprenticeships")
    text = as_person(colin).get(ADDRESS).content.decode()
    assert "Two apprenticeships" in text
    entries = as_person(colin).get(ADDRESS).context["page_obj"]
    assert [one.suggested for one in entries] == ["", "Local jobs (1 contract)"]


def test_those_who_may_record_are_led_there_and_readers_are_not(as_person, bare, colin, sami):
    one = point(bare(), 30)
    outcome = f"/contracts/{one.contract_id}/break-points/{one.pk}/outcome/"
    mine = as_person(colin).get(ADDRESS).content.decode()
    assert outcome in mine
    assert f"/contracts/{one.contract_id}/break-points/new/?kind=end&amp;on=" in mine
    assert outcome not in as_person(sami).get(ADDRESS).content.decode()


def test_the_picture_has_its_figures_underneath(as_person, bare, colin):
    bare()
    page = as_person(colin).get(ADDRESS)
    assert len(page.context["picture"].table.rows) == 24
    assert "<svg" in page.content.decode()


def test_it_downloads(as_person, bare, colin):
    point(bare(), 30, could_ask="Two apprenticeships")
    text = b"".join(as_person(colin).get(ADDRESS + "?format=csv").streaming_content).decode()
    assert "Two apprenticeships" in text
    assert as_person(colin).get(ADDRESS + "?format=xlsx").content[:2] == b"PK"


def test_a_filter_nobody_offered_counts_as_none_and_is_no_error(as_person, bare, colin):
    bare()
    client = as_person(colin)
    for page in ("/contracts/radar/", "/contracts/gaps/"):
        text = client.get(page + "?directorate=999&kind=other").content.decode()
        assert "Tree works" in text
        assert "Select a valid choice" not in text
