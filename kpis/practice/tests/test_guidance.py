"""The council's guidance: kept by the lead and administrators, read by everybody with a post."""

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.practice import guidance_verbs as verbs
from kpis.practice.models import GuidancePage
from kpis.proposals import verbs as proposals

pytestmark = pytest.mark.django_db

LIST = "kpis:guidance-list"


@pytest.fixture
def toolkit(lena):
    page = verbs.add_page(
        by=lena, title="Agreeing KPIs", summary="Before the tender", body="## First\n\nAsk."
    )
    return verbs.publish(page, by=lena)


def shown(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_a_keeper_previews_keeps_and_publishes_a_page(as_person, adam, ewa):
    client, address = as_person(adam), reverse("kpis:guidance-add")
    data = {
        "title": "Checking figures",
        "summary": "",
        "body": "## How\r\n\r\n<script>alert(1)</script> **Look**",
    }
    seen = client.post(address, {**data, "preview": "yes"}).content.decode()
    assert "not saved yet" in seen
    assert "<strong>Look</strong>" in seen
    assert "<script>alert(1)" not in seen
    assert not GuidancePage.objects.exists()
    page_url = client.post(address, data).url
    assert as_person(ewa).get(page_url).status_code == 404
    assert "Checking figures" not in shown(as_person(ewa), LIST)
    publish = reverse("kpis:guidance-publish", args=["checking-figures"])
    assert as_person(adam).post(publish, {"publish": "yes", "version": "1"}).status_code == 302
    read = as_person(ewa).get(page_url).content.decode()
    assert "&lt;script&gt;alert(1)" in read
    assert publish not in read


def test_only_the_lead_and_administrators_keep_guidance(as_person, cast, toolkit):
    data = {"title": "Mine", "summary": "", "body": "Mine", "version": "2"}
    for name, person in cast.items():
        client = as_person(person)
        kept = name in {"lena", "adam"}
        assert client.get(reverse("kpis:guidance-add")).status_code == (200 if kept else 403)
        if kept:
            continue
        for address in ("guidance-edit", "guidance-publish", "guidance-move"):
            assert client.post(reverse(f"kpis:{address}", args=[toolkit.slug]), data).status_code == 403
        read = client.get(toolkit.get_absolute_url()).status_code
        assert read == (403 if name == "nadia" else 200)
        with pytest.raises(Refused):
            verbs.take_off(toolkit, by=person)


def test_history_says_which_lines_changed_and_to_keepers_only(as_person, toolkit, lena, ewa):
    verbs.change_page(toolkit, by=lena, title="Agreeing KPIs", summary="Before the tender",
                      body="## First\n\nAsk early.", version=2)  # fmt: skip
    read = shown(as_person(lena), "kpis:guidance-page", toolkit.slug)
    assert "Taken out: <del>Ask.</del>" in read
    assert "Put in: <ins>Ask early.</ins>" in read
    assert "<ins>## First" not in read
    assert "History" not in shown(as_person(ewa), "kpis:guidance-page", toolkit.slug)


def test_a_stale_form_answers_409_and_keeps_what_was_typed(as_person, toolkit, lena, adam):
    verbs.change_page(toolkit, by=lena, title="Agreeing KPIs", summary="", body="Theirs", version=2)
    address = reverse("kpis:guidance-edit", args=[toolkit.slug])
    for version in ("2", ""):
        answer = as_person(adam).post(
            address, {"title": "Agreeing KPIs", "summary": "", "body": "Mine", "version": version}
        )
        assert answer.status_code == 409
        assert "Mine" in answer.content.decode()
        assert "was saved by Lena Fischer" in answer.content.decode()
    assert answer.context["form"]["version"].value() == "3"
    stale = as_person(adam).post(
        reverse("kpis:guidance-publish", args=[toolkit.slug]), {"publish": "no", "version": "2"}
    )
    assert stale.status_code == 409
    toolkit.refresh_from_db()
    assert (toolkit.body, toolkit.is_published) == ("Theirs", True)


def test_a_title_is_had_once_and_the_address_stays(lena, toolkit):
    with pytest.raises(Invalid, match="already a page called"):
        verbs.add_page(by=lena, title="agreeing kpis", body="Again")
    renamed = verbs.change_page(toolkit, by=lena, title="Agreeing", summary="", body="Ask.")
    assert renamed.slug == "agreeing-kpis"
    assert verbs.add_page(by=lena, title="Agreeing KPIs", body="Second").slug == "agreeing-kpis-2"
    assert verbs.add_page(by=lena, title="New", body="Not the form").slug == "new-2"
    assert verbs.add_page(by=lena, title="指南", body="Words").slug == "page"
    with pytest.raises(Invalid, match="Enter the text"):
        verbs.add_page(by=lena, title="Empty", body=" \n ")


def test_pages_are_put_in_order(as_person, lena, toolkit):
    second = verbs.add_page(by=lena, title="Reporting", body="Words")
    client = as_person(lena)
    client.post(reverse("kpis:guidance-move", args=[second.slug]), {"to": "up"})
    assert [page.title for page in GuidancePage.objects.all()] == ["Reporting", "Agreeing KPIs"]
    assert HistoryRow.objects.of(second).first().changes == [("Place", "2", "1")]
    verbs.move(second, by=lena, up=True)
    verbs.move(second, by=lena, up=False)
    assert [page.title for page in GuidancePage.objects.all()] == ["Agreeing KPIs", "Reporting"]


def test_publishing_what_is_published_is_refused(toolkit, lena):
    with pytest.raises(Stale):
        verbs.publish(toolkit, by=lena)


def test_published_guidance_is_linked_where_kpis_are_proposed(as_person, toolkit, highways, colin, lena):
    draft = proposals.start_set(highways, by=colin)
    verbs.add_page(by=lena, title="Unfinished", body="Words")
    read = shown(as_person(colin), "kpis:kpi-add", highways.pk, draft.number)
    assert toolkit.get_absolute_url() in read
    assert "Unfinished" not in read
