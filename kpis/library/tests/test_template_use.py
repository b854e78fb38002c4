"""What became of templates: use counts, retired measures replaced, copies."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import HistoryRow
from accounts.verbs.recipe import Refused, Stale
from conftest import make_contract
from kpis.library import template_verbs
from kpis.library.models import Framework, KPITemplate, Measure, Theme
from kpis.library.template_use import put_in, successors
from kpis.library.templates import fitting
from kpis.models import KPISet
from kpis.proposals import verbs as proposals
from kpis.proposals.from_template import start_from_template
from kpis.tests.factories import make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    """An edition every contract may propose from."""
    framework = Framework.objects.create(
        name="Ours", edition="2026", source="The council", licence="Its own", offered="always"
    )
    return Theme.objects.create(framework=framework, code="O1", title="Ours")


@pytest.fixture
def measures(edition):
    return [
        make_measure(title, theme=edition, framework=edition.framework, code=code)
        for code, title in (("O-1", "Weeks"), ("O-2", "Visits"), ("O-3", "Hours"))
    ]


@pytest.fixture
def elsewhere(db):
    """A measure of an edition that only contracts it is chosen for may propose from."""
    framework = Framework.objects.create(
        name="Theirs", edition="2024", source="Them", licence="Theirs", offered="chosen"
    )
    theme = Theme.objects.create(framework=framework, code="E1", title="Theirs")
    return make_measure("Only for the chosen", theme=theme, framework=framework)


@pytest.fixture
def template(lena, measures):
    items = [(measure, Decimal(10), "") for measure in measures]
    return template_verbs.add_template(by=lena, items=items, name="Ready")


def approved(kpi_set):
    KPISet.objects.filter(pk=kpi_set.pk).update(
        status="approved",
        effective_month=dt.date(2026, 4, 1),
        content_hash="0" * 64,
        decided_at=timezone.now(),
    )


def begun(template, colin, title, neighbourhoods, drop=(), change=()):
    contract = make_contract(title, neighbourhoods, commissioner=colin, value=Decimal(1_000_000))
    kpi_set = start_from_template(contract, template, by=colin)
    for terms in kpi_set.terms.select_related("kpi__measure"):
        if terms.kpi.measure.code in drop:
            proposals.remove_kpi(terms, by=colin)
        elif terms.kpi.measure.code in change:
            kpi_set.terms.filter(pk=terms.pk).update(target=Decimal(99))
    return kpi_set


def test_a_set_keeps_the_template_it_was_begun_from(as_person, template, highways, colin):
    kpi_set = start_from_template(highways, template, by=colin)
    assert kpi_set.template == template
    page = as_person(colin).get(kpi_set.get_absolute_url()).content.decode()
    assert reverse("kpis:template-page", args=[template.pk]) in page
    assert "The template “Ready”" in page


def test_a_set_from_before_says_from_its_history_what_it_was_begun_from(as_person, template, highways, colin):
    kpi_set = start_from_template(highways, template, by=colin)
    KPISet.objects.filter(pk=kpi_set.pk).update(template=None)
    assert "The template “Ready”" in as_person(colin).get(kpi_set.get_absolute_url()).content.decode()


def test_the_page_says_what_approved_sets_made_of_each_measure(
    as_person, template, colin, lena, ewa, neighbourhoods, measures, edition
):
    begun(template, colin, "A draft", neighbourhoods, drop={"O-1", "O-2"})
    for number in range(3):
        approved(begun(template, colin, f"As it is {number}", neighbourhoods, change={"O-3"}))
    approved(begun(template, colin, "Less", neighbourhoods, drop={"O-2"}))
    late = make_measure("Later", theme=edition, framework=edition.framework, code="O-10")
    items = [(measure, Decimal(12), "") for measure in [*measures, late]]
    template_verbs.change_template(template, by=lena, items=items)
    page = as_person(ewa).get(reverse("kpis:template-page", args=[template.pk]))
    assert [row.use.words for row in page.context["rows"]] == [
        "Kept by 4 of 4",
        "Kept by 3 of 4",
        "Kept by 4 of 4, 3 of them with another target",
        "In no approved set yet",
    ]
    assert "5 KPI sets begun from it, 4 approved" in page.content.decode()
    assert (
        "5 KPI sets begun from it, 4 approved"
        in as_person(ewa).get(reverse("kpis:template-list")).content.decode()
    )


def test_the_same_code_of_another_edition_is_another_measure(
    template, colin, lena, neighbourhoods, as_person
):
    approved(begun(template, colin, "Before", neighbourhoods))
    other = make_measure("Weeks, next edition", code="O-1")
    template_verbs.change_template(template, by=lena, items=[(other, Decimal(1), "")])
    page = as_person(lena).get(reverse("kpis:template-page", args=[template.pk]))
    assert [row.use.words for row in page.context["rows"]] == ["In no approved set yet"]


def test_counting_use_costs_the_same_however_many_sets_there_are(
    as_person, template, colin, ewa, neighbourhoods
):
    client = as_person(ewa)
    addresses = [reverse("kpis:template-list"), reverse("kpis:template-page", args=[template.pk])]
    approved(begun(template, colin, "First", neighbourhoods))
    counts = []
    for _ in range(2):
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            counts.append(len(seen))
        for number in range(4):
            approved(begun(template, colin, f"More {number}", neighbourhoods))
    assert counts[:2] == counts[2:]


def test_what_another_framework_has_is_left_out_and_named_beforehand(
    as_person, template, highways, colin, lena, measures, elsewhere
):
    gone = make_measure("Given up", theme=measures[0].theme, framework=measures[0].framework)
    items = [(one, Decimal(10), "") for one in (*measures, elsewhere, gone)]
    template_verbs.change_template(template, by=lena, items=items)
    Measure.objects.filter(pk=gone.pk).update(status="retired")
    found = next(one for one in fitting(highways) if one.template == template)
    assert found.count == 3
    assert found.left_out == (
        "1 of 5 measures belongs to another framework: Only for the chosen. "
        "1 of 5 measures can’t be proposed any more: Given up. They are left out."
    )
    start = reverse("kpis:kpi-set-start", args=[highways.pk])
    assert "Only for the chosen" in as_person(colin).get(start).content.decode()
    as_person(colin).post(start, {"start": template.pk})
    held = KPISet.objects.get().terms.values_list("kpi__measure__code", flat=True)
    assert list(held) == ["O-1", "O-2", "O-3"]


def test_a_template_of_other_frameworks_alone_is_not_offered(template, highways, lena, elsewhere):
    template_verbs.change_template(template, by=lena, items=[(elsewhere, Decimal(10), "")])
    assert template not in [one.template for one in fitting(highways)]


def retire(measure, successor):
    Measure.objects.filter(pk=measure.pk).update(status="retired", replaced_by=successor)


def replace_url(template, measure):
    return reverse("kpis:template-replace", args=[template.pk, measure.pk])


def test_the_lead_puts_the_replacement_of_a_retired_measure_in(
    as_person, template, lena, ewa, measures, edition
):
    between, last = (
        make_measure(title, theme=edition, framework=edition.framework) for title in ("Between", "Newest")
    )
    retire(measures[1], between)
    retire(between, last)
    page_url = reverse("kpis:template-page", args=[template.pk])
    page = as_person(ewa).get(page_url).content.decode()
    assert "Replaced by" in page
    assert "Newest" in page
    assert replace_url(template, measures[1]) not in page
    assert as_person(ewa).post(replace_url(template, measures[1])).status_code == 403
    client = as_person(lena)
    seen = client.get(page_url).context["seen"]
    assert client.post(replace_url(template, measures[1]), {"seen": seen}).status_code == 302
    assert [(item.measure.title, item.suggested_target) for item in template.items.all()] == [
        ("Weeks", 10),
        ("Newest", 10),
        ("Hours", 10),
    ]
    assert HistoryRow.objects.of(template).first().summary.startswith(f"Put {last.code} in place of O-2")
    assert client.post(replace_url(template, measures[1]), {"seen": seen}).status_code == 409


def test_a_suggestion_in_another_unit_does_not_come_along(template, lena, measures, edition):
    trees = make_measure("Trees", unit="trees", theme=edition, framework=edition.framework)
    retire(measures[0], trees)
    _, item = template_verbs.replace_retired(template, by=lena, measure=measures[0])
    assert (item.measure, item.suggested_target) == (trees, None)


def test_a_replacement_that_is_there_already_is_not_put_in_twice(as_person, template, lena, ewa, measures):
    retire(measures[0], measures[1])
    page = as_person(lena).get(reverse("kpis:template-page", args=[template.pk])).content.decode()
    assert "which is in this template" in page
    assert replace_url(template, measures[0]) not in page
    with pytest.raises(Stale, match="in this template already"):
        template_verbs.replace_retired(template, by=lena, measure=measures[0])
    with pytest.raises(Stale, match="not retired"):
        template_verbs.replace_retired(template, by=lena, measure=measures[2])
    with pytest.raises(Refused):
        template_verbs.replace_retired(template, by=ewa, measure=measures[0])


def test_measures_that_replace_each_other_have_no_successor(measures):
    retire(measures[0], measures[1])
    retire(measures[1], measures[0])
    measures[0].refresh_from_db()
    assert successors([measures[0]]) == {}


def test_the_lead_copies_a_template_and_the_first_stays(as_person, template, lena, ewa):
    address = reverse("kpis:template-copy", args=[template.pk])
    assert as_person(ewa).get(address).status_code == 403
    page = as_person(lena).get(address)
    assert "“Ready” stays as it is" in page.content.decode()
    form, items = page.context["form"], page.context["formset"]
    assert form["name"].value() == "Copy of Ready"
    data = {"name": "Copy of Ready", "is_active": "on", "about": "", "tier": "", "category": "", "band": "",
            "items-TOTAL_FORMS": str(items.total_form_count()), "items-INITIAL_FORMS": "3"}  # fmt: skip
    for number, row in enumerate(items.forms):
        data[f"items-{number}-measure"] = row["measure"].value() or ""
        data[f"items-{number}-suggested"] = row["suggested"].value() or ""
        data[f"items-{number}-why"] = ""
    assert as_person(lena).post(address, data).status_code == 302
    copy = KPITemplate.objects.get(name="Copy of Ready")
    assert (copy.items.count(), template.items.count()) == (3, 3)
    assert HistoryRow.objects.of(copy).get().note == "Begun as a copy of “Ready”"


def test_what_is_only_words_has_no_target_in_the_history():
    story = make_measure(
        "What residents asked for", kind="text", unit="words", roll_up="latest", across="none"
    )
    trees = make_measure("Trees planted")
    text = put_in([(story, Decimal(0)), (trees, Decimal("12.50"))])
    assert text == f"{story.code} ({story.framework}); {trees.code} ({trees.framework}) 12.5"


def test_the_list_of_templates_says_how_many_measures_are_retired(lena, as_person, template, measures):
    Measure.objects.filter(pk=measures[0].pk).update(status="retired")
    page = as_person(lena).get(reverse("kpis:template-list")).content.decode()
    assert "3 measures, 1 retired" in page
