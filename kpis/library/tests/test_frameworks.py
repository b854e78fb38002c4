"""Editions, their headings and the council's priorities: kept by the lead, each change in the history."""

import datetime as dt

import pytest

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.library import edition_verbs, framework_verbs, priority_verbs, theme_verbs
from kpis.library.models import Cohort, CouncilPriority, Framework, KPITemplate, Measure, Outcome, Theme
from kpis.library.tests.editions import make_edition, make_measure

FACTS = {"name": "County charter", "edition": "2025", "source": "County papers", "licence": "Open"}


@pytest.fixture
def edition(db):
    return make_edition("2025")


def test_a_framework_begins_as_a_draft_and_is_made_live_retired_and_brought_back(lena):
    made = framework_verbs.add_framework(by=lena, **FACTS)
    assert (made.status, made.is_usable) == ("draft", False)
    made = framework_verbs.make_live(made, by=lena, version=made.version)
    assert made.is_usable
    made = framework_verbs.retire(made, by=lena, version=made.version, note="Superseded")
    assert not made.is_usable
    made = framework_verbs.bring_back(made, by=lena, version=made.version)
    assert made.is_usable
    assert list(HistoryRow.objects.of(made).order_by("pk").values_list("action", flat=True)) == [
        "library.add_framework",
        "library.make_live_framework",
        "library.retire_framework",
        "library.bring_back_framework",
    ]


def test_an_edition_is_there_once_whatever_its_capitals(lena, edition):
    with pytest.raises(Invalid) as caught:
        framework_verbs.add_framework(by=lena, **{**FACTS, "name": "COUNTY  charter"})
    assert [field for field, _ in caught.value.errors] == ["edition"]


def test_an_edition_offered_by_date_needs_a_date_and_dates_in_order(lena, edition):
    for facts, field in (
        ({"offered": "by_date"}, "procured_from"),
        (
            {
                "offered": "by_date",
                "procured_from": dt.date(2025, 4, 2),
                "procured_until": dt.date(2025, 4, 1),
            },
            "procured_until",
        ),
    ):
        with pytest.raises(Invalid) as caught:
            framework_verbs.change_framework(edition, by=lena, **facts)
        assert [name for name, _ in caught.value.errors] == [field]
    one_day = dt.date(2025, 4, 1)
    dated = framework_verbs.change_framework(
        edition, by=lena, offered="by_date", procured_from=one_day, procured_until=one_day
    )
    assert dated.procured_until == one_day
    always = framework_verbs.change_framework(edition, by=lena, offered="always")
    assert (always.procured_from, always.procured_until) == (None, None)


def test_editions_never_come_after_themselves(lena, edition):
    after = make_edition("2026", previous=edition)
    with pytest.raises(Invalid, match="does not itself come after"):
        framework_verbs.change_framework(edition, by=lena, previous=after)


def test_a_change_made_on_an_older_copy_is_refused(lena, edition):
    framework_verbs.change_framework(edition, by=lena, version=1, source="The county's web page")
    with pytest.raises(Stale):
        framework_verbs.change_framework(edition, by=lena, version=1, source="Mine")
    with pytest.raises(Stale):
        framework_verbs.retire(edition, by=lena, version=1)


def test_a_licence_is_confirmed_in_somebodys_name_with_its_number_and_can_be_taken_back(lena):
    edition = make_edition(needs_licence=True)
    assert not edition.is_usable
    with pytest.raises(Invalid):
        framework_verbs.confirm_licence(edition, by=lena, licence_note=" ")
    edition = framework_verbs.confirm_licence(edition, by=lena, licence_note="Licence 17, to March 2027")
    assert (edition.is_usable, edition.licence_confirmed_by) == (True, lena)
    edition = framework_verbs.withdraw_licence(edition, by=lena, note="Not renewed")
    assert (edition.is_usable, edition.licence_note) == (False, "")
    with pytest.raises(Stale):
        framework_verbs.withdraw_licence(edition, by=lena, note="Again")


def test_an_edition_that_needs_no_licence_has_none_to_confirm(lena, edition):
    with pytest.raises(Stale):
        framework_verbs.confirm_licence(edition, by=lena, licence_note="Licence 17")


def test_a_new_edition_is_a_draft_copy_and_leaves_the_old_one_as_it_was(lena):
    old = make_edition(needs_licence=True, offered="always", licence_note="Licence 17")
    measure = make_measure(old, "CC1")
    make_measure(old, "CC2", "Retired one", status="retired")
    priority = CouncilPriority.objects.create(title="A fair town")
    group, elsewhere = Cohort.objects.first(), Theme.objects.exclude(framework=old).first()
    measure.priorities.add(priority), measure.cohort_splits.add(group), measure.also_under.add(elsewhere)
    new = edition_verbs.begin_edition(old, by=lena, edition="2026")
    assert (new.status, new.previous, new.name, new.is_usable) == ("draft", old, old.name, False)
    assert (new.licence_note, new.offered) == ("", "chosen")
    copy = new.measures.get()
    assert (copy.code, copy.theme.framework, copy.outcome.theme) == ("CC1", new, copy.theme)
    assert (copy.counting_rule, copy.unit) == (measure.counting_rule, measure.unit)
    assert (copy.priorities.get(), copy.cohort_splits.get()) == (priority, group)
    assert copy.also_under.get() == elsewhere
    assert not copy.proxies.exists()
    assert old.measures.count() == 2
    assert HistoryRow.objects.of(copy).count() == HistoryRow.objects.of(new).count() == 1
    with pytest.raises(Invalid, match="already"):
        edition_verbs.begin_edition(old, by=lena, edition="2026")


def test_a_new_edition_can_begin_with_the_headings_alone(lena, edition):
    make_measure(edition)
    new = edition_verbs.begin_edition(edition, by=lena, edition="2026", with_measures=False)
    assert (new.themes.count(), new.measures.count()) == (1, 0)
    assert new.themes.get().outcomes.get().title == "Better lives"


def test_a_draft_nothing_uses_is_removed_whole_and_anything_else_stays(lena, edition):
    make_measure(edition)
    draft = edition_verbs.begin_edition(edition, by=lena, edition="2026")
    with pytest.raises(Stale, match="not a draft"):
        edition_verbs.remove_draft(edition, by=lena)
    used = KPITemplate.objects.create(name="Uses it")
    item = used.items.create(measure=draft.measures.get())
    with pytest.raises(Stale, match="something uses it"):
        edition_verbs.remove_draft(draft, by=lena)
    item.delete()
    with pytest.raises(Stale):
        edition_verbs.remove_draft(draft, by=lena, version=7)
    edition_verbs.remove_draft(draft, by=lena, version=draft.version)
    assert list(Framework.objects.filter(name="County charter")) == [edition]
    assert edition.measures.count() == 1
    assert HistoryRow.objects.filter(action="library.remove_framework").count() == 1


def test_themes_are_added_at_a_place_and_the_rest_move_down(lena, edition):
    first = theme_verbs.add_theme(edition, by=lena, code="A", title="Alpha")
    second = theme_verbs.add_theme(edition, by=lena, code="B", title="Beta")
    theme_verbs.add_theme(edition, by=lena, code="C", title="Gamma", position=1)
    assert [one.code for one in edition.themes.all()] == ["C", "A", "B"]
    theme_verbs.change_theme(second, by=lena, position=1)
    assert [(one.code, one.position) for one in edition.themes.all()] == [("B", 1), ("C", 2), ("A", 3)]
    theme_verbs.remove(Theme.objects.get(code="C", framework=edition), by=lena)
    assert [(one.code, one.position) for one in edition.themes.all()] == [("B", 1), ("A", 2)]
    with pytest.raises(Invalid, match="another theme"):
        theme_verbs.change_theme(first, by=lena, code="b")


def test_a_theme_or_outcome_that_something_uses_is_never_removed(lena, edition):
    measure = make_measure(edition, status="retired")
    for row in (measure.theme, measure.outcome):
        with pytest.raises(Stale, match="1 measure"):
            theme_verbs.remove(row, by=lena)
    Measure.objects.filter(pk=measure.pk).delete()
    theme_verbs.remove(measure.outcome, by=lena)
    theme_verbs.remove(measure.theme, by=lena)
    assert not edition.themes.exists()


def test_a_theme_that_measures_of_another_framework_count_under_stays(lena, edition):
    theme = theme_verbs.add_theme(edition, by=lena, code="A", title="Alpha")
    make_measure(make_edition("1", name="Other")).also_under.add(theme)
    with pytest.raises(Stale, match="measure of another heading"):
        theme_verbs.remove(theme, by=lena)


def test_outcomes_are_kept_in_order_and_changes_meet_a_version_check(lena, edition):
    theme = theme_verbs.add_theme(edition, by=lena, code="A", title="Alpha")
    one = theme_verbs.add_outcome(theme, by=lena, title="One", code="A1")
    theme_verbs.add_outcome(theme, by=lena, title="Two", position=1)
    assert [row.title for row in theme.outcomes.all()] == ["Two", "One"]
    theme_verbs.change_outcome(one, by=lena, seen=0, about="More")
    with pytest.raises(Stale):
        theme_verbs.change_outcome(one, by=lena, seen=0, about="Other")
    assert HistoryRow.objects.of(edition).count() == 4


def test_priorities_are_added_changed_retired_and_brought_back(lena, edition):
    priority = priority_verbs.add_priority(by=lena, title="A fair  town")
    measure = make_measure(edition)
    measure.priorities.add(priority)
    assert priority.title == "A fair town"
    with pytest.raises(Invalid):
        priority_verbs.add_priority(by=lena, title="a FAIR town")
    priority = priority_verbs.change_priority(priority, by=lena, version=1, about="From the plan")
    with pytest.raises(Stale):
        priority_verbs.change_priority(priority, by=lena, version=1, about="Mine")
    priority = priority_verbs.retire_priority(priority, by=lena, version=2)
    assert (priority.is_active, measure.priorities.get()) == (False, priority)
    with pytest.raises(Stale):
        priority_verbs.retire_priority(priority, by=lena)
    assert priority_verbs.bring_back_priority(priority, by=lena).is_active


def test_only_the_lead_keeps_frameworks_headings_and_priorities(cast, edition):
    theme = make_measure(edition).theme
    outcome = Outcome.objects.get(theme=theme)
    priority = CouncilPriority.objects.create(title="A fair town")
    acts = [
        lambda by: framework_verbs.add_framework(by=by, **FACTS),
        lambda by: framework_verbs.change_framework(edition, by=by, source="Mine"),
        lambda by: framework_verbs.retire(edition, by=by),
        lambda by: framework_verbs.confirm_licence(edition, by=by, licence_note="1"),
        lambda by: framework_verbs.withdraw_licence(edition, by=by, note="1"),
        lambda by: edition_verbs.begin_edition(edition, by=by, edition="9"),
        lambda by: edition_verbs.remove_draft(edition, by=by),
        lambda by: theme_verbs.add_theme(edition, by=by, code="Z", title="Z"),
        lambda by: theme_verbs.change_theme(theme, by=by, title="Z"),
        lambda by: theme_verbs.add_outcome(theme, by=by, title="Z"),
        lambda by: theme_verbs.change_outcome(outcome, by=by, title="Z"),
        lambda by: theme_verbs.remove(outcome, by=by),
        lambda by: priority_verbs.add_priority(by=by, title="Z"),
        lambda by: priority_verbs.change_priority(priority, by=by, title="Z"),
        lambda by: priority_verbs.retire_priority(priority, by=by),
    ]
    for name, person in cast.items():
        if name == "lena":
            continue
        for act in acts:
            with pytest.raises(Refused):
                act(person)
    assert Framework.objects.filter(name="County charter").count() == 1
