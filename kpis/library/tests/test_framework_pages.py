"""The pages of frameworks, themes, priorities and a contract's choice: read by many, kept by one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import make_contract
from kpis.library.models import CouncilPriority, Framework, Outcome, Theme
from kpis.library.tests.editions import make_edition, make_measure
from kpis.tests.factories import make_approved_set

FACTS = {
    "name": "County charter",
    "edition": "2026",
    "about": "Codes are not known yet.",
    "source": "County papers",
    "licence": "Open",
    "offered": "by_date",
    "procured_from_0": "1",
    "procured_from_1": "4",
    "procured_from_2": "2026",
}


@pytest.fixture
def edition(db):
    return make_edition("2025", about="Prices are left to fill in.")


@pytest.fixture
def measure(edition):
    return make_measure(edition)


@pytest.fixture
def lead(as_person, lena):
    return as_person(lena)


def page(client, name, *args):
    """Return the text of a page."""
    answer = client.get(reverse(f"kpis:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_every_edition_is_listed_under_its_name_with_licence_source_and_measures(lead, measure):
    make_edition("2026", status="draft")
    make_edition("1", name="By subscription", licence="Paid", needs_licence=True)
    text = page(lead, "framework-list")
    assert text.count("Editions of County charter") == 1
    assert "County papers" in text
    assert "Licence not confirmed" in text
    assert "Draft" in text


def test_the_list_costs_the_same_for_many_editions(lead, measure, django_assert_num_queries):
    page(lead, "framework-list")
    with CaptureQueriesContext(connection) as few:
        page(lead, "framework-list")
    for number in range(6):
        make_measure(make_edition(f"E{number}"))
    with django_assert_num_queries(len(few)):
        page(lead, "framework-list")


def test_an_edition_shows_its_headings_measures_source_and_what_is_not_known(lead, edition, measure):
    Theme.objects.filter(pk=measure.theme_id).update(heading="A mission")
    after = make_edition("2026", previous=edition)
    text = page(lead, "framework-page", edition.pk)
    for words in ("A mission", "Town", "Better lives", "Hours of mentoring", "CC1", "County papers"):
        assert words in text
    assert "Prices are left to fill in." in text
    assert str(after) in text
    assert str(edition) in page(lead, "framework-page", after.pk)


def test_an_edition_costs_the_same_for_many_themes(lead, edition, measure, django_assert_num_queries):
    page(lead, "framework-page", edition.pk)
    with CaptureQueriesContext(connection) as few:
        page(lead, "framework-page", edition.pk)
    for number in range(5):
        theme = Theme.objects.create(framework=edition, code=f"X{number}", title="More", position=9)
        Outcome.objects.create(theme=theme, title="More of it")
        make_measure(edition, f"XX{number}", theme=theme)
    with django_assert_num_queries(len(few)):
        page(lead, "framework-page", edition.pk)


def test_the_lead_adds_an_edition_and_makes_it_live(lead):
    answer = lead.post(reverse("kpis:framework-add"), FACTS)
    made = Framework.objects.get(name="County charter")
    assert answer.url == made.get_absolute_url()
    assert (made.status, made.procured_from, made.procured_until) == ("draft", dt.date(2026, 4, 1), None)
    assert "on or after 1 April 2026" in page(lead, "framework-page", made.pk)
    lead.post(reverse("kpis:framework-status", args=[made.pk]), {"version": made.version, "note": ""})
    made.refresh_from_db()
    assert made.status == "live"


def test_retiring_an_edition_counts_the_contracts_that_use_it_as_the_list_does(
    lead, highways, home_care, neighbourhoods
):
    """Two have KPIs of it in an approved set, one only chose it: the list and the question agree."""
    for_all = make_edition(offered="always")
    april = dt.date(2026, 4, 1)
    for contract in (highways, home_care):
        kpis = [(make_measure(for_all, f"{contract.pk}-{n}"), 12) for n in range(2)]
        make_approved_set(contract, april, kpis)
    for_all.choices.create(contract=make_contract("Parks", neighbourhoods))
    row = next(row for _, rows in lead.get(reverse("kpis:framework-list")).context["names"]
               for row in rows if row.framework == for_all)  # fmt: skip
    assert row.contracts == 2
    text = page(lead, "framework-status", for_all.pk)
    assert "2 contracts use it: their KPIs carry on" in text
    assert "chosen by name for 1 contract" in text
    assert "No contract uses it yet" in page(lead, "framework-status", make_edition("2026").pk)


def test_what_is_missing_is_said_by_its_field(lead, edition):
    answer = lead.post(reverse("kpis:framework-add"), {**FACTS, "edition": "2025", "procured_from_2": ""})
    assert answer.status_code == 200
    answer = lead.post(
        reverse("kpis:framework-add"),
        {**FACTS, "edition": "2025"} | {f"procured_from_{place}": "" for place in range(3)},
    )
    text = answer.content.decode()
    assert "Enter the first day, the last day or both" in text
    assert "There is already County charter, 2025" in text


@pytest.mark.parametrize("version", ["1", ""], ids=["old", "none"])
def test_a_stale_form_keeps_what_was_typed_and_saves_nothing(lead, edition, version):
    Framework.objects.filter(pk=edition.pk).update(version=2, source="Somebody else's")
    typed = {**FACTS, "edition": "2025", "source": "My own words", "version": version}
    answer = lead.post(reverse("kpis:framework-edit", args=[edition.pk]), typed)
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()
    edition.refresh_from_db()
    assert edition.source == "Somebody else's"
    again = lead.post(reverse("kpis:framework-edit", args=[edition.pk]), {**typed, "version": "2"})
    assert again.status_code == 302


@pytest.mark.parametrize("name", ["framework-status", "framework-licence", "framework-licence-withdraw"])
def test_an_act_on_an_older_copy_is_a_plain_409(lead, name):
    edition = make_edition(needs_licence=True, version=3)
    data = {"version": "1", "note": "Why", "licence_note": "Licence 17", "confirm": "on"}
    assert lead.post(reverse(f"kpis:{name}", args=[edition.pk]), data).status_code == 409
    edition.refresh_from_db()
    assert (edition.status, edition.licence_confirmed_at) == ("live", None)


def test_the_licence_is_confirmed_and_shown_with_who_and_when(lead, lena):
    edition = make_edition(needs_licence=True)
    data = {"version": "1", "licence_note": "Licence 17, to March 2027"}
    assert lead.post(reverse("kpis:framework-licence", args=[edition.pk]), data).status_code == 200
    lead.post(reverse("kpis:framework-licence", args=[edition.pk]), {**data, "confirm": "on"})
    text = page(lead, "framework-page", edition.pk)
    assert "Licence 17, to March 2027" in text
    assert "Confirmed by Lena Fischer" in text
    free = make_edition("9")
    assert lead.get(reverse("kpis:framework-licence", args=[free.pk])).status_code == 409


def test_a_new_edition_is_begun_by_hand_on_a_page(lead, edition, measure):
    url = reverse("kpis:framework-copy", args=[edition.pk])
    facts = {"name": "County charter", "source": "County papers", "what": "measures"}
    assert "already" in lead.post(url, {**facts, "edition": "2025"}).content.decode()
    answer = lead.post(url, {**facts, "edition": "2026"})
    new = Framework.objects.get(edition="2026")
    assert answer.url == new.get_absolute_url()
    assert new.measures.get().code == measure.code
    remove = reverse("kpis:framework-remove", args=[new.pk])
    assert "1 theme and 1 measure" in lead.get(remove).content.decode()
    assert lead.post(remove, {"note": ""}).status_code == 409
    assert lead.post(remove, {"note": "", "version": "1"}).url == reverse("kpis:framework-list")
    assert not Framework.objects.filter(pk=new.pk).exists()
    assert lead.get(reverse("kpis:framework-remove", args=[edition.pk])).status_code == 409


def test_themes_and_outcomes_are_kept_on_pages(lead, edition):
    lead.post(reverse("kpis:theme-add", args=[edition.pk]), {"code": "A", "title": "Alpha", "position": "1"})
    theme = edition.themes.get()
    lead.post(reverse("kpis:outcome-add", args=[theme.pk]), {"code": "", "title": "Better", "position": "1"})
    outcome = theme.outcomes.get()
    url = reverse("kpis:outcome-edit", args=[outcome.pk])
    assert lead.post(url, {"title": "Best", "position": "1", "seen": "0"}).status_code == 302
    stale = lead.post(url, {"title": "Mine", "position": "1", "seen": "0"})
    assert (stale.status_code, "Mine" in stale.content.decode()) == (409, True)
    assert lead.post(url, {"title": "Mine", "position": "7", "seen": "0"}).status_code == 200
    refused = lead.post(reverse("kpis:theme-remove", args=[theme.pk]), {"note": ""})
    assert (refused.status_code, "1 outcome" in refused.content.decode()) == (409, True)
    assert lead.post(reverse("kpis:outcome-remove", args=[outcome.pk]), {"note": ""}).status_code == 302
    assert lead.post(reverse("kpis:theme-remove", args=[theme.pk]), {"note": ""}).status_code == 302
    assert not edition.themes.exists()


def test_a_heading_removed_meanwhile_is_said_plainly(lead, edition, measure):
    gone = Theme.objects.create(framework=edition, code="G", title="Gone", position=5)
    url = reverse("kpis:theme-edit", args=[gone.pk])
    gone.delete()
    assert lead.get(url).status_code == 404


def test_priorities_are_kept_on_pages_and_show_their_measures(lead, measure):
    lead.post(reverse("kpis:priority-add"), {"title": "A fair town", "about": "", "position": "1"})
    priority = CouncilPriority.objects.get(title="A fair town")
    measure.priorities.add(priority)
    assert "A fair town" in page(lead, "priority-list")
    text = page(lead, "priority-page", priority.pk)
    assert "Hours of mentoring" in text
    assert "County charter, 2025" in text
    url = reverse("kpis:priority-edit", args=[priority.pk])
    assert lead.post(url, {"title": "Mine", "position": "1"}).status_code == 409
    assert lead.post(url, {"title": "A fairer town", "position": "1", "version": "1"}).status_code == 302
    status = reverse("kpis:priority-status", args=[priority.pk])
    assert lead.post(status, {"version": "1"}).status_code == 409
    assert lead.post(status, {"version": "2"}).status_code == 302
    priority.refresh_from_db()
    assert not priority.is_active


def test_everybody_with_a_post_reads_them_and_only_the_lead_keeps_them(cast, as_person, edition, measure):
    priority = CouncilPriority.objects.create(title="A fair town")
    read = [("framework-list",), ("framework-page", edition.pk), ("priority-list",)]
    read.append(("priority-page", priority.pk))
    keep = [
        ("framework-add",),
        *((f"framework-{act}", edition.pk) for act in ("edit", "status", "copy")),
        ("theme-add", edition.pk),
        ("theme-edit", measure.theme_id),
        ("theme-remove", measure.theme_id),
        ("outcome-add", measure.theme_id),
        ("outcome-edit", measure.outcome_id),
        ("outcome-remove", measure.outcome_id),
        ("priority-add",),
        ("priority-edit", priority.pk),
        ("priority-status", priority.pk),
    ]
    for who, person in cast.items():
        client = as_person(person)
        for name, *args in read:
            expected = 403 if who == "nadia" else 200
            assert client.get(reverse(f"kpis:{name}", args=args)).status_code == expected, (who, name)
        for name, *args in keep:
            expected = 200 if who == "lena" else 403
            assert client.get(reverse(f"kpis:{name}", args=args)).status_code == expected, (who, name)


def test_a_contracts_frameworks_are_chosen_with_a_reason_and_a_stale_form_is_kept(
    as_person, priya, highways, edition
):
    client = as_person(priya)
    url = reverse("kpis:contract-frameworks", args=[highways.pk])
    assert "is not recorded" in page(client, "contract-frameworks", highways.pk)
    typed = {"which": "chosen", "frameworks": [edition.pk], "note": "The tender named it", "seen": "0"}
    text = client.post(url, {**typed, "frameworks": []}).content.decode()
    assert "Select at least one framework" in text
    assert client.post(url, {**typed, "note": ""}).status_code == 200
    assert client.post(url, typed).url == highways.get_absolute_url()
    assert highways.framework_choices.get().framework == edition
    text = page(client, "contract-frameworks", highways.pk)
    assert "“The tender named it”" in text
    stale = client.post(url, {**typed, "which": "offered", "note": "Back again"})
    assert (stale.status_code, "Back again" in stale.content.decode()) == (409, True)


def test_a_call_off_is_led_to_the_agreement_that_decides(as_person, colin, neighbourhoods, highways, edition):
    job = make_contract("Job", neighbourhoods, agreement_type="call_off", parent=highways)
    client = as_person(colin)
    text = page(client, "contract-frameworks", job.pk)
    assert reverse("kpis:contract-frameworks", args=[highways.pk]) in text
    typed = {"which": "chosen", "frameworks": [edition.pk], "note": "Mine", "seen": "0"}
    assert client.post(reverse("kpis:contract-frameworks", args=[job.pk]), typed).status_code == 409
    assert not job.framework_choices.exists()


def test_a_contracts_frameworks_are_hidden_from_outsiders_and_refused_to_readers(cast, as_person, highways):
    url = reverse("kpis:contract-frameworks", args=[highways.pk])
    may = {"colin", "priya", "dafydd", "lena", "adam"}
    see = {"dana", "desmond", "della", "ewa", "sami"}
    for who, person in cast.items():
        expected = 200 if who in may else 403 if who in see else 404
        assert as_person(person).get(url).status_code == expected, who
