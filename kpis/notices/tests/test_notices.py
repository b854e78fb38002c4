"""Notices: three KPIs at most, in the words of their day; published ones stand; who sees and keeps them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.calendar import add_months, first_of_month, today
from accounts.history import history_of
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from contracts.models import Contract
from kpis.models import KPITerms
from kpis.notices import verbs
from kpis.notices.verbs import Pick
from kpis.tests.factories import make_approved_set, make_measure

ELSEWHERE = Pick("Lorries on time", "Share of lorries that arrive on time")


@pytest.fixture
def roads(highways):
    """Return the highways contract, under section 52, with two KPIs in force."""
    Contract.objects.filter(pk=highways.pk).update(
        regime="pa2023", estimated_value_inc_vat=Decimal("6000000")
    )
    measures = [make_measure("Apprentices"), make_measure("Local spend")]
    make_approved_set(highways, add_months(first_of_month(today()), -3), [(one, 12) for one in measures])
    highways.refresh_from_db()
    return highways


def own(contract):
    """Return the picks of the contract's own KPIs."""
    return [Pick(one.title, "", one.kpi) for one in KPITerms.objects.filter(kpi_set__contract=contract)]


@pytest.fixture
def notice(roads, colin):
    """Return a notice of three KPIs, not published yet."""
    return verbs.draw_up(roads, by=colin, kind="UK7", picks=[*own(roads), ELSEWHERE])


def data(contract, notice=None, **more):
    """Return the form as a browser sends it: both KPIs of ours and one elsewhere."""
    first, second = (str(pick.kpi.pk) for pick in own(contract))
    facts = {
        "kind": "UK7", "first": first, "second": second,
        "third": "elsewhere", "third_title": "Lorries on time",
        "why_these": "", "why_none": "", "published_on_0": "", "published_on_1": "", "published_on_2": "",
        "reference": "",
    }  # fmt: skip
    return {**facts, **({"version": notice.version} if notice else {}), **more}


def test_the_words_of_the_day_stay_whatever_is_called_otherwise_later(notice):
    assert [one.title for one in notice.kpis.all()] == ["Apprentices", "Local spend", "Lorries on time"]
    KPITerms.objects.update(title="Something else")
    assert notice.kpis.first().title == "Apprentices"
    assert history_of(notice).get().after["KPIs named"] == "Apprentices; Local spend; Lorries on time"


def test_fewer_than_three_need_a_sentence_and_none_the_notices_reason(roads, colin):
    with pytest.raises(Invalid, match="why fewer than three"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=own(roads))
    with pytest.raises(Invalid, match="why there are none"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=[])
    with pytest.raises(Invalid, match="leave the reason for having none blank"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=own(roads), why_these="Two", why_none="None")
    assert (
        verbs.draw_up(roads, by=colin, kind="UK7", picks=own(roads), why_these="There are two.").number == 1
    )
    assert verbs.draw_up(roads, by=colin, kind="UK9", picks=[], why_none="A one-off delivery.").number == 2


def test_a_kpi_is_named_once_and_belongs_to_the_contract(roads, colin, home_care):
    first, second = own(roads)
    with pytest.raises(Invalid, match="chosen twice"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=[first, second, first])
    make_approved_set(home_care, dt.date(2026, 1, 1), [(make_measure(), 12)])
    with pytest.raises(Invalid, match="KPI of this contract"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=[first, second, *own(home_care)])
    with pytest.raises(Invalid, match="names 3 KPIs at most"):
        verbs.draw_up(roads, by=colin, kind="UK7", picks=[first, second, ELSEWHERE, Pick("A fourth")])


def test_a_day_still_to_come_is_no_day_of_publication(roads, colin):
    with pytest.raises(Invalid, match="today or in the past"):
        verbs.draw_up(
            roads, by=colin, kind="UK7", picks=[*own(roads), ELSEWHERE],
            published_on=today() + dt.timedelta(days=1),
        )  # fmt: skip


def test_a_published_notice_stands_but_its_number_can_be_corrected_and_it_can_be_withdrawn(notice, colin):
    picks = [Pick(one.title, one.description, one.kpi) for one in notice.kpis.all()]
    facts = {"kind": "UK7", "why_these": "", "why_none": ""}
    published = verbs.change(
        notice, by=colin, version=1, picks=picks, published_on=today(), reference="", **facts
    )
    assert published.version == 2
    with pytest.raises(Stale, match="its KPIs stand"):
        verbs.change(notice, by=colin, picks=picks[:1], published_on=None, reference="", **facts)
    verbs.correct(notice, by=colin, published_on=today(), reference="2026/S 000-1")
    with pytest.raises(Invalid, match="be unpublished"):
        verbs.correct(notice, by=colin, published_on=None, reference="2026/S 000-1")
    with pytest.raises(Invalid, match="why the notice is withdrawn"):
        verbs.withdraw(notice, by=colin, reason="")
    verbs.withdraw(notice, by=colin, reason="Wrong contract")
    with pytest.raises(Stale, match="withdrawn"):
        verbs.correct(notice, by=colin, published_on=today(), reference="2")
    assert HistoryRow.objects.filter(action="notices.withdraw", note="Wrong contract").exists()


@pytest.mark.parametrize("name", ["dana", "della", "ewa", "sami", "oscar", "otto", "nadia"])
def test_others_keep_no_notices(cast, roads, name):
    with pytest.raises(Refused):
        verbs.draw_up(roads, by=cast[name], kind="UK7", picks=[*own(roads), ELSEWHERE])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("colin", 200, 200), ("dana", 200, 200), ("lena", 200, 200), ("sami", 404, 200), ("ewa", 404, 200),
     ("oscar", 404, 404)],
)  # fmt: skip
def test_members_read_notices_once_they_are_published(cast, as_person, notice, name, before, after):
    url = reverse("kpis:notice-page", args=[notice.contract_id, notice.number])
    section = reverse("kpis:section-52", args=[notice.contract_id])
    client = as_person(cast[name])
    assert client.get(url).status_code == before
    type(notice).objects.update(published_on=today())
    assert client.get(url).status_code == after
    if after == 200:
        assert "Lorries on time" in client.get(section).content.decode()


def test_a_notice_by_its_form_with_its_errors(as_person, priya, roads):
    client = as_person(priya)
    url = reverse("kpis:notice-add", args=[roads.pk])
    assert client.get(url).status_code == 200
    for more, sentence in (
        ({"third_title": ""}, "Enter the title of the KPI held elsewhere"),
        ({"third": ""}, "Select “A KPI held elsewhere”, or leave its title blank"),
        ({"first": ""}, "Select a KPI here before naming a second one"),
        ({"kind": ""}, "Select which notice it is"),
        ({"third": "", "third_title": ""}, "Enter why fewer than three KPIs are named"),
    ):
        page = client.post(url, data(roads, **more)).content.decode()
        assert sentence in page
    assert client.post(url, data(roads)).status_code == 302
    made = roads.notices.get()
    assert [(one.position, one.title) for one in made.kpis.all()] == [
        (1, "Apprentices"), (2, "Local spend"), (3, "Lorries on time"),
    ]  # fmt: skip
    assert made.kpis.first().description == "Count each week once."


def test_a_stale_notice_keeps_what_was_typed(as_person, colin, notice):
    client = as_person(colin)
    url = reverse("kpis:notice-edit", args=[notice.contract_id, notice.number])
    assert client.get(url).status_code == 200
    assert client.post(url, data(notice.contract, notice, why_these="First")).status_code == 302
    answer = client.post(url, data(notice.contract, notice, why_these="Second thoughts"))
    assert answer.status_code == 409
    assert "Second thoughts" in answer.content.decode()
    day = today()
    sent = {"published_on_0": day.day, "published_on_1": day.month, "published_on_2": day.year}
    assert client.post(url, data(notice.contract, notice, version=2, **sent)).status_code == 302
    # The whole form sent again after somebody published it.
    assert client.post(url, data(notice.contract, notice, version=3)).status_code == 409
    assert client.post(url, {"reference": "2026/S 1", "version": 3, **sent}).status_code == 302
    withdraw = reverse("kpis:notice-withdraw", args=[notice.contract_id, notice.number])
    assert "Enter why" in client.post(withdraw, {"reason": "", "version": 4}).content.decode()
    assert client.post(withdraw, {"reason": "Wrong", "version": 3}).status_code == 409
    assert client.post(withdraw, {"reason": "Wrong", "version": 4}).status_code == 302
    assert client.get(url).status_code == 409


def test_the_page_answers_in_a_sentence_and_takes_the_facts(as_person, colin, sami, roads):
    url = reverse("kpis:section-52", args=[roads.pk])
    client = as_person(colin)
    page = client.get(url).content.decode()
    assert "nobody has recorded how many it has elsewhere" in page
    sent = {"kpis_elsewhere": "0", "act_kind": "", "kpi_exemption": "", "note": "Asked", "version": 1}
    assert client.post(url, sent).status_code == 302
    page = client.get(url).content.decode()
    assert "at least three KPIs, but it has 2 KPIs." in page
    assert "Set 1 more KPI" in page
    assert " and none elsewhere." in page
    stale = client.post(url, {**sent, "kpis_elsewhere": "7"})
    assert stale.status_code == 409
    assert 'value="7"' in stale.content.decode()
    assert history_of(roads).get().changes == [("KPIs held elsewhere", "", "0")]
    assert as_person(sami).post(url, sent).status_code == 403


def test_the_list_shows_who_is_short_first_and_filters_and_downloads(
    as_person, colin, oscar, roads, neighbourhoods
):
    make_contract("Archive", neighbourhoods, regime="pa2023")
    make_contract("Old", neighbourhoods, regime="pcr2015", estimated_value_inc_vat=Decimal("9000000"))
    Contract.objects.filter(pk=roads.pk).update(kpis_elsewhere=0)
    url = reverse("kpis:section-52-list")
    client = as_person(colin)
    page = client.get(url).content.decode()
    assert page.index("Highways resurfacing") < page.index("Archive")
    assert ">Old<" not in page
    page = client.get(url + "?answer=unknown").content.decode()
    assert "Highways resurfacing" not in page
    assert "Archive" in page
    assert client.get(url + "?answer=nonsense").status_code == 200
    assert b"Highways resurfacing" in b"".join(
        client.get(url + "?format=csv&answer=not_met").streaming_content
    )
    assert client.get(url + "?format=xlsx").status_code == 200
    assert "Highways" not in as_person(oscar).get(url).content.decode()


def test_the_list_costs_as_many_queries_for_many(
    as_person, colin, roads, neighbourhoods, django_assert_max_num_queries
):
    client = as_person(colin)
    url = reverse("kpis:section-52-list")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(15):
        make_contract(f"Contract {number}", neighbourhoods, regime="pa2023")
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_the_contract_page_mentions_it_where_it_matters(as_person, colin, roads, home_care, lena):
    assert 'id="section-52"' in as_person(colin).get(roads.get_absolute_url()).content.decode()
    assert 'id="section-52"' not in as_person(lena).get(home_care.get_absolute_url()).content.decode()
