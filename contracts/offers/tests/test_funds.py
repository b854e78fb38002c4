"""Funds: what each was promised and received, as far as one sees the contracts behind it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.calendar import today
from accounts.verbs.recipe import Invalid, Refused
from contracts.models import Fund, Ward
from contracts.offers import funds, verbs

pytestmark = pytest.mark.django_db
LIST = "/funds/"


@pytest.fixture
def given(highways, home_care, lena):
    """£500 promised and £200 received of highways, £70 of home care, one withdrawn."""
    fund = Fund.objects.create(name="Neighbourhood fund")
    ward = Ward.objects.create(name="Castlegate")

    def cash(contract, amount, **more):
        return verbs.add(
            contract, by=lena, kind="cash", description=f"Gift of {amount}", amount=Decimal(amount),
            fund=fund, **more,
        )  # fmt: skip

    cash(highways, 500, ward=ward)
    got = cash(highways, 250)
    verbs.receive(got, by=lena, received_on=today(), received_words="Paid in", amount_received=Decimal(200))
    cash(home_care, 70)
    verbs.withdraw(cash(highways, 999), by=lena, note="Recorded twice")
    return fund


def totals(person):
    return {one.fund.name: (one.total.promised, one.total.received) for one in funds.sums(person)}


def test_totals_count_only_contracts_the_person_sees(given, lena, dana, oscar, nadia):
    assert totals(lena) == {"Neighbourhood fund": (570, 200)}
    assert totals(dana) == {"Neighbourhood fund": (500, 200)}
    assert totals(oscar) == {"Neighbourhood fund": (70, 0)}
    assert totals(nadia) == {"Neighbourhood fund": (0, 0)}


def test_a_fund_is_shown_by_ward_those_without_one_last(given, lena):
    [one] = funds.sums(lena)
    assert [(ward, sum.promised, sum.received) for ward, sum in one.by_ward] == [
        ("Castlegate", 500, 0),
        ("No ward", 70, 200),
    ]


def test_the_page_says_whose_contributions_it_counts(as_person, given, dana, lena):
    page = as_person(dana).get(LIST).content.decode()
    assert "of the contracts you can see" in page
    assert "Highways resurfacing" in page
    assert "Home care" not in page
    assert "of the contracts you can see" not in as_person(lena).get(LIST).content.decode()


def test_the_page_costs_the_same_however_many_contributions(as_person, given, highways, lena):
    client = as_person(lena)
    _count(client)  # The first page of a session costs more.
    before = _count(client)
    for amount in range(1, 6):
        verbs.add(highways, by=lena, kind="cash", description="More", amount=Decimal(amount), fund=given)
    assert _count(client) == before


def _count(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)


def test_contributions_download_as_files(as_person, given, dana):
    client = as_person(dana)
    text = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode()
    assert "Gift of 500" in text
    assert "Gift of 70" not in text
    assert client.get(f"{LIST}?format=xlsx").content[:2] == b"PK"


def test_the_lead_adds_changes_and_closes_a_fund(as_person, lena):
    client = as_person(lena)
    added = client.post(reverse("contracts:fund-add"), {"name": "Youth fund", "is_open": "on"})
    assert added.status_code == 302
    fund = Fund.objects.get()
    address = reverse("contracts:fund-edit", args=[fund.pk])
    assert client.post(address, {"name": "Youth fund", "seen": "0"}).status_code == 302
    fund.refresh_from_db()
    assert not fund.is_open
    answer = client.post(address, {"name": "Mine", "seen": "0"})
    assert answer.status_code == 409
    assert "Lena Fischer changed this fund while you had it open." in answer.content.decode()
    with pytest.raises(Invalid, match="There is already a fund called youth fund"):
        funds.add_fund(by=lena, name="youth fund")


def test_others_keep_no_funds(as_person, colin):
    with pytest.raises(Refused):
        funds.add_fund(by=colin, name="Mine")
    client = as_person(colin)
    assert client.get(reverse("contracts:fund-add")).status_code == 403
    assert reverse("contracts:fund-add") not in client.get(LIST).content.decode()
