"""Two people change the library, or take from it, at the same moment: one act stands, the other is told."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import first_of_month, today
from accounts.models import HistoryRow, Role
from accounts.verbs.recipe import Invalid, Stale
from conftest import make_person
from kpis.approvals import verbs as approvals
from kpis.library import choice_verbs, edition_verbs, framework_verbs, template_verbs, verbs
from kpis.library.models import Framework, KPITemplate, Measure, TemplateItem
from kpis.measure_imports import verbs as imports
from kpis.measure_imports.tests.conftest import start  # noqa: F401 (a fixture)
from kpis.measure_imports.tests.files import row
from kpis.models import KPI, KPISet, Proxy
from kpis.proposals import verbs as proposals
from kpis.proxies import verbs as proxies
from kpis.proxies.lines import Figure
from kpis.proxies.tests.making import FACTS, make_proxy
from kpis.tests.at_once import at_once, failures_of
from kpis.tests.factories import make_measure
from kpis.totals import verbs as totals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def liam(db):
    """Second social value lead."""
    return make_person("Liam Shaw", Role.LEAD)


@pytest.fixture
def weeks(db):
    return make_measure("Apprenticeship weeks", unit="weeks")


@pytest.fixture
def draft(highways, colin):
    """Return a draft set of the highways contract without KPIs."""
    kpi_set = proposals.start_set(highways, by=colin)
    proposals.describe(
        kpi_set, by=colin, effective_month=first_of_month(today()), why="As tendered.", supplier_agreed=True
    )
    return KPISet.objects.get(pk=kpi_set.pk)


def add(kpi_set, measure, by):
    return proposals.add_kpi(
        kpi_set, by=by, measure=measure, target=Decimal(48), ends_month=dt.date(2029, 3, 1)
    )


def told(outcomes, count=1):
    """Check that so many were told in words, and none by an error of the database."""
    failures = failures_of(outcomes)
    assert all(isinstance(one, Stale | Invalid) for one in failures), outcomes
    assert len(failures) == count, outcomes


def new_value(name):
    return {**FACTS, "name": name, "values": [Figure(None, Decimal(5))]}


def test_two_values_made_usual_at_once_leave_one_usual(weeks, lena, liam):
    make_proxy(weeks, lena, name="First")
    second, third = make_proxy(weeks, lena, name="Second"), make_proxy(weeks, lena, name="Third")
    outcomes = at_once(
        lambda: proxies.make_usual(second, by=lena), lambda: proxies.make_usual(third, by=liam)
    )
    told(outcomes, 0)
    assert Proxy.objects.filter(measure=weeks, is_usual=True).count() == 1


def test_two_values_of_one_name_at_once_leave_one(weeks, lena, liam):
    outcomes = at_once(
        lambda: proxies.add_proxy(weeks, by=lena, **new_value("Mine")),
        lambda: proxies.add_proxy(weeks, by=liam, **new_value("Mine")),
    )
    told(outcomes)


def test_a_value_is_replaced_once(weeks, lena, liam):
    old = make_proxy(weeks, lena)
    outcomes = at_once(
        lambda: proxies.replace_proxy(old, by=lena, why="Newer", **new_value("Lena's")),
        lambda: proxies.replace_proxy(old, by=liam, why="Newer", **new_value("Liam's")),
    )
    told(outcomes)
    assert Proxy.objects.get(replaces=old).is_usual


def test_a_set_takes_a_measure_as_it_stands(draft, weeks, colin, lena):
    """An older copy of it in hand does not bring back what was retired or changed since."""
    copy = Measure.objects.get(pk=weeks.pk)
    verbs.edit_measure(weeks, by=lena, unit=make_measure(unit="days").unit)
    assert add(draft, copy, colin).kpi.unit.code == "days"
    proposals.remove_kpi(draft.terms.get(), by=colin)
    verbs.retire(weeks, by=lena)
    with pytest.raises(Invalid, match="retired"):
        add(draft, copy, colin)


@pytest.mark.parametrize("_turn", range(4))
def test_a_measure_changed_while_a_set_takes_it_means_one_thing(draft, weeks, colin, lena, _turn):
    days = make_measure(unit="days").unit
    outcomes = at_once(
        lambda: add(draft, weeks, colin), lambda: verbs.edit_measure(weeks, by=lena, unit=days)
    )
    assert all(isinstance(one, Stale | Invalid) for one in failures_of(outcomes)), outcomes
    weeks.refresh_from_db()
    assert all(kpi.unit_id == weeks.unit_id for kpi in KPI.objects.filter(measure=weeks))


@pytest.mark.parametrize("_turn", range(4))
def test_a_measure_retired_while_a_set_takes_it_is_in_it_or_not(draft, weeks, colin, lena, _turn):
    outcomes = at_once(lambda: add(draft, weeks, colin), lambda: verbs.retire(weeks, by=lena))
    assert not isinstance(outcomes[1], Exception), outcomes
    assert all(isinstance(one, Stale | Invalid) for one in failures_of(outcomes)), outcomes


def test_an_edition_retired_while_a_set_takes_its_measure(draft, weeks, colin, lena):
    outcomes = at_once(
        lambda: add(draft, weeks, colin), lambda: framework_verbs.retire(weeks.framework, by=lena)
    )
    assert all(isinstance(one, Stale | Invalid) for one in failures_of(outcomes)), outcomes
    assert Framework.objects.get(pk=weeks.framework_id).status == "retired"


def test_a_set_sent_while_its_value_is_withdrawn_stands_as_it_was_sent(draft, weeks, colin, lena, dana):
    value = make_proxy(weeks, lena)
    add(draft, weeks, colin)
    outcomes = at_once(
        lambda: proposals.submit(draft, by=colin), lambda: proxies.withdraw(value, by=lena, why="Retracted")
    )
    assert all(isinstance(one, Invalid) for one in failures_of(outcomes)), outcomes
    draft.refresh_from_db()
    if draft.status == "submitted":
        approvals.approve(draft, by=dana, content_hash=draft.content_hash)
        assert draft.submissions.get().content["kpis"][0]["proxy"]["number"] == value.pk


@pytest.mark.parametrize("_turn", range(3))
def test_a_set_approved_while_its_value_is_replaced_keeps_it(draft, weeks, colin, lena, dana, _turn):
    value = make_proxy(weeks, lena)
    add(draft, weeks, colin)
    sent = proposals.submit(draft, by=colin)
    outcomes = at_once(
        lambda: approvals.approve(sent, by=dana, content_hash=sent.content_hash),
        lambda: proxies.replace_proxy(value, by=lena, why="Newer", **new_value("Newer")),
    )
    told(outcomes, 0)
    assert draft.terms.get().proxy_id == value.pk
    assert totals.check() == []


def test_one_edition_begun_twice_at_once_is_one(weeks, lena, liam):
    outcomes = at_once(
        *(
            lambda who=who: edition_verbs.begin_edition(weeks.framework, by=who, edition="2")
            for who in (lena, liam)
        )
    )
    told(outcomes)
    assert Framework.objects.filter(edition="2", name=weeks.framework.name).count() == 1


def test_frameworks_are_chosen_once_with_what_was_seen(highways, weeks, colin, lena):
    choose = [
        lambda who=who, note=note: choice_verbs.choose_frameworks(
            highways, by=who, frameworks=[weeks.framework], note=note, seen=0
        )
        for who, note in ((colin, "One"), (lena, "Two"))
    ]
    outcomes = at_once(*choose)
    told(outcomes)
    assert highways.framework_choices.count() == 1


def test_a_retired_measure_of_a_template_is_replaced_once(weeks, lena, liam):
    template = KPITemplate.objects.create(name="T")
    TemplateItem.objects.create(template=template, measure=weeks, position=1)
    other = make_measure("Better weeks", unit="weeks")
    verbs.retire(weeks, by=lena, replaced_by=other)
    outcomes = at_once(
        *(
            lambda who=who: template_verbs.replace_retired(template, by=who, measure=weeks, seen=0)
            for who in (lena, liam)
        )
    )
    told(outcomes)
    assert [item.measure_id for item in template.items.all()] == [other.pk]


def test_two_tables_of_one_edition_applied_at_once_make_it_once(start, lena, liam):  # noqa: F811
    one = start([row()], name="one.csv")
    two = start([row(), row(code="X2", title="Locks mended")], name="two.csv")
    outcomes = at_once(
        lambda: imports.begin_applying(one, by=lena), lambda: imports.begin_applying(two, by=liam)
    )
    told(outcomes)
    at_once(*(lambda table=table: imports.carry_on(table.pk) for table in (one, two, one)))
    assert Framework.objects.filter(name="Canal set").count() == 1
    done = Framework.objects.get(name="Canal set")
    assert done.measures.count() in (1, 2)
    assert HistoryRow.objects.filter(action="measures.applied").count() <= 1
