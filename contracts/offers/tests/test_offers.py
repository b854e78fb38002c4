"""Offers of a contract: recorded, changed, received, withdrawn."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.calendar import today
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import Fund, Offer, Ward
from contracts.offers import verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(db):
    return Fund.objects.create(name="Neighbourhood fund")


@pytest.fixture
def cash(highways, priya, fund):
    return verbs.add(
        highways, by=priya, kind="cash", description="For the hall", amount=Decimal(500), fund=fund
    )


def url(name, contract, *more):
    return reverse(f"contracts:offer-{name}", args=[contract.pk, *more])


def day_typed(name, day):
    return {f"{name}_0": str(day.day), f"{name}_1": str(day.month), f"{name}_2": str(day.year)}


def test_an_offer_is_recorded_on_its_page_and_stands_on_the_contracts(as_person, highways, priya, fund):
    ward = Ward.objects.create(name="Castlegate")
    client = as_person(priya)
    sent = {"kind": "cash", "description": "For the hall", "amount": "£1,250", "fund": fund.pk,
            "ward": ward.pk, **day_typed("due_on", dt.date(2026, 3, 31))}  # fmt: skip
    answer = client.post(url("add", highways), sent)
    assert answer.status_code == 302
    offer = Offer.objects.get()
    assert (offer.amount, offer.fund, offer.ward, offer.status) == (1250, fund, ward, "promised")
    row = HistoryRow.objects.of_contract(highways.pk).get()
    assert (row.action, row.summary) == ("offers.add", "Recorded an offer: For the hall")
    page = client.get(answer.url).content.decode()
    assert "£1,250" in page
    assert "Late" in page
    assert url("receive", highways, offer.pk) in page


def test_cash_needs_an_amount_and_an_open_fund(as_person, highways, priya, fund):
    client = as_person(priya)
    page = client.post(url("add", highways), {"kind": "cash", "description": "x"}).content.decode()
    assert "Enter the amount of the contribution" in page
    assert "Select the fund it goes to" in page
    fund.is_open = False
    fund.save()
    with pytest.raises(Invalid, match="Neighbourhood fund takes no more contributions"):
        verbs.add(highways, by=priya, kind="cash", description="x", amount=Decimal(5), fund=fund)
    assert "Neighbourhood fund" not in client.get(url("add", highways)).content.decode()


def test_an_offer_keeps_a_fund_that_was_closed_since(as_person, cash, priya, fund):
    fund.is_open = False
    fund.save()
    changed = verbs.change(cash, by=priya, description="For the hall’s roof")
    assert changed.fund == fund
    assert "Neighbourhood fund" in as_person(priya).get(url("edit", cash.contract, cash.pk)).content.decode()


def test_help_in_kind_has_no_fund_and_needs_no_amount(highways, priya, fund):
    offer = verbs.add(highways, by=priya, kind="in_kind", description="A mural", fund=fund)
    assert (offer.fund, offer.amount) == (None, None)
    assert "Fund" not in HistoryRow.objects.get(action="offers.add").after


def test_an_offer_is_received_on_a_day_with_how_that_is_known(as_person, cash, priya):
    client = as_person(priya)
    address = url("receive", cash.contract, cash.pk)
    assert client.get(address).context["form"]["amount_received"].value() == "500"
    sent = {"version": "1", "amount_received": "450", "received_words": "Receipt 4471"}
    late = client.post(address, {**sent, **day_typed("received_on", today() + dt.timedelta(days=1))})
    assert "The day it was received must be today or in the past" in late.content.decode()
    assert client.post(address, {**sent, **day_typed("received_on", today())}).status_code == 302
    cash.refresh_from_db()
    assert (cash.status, cash.amount, cash.amount_received) == ("received", 500, 450)
    assert "£450 received" in client.get(cash.contract.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 409


def test_a_received_offer_is_not_changed_but_can_be_withdrawn_with_a_reason(as_person, cash, priya):
    verbs.receive(cash, by=priya, received_on=today(), received_words="Paid in")
    with pytest.raises(Stale, match="This offer is now “received”, so it can't be changed"):
        verbs.change(cash, by=priya, amount=Decimal(9))
    client = as_person(priya)
    address = url("withdraw", cash.contract, cash.pk)
    assert "Enter a reason" in client.post(address, {"note": " "}).content.decode()
    assert client.post(address, {"note": "The cheque bounced", "version": "2"}).status_code == 302
    cash.refresh_from_db()
    assert (cash.status, cash.withdrawn_reason) == ("withdrawn", "The cheque bounced")
    page = client.get(cash.contract.get_absolute_url()).content.decode()
    assert "The cheque bounced" in page
    assert client.get(address).status_code == 409


def test_a_change_on_an_older_copy_answers_409_and_keeps_what_was_typed(as_person, cash, priya, colin):
    verbs.change(cash, by=colin, amount=Decimal(600))
    client = as_person(priya)
    address = url("edit", cash.contract, cash.pk)
    sent = {"kind": "cash", "description": "Mine", "amount": "700", "fund": cash.fund_id, "version": "1"}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert client.post(address, {**sent, "version": "2"}).status_code == 302
    cash.refresh_from_db()
    assert cash.amount == 700


def test_only_those_who_may_change_the_contract_keep_its_offers(as_person, cash, dana, ewa, oscar):
    with pytest.raises(Refused):
        verbs.withdraw(cash, by=dana, note="x")
    for person, status in ((dana, 403), (ewa, 403), (oscar, 404)):
        for name in ("edit", "receive", "withdraw"):
            assert as_person(person).get(url(name, cash.contract, cash.pk)).status_code == status
        assert as_person(person).get(url("add", cash.contract)).status_code == status
    page = as_person(ewa).get(cash.contract.get_absolute_url()).content.decode()
    assert "For the hall" in page
    assert url("withdraw", cash.contract, cash.pk) not in page


def test_an_offer_of_another_contract_is_not_found(as_person, cash, home_care, lena):
    assert as_person(lena).get(url("edit", home_care, cash.pk)).status_code == 404


def test_a_small_contract_is_invited_to_record_an_offer(as_person, highways, priya, ewa):
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert url("add", highways) not in page
    highways.value = Decimal(60_000)
    highways.save()
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert url("add", highways) in page
    assert 'id="offers"' not in as_person(ewa).get(highways.get_absolute_url()).content.decode()
