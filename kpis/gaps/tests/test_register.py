"""The gap register: who sees what, what narrows and sorts it, its files and its cost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.calendar import today
from conftest import make_contract
from govuk import formats
from kpis.gaps.models import GapNote
from kpis.library import starter
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals

pytestmark = pytest.mark.django_db
ADDRESS = "/contracts/gaps/"


def note(contract, by, **given):
    """Return a note made without the verb."""
    return GapNote.objects.create(
        **{
            "contract": contract,
            "reason": "not_asked",
            "words": "Because of the merger.",
            "next_step": "next_contract",
            "who": by,
            "by_when": today() + dt.timedelta(days=30),
            "made_by": by,
            **given,
        }
    )


def titles(page):
    """Return the contracts of the page."""
    return [row.contract.title for row in page.context["page_obj"]]


def test_it_lists_live_contracts_with_a_gap_before_those_with_weak_kpis(as_person, bare, covered, colin):
    bare("Trees", value=10)
    bare("Pests", value=20)
    covered("Parks")
    covered("Waste", until=2, value=99)
    bare("Ended", ends_on=today() - dt.timedelta(days=1))
    page = as_person(colin).get(ADDRESS)
    assert titles(page) == ["Pests", "Trees", "Waste"]
    assert "2 live contracts have no KPIs in force" in page.context["sentence"]
    assert "1 contract has weak ones" in page.context["sentence"]
    assert "Nobody has said why for 3 of 3" in page.context["sentence"]


def test_it_says_to_those_at_work_with_whom_a_set_waits_and_since_when(as_person, bare, colin, dana, sami):
    contract = bare("Trees")
    kpi_set = proposals.start_set(contract, by=colin)
    measure = Measure.objects.get(framework__key=starter.KEY, code="SV-25")
    proposals.add_kpi(kpi_set, by=colin, measure=measure, target=Decimal(12))
    proposals.submit(kpi_set, by=colin)
    said = f"KPI set 1 waits with {dana} (Strategic Director), since {formats.day(today())}."
    assert said in as_person(colin).get(ADDRESS).content.decode()
    assert said in as_person(dana).get(contract.get_absolute_url()).content.decode()
    assert "waits with" not in as_person(sami).get(ADDRESS).content.decode()


def test_the_sentence_changes_when_nothing_is_open(as_person, covered, colin):
    covered()
    assert "has KPIs in force" in as_person(colin).get(ADDRESS).context["sentence"]


def test_one_sees_only_contracts_of_ones_own(as_person, bare, adults, colin, oscar, sami, lena, unmapped):
    bare()
    bare("Home care", adults)
    assert titles(as_person(colin).get(ADDRESS)) == ["Tree works"]
    assert titles(as_person(oscar).get(ADDRESS)) == ["Home care"]
    assert set(titles(as_person(sami).get(ADDRESS))) == {"Tree works", "Home care"}
    assert "1 live contract" in as_person(lena).get(ADDRESS).content.decode()


def test_members_read_reason_step_and_day_but_not_the_working_words(as_person, bare, colin, ewa, sami):
    contract = bare()
    note(contract, colin)
    for person in (ewa, sami):
        text = as_person(person).get(ADDRESS).content.decode()
        assert "Not asked for at tender" in text
        assert "Ask in the next contract" in text
        assert "merger" not in text
        assert "gap/" not in text
        file = b"".join(as_person(person).get(ADDRESS + "?format=csv").streaming_content).decode()
        assert "Not asked for at tender" in file
        assert "merger" not in file
    assert "merger" in as_person(colin).get(ADDRESS).content.decode()


def test_it_is_narrowed_by_what_is_wrong_what_was_said_and_the_next_step(as_person, bare, covered, colin):
    said = bare("Said")
    note(said, colin)
    bare("Unsaid")
    weak = covered("Weak", until=2)
    client = as_person(colin)
    assert titles(client.get(ADDRESS, {"said": "no", "kind": "gap"})) == ["Unsaid"]
    assert titles(client.get(ADDRESS, {"kind": "runs_out"})) == ["Weak"]
    assert titles(client.get(ADDRESS, {"step": "next_contract"})) == ["Said"]
    assert titles(client.get(ADDRESS, {"directorate": "999"})) == ["Said", "Unsaid", "Weak"]
    assert titles(client.get(ADDRESS, {"sort": "-title"})) == ["Weak", "Unsaid", "Said"]
    note(said, colin, by_when=today() - dt.timedelta(days=1))
    assert titles(client.get(ADDRESS, {"said": "late"})) == ["Said"]
    note(weak, colin, reason="no_gap", next_step="nothing", by_when=None)
    assert "Weak" not in titles(client.get(ADDRESS))
    assert titles(client.get(ADDRESS, {"said": "settled"})) == ["Weak"]


def test_weak_kpis_called_right_are_asked_about_again_after_a_year(as_person, covered, colin):
    weak = covered(until=2)
    note(weak, colin, reason="no_gap", made_at=timezone.now() - dt.timedelta(days=366))
    assert titles(as_person(colin).get(ADDRESS)) == ["Parks"]


def test_it_downloads_as_both_kinds_of_file(as_person, bare, colin):
    bare()
    client = as_person(colin)
    text = b"".join(client.get(ADDRESS + "?format=csv").streaming_content).decode()
    assert "Tree works" in text
    assert "No KPIs are approved" in text
    assert client.get(ADDRESS + "?format=xlsx").content[:2] == b"PK"


def test_the_old_address_leads_here_for_good(as_person, colin):
    answer = as_person(colin).get("/contracts/without-kpis/")
    assert (answer.status_code, answer["Location"]) == (301, "/contracts/gaps/?kind=gap")


@pytest.mark.parametrize(
    "address",
    [ADDRESS, "/contracts/radar/", "/contracts/by-award-year/?has=none", "/contracts/radar/?which=all"],
)
def test_thirty_contracts_cost_the_same_queries_as_three(
    address, as_person, bare, covered, lena, colin, neighbourhoods
):
    def more(start, end):
        for place in range(start, end):
            one = bare(f"Bare {place}")
            note(one, colin)
            covered(f"Weak {place}", until=2)

    more(0, 3)
    client = as_person(lena)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more(3, 30)
    make_contract("Other", neighbourhoods)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(few)


def test_where_no_contract_is_live_the_register_does_not_say_that_all_have_kpis(as_person, colin):
    page = as_person(colin).get("/contracts/gaps/").content.decode()
    assert "You see no live contract with a directorate." in page
    assert "Every live contract" not in page
