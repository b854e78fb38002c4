"""Break points by hand: their facts, outcomes and withdrawal, by those who may, without losing anything."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.history import history_of
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.breaks import verbs
from contracts.breaks.forms import months_before
from contracts.breaks.words import oddities, time_left
from contracts.models import BreakPoint

ON, NOTICE = dt.date(2027, 4, 1), dt.date(2026, 10, 1)


@pytest.fixture
def point(highways, colin):
    """Return a break clause of the highways contract."""
    return verbs.add(
        highways, by=colin, kind="break", on=ON, notice_by=NOTICE, clause="14.2", could_ask="Two apprentices"
    )


def data(point=None, **more):
    """Return the form as a browser sends it."""
    facts = {
        "kind": "break", "on_0": "1", "on_1": "4", "on_2": "2027", "notice_by_0": "1", "notice_by_1": "10",
        "notice_by_2": "2026", "months_of_notice": "", "clause": "14.2", "could_ask": "Two apprentices",
    }  # fmt: skip
    return {**facts, **({"version": point.version} if point else {}), **more}


def test_adding_records_who_and_what(point, colin, highways):
    assert (point.act_by, point.made_by) == (NOTICE, colin)
    row = history_of(point).get()
    assert row.contract_number == highways.pk
    assert row.summary == "Break point added: Break clause on 1 April 2027"
    assert row.after["Notice by"] == "1 October 2026"


@pytest.mark.parametrize("name", ["colin", "priya", "dafydd", "lena", "adam"])
def test_those_who_keep_a_contract_keep_its_break_points(cast, highways, name):
    assert verbs.add(highways, by=cast[name], kind="review", on=ON).pk


@pytest.mark.parametrize("name", ["dana", "della", "ewa", "sami", "oscar", "otto", "nadia"])
def test_nobody_else_does(cast, highways, name):
    with pytest.raises(Refused):
        verbs.add(highways, by=cast[name], kind="review", on=ON)


def test_notice_after_the_day_and_the_same_chance_twice_are_refused(point, highways, colin):
    with pytest.raises(Invalid, match="same as or before"):
        verbs.add(highways, by=colin, kind="review", on=NOTICE, notice_by=ON)
    with pytest.raises(Invalid, match="recorded already"):
        verbs.add(highways, by=colin, kind="break", on=ON)
    verbs.withdraw(point, by=colin, reason="Wrong contract")
    assert verbs.add(highways, by=colin, kind="break", on=ON).pk != point.pk


def test_a_change_names_what_differs_and_nothing_happens_where_nothing_does(point, colin):
    facts = {"kind": "break", "on": ON, "notice_by": NOTICE, "clause": "14.2", "could_ask": "Two apprentices"}
    assert verbs.change(point, by=colin, **facts).version == 1
    changed = verbs.change(point, by=colin, version=1, **{**facts, "notice_by": dt.date(2026, 9, 1)})
    assert changed.version == 2
    row = history_of(point).first()
    assert row.changes == [("Notice by", "1 October 2026", "1 September 2026")]
    with pytest.raises(Stale):
        verbs.change(point, by=colin, version=1, **facts)


def test_an_outcome_needs_words_stands_once_and_can_be_taken_back(point, colin, priya):
    with pytest.raises(Invalid, match="in a sentence"):
        verbs.record_outcome(point, by=priya, outcome="kpis_agreed", words=" ")
    with pytest.raises(Invalid, match="Select what came of it"):
        verbs.record_outcome(point, by=priya, outcome="", words="Agreed")
    done = verbs.record_outcome(point, by=priya, outcome="kpis_agreed", words="Two apprentices a year.")
    assert (done.outcome, done.outcome_by) == ("kpis_agreed", priya)
    for again in (
        lambda: verbs.record_outcome(point, by=colin, outcome="left", words="Left"),
        lambda: verbs.change(point, by=colin, kind="break", on=ON),
    ):
        with pytest.raises(Stale, match="Social value agreed"):
            again()
    undone = verbs.undo_outcome(point, by=colin, reason="It was the other contract")
    assert (undone.outcome, undone.outcome_words, undone.outcome_by) == ("", "", None)
    assert history_of(point).first().before["What came of it"] == "Two apprentices a year."
    with pytest.raises(Stale):
        verbs.undo_outcome(point, by=colin, reason="Again")


def test_a_withdrawn_break_point_takes_no_more_changes(point, colin):
    with pytest.raises(Invalid, match="why it is withdrawn"):
        verbs.withdraw(point, by=colin, reason="")
    verbs.withdraw(point, by=colin, reason="Wrong contract")
    for again in (
        lambda: verbs.withdraw(point, by=colin, reason="Twice"),
        lambda: verbs.record_outcome(point, by=colin, outcome="left", words="Left"),
        lambda: verbs.change(point, by=colin, kind="break", on=ON),
    ):
        with pytest.raises(Stale):
            again()


@pytest.mark.parametrize(
    ("act_by", "words"),
    [
        (dt.date(2026, 6, 1), "notice is due today"),
        (dt.date(2026, 6, 2), "notice within 1 day"),
        (dt.date(2026, 6, 24), "notice within 3 weeks"),
        (dt.date(2026, 12, 20), "notice within 6 months"),
        (dt.date(2026, 5, 31), "notice date passed on 31 May 2026"),
    ],
)
def test_time_left_is_said_in_words_and_never_too_long(act_by, words):
    assert time_left(ON, act_by, dt.date(2026, 6, 1)) == words


def test_without_a_notice_date_the_words_are_about_the_day():
    assert time_left(ON, ON, dt.date(2027, 3, 1)) == "in 4 weeks"
    assert time_left(ON, ON, dt.date(2024, 3, 1)) == "in 3 years"
    assert time_left(ON, ON, dt.date(2027, 4, 2)) == "passed on 1 April 2027"


def test_a_date_outside_the_contracts_life_is_warned_of(highways):
    early = BreakPoint(contract=highways, kind="break", on=dt.date(2025, 3, 1))
    late = BreakPoint(contract=highways, kind="end", on=dt.date(2029, 4, 2))
    edge = BreakPoint(contract=highways, kind="end", on=dt.date(2029, 4, 1))
    day = dt.date(2026, 6, 1)
    assert "before the contract starts" in oddities(early, highways, day)[0]
    assert "latest possible end" in oddities(late, highways, day)[0]
    assert oddities(edge, highways, day) == []


@pytest.mark.parametrize(
    ("months", "day"), [(1, dt.date(2027, 2, 28)), (6, dt.date(2026, 9, 30)), (12, dt.date(2026, 3, 31))]
)
def test_months_of_notice_end_on_a_day_there_is(months, day):
    assert months_before(dt.date(2027, 3, 31), months) == day


def test_the_form_works_the_notice_date_out_and_warns_of_odd_dates(as_person, colin, highways):
    client = as_person(colin)
    url = reverse("contracts:break-point-add", args=[highways.pk])
    blank = {"notice_by_0": "", "notice_by_1": "", "notice_by_2": ""}
    answer = client.post(url, data(**blank, months_of_notice="6"), follow=True)
    assert highways.break_points.get().notice_by == NOTICE
    assert "Break clause on 1 April 2027 is recorded." in answer.content.decode()
    answer = client.post(url, data(**blank, on_2="2035"), follow=True)
    assert "after the contract’s latest possible end" in answer.content.decode()
    answer = client.post(url, data(months_of_notice="3"))
    assert "not both" in answer.content.decode()
    answer = client.post(url, data(notice_by_2="2028"))
    assert "same as or before the date itself" in answer.content.decode()


def test_a_chance_from_the_register_comes_filled_in(as_person, colin, highways):
    url = reverse("contracts:break-point-add", args=[highways.pk])
    page = as_person(colin).get(url + "?kind=end&on=2029-03-31").content.decode()
    assert 'value="2029"' in page
    assert as_person(colin).get(url + "?kind=nonsense&on=31").status_code == 200


def test_a_stale_change_keeps_what_was_typed_and_says_what_stands(as_person, colin, point):
    url = reverse("contracts:break-point-edit", args=[point.contract_id, point.pk])
    client = as_person(colin)
    assert client.get(url).status_code == 200
    client.post(url, data(point, clause="15"))
    answer = client.post(url, data(point, could_ask="Three apprentices"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Three apprentices" in page
    assert "clause 15" in page
    assert client.post(url, data(point, version=2, could_ask="Three apprentices")).status_code == 302
    point.refresh_from_db()
    assert point.could_ask == "Three apprentices"


def test_outcome_and_withdrawal_by_their_pages(as_person, priya, point):
    client = as_person(priya)
    outcome = reverse("contracts:break-point-outcome", args=[point.contract_id, point.pk])
    said = {"act": "record", "outcome": "kpis_agreed", "words": "Two a year.", "version": 1}
    assert "Enter what came of it" in client.post(outcome, {**said, "words": ""}).content.decode()
    assert client.post(outcome, said).status_code == 302
    late = client.post(outcome, {**said, "words": "Three a year."})
    assert late.status_code == 409
    assert "Three a year." in late.content.decode()
    assert "Two a year." in client.get(outcome).content.decode()
    assert client.post(outcome, {"act": "undo", "reason": "Wrong one", "version": 2}).status_code == 302
    edit = reverse("contracts:break-point-edit", args=[point.contract_id, point.pk])
    withdraw = reverse("contracts:break-point-withdraw", args=[point.contract_id, point.pk])
    assert "Enter why" in client.post(withdraw, {"reason": "", "version": 3}).content.decode()
    assert client.post(withdraw, {"reason": "Wrong contract", "version": 3}).status_code == 302
    assert client.get(edit).status_code == 409
    assert HistoryRow.objects.filter(action="contracts.break_point_withdraw", note="Wrong contract").exists()


def test_the_contract_page_shows_what_is_ahead_with_links_for_those_who_may(as_person, colin, sami, point):
    page = as_person(colin).get(point.contract.get_absolute_url()).content.decode()
    assert "Two apprentices" in page
    assert "Record what came of it" in page
    assert "Record its notice date" in page
    page = as_person(sami).get(point.contract.get_absolute_url()).content.decode()
    assert "Two apprentices" in page
    assert "Record what came of it" not in page


def test_another_contracts_break_point_is_not_found_here(as_person, lena, point, home_care):
    url = reverse("contracts:break-point-edit", args=[home_care.pk, point.pk])
    assert as_person(lena).get(url).status_code == 404
