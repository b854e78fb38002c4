"""The list of what waits, the page on which a set is decided, the record of what was approved."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Appointment
from conftest import make_contract
from kpis.approvals.models import Decision
from kpis.library.models import Measure
from kpis.proposals import verbs

LIST = "/approvals/"


def send(contract, by, target=12):
    """Return a set of one KPI, sent for approval."""
    kpi_set = verbs.start_set(contract, by=by)
    verbs.add_kpi(kpi_set, by=by, measure=Measure.objects.get(code="SV-10"), target=Decimal(target))
    return verbs.submit(kpi_set, by=by)


@pytest.fixture
def waiting(highways, priya, dana):
    return send(highways, priya)


def decide(kpi_set):
    return reverse("kpis:kpi-set-decide", args=[kpi_set.contract_id, kpi_set.number])


def approval(kpi_set, **more):
    return {"decision": "approve", "approve-content_hash": kpi_set.content_hash, "approve-note": "", **more}


def test_a_director_approves_on_the_page(waiting, dana, as_person):
    client = as_person(dana)
    page = client.get(decide(waiting)).content.decode()
    assert "You are approving in your own right" in page
    assert waiting.content_hash in page
    assert "12 people by March 2029" in page
    answer = client.post(decide(waiting), approval(waiting, **{"approve-note": "Good"}), follow=True)
    assert "is approved, in force from" in answer.content.decode()
    assert Decision.objects.get().note == "Good"


def test_the_page_says_on_whose_authority_a_delegate_decides(waiting, della, as_person):
    page = as_person(della).get(decide(waiting)).content.decode()
    assert "You are approving for Dana Okafor, under the delegation of 1 April 2020, Scheme 4.2." in page


def test_returning_needs_a_reason_and_keeps_the_form_open(waiting, dana, as_person):
    client = as_person(dana)
    typed = {"decision": "return", "return-content_hash": waiting.content_hash, "return-note": "Nearly"}
    page = client.post(decide(waiting), typed).content.decode()
    assert "Give a reason for at least one KPI" in page
    assert "Nearly" in page
    assert '<details class="govuk-details app-no-print" open>' in page
    answer = client.post(decide(waiting), {**typed, "return-reason_1": "Too low"}, follow=True)
    assert "is returned" in answer.content.decode()
    assert Decision.objects.get().reasons == {"1": "Too low"}
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "Returned for: Too low" in page


def test_a_set_decided_meanwhile_gives_a_plain_page_with_who_and_when(waiting, dana, desmond, as_person):
    as_person(dana).post(decide(waiting), approval(waiting))
    answer = as_person(desmond).post(decide(waiting), approval(waiting))
    assert answer.status_code == 409
    assert "Dana Okafor approved KPI set 1 on" in answer.content.decode()


def test_another_hash_gives_a_plain_page(waiting, dana, as_person):
    answer = as_person(dana).post(decide(waiting), approval(waiting) | {"approve-content_hash": "0" * 64})
    assert answer.status_code == 409
    assert not Decision.objects.exists()


def test_those_who_may_not_decide_read_why(waiting, priya, lena, as_person):
    page = as_person(priya).get(decide(waiting)).content.decode()
    assert "You can’t decide this set" in page
    assert "Approve this KPI set" not in page
    assert as_person(lena).get(decide(waiting)).status_code == 200
    answer = as_person(priya).post(decide(waiting), approval(waiting))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["ewa", "sami", "oscar", "olga", "otto", "nadia"])
def test_outsiders_find_no_waiting_set(name, waiting, cast, as_person):
    client = as_person(cast[name])
    assert client.get(decide(waiting)).status_code == 404
    assert client.post(decide(waiting), approval(waiting)).status_code == 404
    assert "Highways" not in client.get(LIST).content.decode()


def test_the_list_says_with_whom_each_set_waits(waiting, dana, lena, priya, as_person):
    page = as_person(dana).get(LIST).content.decode()
    assert "1 KPI set waits for your decision" in page
    for person in (lena, priya):
        page = as_person(person).get(LIST).content.decode()
        assert "with Dana Okafor (Strategic Director)" in page
        assert "since" in page


def test_the_lead_sees_what_nobody_can_decide(waiting, dana, lena, as_person):
    Appointment.objects.filter(person=dana).delete()
    page = as_person(lena).get(LIST).content.decode()
    assert "Waiting with nobody" in page
    assert "No Strategic Director and no deputy is in post in Neighbourhoods." in page
    assert "/people/" in page


def test_the_record_shows_the_frozen_words_even_after_the_library_changed(waiting, dana, as_person):
    client = as_person(dana)
    record = reverse("kpis:kpi-set-record", args=[waiting.contract_id, waiting.number])
    assert client.get(record).status_code == 404
    client.post(decide(waiting), approval(waiting))
    Measure.objects.filter(code="SV-10").update(title="Something else")
    page = client.get(record).content.decode()
    assert waiting.content_hash in page
    assert "Apprenticeships started" in page
    assert "Something else" not in page


def test_lists_cost_the_same_for_one_set_and_for_ten(
    waiting, priya, dana, lena, neighbourhoods, as_person, django_assert_max_num_queries
):
    counts = {}
    for person in (dana, lena):
        with django_assert_max_num_queries(60) as few:
            as_person(person).get(LIST)
        counts[person] = len(few)
    for number in range(9):
        send(make_contract(f"Contract {number}", neighbourhoods, manager=priya), priya)
    for person in (dana, lena):
        with django_assert_max_num_queries(counts[person]):
            as_person(person).get(LIST)


def test_an_old_letters_link_opens_a_page_that_says_what_was_decided(waiting, dana, as_person):
    client = as_person(dana)
    client.post(decide(waiting), approval(waiting))
    page = client.get(decide(waiting)).content.decode()
    assert "There is nothing left to decide" in page
    assert "Approve this KPI set" not in page


def test_the_page_of_a_waiting_set_leads_whoever_decides_it_to_the_decision(as_person, waiting, dana, priya):
    link = f'href="{waiting.get_absolute_url()}decide/"'
    assert link in as_person(dana).get(waiting.get_absolute_url()).content.decode()
    assert link not in as_person(priya).get(waiting.get_absolute_url()).content.decode()
