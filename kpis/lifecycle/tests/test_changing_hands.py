"""Novating, splitting into lots and moving: what was promised and reported stays as it was."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.models import Department, Letter
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST
from contracts.models import Contract, Stage
from kpis.approvals.permissions import may_decide
from kpis.library.models import Measure
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import APRIL, AUGUST, JULY, JUNE, MAY, due, of, reported, statuses
from kpis.lifecycle.verbs import Lot
from kpis.models import KPISet, KPITerms, MonthlyReturn, Reading, TotalRow
from kpis.proposals import verbs as proposals
from kpis.proposals.checks import problems
from kpis.proposals.deciders import deciders_of
from kpis.proxies import verbs as values
from kpis.proxies.tests.making import make_proxy
from kpis.totals import verbs as totals

KEEPERS = {"colin", "priya", "dafydd", "lena", "adam"}
OWNERS = {"colin", "lena", "adam"}
JUNE_1 = dt.date(2026, 6, 1)


def figures():
    """Return all totals, as a reader of reports would compare them."""
    return list(TotalRow.objects.order_by("directorate", "month", "measure").values_list())


def split(contract, by, **more):
    """Split the contract into two lots."""
    lots = [
        Lot("Resurfacing, north", (), Decimal(1400000)),
        Lot("Resurfacing, south", ["Dale Ltd"], Decimal(1000000)),
    ]
    return verbs.split_into_lots(contract, by=by, lots=more.pop("lots", lots), on=JUNE_1, **more)


def move(contract, by, adults, **more):
    """Move the contract to Adult Services from June."""
    return verbs.move(contract, by=by, directorate=adults, from_month=more.pop("from_month", JUNE), **more)


# Novation


def test_a_novated_contract_has_its_new_supplier_from_the_day_and_the_old_until_then(running, priya):
    before = figures()
    done = verbs.novate(
        running, by=priya, suppliers=["Dale Civil Engineering Ltd"], on=JUNE_1, reference="Deed of 28 May"
    )
    links = {str(link): (link.since, link.until) for link in done.supplier_links.all()}
    assert links == {
        "Fellside Works Ltd": (None, dt.date(2026, 5, 31)),
        "Dale Civil Engineering Ltd": (JUNE_1, None),
    }
    assert done.supplier_text == "Dale Civil Engineering Ltd"
    assert figures() == before
    row = history_of(done).get()
    assert (row.action, row.note) == ("contracts.novate", "Deed of 28 May")


def test_one_of_two_suppliers_leaves_and_the_other_stays(running, priya):
    verbs.novate(running, by=priya, suppliers=["Fellside Works Ltd", "Dale Ltd"], on=MAY)
    done = verbs.novate(running, by=priya, suppliers=["Dale Ltd"], on=JUNE_1)
    assert [str(one) for one in done.current_suppliers] == ["Dale Ltd"]
    assert done.supplier_links.get(supplier__name="Dale Ltd").since == MAY
    back = verbs.novate(done, by=priya, suppliers=["Fellside Works Ltd"], on=JULY)
    assert back.supplier_links.filter(supplier__name="Fellside Works Ltd").count() == 2


@pytest.mark.parametrize(
    ("suppliers", "on", "field"),
    [
        (["  "], JUNE_1, "suppliers"),
        (["FELLSIDE WORKS LIMITED"], JUNE_1, "suppliers"),
        (["Dale Ltd"], dt.date(2025, 4, 1), "on"),
        (["Dale Ltd"], dt.date(2026, 8, 13), "on"),
    ],
)
def test_a_novation_is_to_somebody_else_on_a_day_that_has_come(running, priya, suppliers, on, field):
    with pytest.raises(Invalid) as refusal:
        verbs.novate(running, by=priya, suppliers=suppliers, on=on)
    assert [name for name, _ in refusal.value.errors] == [field]


def test_correcting_a_suppliers_name_afterwards_keeps_the_past_one(running, priya, as_person):
    verbs.novate(running, by=priya, suppliers=["Dale Ltd"], on=JUNE_1)
    form = as_person(priya).get(f"/contracts/{running.pk}/edit/").context["form"]
    assert form["supplier_names"].value() == "Dale Ltd"
    page = as_person(priya).get(running.get_absolute_url()).content.decode()
    assert "Novated to Dale Ltd" in page
    assert "Fellside Works Ltd until 31 May 2026" in page


# Lots


def test_a_split_contract_goes_on_as_its_first_lot_and_nothing_is_counted_twice(running, colin, priya):
    before, submitted = figures(), reported()
    first, second = split(running, colin, note="Two areas")
    assert first.pk == running.pk
    assert (first.title, first.value) == ("Resurfacing, north", 1400000)
    assert (second.split_from, second.value, second.supplier_text) == (first, 1000000, "Dale Ltd")
    for name in ("directorate", "department", "commissioner", "manager", "category", "ends_on", "stage"):
        assert getattr(second, name) == getattr(first, name), name
    assert list(second.deputies.all()) == list(first.deputies.all())
    assert not second.kpi_sets.exists()
    assert not second.monthly_returns.exists()
    assert (figures(), reported()) == (before, submitted)
    assert statuses(first) == {4: "submitted", 5: "open", 6: "open", 7: "open"}
    assert history_of(first).get().action == "contracts.split"
    assert history_of(second).get().action == "contracts.split_from"
    assert totals.check() == []


def test_each_new_lot_may_begin_with_a_draft_of_the_same_kpis(running, colin):
    _, second = split(running, colin, copy_kpis=True)
    copied = second.kpi_sets.get()
    assert copied.status == KPISet.Status.DRAFT
    assert [terms.title for terms in copied.terms.all()] == [
        "Apprenticeship weeks", "Spend with local suppliers",
    ]  # fmt: skip
    assert copied.why.startswith("Copied from KPI set 1 of Resurfacing, north")
    assert totals.check() == []


def test_a_new_lots_kpis_keep_the_pounds_they_were_approved_with_though_withdrawn_since(running, colin, lena):
    terms = running.kpi_sets.get().terms.first()
    approved_with = make_proxy(terms.kpi.measure, lena, "195")
    KPITerms.objects.filter(pk=terms.pk).update(proxy=approved_with)
    values.withdraw(approved_with, by=lena, why="A newer study")
    make_proxy(terms.kpi.measure, lena, "250", name="The newer study")
    _, second = split(running, colin, copy_kpis=True)
    copied = second.kpi_sets.get()
    assert list(copied.terms.values_list("proxy", flat=True)) == [approved_with.pk, None]
    assert not [field for _, field, _ in problems(copied) if field == "proxy"]


def test_lena_splits_but_does_not_propose_kpis(running, lena):
    with pytest.raises(Refused):
        split(running, lena, copy_kpis=True)
    assert Contract.objects.count() == 1
    split(running, lena)


@pytest.mark.parametrize(
    ("lots", "field"),
    [
        ([Lot("A", (), Decimal(2400000))], "title_2"),
        ([Lot("A", (), Decimal(1400000)), Lot("B", (), Decimal(900000))], "value_1"),
        ([Lot("A", (), Decimal(1400000)), Lot("B", (), None)], "value_2"),
        ([Lot("A", (), Decimal(1400000)), Lot("a ", (), Decimal(1000000))], "title_2"),
        ([Lot("", (), Decimal(1400000)), Lot("B", (), Decimal(1000000))], "title_1"),
    ],
)
def test_lots_have_titles_and_share_the_value_out(running, colin, lots, field):
    with pytest.raises(Invalid) as refusal:
        split(running, colin, lots=lots)
    assert [name for name, _ in refusal.value.errors] == [field]


# Moves


def test_a_moved_contract_counts_in_its_new_directorate_from_the_month_on(
    running, colin, neighbourhoods, adults
):
    was_due, submitted = due(neighbourhoods, JUNE), reported()
    done = move(running, colin, adults, note="Reorganisation")
    assert (done.directorate, done.department, done.commissioner) == (adults, None, None)
    assert (due(neighbourhoods, JUNE).expected, due(adults, JUNE)) == (0, was_due)
    assert due(neighbourhoods, MAY).expected == 2
    assert of(MAY).directorate == neighbourhoods
    assert {of(month).directorate for month in (JUNE, JULY)} == {adults}
    assert reported() == submitted
    assert totals.check() == []
    row = history_of(done).get()
    assert ("Directorate", "Neighbourhoods", "Adult Services") in row.changes
    assert row.note == "Reorganisation"


def test_submitted_months_stay_where_they_were_reported(running, colin, neighbourhoods, adults):
    move(running, colin, adults, from_month=APRIL)
    assert of(APRIL).directorate == neighbourhoods
    assert of(MAY).directorate == adults
    assert totals.check() == []


def test_a_waiting_set_is_decided_by_the_new_directorates_director(running, colin, dana, olga, adults):
    draft = proposals.start_set(running, by=colin)
    proposals.add_kpi(draft, by=colin, measure=Measure.objects.get(code="SV-10"), target=Decimal(6))
    proposals.describe(draft, by=colin, why="More of it", supplier_agreed="CAN 4, agreed")
    waiting = proposals.submit(draft, by=colin)
    move(running, colin, adults)
    waiting = KPISet.objects.get(pk=waiting.pk)
    assert [one.person for one in deciders_of(waiting)] == [olga]
    assert may_decide(olga, waiting)
    assert not may_decide(dana, waiting)
    assert Letter.objects.filter(to=olga, kind="set-waiting").exists()
    assert Letter.objects.filter(to=dana, kind="set-taken-back").exists()
    row = history_of(waiting).first()
    assert "Adult Services" in row.summary


def test_a_move_is_to_another_directorate_and_one_of_its_departments(running, colin, neighbourhoods, adults):
    other = Department.objects.create(directorate=neighbourhoods, name="Parks")
    for where, department, month, field in (
        (neighbourhoods, None, JUNE, "directorate"),
        (adults, other, JUNE, "department"),
        (adults, None, dt.date(2026, 9, 1), "from_month"),
    ):
        with pytest.raises(Invalid) as refusal:
            verbs.move(running, by=colin, directorate=where, department=department, from_month=month)
        assert [name for name, _ in refusal.value.errors] == [field]
    homes = Department.objects.create(directorate=adults, name="Homes")
    assert move(running, colin, adults, department=homes).department == homes


def test_a_contract_nobody_had_a_directorate_for_is_moved_by_the_lead(unmapped, lena, adults):
    assert move(unmapped, lena, adults, from_month=AUGUST).directorate == adults


@pytest.mark.parametrize("name", CAST)
def test_who_may_novate_split_and_move(running, cast, adults, name):
    person = cast[name]
    acts = [
        (KEEPERS, lambda: verbs.novate(running, by=person, suppliers=["Dale Ltd"], on=JUNE_1)),
        (OWNERS, lambda: split(running, person)),
        (OWNERS, lambda: move(running, person, adults)),
    ]
    for may, act in acts:
        if name in may:
            act()
        else:
            with pytest.raises(Refused):
                act()


def test_an_old_copy_is_refused(running, colin, lena, adults):
    seen = running.version
    verbs.extend(running, by=lena, to=dt.date(2030, 1, 1))
    for act in (
        lambda: verbs.novate(running, by=colin, suppliers=["Dale Ltd"], on=JUNE_1, version=seen),
        lambda: split(running, colin, version=seen),
        lambda: move(running, colin, adults, version=seen),
    ):
        with pytest.raises(Stale):
            act()


def test_what_is_not_signed_yet_is_edited_not_novated_or_split(running, lena):
    Contract.objects.filter(pk=running.pk).update(stage=Stage.TENDER)
    with pytest.raises(Invalid):
        verbs.novate(running, by=lena, suppliers=["Dale Ltd"], on=JUNE_1)
    with pytest.raises(Invalid):
        split(running, lena)


# One life


def test_figures_stay_right_through_a_whole_life(running, lena, adults, clock, priya):
    contract = running
    submitted = reported()

    def right():
        contract.refresh_from_db()
        assert totals.check() == []
        assert reported() == submitted
        # Each month's return once; readings exactly where something is owed or was submitted.
        for item in MonthlyReturn.objects.all():
            assert item.readings.exists() != item.is_excused
            assert set(item.readings.values_list("directorate", flat=True)) <= {item.directorate_id}
        assert Reading.objects.filter(contract=contract).count() == 2 * sum(
            status != "excused" for status in statuses(contract).values()
        )

    verbs.extend(contract, by=lena, to=dt.date(2030, 3, 31))
    right()
    suspension = verbs.suspend(contract, by=lena, from_month=MAY, reason="Flooding")
    right()
    assert set(statuses(contract).values()) == {"submitted", "excused"}
    verbs.resume(contract, by=lena, last_month=JUNE)
    right()
    verbs.novate(contract, by=lena, suppliers=["Dale Ltd"], on=JULY)
    right()
    split(contract, lena)
    right()
    verbs.move(contract, by=lena, directorate=adults, from_month=JULY)
    right()
    assert of(JULY).directorate == adults
    verbs.terminate(contract, by=lena, on=dt.date(2026, 4, 30), reason="Insolvency")
    right()
    assert statuses(contract) == {4: "submitted", 5: "excused", 6: "excused"}
    verbs.withdraw_suspension(suspension, by=lena)
    right()
    assert statuses(contract)[5] == "excused"
    verbs.undo_termination(contract, by=lena)
    right()
    assert statuses(contract) == {4: "submitted", 5: "open", 6: "open", 7: "open"}
    assert of(MAY).readings.get(measure__kind="count").value == 7
    assert of(MAY).directorate != adults
    assert of(JULY).directorate == adults
