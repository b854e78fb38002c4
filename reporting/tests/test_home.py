"""The home page of everybody in the cast, and what stands on it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.calendar import add_months, first_of_month, today
from conftest import make_contract
from contracts.models import RegisterImport
from kpis.gaps.verbs import close, start
from kpis.proposals.models import KPISet
from kpis.returns.models import MonthlyReturn
from reporting.pages.home import greeting


def approved_set(contract, number=1):
    return KPISet.objects.create(
        contract=contract, number=number, status="approved", effective_month=dt.date(2025, 4, 1),
        decided_at=timezone.now(),
    )  # fmt: skip


def a_return(contract, months_ago=1, **facts):
    kpi_set = contract.kpi_sets.filter(status="approved").first() or approved_set(contract)
    return MonthlyReturn.objects.create(
        **{
            "contract": contract,
            "month": add_months(first_of_month(today()), -months_ago),
            "kpi_set": kpi_set,
            "directorate": contract.directorate,
            "due_on": today() + dt.timedelta(days=3),
            **facts,
        }
    )


def words(page):
    return [(row.word, row.title) for row in page.context["needs"].rows]


@pytest.mark.parametrize(
    "name",
    [
        *("colin", "priya", "dafydd", "dana", "desmond", "della", "lena"),
        *("ewa", "sami", "adam", "oscar", "olga", "otto", "nadia"),
    ],
)
def test_everybody_has_a_home_page(as_person, cast, highways, home_care, unmapped, name):
    a_return(highways)
    page = as_person(cast[name]).get("/")
    assert page.status_code == 200
    assert f", {name.capitalize()}</h1>" in page.content.decode()


def test_a_contract_manager_sees_the_overdue_first_then_sent_back_then_due(as_person, priya, highways):
    a_return(highways, 1)
    a_return(
        highways,
        2,
        status="sent_back",
        sent_back_at=timezone.now(),
        sent_back_reason="Evidence is for March",
        due_again_on=today(),
    )
    a_return(highways, 3, due_on=today() - dt.timedelta(days=1))
    page = as_person(priya).get("/")
    assert [word for word, _ in words(page)] == ["Overdue", "Sent back", "Due"]
    assert "Evidence is for March" in page.content.decode()
    assert "3 things need you, 1 overdue" in page.content.decode()


def test_a_return_waiting_for_the_supplier_stands_under_others(as_person, priya, highways):
    a_return(highways, awaiting_supplier_since=today(), awaiting_supplier_note="Asked for payroll")
    page = as_person(priya).get("/")
    assert words(page) == []
    assert [row.word for row in page.context["waiting"].rows] == ["Supplier"]


def test_a_live_contract_without_kpis_needs_its_manager_and_commissioner(
    as_person, priya, colin, dana, highways
):
    assert words(as_person(priya).get("/")) == [("No KPIs", "Highways resurfacing")]
    assert ("No KPIs", "Highways resurfacing") in words(as_person(colin).get("/"))
    assert words(as_person(dana).get("/")) == []


def test_a_set_waits_for_the_director_and_is_shown_to_its_proposer_with_whom(
    as_person, priya, colin, dana, della, oscar, highways
):
    kpi_set = KPISet.objects.create(
        contract=highways, number=1, status="submitted", submitted_by=colin, submitted_at=timezone.now(),
    )  # fmt: skip
    kpi_set.editors.add(colin)
    for person in (dana, della):
        assert ("Decide", "Highways resurfacing: KPI set 1") in words(as_person(person).get("/"))
    page = as_person(colin).get("/")
    assert "with Dana Okafor (Strategic Director)" in page.content.decode()
    assert "Highways" not in as_person(oscar).get("/").content.decode()


def test_a_commissioner_is_told_of_contracts_nobody_manages(as_person, colin, neighbourhoods):
    approved_set(make_contract("Trees", neighbourhoods))
    assert words(as_person(colin).get("/")) == [("Nobody", "1 live contract without a contract manager")]


def test_the_lead_and_administrators_see_what_is_to_be_sorted(as_person, lena, adam, unmapped):
    RegisterImport.objects.create(file_name="register.csv", sha256="x", uploaded_by=adam)
    for person in (lena, adam):
        assert ("To sort", "1 contract without a directorate") in words(as_person(person).get("/"))
    assert ("Import", "register.csv") in words(as_person(adam).get("/"))


def test_members_are_led_to_the_reports_with_how_complete_they_are(as_person, ewa, sami, highways):
    a_return(highways, status="submitted", first_submitted_at=timezone.now(), submitted_at=timezone.now())
    for person in (ewa, sami):
        text = as_person(person).get("/").content.decode()
        assert "1 of 1 return for" in text
        assert "What needs you" not in text


def test_what_ends_within_six_months_comes_up(as_person, priya, neighbourhoods):
    make_contract("Short", neighbourhoods, manager=priya, ends_on=today() + dt.timedelta(days=40))
    make_contract("Long", neighbourhoods, manager=priya, ends_on=today() + dt.timedelta(days=400))
    events = as_person(priya).get("/").context["events"]
    assert [event.contract.title for event in events] == ["Short"]


def test_an_open_stock_take_can_be_gone_on_with(as_person, cast, neighbourhoods):
    for title in ("Ash", "Birch"):
        make_contract(title, neighbourhoods)
    sweep = start(neighbourhoods, by=cast["dana"])
    for who in ("dana", "colin", "lena"):
        rows = as_person(cast[who]).get("/").context["needs"].rows
        row = next(row for row in rows if row.word == "Stock-take")
        assert (row.title, row.detail) == ("Stock-take of Neighbourhoods", "0 of 2 looked at")
        assert (row.url, row.action) == (sweep.get_absolute_url(), "Begin")
    for who in ("priya", "ewa", "sami"):
        assert "Stock-take" not in [word for word, _ in words(as_person(cast[who]).get("/"))]
    close(sweep, by=cast["dana"])
    assert "Stock-take" not in [word for word, _ in words(as_person(cast["dana"]).get("/"))]


@pytest.mark.parametrize("who", ["priya", "colin", "dana", "lena", "adam"])
def test_two_hundred_contracts_cost_no_more_queries_than_ten(as_person, cast, who, neighbourhoods):
    def build(first, last):
        for n in range(first, last):
            contract = make_contract(
                f"C{n}", neighbourhoods, manager=cast["priya"], commissioner=cast["colin"]
            )
            if n % 2:
                a_return(contract)
            else:
                KPISet.objects.create(
                    contract=contract, number=1, status="submitted", submitted_by=cast["colin"],
                    submitted_at=timezone.now() - dt.timedelta(days=30),
                )  # fmt: skip

    build(0, 10)
    client = as_person(cast[who])
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    build(10, 60)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(few)


def test_the_greeting_follows_londons_clock():
    assert greeting(dt.datetime(2026, 6, 11, 10, 59, tzinfo=dt.UTC)) == "Good morning"
    assert greeting(dt.datetime(2026, 6, 11, 11, 0, tzinfo=dt.UTC)) == "Good afternoon"
    assert greeting(dt.datetime(2026, 6, 11, 17, 0, tzinfo=dt.UTC)) == "Good evening"


def test_navigation_differs_by_person(as_person, cast):
    def labels(name):
        return [label for label, _, _ in as_person(cast[name]).get("/").context["navigation"].items]

    assert "Administration" in labels("adam")
    assert "Reminders" not in labels("adam")
    assert "Administration" not in labels("lena")
    assert "Reminders" in labels("lena")
    assert "Contracts" in labels("sami")
    assert not {"Returns", "Approvals"} & set(labels("sami"))
    assert labels("nadia") == ["Home"]


def test_the_navigation_says_where_one_is(as_person, cast):
    def current(name, path):
        items = as_person(cast[name]).get(path).context["navigation"].items
        return [label for label, _, is_here in items if is_here]

    assert current("lena", "/verification/") == ["Returns"]
    assert current("lena", "/administration/reminders/") == ["Reminders"]
    assert current("adam", "/administration/reminders/") == ["Administration"]


def test_the_late_are_counted_as_the_list_of_returns_counts_them(as_person, dana, lena, highways):
    yesterday = today() - dt.timedelta(days=1)
    a_return(highways, 1, due_on=yesterday)
    a_return(
        highways,
        2,
        due_on=yesterday,
        status="submitted",
        first_submitted_at=timezone.now(),
        submitted_at=timezone.now(),
    )
    a_return(
        highways, 3, due_on=yesterday, status="sent_back", sent_back_at=timezone.now(), due_again_on=today()
    )
    assert ("Late", "1 return in your directorate not yet in") in words(as_person(dana).get("/"))
    client = as_person(lena)
    row = next(row for row in client.get("/").context["needs"].rows if row.word == "Late")
    assert row.title.startswith("1 return ")
    assert client.get(row.url).context["page_obj"].paginator.count == 1
