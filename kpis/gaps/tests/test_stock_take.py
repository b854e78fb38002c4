"""Stock-takes: who starts them, contract by contract, resumed, shared by two, closed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.calendar import today
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import Contract
from kpis.gaps import verbs
from kpis.gaps.models import StockTake

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep(bare, dana, neighbourhoods):
    """Return an open stock-take of three contracts: Ash, Birch, Cedar."""
    for title in ("Ash", "Birch", "Cedar"):
        bare(title)
    return verbs.start(neighbourhoods, by=dana)


def numbers(sweep):
    """Return the numbers of its contracts in their order."""
    return list(sweep.contracts.values_list("contract", flat=True))


def address(sweep, place):
    """Return the page of its contract at a place, counted from 0."""
    return f"/stock-takes/{sweep.pk}/contracts/{numbers(sweep)[place]}/"


def test_the_list_of_contracts_is_fixed_when_it_begins(bare, covered, dana, neighbourhoods, adults):
    bare("Trees")
    covered("Parks")
    bare("Home care", adults)
    sweep = verbs.start(neighbourhoods, by=dana)
    assert [one.contract.title for one in sweep.contracts.all()] == ["Trees"]
    assert sweep.contracts.get().found == ["none"]
    bare("New")
    assert sweep.contracts.count() == 1
    with pytest.raises(Invalid):
        verbs.start(neighbourhoods, by=dana)
    verbs.close(sweep, by=dana)
    every = verbs.start(neighbourhoods, by=dana, gaps_only=False)
    assert [one.contract.title for one in every.contracts.all()] == ["New", "Parks", "Trees"]


@pytest.mark.parametrize("who", ["colin", "dana", "desmond", "lena", "adam"])
def test_directors_deputies_commissioners_and_the_lead_start_one(cast, bare, neighbourhoods, who):
    bare()
    assert verbs.start(neighbourhoods, by=cast[who]).started_by == cast[who]


@pytest.mark.parametrize("who", ["priya", "della", "ewa", "sami", "oscar", "olga", "nadia"])
def test_nobody_else_does(cast, bare, neighbourhoods, who):
    bare()
    with pytest.raises(Refused):
        verbs.start(neighbourhoods, by=cast[who])


def test_a_directorate_without_gaps_has_nothing_to_take_stock_of(covered, dana, neighbourhoods):
    covered()
    with pytest.raises(Invalid):
        verbs.start(neighbourhoods, by=dana)


def test_it_is_started_on_its_page(as_person, bare, colin):
    bare()
    client = as_person(colin)
    directorate = client.get("/stock-takes/new/").context["form"].fields["directorate"].queryset.get()
    answer = client.post("/stock-takes/new/", {"directorate": directorate.pk, "which": "gaps"})
    assert answer["Location"] == StockTake.objects.get().get_absolute_url()
    page = client.post("/stock-takes/new/", {"directorate": directorate.pk, "which": "gaps"})
    assert "is open already" in page.content.decode()


def test_the_start_page_leads_to_the_one_that_is_open(as_person, sweep, dana, lena, adults):
    page = as_person(dana).get("/stock-takes/new/").content.decode()
    assert f'href="{sweep.get_absolute_url()}">Continue the stock-take of Neighbourhoods' in page
    assert "0 of 3 looked at" in page
    assert "Start the stock-take" not in page
    # Whoever has other directorates can start one there, and is offered those alone.
    client = as_person(lena)
    page = client.get("/stock-takes/new/")
    assert sweep.directorate not in page.context["form"].fields["directorate"].queryset
    assert "Start the stock-take" in page.content.decode()
    refused = client.post("/stock-takes/new/", {"directorate": sweep.directorate.pk, "which": "gaps"})
    assert "is open already" in refused.content.decode()
    assert sweep.get_absolute_url() in refused.content.decode()


def test_each_answer_leads_to_the_next_and_the_last_back_to_the_whole(as_person, sweep, colin, typed):
    client = as_person(colin)
    page = client.get(address(sweep, 0))
    assert page.context["position"] == "1 of 3"
    assert page.context["skip_to"] == address(sweep, 1)
    for place in range(2):
        answer = client.post(address(sweep, place), typed(who=colin))
        assert answer["Location"] == address(sweep, place + 1)
    assert "2 of 3" in client.get(sweep.get_absolute_url()).context["sentence"]
    assert client.post(address(sweep, 2), typed(who=colin))["Location"] == sweep.get_absolute_url()
    assert "it can be closed" in client.get(sweep.get_absolute_url()).context["sentence"]
    assert sweep.notes.count() == 3


def test_it_goes_on_where_one_left_off_and_comes_back_to_what_was_skipped(as_person, sweep, colin, typed):
    client = as_person(colin)
    assert client.get(sweep.get_absolute_url()).context["go_on"].number == numbers(sweep)[0]
    client.post(address(sweep, 1), typed(who=colin))
    assert client.get(sweep.get_absolute_url()).context["go_on"].number == numbers(sweep)[2]
    client.post(address(sweep, 2), typed(who=colin))
    assert client.get(sweep.get_absolute_url()).context["go_on"].number == numbers(sweep)[0]


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(as_person, sweep, colin, dana, typed):
    as_person(dana).post(address(sweep, 0), typed(who=colin, reason="too_small"))
    page = as_person(colin).post(address(sweep, 0), typed(who=colin))
    assert page.status_code == 409
    assert "Dana Okafor changed" in page.content.decode()
    assert "The tender scored price alone." in page.content.decode()
    assert sweep.notes.count() == 1


def test_what_was_said_wrongly_is_shown_beside_its_field(as_person, sweep, colin, typed):
    page = as_person(colin).post(address(sweep, 0), typed(by_when_0="", by_when_1="", by_when_2=""))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"who", "by_when"}


def test_contracts_that_ended_or_moved_need_no_answer(as_person, sweep, colin, lena, adults, typed):
    ash, birch, _ = numbers(sweep)
    Contract.objects.filter(pk=ash).update(ends_on=today() - dt.timedelta(days=1))
    Contract.objects.filter(pk=birch).update(directorate=adults)
    client = as_person(colin)
    page = client.get(sweep.get_absolute_url())
    assert "2 need no answer any more" in page.context["sentence"]
    assert page.context["go_on"].position == 3
    assert "moved to another part of the council" in page.content.decode()
    assert "Birch" not in page.content.decode()
    assert "is not live any more" in client.get(address(sweep, 0)).content.decode()
    assert client.post(address(sweep, 0), typed(who=colin)).status_code == 409
    assert client.get(address(sweep, 1)).status_code == 404
    assert "has moved to another directorate" in as_person(lena).get(address(sweep, 1)).content.decode()


def test_readers_see_how_far_it_is_but_not_the_working_pages(as_person, sweep, colin, ewa, sami, olga, priya):
    verbs.say(
        Contract.objects.get(title="Ash"), by=colin, reason="too_small", next_step="nothing",
        words="Because of the merger.", stock_take=sweep,
    )  # fmt: skip
    for person in (ewa, sami):
        page = as_person(person).get(sweep.get_absolute_url())
        assert "Too small or too short" in page.content.decode()
        assert "merger" not in page.content.decode()
        assert as_person(person).get(address(sweep, 0)).status_code == 403
        assert as_person(person).get(f"{sweep.get_absolute_url()}close/").status_code == 403
    assert as_person(olga).get(sweep.get_absolute_url()).status_code == 404
    assert as_person(priya).get(sweep.get_absolute_url()).status_code == 404
    assert as_person(priya).get("/stock-takes/").status_code == 200


def test_closing_says_how_many_were_not_looked_at_and_ends_it(as_person, sweep, colin, dana, typed):
    client = as_person(dana)
    client.post(address(sweep, 0), typed(who=colin))
    assert "2 contracts were not." in " ".join(
        client.get(f"{sweep.get_absolute_url()}close/").content.decode().replace("<strong>", "").split()
    )
    client.post(f"{sweep.get_absolute_url()}close/", {"version": 1})
    row = HistoryRow.objects.get(action="gaps.close")
    assert "1 of 3 contracts looked at, 2 not" in row.summary
    page = client.get(sweep.get_absolute_url())
    assert page.context["progress"].reasons == [("Not asked for at tender", 1)]
    assert page.context["go_on"] is None
    assert client.post(address(sweep, 1), typed(who=colin)).status_code == 409
    assert client.get(address(sweep, 1)).context["form"] is None
    assert client.post(f"{sweep.get_absolute_url()}close/", {"version": 2}).status_code == 409
    with pytest.raises(Stale):
        verbs.close(sweep, by=dana)
    text = b"".join(client.get(sweep.get_absolute_url() + "?format=csv").streaming_content).decode()
    assert "Not asked for at tender" in text
    assert client.get(sweep.get_absolute_url() + "?format=xlsx").content[:2] == b"PK"


def test_an_old_copy_of_the_closing_page_closes_nothing(as_person, sweep, dana):
    assert as_person(dana).post(f"{sweep.get_absolute_url()}close/").status_code == 409
    assert StockTake.objects.get().is_open


def test_thirty_contracts_cost_the_same_queries_as_three(as_person, sweep, bare, dana, neighbourhoods):
    client = as_person(dana)
    client.get(sweep.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(sweep.get_absolute_url())
    verbs.close(sweep, by=dana)
    for place in range(27):
        bare(f"Tree {place}")
    more = verbs.start(neighbourhoods, by=dana)
    with CaptureQueriesContext(connection) as many:
        client.get(more.get_absolute_url())
    assert more.contracts.count() == 30
    assert len(many) == len(few)


def test_what_was_typed_when_it_was_closed_can_be_saved_for_the_contract(as_person, sweep, colin, typed):
    client = as_person(colin)
    verbs.close(sweep, by=colin)
    page = client.post(address(sweep, 0), typed(who=colin, words="The bid said more"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "was closed while you had it open" in text
    assert "The bid said more" in text
    assert f'action="/contracts/{numbers(sweep)[0]}/gap/"' in text
