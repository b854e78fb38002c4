"""Whoever can decide a waiting set is asked once: delegations lapse, people come and go, contracts move."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Letter, Person, Role
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO, make_person
from contracts.models import Contract
from kpis.approvals import verbs
from kpis.approvals.permissions import awaiting_decision_by, may_decide
from kpis.approvals.routing import ask_who_can_decide_now
from kpis.approvals.tests.clock import freeze_time
from kpis.approvals.tests.test_pages import send
from kpis.lifecycle import verbs as lifecycle
from kpis.proposals import verbs as proposals
from kpis.proposals.deciders import deciders_of
from kpis.proposals.models import DecisionAsked, KPISet
from kpis.proposals.reading import waiting_with
from kpis.tasks import ask_who_can_decide


def asked(kind="set-waiting"):
    return sorted(Letter.objects.filter(kind=kind).values_list("to__full_name", flat=True))


def again(person):
    return Person.objects.get(pk=person.pk)


def test_sending_a_set_remembers_who_was_asked(highways, priya, dana, della):
    send(highways, priya)
    assert set(DecisionAsked.objects.values_list("person__full_name", flat=True)) == {str(dana), str(della)}
    assert ask_who_can_decide_now() == 0
    assert asked() == ["Dana Okafor", "Della Marsh"]


# British Summer Time ended on 25 October 2026: the hour before midnight in London is 22:59 UTC, then 23:59.
@pytest.mark.parametrize(
    ("before", "after", "last_day"),
    [
        ("2026-06-30 22:59", "2026-06-30 23:01", dt.date(2026, 6, 30)),
        ("2026-11-30 23:59", "2026-12-01 00:01", dt.date(2026, 11, 30)),
    ],
)
def test_a_delegation_that_ends_at_midnight_in_london_passes_the_set_on(
    before, after, last_day, highways, priya, dana, della, desmond
):
    Appointment.objects.filter(person=dana).delete()
    acting = make_person("Ada Acting", (Role.DIRECTOR, highways.directorate))
    Delegation.objects.update(given_by=acting, ends_on=last_day)
    Appointment.objects.filter(person=acting).update(ends_on=last_day)
    with freeze_time(before):
        sent = send(highways, priya)
        assert may_decide(again(della), sent)
        assert asked() == ["Ada Acting", "Della Marsh"]
        assert ask_who_can_decide_now() == 0
    with freeze_time(after):
        assert not may_decide(again(della), sent)
        assert not awaiting_decision_by(again(della)).exists()
        with pytest.raises(Refused):
            verbs.approve(sent, by=again(della), content_hash=sent.content_hash)
        assert waiting_with(sent) == "with Desmond Hall (Deputy director)"
        assert ask_who_can_decide_now() == 1
        assert ask_who_can_decide_now() == 0
        assert asked() == ["Ada Acting", "Della Marsh", "Desmond Hall"]
        assert verbs.approve(sent, by=desmond, content_hash=sent.content_hash).status == "approved"


def test_a_director_who_leaves_and_one_who_comes(highways, priya, dana, lena, neighbourhoods):
    sent = send(highways, priya)
    Person.objects.filter(pk=dana.pk).update(is_active=False)
    ask_who_can_decide()
    ask_who_can_decide()
    assert asked("set-without-decider") == ["Lena Fischer"]
    assert [one.person for one in deciders_of(sent)] == []
    new = make_person("Nell New", (Role.DIRECTOR, neighbourhoods))
    ask_who_can_decide()
    assert asked() == ["Dana Okafor", "Nell New"]
    assert verbs.approve(sent, by=new, content_hash=sent.content_hash).status == "approved"


def test_the_lead_hears_once_of_each_submission_that_nobody_can_decide(highways, priya, lena):
    sent = send(highways, priya)
    assert asked("set-without-decider") == ["Lena Fischer"]
    ask_who_can_decide_now()
    assert len(asked("set-without-decider")) == 1
    proposals.submit(proposals.take_back(sent, by=priya), by=priya)
    ask_who_can_decide_now()
    assert len(asked("set-without-decider")) == 2


def test_a_contract_that_moves_is_decided_where_it_is_now_and_back_again(
    highways, priya, dana, olga, lena, neighbourhoods, adults
):
    send(highways, priya)
    for directorate in (adults, neighbourhoods):
        contract = Contract.objects.get(pk=highways.pk)
        lifecycle.move(contract, by=lena, directorate=directorate, from_month=dt.date(2026, 4, 1))
        ask_who_can_decide_now()
    assert asked() == ["Dana Okafor", "Dana Okafor", "Olga Brandt"]
    assert asked("set-taken-back") == ["Dana Okafor", "Olga Brandt"]


def test_a_move_leaves_decisions_in_the_record_that_no_longer_count(
    highways, priya, dana, olga, lena, neighbourhoods, adults
):
    finance = type(adults).objects.create(name="Finance", slug="finance")
    fred = make_person("Fred Finch", (Role.DIRECTOR, finance))
    highways.partner_directorates.add(adults)
    sent = send(highways, priya)
    verbs.approve(sent, by=dana, content_hash=sent.content_hash)
    lifecycle.move(
        Contract.objects.get(pk=highways.pk), by=lena, directorate=finance, from_month=dt.date(2026, 4, 1)
    )
    assert {one.person for one in deciders_of(KPISet.objects.get())} == {fred, olga}
    verbs.approve(sent, by=fred, content_hash=sent.content_hash)
    assert KPISet.objects.get().status == "submitted"
    assert verbs.approve(sent, by=olga, content_hash=sent.content_hash).status == "approved"


def test_a_move_to_the_directorate_that_approved_already_puts_the_set_in_force(
    highways, priya, dana, olga, lena, adults
):
    highways.partner_directorates.add(adults)
    sent = send(highways, priya)
    verbs.approve(sent, by=olga, content_hash=sent.content_hash)
    lifecycle.move(
        Contract.objects.get(pk=highways.pk), by=lena, directorate=adults, from_month=dt.date(2026, 4, 1)
    )
    assert KPISet.objects.get().status == "approved"
    assert asked("set-taken-back") == ["Dana Okafor"]


def test_a_value_that_grows_beyond_the_limit_takes_the_delegate_off(highways, priya, della, dana, desmond):
    Appointment.objects.filter(person=dana).update(role=Role.DEPUTY_DIRECTOR)
    sent = send(highways, priya)
    assert asked() == ["Della Marsh"]
    Contract.objects.filter(pk=highways.pk).update(value=Decimal("6000000"))
    assert ask_who_can_decide_now() == 2
    assert asked() == ["Dana Okafor", "Della Marsh", "Desmond Hall"]
    assert not may_decide(again(della), KPISet.objects.get(pk=sent.pk))


def test_a_partner_that_joins_while_it_waits_is_asked_too(highways, priya, dana, olga, adults):
    sent = send(highways, priya)
    highways.partner_directorates.add(adults)
    assert ask_who_can_decide_now() == 1
    assert asked() == ["Dana Okafor", "Olga Brandt"]
    assert verbs.approve(sent, by=dana, content_hash=sent.content_hash).status == "submitted"


def test_what_is_not_waiting_is_asked_about_by_nobody(highways, priya, dana, neighbourhoods):
    sent = send(highways, priya)
    proposals.take_back(sent, by=priya)
    make_person("Nell New", (Role.DIRECTOR, neighbourhoods))
    assert ask_who_can_decide_now() == 0
    assert asked("set-taken-back") == ["Dana Okafor"]


def test_the_lead_asks_again_once_a_day(highways, priya, dana, lena):
    sent = send(highways, priya)
    tomorrow = f"{today() + dt.timedelta(days=1)} 09:00"
    assert [one.person for one in verbs.ask_again(sent, by=lena)] == [dana]
    with pytest.raises(Stale, match="Lena Fischer asked again"):
        verbs.ask_again(sent, by=lena)
    with freeze_time(tomorrow):
        verbs.ask_again(sent, by=lena)
        assert asked() == ["Dana Okafor"] * 3
        with pytest.raises(Refused):
            verbs.ask_again(sent, by=priya)
    Appointment.objects.filter(person=dana).update(ends_on=LONG_AGO)
    with freeze_time(f"{today() + dt.timedelta(days=2)} 09:00"), pytest.raises(Invalid, match="Nobody can"):
        verbs.ask_again(sent, by=lena)
