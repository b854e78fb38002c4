"""Good practice notes: written by those who work on contracts, read by everybody with a post."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HistoryRow, Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from kpis.practice import verbs
from kpis.practice.models import GoodPracticeNote
from kpis.proposals import verbs as proposals
from kpis.tests.factories import make_approved_set, make_measure

pytestmark = pytest.mark.django_db

LIST = "kpis:practice-list"
ADD = "kpis:practice-note-add"


@pytest.fixture
def weeks(db):
    return make_measure("Apprenticeship weeks")


@pytest.fixture
def note(weeks, highways, colin):
    return verbs.write(by=colin, title="Ask for whole apprenticeships", text="We asked early.\n\nIt worked.",
                       measure=weeks, contract=highways)  # fmt: skip


def sent(**given):
    return {"title": "Ask early", "text": "Before the tender.", "measure": "", "contract_number": "",
            "directorate": "", **given}  # fmt: skip


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_whoever_writes_is_told_who_reads_before_they_write(as_person, priya, weeks, highways):
    shown = page(as_person(priya), ADD, measure=weeks.pk, contract=highways.pk)
    assert "Everybody with a post in this service reads the note" in shown
    assert "Name no other people" in shown
    assert f'value="{highways.pk}"' in shown
    assert f'value="{weeks.pk}" selected' in shown


@pytest.mark.parametrize("name", ["colin", "priya", "dafydd", "dana", "desmond", "lena"])
def test_those_who_work_on_a_contract_write_about_it(as_person, cast, highways, weeks, name):
    answer = as_person(cast[name]).post(
        reverse(ADD), sent(measure=weeks.pk, contract_number=highways.pk, directorate="")
    )
    written = GoodPracticeNote.objects.get()
    assert answer.url == written.get_absolute_url()
    assert (written.contract, written.directorate) == (highways, highways.directorate)
    assert written.written_by == cast[name]
    assert HistoryRow.objects.of(written).get().action == "practice.write"


@pytest.mark.parametrize("name", ["ewa", "sami", "adam", "della"])
def test_those_who_only_read_write_no_notes(as_person, cast, weeks, name):
    assert as_person(cast[name]).post(reverse(ADD), sent(measure=weeks.pk)).status_code == 403
    with pytest.raises(Refused):
        verbs.write(by=cast[name], title="Mine", text="Mine", measure=weeks)


@pytest.mark.parametrize("name", ["oscar", "olga", "otto"])
def test_nobody_writes_about_a_contract_of_others(as_person, cast, highways, weeks, name):
    answer = as_person(cast[name]).post(reverse(ADD), sent(contract_number=highways.pk))
    assert f"There is no contract {highways.pk} that you work on" in answer.content.decode()
    with pytest.raises(Invalid, match="that you work on"):
        verbs.write(by=cast[name], title="Mine", text="Mine", contract=highways)
    assert as_person(cast[name]).post(reverse(ADD), sent(measure=weeks.pk)).status_code == 302


def test_a_note_is_about_something_and_is_not_kept_twice(as_person, colin, weeks):
    client = as_person(colin)
    refused = client.post(reverse(ADD), sent()).content.decode()
    assert 'href="#id_measure"' in refused
    assert "Before the tender." in refused
    assert client.post(reverse(ADD), sent(measure=weeks.pk)).status_code == 302
    again = client.post(reverse(ADD), sent(measure=weeks.pk)).content.decode()
    assert "You have written this note already" in again
    assert GoodPracticeNote.objects.count() == 1


def test_a_contracts_title_is_for_those_who_may_open_it(as_person, note, highways, oscar, nadia, sami):
    for name, args in ((LIST, []), ("kpis:practice-note-page", [note.pk])):
        shown = page(as_person(oscar), name, *args)
        assert "a contract of Neighbourhoods" in shown.lower().replace("neighbourhoods", "Neighbourhoods")
        assert highways.title not in shown
        assert f'href="{highways.get_absolute_url()}"' in page(as_person(sami), name, *args)
        assert as_person(nadia).get(reverse(name, args=args)).status_code == 403
    assert "No note matches" in page(as_person(oscar), LIST, q="resurfacing")


def test_the_history_of_a_note_names_no_contract_by_its_title(note, colin, highways, weeks):
    moved = verbs.change(note, by=colin, version=1, title=note.title, text=note.text, measure=weeks,
                         contract=None, directorate=note.directorate)  # fmt: skip
    assert moved.version == 2
    assert HistoryRow.objects.of(note).first().changes == [("Contract", f"number {highways.pk}", "")]


def test_notes_are_found_by_words_measure_theme_and_directorate(as_person, note, lena, weeks):
    other = make_measure("Trees planted", unit="trees")
    verbs.write(by=lena, title="Plant in autumn", text="They live longer.", measure=other)
    client = as_person(lena)
    for query in ({"q": "apprenticeship early"}, {"measure": weeks.pk}, {"directorate": note.directorate_id}):
        shown = page(client, LIST, **query)
        assert note.title in shown
        assert "Plant in autumn" not in shown
    assert "2 notes found" in page(client, LIST, theme=weeks.theme_id)
    assert "2 notes." in page(client, LIST, theme="nonsense", measure="99999")


def test_its_writer_and_the_lead_change_a_note_and_nobody_else(as_person, note, colin, lena, dana, weeks):
    address = reverse("kpis:practice-note-edit", args=[note.pk])
    data = sent(title="Better", measure=weeks.pk, contract_number=note.contract_id, version="1")
    assert as_person(dana).post(address, data).status_code == 403
    assert as_person(dana).get(reverse("kpis:practice-note-withdraw", args=[note.pk])).status_code == 403
    assert as_person(colin).post(address, data).status_code == 302
    assert as_person(lena).post(address, {**data, "title": "Best", "version": "2"}).status_code == 302
    note.refresh_from_db()
    assert (note.title, note.version, note.written_by) == ("Best", 3, colin)


def test_a_stale_form_changes_nothing_and_keeps_what_was_typed(as_person, note, colin, lena, weeks):
    verbs.change(note, by=lena, title="By the lead", text="New", measure=weeks, contract=note.contract,
                 directorate=None)  # fmt: skip
    address = reverse("kpis:practice-note-edit", args=[note.pk])
    for version in ("1", ""):
        answer = as_person(colin).post(address, sent(title="Mine", measure=weeks.pk, version=version))
        shown = answer.content.decode()
        assert answer.status_code == 409
        assert "What stands now: “By the lead”" in shown
        assert 'value="Mine"' in shown
    assert answer.context["form"]["version"].value() == "2"


def test_a_withdrawn_note_is_seen_by_its_writer_and_the_lead_until_it_is_brought_back(
    as_person, note, colin, lena, dana
):
    address = reverse("kpis:practice-note-withdraw", args=[note.pk])
    assert as_person(colin).post(address, {"reason": "Out of date", "version": "1"}).status_code == 302
    assert HistoryRow.objects.of(note).first().note == "Out of date"
    assert as_person(dana).get(note.get_absolute_url()).status_code == 404
    assert note.title not in page(as_person(dana), LIST)
    assert note.title not in page(as_person(dana), LIST, withdrawn="on")
    assert note.title in page(as_person(lena), LIST, withdrawn="on")
    assert as_person(colin).get(reverse("kpis:practice-note-edit", args=[note.pk])).status_code == 409
    stale = as_person(colin).post(address, {"version": "1"})
    assert stale.status_code == 409
    assert as_person(colin).post(address, {"version": "2"}).status_code == 302
    assert note.title in page(as_person(dana), LIST)


def test_withdrawing_twice_is_refused(note, colin):
    verbs.withdraw(note, by=colin)
    with pytest.raises(Stale):
        verbs.withdraw(note, by=colin)


def test_a_measures_page_shows_its_notes_and_those_of_what_it_replaced(as_person, note, weeks, ewa, colin):
    successor = make_measure("Apprentice weeks, new edition")
    for measure in (weeks, successor):
        weeks.replaced_by = successor
        weeks.save()
        shown = as_person(ewa).get(measure.get_absolute_url()).content.decode()
        assert note.title in shown
        assert reverse(ADD) not in shown
    assert (
        f"{reverse(ADD)}?measure={weeks.pk}"
        in as_person(colin).get(weeks.get_absolute_url()).content.decode()
    )


def test_the_contract_page_shows_its_notes_and_leads_to_writing_one(as_person, note, highways, ewa, colin):
    read = as_person(ewa).get(highways.get_absolute_url()).content.decode()
    assert note.title in read
    assert reverse(ADD) not in read
    assert (
        f"{reverse(ADD)}?contract={highways.pk}"
        in as_person(colin).get(highways.get_absolute_url()).content.decode()
    )


@pytest.fixture
def draft(home_care, oscar, highways):
    """A set somebody prepares in another directorate, for a contract of the same category."""
    home_care.category = highways.category
    home_care.save()
    return proposals.start_set(home_care, by=oscar)


def test_what_worked_elsewhere_is_found_where_kpis_are_proposed(as_person, note, draft, oscar, highways):
    client = as_person(oscar)
    chosen = page(client, "kpis:kpi-add", draft.contract_id, draft.number)
    assert "What worked elsewhere" in chosen
    assert note.title in chosen
    assert highways.title not in chosen


def test_notes_on_measures_similar_contracts_hold_are_found_too(as_person, draft, oscar, highways, lena):
    held = make_measure("Social enterprise spend")
    verbs.write(by=lena, title="Meet the buyer", text="Twice a year.", measure=held)
    client = as_person(oscar)
    assert "Meet the buyer" not in page(client, "kpis:kpi-add", draft.contract_id, draft.number)
    make_approved_set(highways, dt.date(2026, 4, 1), [(held, 5)])
    assert "Meet the buyer" in page(client, "kpis:kpi-add", draft.contract_id, draft.number)


def test_the_kpi_form_shows_notes_on_its_measure_first(as_person, note, draft, oscar, lena, weeks):
    other = make_measure("Trees planted", unit="trees")
    verbs.write(by=lena, title="Plant in autumn", text="They live.", measure=other)
    terms = proposals.add_kpi(draft, by=oscar, measure=weeks, target=Decimal(10), why="")
    shown = page(as_person(oscar), "kpis:kpi-edit", draft.contract_id, draft.number, terms.pk)
    assert "On this measure" in shown
    assert note.title in shown
    assert "Plant in autumn" not in shown


def test_a_long_list_of_notes_costs_no_more_queries(as_person, note, weeks, sami, colin, neighbourhoods):
    client = as_person(sami)
    pages = [reverse(LIST), weeks.get_absolute_url()]
    few = []
    for address in pages:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(address)
        few.append(len(seen))
    for number in range(20):
        contract = make_contract(f"Contract {number}", neighbourhoods, commissioner=colin)
        verbs.write(by=colin, title=f"Note {number}", text="Words", measure=weeks, contract=contract)
    for address, count in zip(pages, few, strict=True):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        assert len(seen) <= count + 1


def test_a_writer_without_a_post_any_more_changes_nothing(note, colin):
    colin.appointments.all().delete()
    with pytest.raises(Refused):
        verbs.withdraw(note, by=Person.objects.get(pk=colin.pk))
