"""The reminder pages: who may open them, what they show, what they do."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import HistoryRow, Letter
from conftest import make_contract
from kpis.models import ReminderSnooze, ReminderStep
from kpis.reminders import verbs
from kpis.reminders.tests.conftest import at, make_return

LIST = "/administration/reminders/"


@pytest.fixture
def overdue_return(highways, dana):
    """Return a return that was due long before today."""
    return make_return(highways)


@pytest.mark.parametrize("name", ["lena", "adam"])
def test_the_lead_and_administrators_see_what_would_be_sent(overdue_return, cast, as_person, name):
    page = as_person(cast[name]).get(LIST)
    assert page.status_code == 200
    assert "Priya Shah" in page.text
    assert "Highways resurfacing: the return for May 2026 was due on 12 June 2026" in page.text
    assert "5 working days after it is due" in page.text


@pytest.mark.parametrize("name", ["colin", "priya", "dana", "ewa", "sami", "nadia"])
def test_others_are_told_who_looks_after_reminders(cast, as_person, name):
    page = as_person(cast[name]).get(LIST)
    assert page.status_code == 403
    assert "social value lead" in page.text


def test_send_now_writes_the_letters_once_and_says_so(overdue_return, lena, as_person):
    client = as_person(lena)
    page = client.post(reverse("kpis:reminder-send"), follow=True)
    assert "put into the outbox" in page.text
    count = Letter.objects.count()
    assert count == 4
    page = client.post(reverse("kpis:reminder-send"), follow=True)
    assert "Nothing was owed" in page.text
    assert Letter.objects.count() == count
    assert HistoryRow.objects.filter(action="reminders.send_now", actor=lena).count() == 2


def test_send_now_is_refused_to_a_manager(overdue_return, priya, as_person):
    assert as_person(priya).post(reverse("kpis:reminder-send")).status_code == 403
    assert not Letter.objects.exists()


def test_the_list_costs_as_many_queries_for_many_returns(
    overdue_return, lena, as_person, neighbourhoods, priya, django_assert_max_num_queries
):
    client = as_person(lena)
    client.get(LIST)
    with django_assert_max_num_queries(25) as one:
        client.get(LIST)
    for number in range(20):
        make_return(make_contract(f"Contract {number}", neighbourhoods, manager=priya))
    with django_assert_max_num_queries(len(one)):
        client.get(LIST)


def test_a_step_is_moved_and_switched_off_with_history(lena, as_person):
    url = reverse("kpis:reminder-step-edit", args=["return-due-soon"])
    client = as_person(lena)
    assert client.get(url).status_code == 200
    page = client.post(url, {"days": "-5", "line": "$title is due on $due.", "is_on": "no"})
    assert page.status_code == 302
    step = ReminderStep.objects.get(key="return-due-soon")
    assert (step.days, step.is_on, step.when) == (-5, False, "5 working days before it is due")
    row = HistoryRow.objects.get(action="reminders.change_step")
    assert ("Working days", "-3", "-5") in row.changes
    assert "from “-3” to “-5”" in client.get(url).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"days": "", "line": "x", "is_on": "yes"}, "Enter the number of working days"),
        ({"days": "90", "line": "x", "is_on": "yes"}, "must be between -15 and 60"),
        ({"days": "2", "line": "", "is_on": "yes"}, "Enter a line in the letter"),
        ({"days": "2", "line": "$supplier is late", "is_on": "yes"}, "This line has no $supplier"),
        ({"days": "2", "line": "costs $ 5", "is_on": "yes"}, "A dollar sign must be followed"),
        ({"days": "2", "line": "x"}, "Select whether this reminder is sent"),
    ],
)
def test_a_step_says_what_is_wrong_with_it(lena, as_person, data, sentence):
    page = as_person(lena).post(reverse("kpis:reminder-step-edit", args=["return-overdue"]), data)
    assert page.status_code == 200
    assert sentence in page.text
    assert "There is a problem" in page.text
    assert ReminderStep.objects.get(key="return-overdue").days == 2


def test_the_opening_step_has_no_days(lena, as_person):
    url = reverse("kpis:reminder-step-edit", args=["return-opens"])
    client = as_person(lena)
    assert "Working days" not in client.get(url).text
    client.post(url, {"line": "$title is open.", "is_on": "yes"})
    assert ReminderStep.objects.get(key="return-opens").line == "$title is open."


def test_a_commissioner_holds_back_reminders_with_a_reason(overdue_return, colin, as_person):
    url = reverse("kpis:reminder-snooze", args=[overdue_return.contract_id, "2026-05"])
    client = as_person(colin)
    assert client.get(url).status_code == 200
    until = verbs.today() + dt.timedelta(days=7)
    data = {
        "until_0": until.day,
        "until_1": until.month,
        "until_2": until.year,
        "reason": "The supplier moved",
    }
    page = client.post(url, data)
    assert page.status_code == 302
    assert ReminderSnooze.objects.get().reason == "The supplier moved"
    assert verbs.preview() == []
    assert "The supplier moved" in client.get(url).text
    client.post(reverse("kpis:reminder-snooze-end", args=[overdue_return.contract_id, "2026-05"]))
    assert len(verbs.preview()) == 4


@pytest.mark.parametrize(("name", "status"), [("priya", 403), ("dana", 403), ("oscar", 404), ("lena", 200)])
def test_who_may_hold_back_reminders(overdue_return, cast, as_person, name, status):
    url = reverse("kpis:reminder-snooze", args=[overdue_return.contract_id, "2026-05"])
    assert as_person(cast[name]).get(url).status_code == status
    again = reverse("kpis:reminder-snooze-end", args=[overdue_return.contract_id, "2026-05"])
    assert as_person(cast[name]).post(again).status_code == (409 if status == 200 else status)


@pytest.mark.parametrize("month", ["2026-5x", "2026-13", "may"])
def test_a_month_that_is_none_is_not_found(overdue_return, lena, as_person, month):
    url = reverse("kpis:reminder-snooze", args=[overdue_return.contract_id, month])
    assert as_person(lena).get(url).status_code == 404


def test_holding_back_asks_for_a_day_to_come_and_a_reason(overdue_return, lena, as_person):
    url = reverse("kpis:reminder-snooze", args=[overdue_return.contract_id, "2026-05"])
    page = as_person(lena).post(url, {"until_0": "1", "until_1": "1", "until_2": "2020", "reason": ""})
    assert "must be today or later" in page.text
    assert "Enter why reminders are held back" in page.text


def test_a_returns_page_shows_which_reminders_went_to_whom(overdue_return, priya, lena):
    verbs.send(at("2026-06-16"))
    request = RequestFactory().get("/")
    request.user = lena
    text = Template("{% load reminders %}{% reminder_log item %}").render(
        Context({"request": request, "item": overdue_return})
    )
    assert "to Priya Shah (2 working days after it is due)" in text
    assert "Hold back reminders" in text
