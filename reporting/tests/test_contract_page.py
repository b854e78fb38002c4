"""The contract page and its history: what each person reads there."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.calendar import add_months, first_of_month, today
from accounts.history import record
from conftest import make_contract
from contracts import verbs
from kpis.library.models import Cohort, Framework, Measure, Theme, Unit
from kpis.proposals.models import KPI, KPISet, KPITerms
from kpis.readings.models import Reading
from kpis.returns.models import MonthlyReturn


@pytest.fixture
def measures(db):
    """Return a measure that counts weeks and one that counts care leavers."""
    framework = Framework.objects.create(name="Test", edition="1", source="Ours", licence="OGL")
    theme = Theme.objects.create(framework=framework, code="T", title="Work")
    unit = Unit.objects.create(code="test-weeks", name="weeks", short="weeks")
    cohort = Cohort.objects.create(code="test-leavers", name="Care leavers", definition="Left care")
    common = {
        "framework": framework,
        "theme": theme,
        "unit": unit,
        "counting_rule": "Count",
        "evidence_expected": "List",
    }
    return (
        Measure.objects.create(code="T-01", title="Apprentice weeks", **common),
        Measure.objects.create(code="T-02", title="Care leavers hired", cohort=cohort, **common),
    )


def set_with(contract, *measures, reported=3):
    """Return an approved set with each measure's reported figure for last month."""
    month = add_months(first_of_month(today()), -1)
    kpi_set = KPISet.objects.create(
        contract=contract, number=1, status="approved", effective_month=month, decided_at=timezone.now()
    )
    now = timezone.now()
    monthly = MonthlyReturn.objects.create(
        contract=contract, month=month, kpi_set=kpi_set, directorate=contract.directorate, status="submitted",
        due_on=today(), first_submitted_at=now, submitted_at=now,
    )  # fmt: skip
    for place, measure in enumerate(measures, start=1):
        kpi = KPI.objects.create(
            contract=contract, measure=measure, unit=measure.unit, direction="higher", kind="count"
        )
        terms = KPITerms.objects.create(
            kpi_set=kpi_set, kpi=kpi, position=place, title=measure.title, target=Decimal(48),
            starts_month=month, ends_month=add_months(month, 11), counting_rule="Count",
            evidence_expected="List",
        )  # fmt: skip
        Reading.objects.create(
            monthly_return=monthly, kpi=kpi, terms=terms, contract=contract, month=month,
            directorate=contract.directorate, measure=measure, target=Decimal(4), value=Decimal(reported),
            saved_at=now, reported_value=Decimal(reported), reported_at=now,
        )  # fmt: skip
    return kpi_set


def rows(page):
    return {row.title: row for row in page.context["kpi_rows"]}


def test_an_outsider_finds_no_such_contract(as_person, otto, nadia, highways):
    for person in (otto, nadia):
        assert as_person(person).get(f"/contracts/{highways.number}/").status_code == 404
        assert as_person(person).get(f"/contracts/{highways.number}/history/").status_code == 404


def test_everybody_who_sees_it_can_open_it(as_person, cast, highways, measures):
    set_with(highways, *measures)
    for name in ("colin", "priya", "dafydd", "dana", "desmond", "della", "lena", "ewa", "sami", "adam"):
        page = as_person(cast[name]).get(f"/contracts/{highways.number}/")
        assert page.status_code == 200, name
        assert "Highways resurfacing" in page.content.decode()


def test_a_live_contract_without_kpis_says_so_plainly(as_person, sami, highways, neighbourhoods):
    page = as_person(sami).get(f"/contracts/{highways.number}/")
    assert "Live without approved KPIs" in page.content.decode()
    ended = make_contract("Over", neighbourhoods, stage="ended")
    assert "Live without" not in as_person(sami).get(f"/contracts/{ended.number}/").content.decode()


def test_figures_to_date_stand_beside_what_was_due(as_person, priya, highways, measures):
    set_with(highways, *measures)
    row = rows(as_person(priya).get(f"/contracts/{highways.number}/"))["Apprentice weeks"]
    assert (row.target, row.due, row.reported, row.verified, row.rating) == ("48", "4", "3", "", "behind")


def test_small_numbers_of_a_cohort_are_shown_only_to_those_close_to_the_contract(
    as_person, cast, highways, measures
):
    set_with(highways, *measures)
    for name, shown in (
        ("priya", "3"),
        ("dana", "3"),
        ("lena", "3"),
        ("sami", "Not shown"),
        ("ewa", "Not shown"),
        ("adam", "Not shown"),
    ):
        row = rows(as_person(cast[name]).get(f"/contracts/{highways.number}/"))["Care leavers hired"]
        assert row.reported == shown, name
        assert bool(row.rating) == (shown == "3")


def test_members_do_not_see_a_set_in_the_making(as_person, ewa, sami, colin, dana, highways):
    KPISet.objects.create(
        contract=highways, number=4, status="submitted", submitted_by=colin, submitted_at=timezone.now()
    )
    assert "with Dana" not in as_person(sami).get(f"/contracts/{highways.number}/").content.decode()
    assert as_person(ewa).get(f"/contracts/{highways.number}/").context["pending"] is None
    page = as_person(colin).get(f"/contracts/{highways.number}/")
    assert page.context["pending"]["words"] == "It waits with Dana Okafor (Strategic Director), since today."


def test_what_somebody_may_not_do_says_why(as_person, sami, colin, highways):
    text = as_person(sami).get(f"/contracts/{highways.number}/").content.decode()
    assert "Only its commissioners" in text
    assert f"/contracts/{highways.number}/edit/" not in text
    assert (
        f"/contracts/{highways.number}/edit/"
        in as_person(colin).get(f"/contracts/{highways.number}/").content.decode()
    )


def test_history_hides_drafts_and_unsubmitted_figures_from_members(
    as_person, sami, priya, della, lena, highways
):
    with transaction.atomic():
        record(
            action="returns.save_reading",
            subject=highways,
            by=priya,
            summary="Figure saved",
            after={"Comment": "Late payroll"},
            contract_number=highways.number,
        )
        record(
            action="proposals.add_kpi",
            subject=highways,
            by=priya,
            summary="KPI drafted",
            contract_number=highways.number,
        )
    verbs.edit(highways, by=lena, tier="Gold")
    address = f"/contracts/{highways.number}/history/"
    seen = as_person(sami).get(address).content.decode()
    assert "Changed tier" in seen
    assert "Figure saved" not in seen
    assert "KPI drafted" not in seen
    delegate = as_person(della).get(address).content.decode()
    assert "Figure saved" in delegate
    assert "Late payroll" not in delegate
    own = as_person(priya).get(address).content.decode()
    assert "Late payroll" in own
    only = as_person(priya).get(address, {"kind": "contract"}).content.decode()
    assert "Changed tier" in only
    assert "Figure saved" not in only


def test_long_histories_are_paged_with_flat_queries(as_person, lena, highways):
    verbs.edit(highways, by=lena, tier="T0")
    client = as_person(lena)
    address = f"/contracts/{highways.number}/history/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(1, 70):
        verbs.edit(highways, by=lena, tier=f"T{n}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert len(page.context["lines"]) == 50
    assert len(many) <= len(few)


def test_the_page_costs_the_same_whatever_the_number_of_kpis(as_person, lena, highways, home_care, measures):
    set_with(highways, measures[0])
    client = as_person(lena)
    client.get(f"/contracts/{highways.number}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/contracts/{highways.number}/")
    set_with(home_care, *measures)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/contracts/{home_care.number}/")
    assert abs(len(many) - len(few)) <= 1


def test_the_old_list_of_contracts_without_kpis_leads_to_the_gap_register(
    as_person, colin, highways, home_care
):
    page = as_person(colin).get("/contracts/without-kpis/", follow=True)
    assert page.redirect_chain[0] == ("/contracts/gaps/?kind=gap", 301)
    assert [row.contract.title for row in page.context["page_obj"]] == ["Highways resurfacing"]


def test_a_contract_that_has_not_begun_is_not_called_live_without_kpis(as_person, colin, neighbourhoods):
    make_contract("Later", neighbourhoods, starts_on=today() + dt.timedelta(days=9))
    page = as_person(colin).get("/contracts/without-kpis/", follow=True)
    assert not page.context["page_obj"].object_list


def test_kpis_approved_ahead_are_in_force_from_their_month_not_since(as_person, colin, highways, measures):
    kpi_set = set_with(highways, measures[0])
    assert "1 KPI in force since" in as_person(colin).get(highways.get_absolute_url()).content.decode()
    KPISet.objects.filter(pk=kpi_set.pk).update(effective_month=add_months(first_of_month(today()), 2))
    assert "1 KPI in force from" in as_person(colin).get(highways.get_absolute_url()).content.decode()
