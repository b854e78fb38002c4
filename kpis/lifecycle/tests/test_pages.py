"""Pages of a contract's life: what they say beforehand, what they keep, where they lead."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import JUNE, MAY, statuses
from kpis.models import KPISet
from reporting.pages.sections.lifecycle import lifecycle_section

PAGES = {
    "extend": {"to_0": "31", "to_1": "3", "to_2": "2030"},
    "suspend": {"from_month_0": "5", "from_month_1": "2026", "reason": "Flooding"},
    "novate": {"suppliers": "Dale Ltd", "on_0": "1", "on_1": "6", "on_2": "2026"},
    "split": {
        "on_0": "1", "on_1": "6", "on_2": "2026", "title_1": "North", "value_1": "2,000,000",
        "title_2": "South", "suppliers_2": "Dale Ltd", "value_2": "400,000", "copy_kpis": "on",
    },
    "move": {"directorate": "adults", "from_month_0": "6", "from_month_1": "2026"},
    "terminate": {"on_0": "20", "on_1": "5", "on_2": "2026", "reason": "Insolvency"},
}  # fmt: skip


def url(contract, act):
    return f"/contracts/{contract.pk}/{act}/"


def typed(contract, act, adults, **more):
    data = {**PAGES[act], "version": contract.version, **more}
    return {**data, "directorate": adults.pk} if act == "move" else data


@pytest.mark.parametrize("act", PAGES)
def test_each_act_is_linked_from_the_contract_asked_for_and_done(running, colin, adults, as_person, act):
    client = as_person(colin)
    assert url(running, act) in client.get(running.get_absolute_url()).content.decode()
    assert client.get(url(running, act)).status_code == 200
    done = client.post(url(running, act), typed(running, act, adults))
    assert done.status_code == 302, done.content.decode()
    assert Contract.objects.get(pk=running.pk).version == running.version + 1
    assert client.get(done["Location"], follow=True).status_code == 200


@pytest.mark.parametrize("act", PAGES)
def test_an_old_copy_is_refused_and_what_was_typed_kept(running, colin, lena, adults, as_person, act):
    client, data = as_person(colin), typed(running, act, adults)
    verbs.extend(running, by=lena, to=running.ends_on.replace(year=2029, month=12, day=31))
    page = client.post(url(running, act), data)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Last change: Extended to 31 December 2029, by Lena Fischer" in text
    assert f'name="version" value="{running.version + 1}"' in text
    # To send it again is a choice made knowing that.
    assert client.post(url(running, act), {**data, "version": running.version + 1}).status_code == 302


@pytest.mark.parametrize("act", PAGES)
def test_an_empty_form_says_what_is_missing(running, colin, as_person, act):
    page = as_person(colin).post(url(running, act), {"version": running.version})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


@pytest.mark.parametrize("act", PAGES)
def test_others_are_told_why_not_and_outsiders_find_nothing(running, sami, otto, as_person, act):
    assert as_person(sami).get(url(running, act)).status_code == 403
    assert as_person(otto).get(url(running, act)).status_code == 404


def test_a_manager_sees_only_the_acts_that_are_theirs(running, priya, as_person):
    page = as_person(priya).get(running.get_absolute_url()).content.decode()
    for act, offered in (
        ("extend", True),
        ("suspend", True),
        ("novate", True),
        ("split", False),
        ("move", False),
    ):
        assert (url(running, act) in page) is offered
    assert url(running, "terminate") not in page


def test_the_page_of_an_extension_names_the_kpis_that_would_end_before(running, priya, as_person):
    page = as_person(priya).get(url(running, "extend")).content.decode()
    assert "Apprenticeship weeks, until March 2027" in page
    assert f"/contracts/{running.pk}/kpi-sets/new/" in page


def test_a_suspension_is_shown_resumed_and_withdrawn_from_the_page(running, priya, as_person):
    client = as_person(priya)
    suspension = verbs.suspend(running, by=priya, from_month=MAY, reason="Flooding")
    page = client.get(running.get_absolute_url()).content.decode()
    assert "This contract is suspended now" in page
    assert "Suspended from May 2026 on" in page
    running.refresh_from_db()
    data = {"last_month_0": "5", "last_month_1": "2026", "version": running.version}
    assert client.post(url(running, "resume"), data).status_code == 302
    assert statuses(running)[6] == "open"
    withdraw = f"/contracts/{running.pk}/suspensions/{suspension.pk}/withdraw/"
    assert client.post(withdraw, {"version": running.version}).status_code == 409
    assert client.post(withdraw, {"version": running.version + 1}).status_code == 302
    assert statuses(running)[5] == "open"
    assert client.post(withdraw, {}).status_code == 409
    assert client.get(url(running, "resume")).status_code == 409


def test_a_termination_is_undone_from_the_page(running, colin, as_person):
    client = as_person(colin)
    undo = url(running, "terminate") + "undo/"
    assert client.post(undo, {}).status_code == 409
    client.post(url(running, "terminate"), typed(running, "terminate", None))
    assert client.get(url(running, "terminate")).status_code == 409
    page = client.get(running.get_absolute_url()).content.decode()
    assert "Terminated, last day 20 May 2026" in page
    assert undo in page
    assert client.post(undo, {"version": "2"}).status_code == 302
    assert statuses(running)[6] == "open"
    assert client.get(undo).status_code == 405


def test_the_lots_of_a_split_lead_to_each_other_and_to_their_drafts(running, colin, adults, as_person):
    client = as_person(colin)
    client.post(url(running, "split"), typed(running, "split", adults))
    other = Contract.objects.get(split_from=running)
    assert KPISet.objects.get(contract=other).status == "draft"
    assert other.get_absolute_url() in client.get(running.get_absolute_url()).content.decode()
    assert "Split from North" in client.get(other.get_absolute_url()).content.decode()


def test_lots_folded_away_are_unfolded_where_something_is_wrong_in_them(running, colin, adults, as_person):
    data = typed(running, "split", adults, value_5="-5", title_5="Five")
    page = as_person(colin).post(url(running, "split"), data)
    assert '<details class="govuk-details" open' in page.content.decode()


def test_the_summary_says_that_a_call_off_follows_its_framework(running, colin, neighbourhoods, as_person):
    frame = Contract.objects.create(
        title="Surfacing framework", directorate=neighbourhoods, agreement_type="framework",
        procurement_began_on=JUNE.replace(year=2025),
    )  # fmt: skip
    Contract.objects.filter(pk=running.pk).update(agreement_type="call_off", parent=frame)
    page = as_person(colin).get(running.get_absolute_url()).content.decode()
    assert "1 June 2025, following the framework Surfacing framework" in page
    assert "Procurement Act 2023, told from the day the procurement began" in page


def test_the_life_of_a_contract_asks_the_same_number_of_questions_whatever_happened(running, lena):
    def count():
        contract = Contract.objects.prefetch_related("supplier_links__supplier", "deputies").get(
            pk=running.pk
        )
        with CaptureQueriesContext(connection) as seen:
            lifecycle_section(contract, lena)
        return len(seen)

    count()  # what she holds is read once
    before = count()
    verbs.extend(running, by=lena, to=running.ends_on.replace(year=2030))
    verbs.suspend(running, by=lena, from_month=MAY, to_month=MAY, reason="Flooding")
    verbs.suspend(running, by=lena, from_month=JUNE, to_month=JUNE, reason="Again")
    verbs.novate(running, by=lena, suppliers=["Dale Ltd"], on=MAY)
    assert count() == before


def test_a_suspended_contract_says_so_first(running, priya, as_person):
    verbs.suspend(running, by=priya, from_month=MAY, reason="Flooding")
    page = as_person(priya).get(running.get_absolute_url()).content.decode()
    assert "Suspended from May 2026 on: no return is owed." in page


def test_a_suspension_that_would_stay_as_it_is_is_not_recorded_again(running, priya, as_person):
    verbs.suspend(running, by=priya, from_month=MAY, to_month=JUNE, reason="Flooding")
    running.refresh_from_db()
    data = {"last_month_0": "6", "last_month_1": "2026", "version": running.version}
    page = as_person(priya).post(url(running, "resume"), data)
    assert page.status_code == 200
    assert "June 2026 is its last suspended month already" in page.content.decode()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("suspend", "Enter why it is suspended"),
        ("terminate", "Enter why it is terminated"),
        ("novate", "Enter the first day of the new supplier"),
        ("split", "Enter the day the split took effect"),
    ],
)
def test_an_empty_form_is_answered_in_plain_english(running, colin, as_person, act, sentence):
    page = as_person(colin).post(url(running, act), {"version": running.version})
    assert sentence in page.content.decode()
