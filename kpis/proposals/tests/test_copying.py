"""A set begun as a copy of another contract's: what comes along, what is left out, and for whom."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract, make_person
from contracts.models import Category
from kpis.library import own_words
from kpis.library.models import Framework, Measure, Unit
from kpis.proposals import copying, verbs
from kpis.proposals.models import KPISet

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2028, 3, 1)


def measure(code):
    return Measure.objects.get(code=code)


def approved(kpi_set):
    KPISet.objects.filter(pk=kpi_set.pk).update(status="approved", decided_at=kpi_set.started_at)
    return KPISet.objects.get(pk=kpi_set.pk)


@pytest.fixture
def parks(neighbourhoods, highways):
    """Return another contract of the directorate, smaller and shorter."""
    return make_contract(
        "Parks", neighbourhoods, category=highways.category, value=Decimal(200_000),
        ends_on=dt.date(2027, 3, 31), supplier="Green Ltd",
    )  # fmt: skip


@pytest.fixture
def source(highways, colin):
    """Return highways' KPIs, approved: hours by term, local spend in its own words, starts for a group."""
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=APRIL, why="Private reasons")
    common = {"by": colin, "ends_month": MARCH}
    verbs.add_kpi(
        kpi_set, measure=measure("SV-25"), target=Decimal(60), profile="by_term",
        green_from=Decimal(95), amber_from=Decimal(80), why="Because of Fred", baseline=Decimal(7), **common,
    )  # fmt: skip
    verbs.add_kpi(
        kpi_set, measure=measure("SV-09"), target=Decimal(24), title="Weeks on the roads",
        counting_rule="Count the weeks on the roads.", evidence_expected="Payroll of the roads", **common,
    )  # fmt: skip
    verbs.add_kpi(kpi_set, measure=measure("SV-03"), target=Decimal(4), **common)
    return approved(kpi_set)


def codes(kpi_set):
    return list(kpi_set.terms.values_list("kpi__measure__code", flat=True))


def test_what_was_promised_comes_along_fitted_to_the_months_of_this_contract(source, parks, colin):
    kpi_set = copying.start_copy(parks, source, by=colin)
    assert codes(kpi_set) == ["SV-25", "SV-09", "SV-03"]
    assert kpi_set.copied_from == source
    hours, weeks, _ = kpi_set.terms.all()
    assert (hours.target, hours.profile, hours.green_from, hours.amber_from) == (60, "by_term", 95, 80)
    assert (hours.starts_month, hours.ends_month) == (kpi_set.effective_month, dt.date(2027, 3, 1))
    assert (hours.why, hours.baseline, kpi_set.why) == ("", None, "")
    assert sum(hours.monthly_targets.values_list("amount", flat=True)) == 60
    assert (weeks.title, weeks.counting_rule) == ("Weeks on the roads", "Count the weeks on the roads.")
    assert weeks.evidence_expected == "Payroll of the roads"
    row = HistoryRow.objects.get(action="proposals.copy_set")
    assert row.after["Copied from"] == f"Contract {source.contract_id}, KPI set 1"
    assert "Because of Fred" not in str(HistoryRow.objects.filter(contract_number=parks.pk).values())


def test_small_groups_stay_with_the_contracts_own_people(source, neighbourhoods, home_care, oscar):
    """A commissioner who only sees the contract, as a partner's, gets no target about a group."""
    source.contract.partner_directorates.add(home_care.directorate)
    kpi_set = copying.start_copy(home_care, source, by=oscar)
    assert codes(kpi_set) == ["SV-25", "SV-09"]
    found = copying.plan(home_care, source, by=oscar)
    assert [why for _, why in found.left_out if "group of people" in why]
    assert found.left_out[-1][0] == measure("SV-03").title


def test_a_kpi_for_one_group_is_guarded_whatever_its_measure(source, home_care, oscar):
    source.contract.partner_directorates.add(home_care.directorate)
    source.terms.filter(kpi__measure__code="SV-09").update(cohort=measure("SV-03").cohort)
    found = copying.plan(home_care, source, by=oscar)
    assert [line.measure.code for line in found.lines] == ["SV-25"]
    # Its title in that contract's words could say more than the measure's.
    assert "Weeks on the roads" not in str(found.left_out)


def test_a_retired_measure_is_replaced_and_what_cannot_be_had_is_named(source, parks, colin):
    old = measure("SV-25")
    Measure.objects.filter(pk=old.pk).update(status="retired", replaced_by=measure("SV-28"))
    other = Framework.objects.create(name="Elsewhere", edition="1", source="x", licence="y", offered="chosen")
    Measure.objects.filter(code="SV-09").update(framework=other)
    Measure.objects.filter(code="SV-03").update(status="retired")
    found = copying.plan(parks, source, by=colin)
    assert [line.measure.code for line in found.lines] == ["SV-28"]
    assert "takes its place" in found.lines[0].notes[0]
    reasons = dict(found.left_out)
    assert "of a framework this contract may not propose from" in reasons["Weeks on the roads"]
    assert "retired, and nothing takes its place" in str(found.left_out)


def test_own_words_of_another_contract_stay_there(source, parks, highways, colin):
    own = own_words.write_own(
        highways, by=colin, title="Benches", unit=Unit.objects.get(code="hours"),
        counting_rule="Count hours on benches.", evidence_expected="Timesheets",
    )  # fmt: skip
    KPISet.objects.filter(pk=source.pk).update(status="draft")
    verbs.add_kpi(source, by=colin, measure=own, target=Decimal(5), ends_month=MARCH)
    found = copying.plan(parks, approved(source), by=colin)
    assert ("Benches", "written for that contract alone, in its own words") in found.left_out
    assert "OWN-" not in str(codes(copying.start_copy(parks, source, by=colin)))


def test_months_set_by_hand_begin_the_same_each_month_and_say_so(source, parks, colin):
    source.terms.update(profile="by_hand")
    found = copying.plan(parks, source, by=colin)
    assert {line.facts["profile"] for line in found.lines} == {"flat"}
    assert all("set by hand" in str(line.notes) for line in found.lines)


def test_what_is_in_force_stays_and_is_not_taken_twice(source, parks, colin):
    mine = verbs.start_set(parks, by=colin)
    verbs.add_kpi(mine, by=colin, measure=measure("SV-25"), target=Decimal(3))
    approved(mine)
    kpi_set = copying.start_copy(parks, source, by=colin)
    assert codes(kpi_set) == ["SV-25", "SV-09", "SV-03"]
    assert kpi_set.terms.first().target == 3
    assert ("a KPI of this contract already") in str(copying.plan(parks, source, by=colin).left_out)


def test_nothing_is_begun_where_nothing_comes_along_or_the_source_is_gone(source, parks, colin):
    Measure.objects.exclude(status="retired").update(status="retired")
    with pytest.raises(Invalid):
        copying.start_copy(parks, source, by=colin)
    KPISet.objects.filter(pk=source.pk).update(status="withdrawn")
    with pytest.raises(Stale):
        copying.start_copy(parks, source, by=colin)
    assert not parks.kpi_sets.exists()


def test_only_approved_kpis_of_contracts_one_sees_can_be_copied(
    source, parks, home_care, colin, oscar, as_person
):
    def address(*more):
        name = "kpis:kpi-set-copy-from" if len(more) > 1 else "kpis:kpi-set-copy"
        return reverse(name, args=more)

    client = as_person(oscar)
    assert "There is nothing to copy yet" in client.get(address(home_care.pk)).content.decode()
    for method in (client.get, client.post):
        assert method(address(home_care.pk, source.contract_id)).status_code == 404
    with pytest.raises(Stale):
        copying.start_copy(home_care, source, by=oscar)
    with pytest.raises(Refused):
        copying.start_copy(parks, source, by=oscar)
    assert not KPISet.objects.exclude(pk=source.pk).exists()
    draft = verbs.start_set(parks, by=colin)
    assert as_person(colin).get(address(source.contract_id, parks.pk)).status_code == 404
    assert draft.status == "draft"


def test_like_contracts_come_first_and_words_find_the_others(source, parks, neighbourhoods, colin, as_person):
    def with_kpis(contract):
        kpi_set = verbs.start_set(contract, by=colin)
        verbs.add_kpi(kpi_set, by=colin, measure=measure("SV-25"), target=Decimal(3))
        return approved(kpi_set)

    like = make_contract("Verges", neighbourhoods, category=parks.category, value=Decimal(210_000))
    catering = Category.objects.create(name="Catering")
    with_kpis(like)
    with_kpis(make_contract("A canteen", neighbourhoods, category=catering, value=Decimal(210_000)))
    found = copying.sources(colin, parks)
    assert [(one.contract.title, one.likeness) for one in found] == [
        ("Verges", 3),
        ("Highways resurfacing", 2),
        ("A canteen", 1),
    ]
    assert [one.contract.title for one in copying.sources(colin, parks, "cater canteen")] == ["A canteen"]
    page = (
        as_person(colin).get(reverse("kpis:kpi-set-copy", args=[parks.pk]), {"q": "resurf"}).content.decode()
    )
    assert "Highways resurfacing" in page
    assert "3 KPIs" in page
    assert "A canteen" not in page


def test_from_the_first_page_to_a_set_that_says_what_it_was_begun_from(source, parks, colin, as_person):
    client = as_person(colin)
    start = reverse("kpis:kpi-set-start", args=[parks.pk])
    answer = client.post(start, {"start": "copy"})
    assert answer.url == reverse("kpis:kpi-set-copy", args=[parks.pk])
    assert not parks.kpi_sets.exists()
    where = reverse("kpis:kpi-set-copy-from", args=[parks.pk, source.contract_id])
    page = client.get(where).content.decode()
    assert "Weeks on the roads" in page
    assert "£2.4m" in page
    assert "£200k" in page
    page = client.post(where, follow=True).content.decode()
    assert "A copy of KPI set 1 of Highways resurfacing" in page
    stranger = make_person("Mia Cole", "contract_manager")
    parks.manager = stranger
    parks.save()
    page = as_person(stranger).get(parks.kpi_sets.get().get_absolute_url()).content.decode()
    assert "A copy of another contract’s KPI set" in page
    assert "of Highways resurfacing" not in page
    assert as_person(colin).post(where).status_code == 409
