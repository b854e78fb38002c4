"""The contract page says which editions its KPIs come from, and which it may propose from."""

import datetime as dt

import pytest

from kpis.library.choice_verbs import choose_frameworks
from kpis.library.tests.editions import make_edition, make_measure
from kpis.tests.factories import make_approved_set
from reporting.pages.sections.frameworks import frameworks_section

MONTH = dt.date(2025, 5, 1)


@pytest.fixture
def old(highways):
    highways.procurement_began_on = dt.date(2024, 5, 1)
    highways.save()
    return make_edition("2023", offered="by_date", procured_until=dt.date(2025, 3, 31))


def test_editions_in_use_are_counted_and_those_to_propose_from_are_named(highways, old, colin):
    make_approved_set(highways, MONTH, [(make_measure(old, "A"), 10), (make_measure(old, "B"), 20)])
    new = make_edition("2025")
    choose_frameworks(highways, by=colin, frameworks=[new], note="A variation")
    context = frameworks_section(highways, colin).context
    assert [(one, one.kpi_count) for one in context["in_use"]] == [(old, 2)]
    assert (context["offered"], context["why"]) == ([new], "Chosen for this contract.")
    assert context["choose_url"]


def test_an_earlier_set_is_not_counted_again(highways, old, colin):
    measure = make_measure(old)
    for month in (MONTH, dt.date(2025, 7, 1)):
        make_approved_set(highways, month, [(measure, 10)])
    assert [one.kpi_count for one in frameworks_section(highways, colin).context["in_use"]] == [1]


def test_readers_are_not_led_to_choose_and_an_ended_contract_without_kpis_has_no_section(
    highways, old, sami, colin
):
    assert frameworks_section(highways, sami).context["choose_url"] == ""
    highways.stage = "ended"
    assert frameworks_section(highways, colin) is None


def test_the_contract_page_shows_the_section(highways, old, colin, as_person):
    text = as_person(colin).get(highways.get_absolute_url()).content.decode()
    assert "Measures may be proposed from" in text
    assert "County charter, 2023" in text
    assert "Choose other frameworks" in text
