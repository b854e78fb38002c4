"""Finding measures: words and facts, side by side, on paper and as a file, at any size."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from conftest import make_contract
from kpis.library import browsing
from kpis.library.models import CouncilPriority, Framework, Measure, Theme, Unit
from kpis.library.models.measure import stem_of
from kpis.library.tests.test_keeping import give_value
from kpis.models import KPITemplate
from kpis.proxies.tests.making import make_proxy
from kpis.returns.tests.conftest import APRIL
from kpis.tests.factories import make_approved_set, make_measure

LIBRARY = "/library/"


def titles_of(page):
    """Return the titles of the measures a page of the library lists."""
    return [
        part.split(">")[1].split("<")[0]
        for part in page.split('href="/library/measures/')[1:]
        if "new/" not in part[:5]
    ]


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("weeks", "week"),
        ("companies", "compan"),
        ("company", "compan"),
        ("boxes", "box"),
        ("business", "business"),
        ("children", "child"),
        ("NT1", "NT1"),
        ("bus", "bus"),
    ],
)
def test_a_word_is_found_in_singular_and_plural(words, stem):
    assert stem_of(words) == stem


def test_the_library_is_searched_in_words_of_either_number(db):
    make_measure("Small companies given a mentor")
    assert Measure.objects.matching("company mentors").get().title == "Small companies given a mentor"


def test_each_filter_narrows_the_library(lena, as_person):
    tree, score = make_measure("Trees planted"), make_measure("Score of the survey", kind="percentage")
    old = make_measure("Old measure", status="retired")
    other = Framework.objects.create(name="Ours", edition="2027", source="Us", licence="OGL")
    theme = Theme.objects.create(framework=other, code="N", title="Nature in our words")
    tree.also_under.add(theme)
    priority = CouncilPriority.objects.create(title="A greener place")
    tree.priorities.add(priority)
    give_value(tree)
    client = as_person(lena)

    def found(**given):
        return set(titles_of(client.get(LIBRARY, {"q": "test framework", **given}).content.decode()))

    assert found() == {tree.title, score.title}
    assert found(framework=tree.framework_id) == {tree.title, score.title}
    assert found(theme=theme.pk) == {tree.title}
    assert found(kind="percentage") == {score.title}
    assert found(unit=Unit.objects.get(code="people").pk) == set()
    assert found(priority=priority.pk) == {tree.title}
    assert found(priced="yes") == {tree.title}
    assert found(priced="no") == {score.title}
    assert found(status="retired") == {old.title}
    assert found(status="all") == {tree.title, score.title, old.title}
    # What was never offered narrows nothing and takes no page down.
    assert found(theme="x", framework="99999", status="odd", kind="odd") == {tree.title, score.title}


def test_what_is_found_comes_as_a_file_in_full(lena, as_person):
    tree = make_measure("=Trees planted", can_be_negative=True)
    client = as_person(lena)
    answer = client.get(LIBRARY, {"q": "trees planted", "framework": tree.framework_id, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["Title"] for row in rows] == ["'=Trees planted"]
    assert (rows[0]["Edition"], rows[0]["Can be negative"], rows[0]["Licence"]) == ("1", "Yes", "None needed")
    answer = client.get(LIBRARY, {"q": "trees planted", "format": "xlsx"})
    assert load_workbook(io.BytesIO(answer.content)).active.max_row > 1


def test_two_to_four_measures_stand_side_by_side(colin, as_person):
    five = [make_measure(f"Number {n}", counting_rule=f"Count {n}.") for n in range(5)]
    secret = make_measure("Secret draft", status="draft")
    client, url = as_person(colin), reverse("kpis:measure-compare")
    page = client.get(url, {"m": [one.pk for one in five[:3]]}).content.decode()
    assert all(
        words in page for words in ("Count 0.", "Count 1.", "Count 2.", "differs", "Leave out Number 0")
    )
    assert "Fewer than 2" in client.get(url).content.decode()
    assert "More than 4" in client.get(url, {"m": [one.pk for one in five]}).content.decode()
    page = client.get(url, {"m": [five[0].pk, secret.pk, "x", "9" * 30, five[0].pk]}).content.decode()
    assert "Fewer than 2" in page
    assert "Secret" not in page


def test_measures_of_an_edition_nobody_can_propose_from_show_only_when_it_is_asked_for(colin, as_person):
    offered, early = make_measure("Kayaks lent"), make_measure("Kayaks mended")
    edition = Framework.objects.create(
        name="Next", edition="2030", status="draft", source="Us", licence="Ours", offered="always"
    )
    theme = Theme.objects.create(framework=edition, code="N1", title="Next")
    Measure.objects.filter(pk=early.pk).update(framework=edition, theme=theme)
    client = as_person(colin)

    def page(asked):
        return client.get(LIBRARY, asked).content.decode()

    assert titles_of(page({"q": "kayaks"})) == [offered.title]
    assert titles_of(page({"framework": edition.pk})) == [early.title]
    assert len(titles_of(page({"q": "kayaks", "status": "all"}))) == 2


def test_the_comparison_says_which_measures_have_a_value(lena, colin):
    with_one, without = make_measure("Weeks of training"), make_measure("Trees planted")
    make_proxy(with_one, lena)
    asked = browsing.to_compare([str(with_one.pk), str(without.pk)], colin)
    said = {label: [words for _, words in each] for label, each, _ in browsing.compared(asked)}
    assert said["£ value"] == ["Has one", "None yet"]


def test_an_edition_is_printed_in_full(colin, as_person):
    tree = make_measure("Trees planted")
    page = as_person(colin).get(reverse("kpis:library-print"), {"framework": tree.framework_id})
    assert "Count each week once." in page.content.decode()
    assert "Framework and edition: Test framework, 1" in page.content.decode()
    assert "Volunteer" not in page.content.decode()


def test_the_measure_page_says_where_it_is_used_and_how_much_one_may_not_open(
    highways, neighbourhoods, home_care, colin, oscar, priya, as_person
):
    weeks = make_measure("Weeks of training")
    for contract in (highways, home_care):
        make_approved_set(contract, APRIL, [(weeks, 12)])
    template = KPITemplate.objects.create(name="For small works")
    template.items.create(measure=weeks)
    page = as_person(colin).get(weeks.get_absolute_url()).content.decode()
    assert "In 2 approved KPI sets" in page
    assert "Highways resurfacing" in page
    assert home_care.title not in page
    assert "And 1 contract you may not open" in page
    assert "For small works" in page
    page = as_person(oscar).get(weeks.get_absolute_url()).content.decode()
    assert "Highways resurfacing" not in page


def test_a_library_of_two_thousand_costs_as_many_queries_as_a_small_one(
    lena, colin, as_person, neighbourhoods
):
    first = make_measure("Measure of many")
    client = as_person(lena)

    def queries(url):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    urls = [
        LIBRARY,
        f"{LIBRARY}?q=measures+of+many",
        f"{LIBRARY}?status=all&page=2",
        f"{LIBRARY}print/?q=many",
    ]
    for url in urls:
        queries(url)
    before = [queries(url) for url in urls]
    for edition in range(5):
        framework = Framework.objects.create(name="Bought", edition=str(edition), source="S", licence="L")
        theme = Theme.objects.create(framework=framework, code="T", title="Theme")
        Measure.objects.bulk_create(
            Measure(
                framework=framework, theme=theme, code=f"M{n}", title=f"Measure of many {n}", unit=first.unit,
                counting_rule="Count.", evidence_expected="List.",
            )
            for n in range(400)
        )  # fmt: skip
    assert [queries(url) for url in urls] == before
    weeks = make_measure("Weeks used")
    make_approved_set(make_contract("One", neighbourhoods), APRIL, [(weeks, 12)])
    queries(weeks.get_absolute_url())
    few = queries(weeks.get_absolute_url())
    for n in range(8):
        make_approved_set(make_contract(f"More {n}", neighbourhoods), APRIL, [(weeks, 12)])
    assert queries(weeks.get_absolute_url()) == few
