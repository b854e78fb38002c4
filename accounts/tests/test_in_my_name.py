"""What was decided in a director's name."""

import datetime as dt
import io

import pytest
from django.db import transaction
from openpyxl import load_workbook

from accounts.history import record
from accounts.models import Appointment, Delegation, HistoryRow, Post, PostHolding
from accounts.tests.counting import queries
from conftest import LONG_AGO

PAGE = "/delegations/in-my-name/"


def decided(by, dana, delegation, subject, summary="Approved KPI set 3, in force from May 2026", **more):
    facts = {"action": "approvals.approve", "contract_number": 1042, **more}
    with transaction.atomic():
        return record(
            subject=subject, by=by, acting_for=dana, delegation=delegation, summary=summary, **facts
        )


@pytest.fixture
def delegation(della):
    """Return Dana's delegation to Della."""
    return Delegation.objects.get()


@pytest.fixture
def to_post(dana, nadia, neighbourhoods):
    """Return a delegation to a post that Nadia holds."""
    post = Post.objects.create(title="Head of Parks", directorate=neighbourhoods)
    PostHolding.objects.create(post=post, person=nadia, starts_on=LONG_AGO)
    return Delegation.objects.create(
        given_by=dana, post=post, directorate=neighbourhoods, scheme_reference="5.1", starts_on=LONG_AGO
    )


def test_every_decision_under_any_delegation_newest_first(
    as_person, dana, della, nadia, delegation, to_post, neighbourhoods
):
    first = decided(della, dana, delegation, neighbourhoods, note="As agreed at the board.")
    second = decided(nadia, dana, to_post, neighbourhoods, "Returned KPI set 1", action="approvals.send_back")
    page = as_person(dana).get(PAGE)
    assert [row.pk for row in page.context["page_obj"]] == [second.pk, first.pk]
    text = page.content.decode()
    assert "2 decisions made in your name" in text
    for words in (
        "Approved",
        "Returned",
        "Della Marsh",
        "Nadia Cole",
        "As agreed at the board.",
        "To Head of Parks",
    ):
        assert words in text
    assert f"/delegations/{to_post.pk}/" in text
    assert "/contracts/1042/" in text


def test_what_others_did_for_others_or_in_their_own_right_is_not_there(
    as_person, dana, della, olga, delegation, neighbourhoods
):
    decided(della, olga, delegation, neighbourhoods)
    with transaction.atomic():
        record(action="approvals.approve", subject=neighbourhoods, by=dana, summary="Own")
    assert "Nothing was decided in your name yet" in as_person(dana).get(PAGE).content.decode()


def test_filters_by_delegation_and_by_time_and_says_when_nothing_is_found(
    as_person, dana, della, nadia, delegation, to_post, neighbourhoods
):
    decided(della, dana, delegation, neighbourhoods)
    mine = decided(nadia, dana, to_post, neighbourhoods)
    client = as_person(dana)
    page = client.get(f"{PAGE}?delegation={to_post.pk}")
    assert [row.pk for row in page.context["page_obj"]] == [mine.pk]
    assert "Nothing found" in client.get(f"{PAGE}?until_0=1&until_1=5&until_2=2020").content.decode()
    wrong = client.get(f"{PAGE}?since_0=31&since_1=2&since_2=2026")
    assert "There is a problem" in wrong.content.decode()


def test_nobody_filters_by_a_delegation_that_is_not_theirs(as_person, dana, olga, della, adults, delegation):
    other = Delegation.objects.create(
        given_by=olga, given_to=della, directorate=adults, scheme_reference="9", starts_on=LONG_AGO
    )
    page = as_person(dana).get(f"{PAGE}?delegation={other.pk}")
    assert "There is a problem" in page.content.decode()
    assert f'<option value="{other.pk}"' not in page.content.decode()


def test_what_was_handed_on_counts_in_the_directors_name(
    as_person, dana, della, nadia, delegation, neighbourhoods
):
    child = Delegation.objects.create(
        given_by=della, given_to=nadia, under=delegation, directorate=neighbourhoods,
        scheme_reference="4.2b", starts_on=LONG_AGO,
    )  # fmt: skip
    row = decided(nadia, dana, child, neighbourhoods)
    page = as_person(dana).get(f"{PAGE}?delegation={child.pk}")
    assert [one.pk for one in page.context["page_obj"]] == [row.pk]
    assert as_person(della).get(PAGE).context["page_obj"].paginator.count == 0


def test_as_csv_and_as_a_workbook(as_person, dana, della, delegation, neighbourhoods):
    decided(della, dana, delegation, neighbourhoods, note="=HYPERLINK(1)")
    client = as_person(dana)
    lines = b"".join(client.get(f"{PAGE}?format=csv")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Contract number,Contract,What,Outcome")
    assert "Della Marsh" in lines[1]
    assert "'=HYPERLINK(1)" in lines[1]
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{PAGE}?format=xlsx"))))
    cells = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert 1042 in cells
    assert "Approved" in cells


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("dana", 200),
        ("desmond", 200),
        ("olga", 200),
        ("della", 403),
        ("lena", 403),
        ("adam", 403),
        ("nadia", 403),
    ],
)
def test_who_opens_the_page(cast, as_person, who, status):
    client = as_person(cast[who])
    assert client.get(PAGE).status_code == status
    assert client.get(f"{PAGE}?format=csv").status_code == status
    linked = f'href="{PAGE}"' in client.get("/my-account/").content.decode()
    assert linked is (status == 200)


def test_who_left_the_post_still_reads_what_was_decided_in_their_name(as_person, dana, della):
    Appointment.objects.filter(person=dana).update(ends_on=dt.date(2026, 1, 1))
    assert as_person(dana).get(PAGE).status_code == 200


def test_it_names_the_set_and_its_contract(as_person, dana, della, delegation, highways, colin):
    from kpis.proposals import verbs as proposals

    kpi_set = proposals.start_set(highways, by=colin)
    decided(della, dana, delegation, kpi_set, contract_number=highways.pk)
    page = as_person(dana).get(PAGE).content.decode()
    assert ">Highways resurfacing</a>" in page
    assert f'href="/contracts/{highways.pk}/kpi-sets/1/record/">KPI set 1</a>' in page


def test_more_decisions_cost_no_more_queries_and_stand_on_pages(
    as_person, dana, della, delegation, neighbourhoods
):
    decided(della, dana, delegation, neighbourhoods)
    client = as_person(dana)
    few = queries(client, PAGE)
    for _ in range(60):
        decided(della, dana, delegation, neighbourhoods)
    assert queries(client, PAGE) == few
    assert HistoryRow.objects.filter(acting_for=dana).count() == 61
    assert len(client.get(f"{PAGE}?page=2").context["page_obj"].object_list) == 11
