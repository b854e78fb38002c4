"""Several sets approved from one list: each by the same verb, what came of each told one by one."""

from decimal import Decimal

import pytest

from accounts.models import Appointment, Letter
from conftest import make_contract
from kpis.approvals import verbs
from kpis.approvals.models import Challenge, Decision
from kpis.approvals.tests.test_pages import decide, send
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.models import KPISet

LIST, CHECK, RESULTS = "/approvals/", "/approvals/check/", "/approvals/results/"


@pytest.fixture
def three(highways, priya, dana, neighbourhoods):
    """Return three sets that wait with Dana."""
    others = [make_contract(title, neighbourhoods, manager=priya) for title in ("Parks", "Waste")]
    return [send(contract, priya) for contract in (highways, *others)]


def picked(sets, **more):
    return {"set": [one.pk for one in sets], **{f"hash_{one.pk}": one.content_hash for one in sets}, **more}


def text(answer):
    return answer.content.decode()


def test_the_list_lets_several_be_picked_and_the_check_page_shows_each(three, dana, as_person):
    client = as_person(dana)
    page = text(client.get(LIST))
    assert page.count('type="checkbox"') == 3
    assert "Approve the selected sets" in page
    page = text(client.get(CHECK, {"picked": 1, "set": [one.pk for one in three[:2]]}))
    assert "You approve 2 sets" in page
    assert "Highways resurfacing" in page
    assert "Parks" in page
    assert "Waste" not in page
    assert "12 people by March 2029" in page
    assert "£2.4m" in page
    assert "Strategic Director, Neighbourhoods" in page
    assert all(one.content_hash in page for one in three[:2])


def test_picking_none_says_what_to_do(three, dana, as_person):
    page = text(as_person(dana).get(CHECK, {"picked": 1}))
    assert "Select the sets you want to approve" in page
    assert f'href="#pick-{three[0].pk}"' in page


def test_each_is_approved_by_the_same_verb_and_told_one_by_one(three, dana, priya, as_person):
    first, second, third = three
    # Meanwhile one is taken back and sent again, one has a question.
    proposals.take_back(second, by=priya)
    changed = KPISet.objects.get(pk=second.pk)
    proposals.change_kpi(changed.terms.get(), by=priya, target=Decimal(9))
    proposals.submit(changed, by=priya)
    Challenge.objects.create(
        kpi_set=third, submission=third.submissions.get(), comment="Why 12?", asked_by=dana
    )
    client = as_person(dana)
    answer = client.post(CHECK, picked(three, note="As discussed"))
    assert answer.status_code == 302
    assert answer["Location"] == RESULTS
    page = text(client.get(RESULTS))
    assert "1 of 3 sets approved" in page
    assert "KPI set 1 is approved, in force from" in page
    assert "changed and sent again since you opened it" in page
    assert "still waits for an answer" in page
    assert Decision.objects.get().submission.kpi_set == first
    assert Decision.objects.get().note == "As discussed"
    assert sorted(KPISet.objects.values_list("status", flat=True)) == ["approved", "submitted", "submitted"]
    # What the page says stays there to be read again.
    assert "1 of 3 sets approved" in text(client.get(RESULTS))


def test_pressing_twice_approves_once_and_says_approved_both_times(three, dana, as_person, settings):
    client = as_person(dana)
    for _ in range(2):
        assert client.post(CHECK, picked(three)).status_code == 302
        assert "3 of 3 sets approved" in text(client.get(RESULTS))
    assert Decision.objects.count() == 3
    assert Letter.objects.filter(kind="set-approved", to__full_name="Priya Shah").count() == 3


def test_a_set_somebody_else_decided_is_told_by_name(three, dana, desmond, as_person):
    verbs.approve(three[0], by=desmond, content_hash=three[0].content_hash)
    client = as_person(dana)
    client.post(CHECK, picked(three))
    page = text(client.get(RESULTS))
    assert "2 of 3 sets approved" in page
    assert "Desmond Hall approved KPI set 1 on" in page


def test_the_check_page_tells_what_is_not_approved_from_there(three, dana, lena, as_person):
    Challenge.objects.create(
        kpi_set=three[0], submission=three[0].submissions.get(), comment="Why?", asked_by=lena
    )
    three[1].terms.update(target=1)
    page = text(as_person(dana).get(CHECK, {"set": [one.pk for one in three]}))
    assert "You approve 1 set," in page
    assert "open it to approve it with a reason" in page
    assert "no longer matches what was sent" in page
    page = text(as_person(lena).get(CHECK, {"set": [three[2].pk]}))
    assert "Nothing to approve here" in page
    assert "Only the director of" in page


@pytest.mark.parametrize("junk", ["x", "0", "-1", "99999999999999999999999", "1.5", ""])
def test_junk_decides_nothing(junk, three, dana, as_person):
    client = as_person(dana)
    assert client.get(CHECK, {"set": [junk]}).status_code == 200
    client.post(CHECK, {"set": [junk], f"hash_{junk}": "x"})
    client.post(CHECK, {"set": [three[0].pk]})
    assert client.get(RESULTS).status_code == 200
    assert not Decision.objects.exists()


def test_no_more_are_approved_at_once_than_a_page_shows(three, dana, as_person):
    page = text(as_person(dana).get(CHECK, {"set": list(range(1, 40))}))
    assert "Select 25 sets or fewer" in page


def test_the_list_is_narrowed_to_a_directorate(three, lena, home_care, otto, olga, adults, as_person):
    send(home_care, otto)
    client = as_person(lena)
    assert "Home care" in text(client.get(LIST))
    page = text(client.get(LIST, {"directorate": adults.pk}))
    assert "Home care" in page
    assert "Highways resurfacing" not in page
    assert client.get(LIST, {"directorate": "x"}).status_code == 200


def test_what_nobody_can_decide_is_on_top_with_what_to_do(three, dana, lena, adam, priya, as_person):
    Appointment.objects.filter(person=dana).delete()
    for person in (lena, adam):
        page = text(as_person(person).get(LIST))
        assert "Nobody can decide 3 sets" in page
        assert "No Strategic Director and no deputy is in post in Neighbourhoods." in page
    page = text(as_person(priya).get(LIST))
    assert "nobody can decide: no Strategic Director" in page


def test_the_lead_asks_again_from_the_list(three, dana, lena, priya, as_person):
    client = as_person(lena)
    assert text(client.get(LIST)).count("Ask again") == 3
    ask = f"{three[0].get_absolute_url()}ask-again/"
    assert "Dana Okafor has the letter again" in text(client.post(ask, follow=True))
    assert Letter.objects.filter(kind="set-waiting", to=dana).count() == 4
    assert client.post(ask).status_code == 409
    assert as_person(priya).post(ask).status_code == 403
    assert "Ask again" not in text(as_person(priya).get(LIST))


def test_a_set_of_fifty_kpis_costs_no_more_queries_to_decide(
    highways, priya, dana, neighbourhoods, as_person, django_assert_max_num_queries
):
    measures = list(Measure.objects.filter(kind="count").order_by("pk")[:50])

    def holding(contract, measures):
        kpi_set = proposals.start_set(contract, by=priya)
        for measure in measures:
            proposals.add_kpi(kpi_set, by=priya, measure=measure, target=Decimal(24))
        assert kpi_set.terms.count() == len(measures)
        return proposals.submit(KPISet.objects.get(pk=kpi_set.pk), by=priya)

    # Every fourth of them, so that both sets hold some with a £ value and some without.
    small = holding(highways, measures[::4])
    big = holding(make_contract("Everything", neighbourhoods, manager=priya), measures)
    client = as_person(dana)
    client.get(decide(small))
    with django_assert_max_num_queries(80) as few:
        client.get(decide(small))
    with django_assert_max_num_queries(len(few)):
        page = text(client.get(decide(big)))
    assert page.count("app-kpi__head") == 50
    verbs.approve(big, by=dana, content_hash=big.content_hash)


def test_the_check_page_costs_the_same_for_each_kpi(three, dana, as_person, django_assert_max_num_queries):
    client = as_person(dana)
    client.get(CHECK, {"set": [three[0].pk]})
    with django_assert_max_num_queries(70) as one:
        client.get(CHECK, {"set": [three[0].pk]})
    with django_assert_max_num_queries(3 * len(one)):
        client.get(CHECK, {"set": [one.pk for one in three]})
