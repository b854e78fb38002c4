"""Section 52 beside an approved exception: its words are offered as a reason, never put in by themselves."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import add_months, first_of_month, today
from contracts.models import Contract
from kpis.notices.section52 import duty, set_in_force
from kpis.tests.factories import make_approved_exception, make_approved_set, make_measure

SOON = dt.timedelta(days=90)


@pytest.fixture
def large(highways):
    """Return the highways contract as one section 52 asks for KPIs, under an exception."""
    Contract.objects.filter(pk=highways.pk).update(
        estimated_value_inc_vat=Decimal("6000000"), regime="pa2023"
    )
    highways.refresh_from_db()
    make_approved_exception(highways, add_months(first_of_month(today()), -1), today() + SOON)
    return highways


def test_an_exception_from_social_value_kpis_answers_nothing_by_itself(large):
    found = duty(large)
    assert (found.applies, found.kpis_here) == (True, 0)
    assert set_in_force(large) is None


def test_its_words_are_linked_and_offered_and_stand_only_once_saved(large, as_person, colin):
    client = as_person(colin)
    url = f"/contracts/{large.pk}/section-52/"
    page = client.get(url).content.decode()
    assert "Exception 1" in page
    assert "Take these words as the recorded reason" in page
    offered = client.get(url, {"words": "exception"})
    assert offered.context["form"]["kpi_exemption"].value() == "Two visits a year with one van."
    large.refresh_from_db()
    assert large.kpi_exemption == ""
    form = offered.context["form"]
    sent = {name: form[name].value() or "" for name in ("version", "kpis_elsewhere", "act_kind")}
    client.post(url, {**sent, "kpi_exemption": "Two visits a year with one van.", "note": ""})
    large.refresh_from_db()
    assert large.kpi_exemption == "Two visits a year with one van."


def test_what_is_recorded_already_is_not_written_over(large, as_person, colin):
    Contract.objects.filter(pk=large.pk).update(kpi_exemption="A one-off delivery")
    page = as_person(colin).get(f"/contracts/{large.pk}/section-52/", {"words": "exception"})
    assert page.context["form"]["kpi_exemption"].value() == "A one-off delivery"
    assert "Take these words" not in page.content.decode()


def test_kpis_before_the_exception_are_not_counted_as_here(highways):
    month = first_of_month(today())
    make_approved_set(highways, add_months(month, -6), [(make_measure(), "5")])
    make_approved_exception(highways, add_months(month, -1), today() + SOON)
    assert duty(highways).kpis_here == 0
