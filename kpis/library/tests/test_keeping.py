"""Keeping measures: every fact checked against the others, a life of their own, and a past that stands."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.library import verbs
from kpis.library.measure_checks import chain_of
from kpis.library.models import Cohort, CouncilPriority, Framework, Measure, Outcome, Theme, Unit
from kpis.models import TotalRow
from kpis.proposals.content import content_of, hash_of
from kpis.proxies.checks import why_not_priced
from kpis.proxies.models import Proxy, ProxyValue
from kpis.readings.to_date import figures_to_date
from kpis.returns.tests.conftest import MAY, reading_of, submitted
from kpis.tests.factories import make_measure
from kpis.totals.verbs import rebuild


@pytest.fixture
def edition(db):
    """Return another edition with a theme and an outcome."""
    framework = Framework.objects.create(name="Ours", edition="2027", source="Us", licence="OGL")
    theme = Theme.objects.create(framework=framework, code="W", title="Work")
    Outcome.objects.create(theme=theme, title="More people in work")
    return framework


@pytest.fixture
def facts(edition):
    """Return what a new measure of the edition needs."""
    return {
        "theme": edition.themes.get(),
        "code": "SV-09",
        "title": "Bat boxes put up",
        "unit": Unit.objects.get(code="items"),
        "kind": "count",
        "direction": "higher",
        "roll_up": "sum",
        "across": "sum",
        "counting_rule": "Count boxes.",
        "evidence_expected": "Photographs.",
    }


def errors_of(call, *args, **given):
    with pytest.raises(Invalid) as wrong:
        call(*args, **given)
    return dict(wrong.value.errors)


def give_value(measure, **facts):
    """Return a £ value of the measure that is offered."""
    proxy = Proxy.objects.create(
        measure=measure, name="A test value", unit=measure.unit, price_year=2025, geography="Here",
        source="These tests", licence="None needed", **facts,
    )  # fmt: skip
    ProxyValue.objects.create(proxy=proxy, value=Decimal(10))
    return proxy


def test_a_code_is_taken_in_its_own_edition_only_whatever_its_capitals(facts, lena):
    added = verbs.add_measure(by=lena, **facts)
    assert (added.code, added.framework) == ("SV-09", facts["theme"].framework)
    assert Measure.objects.filter(code="SV-09").count() == 2
    assert "Ours, 2027" in errors_of(verbs.add_measure, by=lena, **{**facts, "code": "sv-09"})["code"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"across": "average"}, "across"),
        ({"roll_up": "average"}, "roll_up"),
        ({"kind": "percentage", "roll_up": "latest"}, "numerator_name"),
        ({"kind": "percentage", "roll_up": "latest", "across": "sum"}, "across"),
        ({"kind": "yes_no", "roll_up": "latest", "across": "sum"}, "across"),
        ({"kind": "text", "roll_up": "sum", "across": "none"}, "roll_up"),
        ({"kind": "text", "roll_up": "latest", "across": "none", "can_be_negative": True}, "can_be_negative"),
        ({"kind": "money", "cohort_splits": "groups"}, "cohort_splits"),
        ({"unit": "pounds"}, "unit"),
        ({"can_be_negative": True, "cohort": "group"}, "can_be_negative"),
        ({"outcome": "elsewhere"}, "outcome"),
        ({"also_under": "own"}, "also_under"),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_field(facts, lena, given, field):
    stand_ins = {
        "groups": lambda: list(Cohort.objects.all()[:1]),
        "pounds": lambda: Unit.objects.get(code="pounds"),
        "group": lambda: Cohort.objects.first(),
        "elsewhere": lambda: Outcome.objects.exclude(theme=facts["theme"]).first(),
        "own": lambda: [facts["theme"]],
    }
    given = {name: stand_ins.get(value, lambda value=value: value)() for name, value in given.items()}
    assert field in errors_of(verbs.add_measure, by=lena, **{**facts, **given})


def test_each_kind_comes_together_across_contracts_as_it_can(facts, lena):
    del facts["across"]
    for code, given, across in (
        ("A", {}, "sum"),
        ("B", {"kind": "yes_no", "roll_up": "latest"}, "none"),
        (
            "C",
            {"kind": "percentage", "roll_up": "latest", "numerator_name": "a", "denominator_name": "b"},
            "average",
        ),
    ):
        assert verbs.add_measure(by=lena, **{**facts, "code": code, **given}).across == across


def test_the_form_asks_for_everything_and_keeps_it(facts, lena, as_person):
    priority = CouncilPriority.objects.create(title="Warm homes")
    also = Theme.objects.exclude(framework=facts["theme"].framework).first()
    group = Cohort.objects.first()
    client = as_person(lena)
    page = client.get(reverse("kpis:measure-add")).content.decode()
    assert '<optgroup label="Ours, 2027">' in page
    assert "Warm homes" in page
    sent = {
        **facts,
        "theme": facts["theme"].pk,
        "unit": facts["unit"].pk,
        "outcome": facts["theme"].outcomes.get().pk,
        "across": "maximum",
        "can_be_negative": "on",
        "cohort_splits": [group.pk],
        "record_only": "on",
        "priorities": [priority.pk],
        "also_under": [also.pk],
        "status": "draft",
    }
    answer = client.post(reverse("kpis:measure-add"), sent)
    assert answer.status_code == 302, answer.content.decode()
    made = Measure.objects.get(framework=facts["theme"].framework)
    assert (made.status, made.across, made.can_be_negative, made.record_only) == (
        "draft", "maximum", True, True,
    )  # fmt: skip
    assert made.outcome.title == "More people in work"
    assert [list(rows.all()) for rows in (made.cohort_splits, made.priorities, made.also_under)] == [
        [group], [priority], [also],
    ]  # fmt: skip
    page = client.get(made.get_absolute_url()).content.decode()
    for words in ("Warm homes", str(also.framework), "Ours, 2027", "OGL", "The highest", "below 0"):
        assert words in page, words
    edit = reverse("kpis:measure-edit", args=[made.pk])
    page = client.get(edit).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    client.post(edit, {**sent, "seen": seen, "title": "Bat boxes", "priorities": []})
    made.refresh_from_db()
    assert made.title == "Bat boxes"
    assert not made.priorities.exists()
    assert client.post(edit, {**sent, "seen": seen, "title": "Lost"}).status_code == 409


def test_a_draft_is_seen_by_those_who_keep_the_library_until_it_may_be_proposed(
    facts, lena, colin, as_person
):
    draft = verbs.add_measure(by=lena, status="draft", **facts)
    url = draft.get_absolute_url()
    assert as_person(colin).get(url).status_code == 403
    listed = reverse("kpis:library") + "?q=bat+boxes&status="
    for status in ("", "draft", "all"):
        assert "Bat boxes put up" not in as_person(colin).get(listed + status).content.decode()
    assert "Bat boxes put up" in as_person(lena).get(listed + "draft").content.decode()
    assert "Bat boxes put up" not in as_person(lena).get(listed).content.decode()
    assert as_person(colin).post(reverse("kpis:measure-live", args=[draft.pk])).status_code == 403
    as_person(lena).post(reverse("kpis:measure-live", args=[draft.pk]))
    assert as_person(colin).get(url).status_code == 200
    assert history_of(draft).first().action == "library.make_live"
    with pytest.raises(Stale):
        verbs.make_live(draft, by=lena)
    with pytest.raises(Refused):
        verbs.make_live(draft, by=colin)


def test_what_takes_a_retired_measures_place_is_shown_on_and_on_and_never_in_a_circle(db, lena, as_person):
    first, second, third = (make_measure(title) for title in ("First", "Second", "Third"))
    verbs.retire(first, by=lena, replaced_by=second)
    own = errors_of(verbs.retire, second, by=lena, replaced_by=second)["replaced_by"]
    assert "own place" in own
    verbs.retire(second, by=lena, replaced_by=third)
    first.refresh_from_db()
    assert chain_of(first) == [second, third]
    page = as_person(lena).get(first.get_absolute_url()).content.decode()
    assert "which was itself replaced by" in page
    assert "takes the place of" in as_person(lena).get(third.get_absolute_url()).content.decode()
    assert "can't be proposed" in errors_of(verbs.retire, third, by=lena, replaced_by=first)["replaced_by"]
    Measure.objects.filter(pk=first.pk).update(status="live")
    assert "itself replaced" in errors_of(verbs.retire, third, by=lena, replaced_by=first)["replaced_by"]
    answer = as_person(lena).post(
        reverse("kpis:measure-retire", args=[third.pk]), {"replaced_by": first.pk, "note": "Round"}
    )
    assert "itself replaced" in answer.content.decode()


def test_a_measure_with_a_value_stays_one_that_can_have_it(lena):
    measure = make_measure("Hours")
    proxy = give_value(measure)
    assert "Withdraw" in errors_of(verbs.edit_measure, measure, by=lena, record_only=True)["record_only"]
    assert "Withdraw" in errors_of(verbs.edit_measure, measure, by=lena, roll_up="latest")["roll_up"]
    assert "Withdraw" in errors_of(verbs.edit_measure, measure, by=lena, across="none")["across"]
    other = Unit.objects.get(code="items")
    assert "Withdraw" in errors_of(verbs.edit_measure, measure, by=lena, unit=other)["unit"]
    Proxy.objects.filter(pk=proxy.pk).update(withdrawn_at=proxy.added_at)
    assert verbs.edit_measure(measure, by=lena, record_only=True).record_only


def test_what_is_not_added_up_over_contracts_has_no_value_in_pounds(db):
    measure = make_measure("Longest wait", across="maximum")
    assert not measure.can_be_priced
    assert "not added up over contracts" in why_not_priced(measure)


def test_losses_once_recorded_keep_their_sign(may, weeks, lena, priya):
    verbs.edit_measure(weeks, by=lena, can_be_negative=True)
    submitted(may, priya, value=-2, comment="Two left.")
    assert "stand" in errors_of(verbs.edit_measure, weeks, by=lena, can_be_negative=False)["can_be_negative"]


def test_editing_and_retiring_leave_every_past_entry_as_it_was(
    may,
    kpi_set,
    weeks,
    lena,
    priya,
    dana,
    as_person,
    edition,
):
    """The set, its hash, the return, the totals and the report say after what they said before."""
    submitted(may, priya)
    rebuild()
    report = "/reports/directorates/neighbourhoods/2026-05/?table=measures&format=csv"

    def all_that_stands():
        rows = b"".join(as_person(dana).get(report).streaming_content).decode()
        return (
            [(t.title, t.target, t.counting_rule, t.evidence_expected) for t in kpi_set.terms.all()],
            hash_of(content_of(kpi_set)),
            list(may.readings.order_by("pk").values()),
            list(TotalRow.objects.order_by("pk").values()),
            figures_to_date(reading_of(may, weeks).kpi, MAY),
            rows,
        )

    before = all_that_stands()
    verbs.edit_measure(
        weeks,
        by=lena,
        counting_rule="Count otherwise.",
        evidence_expected="Something else.",
        cohort_splits=list(Cohort.objects.all()[:1]),
        record_only=True,
        can_be_negative=True,
    )
    for name, value in (
        ("code", "X"), ("kind", "money"), ("direction", "lower"), ("roll_up", "latest"), ("across", "none"),
        ("theme", edition.themes.get()),
    ):  # fmt: skip
        assert "past figures" in errors_of(verbs.edit_measure, weeks, by=lena, **{name: value})[name]
    verbs.retire(weeks, by=lena, note="Counted elsewhere")
    rebuild()
    assert all_that_stands() == before
    page = as_person(priya).get(may.get_absolute_url())
    assert page.status_code == 200
    assert as_person(dana).get(kpi_set.get_absolute_url()).status_code == 200
