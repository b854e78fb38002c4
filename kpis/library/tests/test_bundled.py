"""What every install begins with: sources and licences said, nothing of anybody's licence, no £ value."""

import re

import pytest
from django.apps import apps

from kpis.library import bundled, starter
from kpis.library.bundled_words import ALSO, FRAMEWORKS
from kpis.library.filling import across_of, is_record_only
from kpis.library.models import Across, Direction, Framework, Kind, Measure, RollUp, Theme
from kpis.library.starter_lists import COHORTS, UNITS
from kpis.library.starter_measures import MEASURES
from kpis.library.starter_templates import TEMPLATES
from kpis.proxies.models import Proxy

EVERY = [*MEASURES, *(one for words in FRAMEWORKS for one in words["measures"])]
SETS = [starter.WORDS, *FRAMEWORKS]
# Names and marks of frameworks that nobody may pass on, and words of £ values.
RESTRICTED = re.compile(r"\bNT\d|\bRE\d|\bFM\d|\bTOMs?\b|HACT|Social Value Portal|£\s?\d|\bproxy\b", re.I)


@pytest.mark.parametrize("words", SETS, ids=lambda words: words["key"])
def test_every_bundled_framework_says_its_source_and_licence(words):
    for fact in ("about", "source", "licence"):
        assert words["facts"][fact].strip(), fact
    assert words["facts"]["offered"] in Framework.Offered.values
    assert len(words["facts"]["source"]) <= 300
    assert len(words["facts"]["licence"]) <= 200
    for code, title, _about, outcomes in words["themes"]:
        assert len(code) <= 20, code
        assert len(title) <= 150, title
        assert all(len(one if isinstance(one, str) else one[1]) <= 250 for one in outcomes)


@pytest.mark.parametrize("words", SETS, ids=lambda words: words["key"])
def test_every_code_stands_once_and_under_a_theme_and_outcome_that_are_there(words):
    codes = [one["code"] for one in words["measures"]]
    assert len(codes) == len(set(codes))
    outcomes = {code: len(of_theme) for code, _, _, of_theme in words["themes"]}
    assert len(outcomes) == len(words["themes"])
    for one in words["measures"]:
        assert 1 <= one.get("outcome", 1) <= max(outcomes[one["theme"]], 1), one["code"]


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words["code"])
def test_every_bundled_measure_is_whole_and_in_our_own_words(words):
    said = f"{words['title']} {words['rule']} {words['evidence']}"
    assert not RESTRICTED.search(said)
    assert not {"value", "proxy", "price_year"} & set(words)
    assert len(words["title"]) < 150
    assert len(words["rule"]) > 40
    assert len(words["evidence"]) > 20
    assert words["unit"] in {code for code, *_ in UNITS}
    kind, roll_up = words.get("kind", "count"), words.get("roll_up", "sum")
    assert kind in Kind.values
    assert roll_up in RollUp.values
    assert words.get("direction", "higher") in Direction.values
    assert across_of(words) in Across.values
    groups = {code for code, *_ in COHORTS}
    assert {words.get("cohort", "other"), *words.get("splits", ())} <= groups
    if kind == "percentage":
        assert words["above"]
        assert words["below"]
        assert roll_up != "sum"
    if kind not in {"count", "money"} or roll_up != "sum":
        assert is_record_only(words)


def test_what_may_fall_below_nought_says_so_in_its_rule():
    below = [one for one in MEASURES if one.get("can_be_negative")]
    assert {one["code"] for one in below} == {"SV-40", "SV-60", "SV-72"}
    assert all("below 0" in one["rule"] for one in below)


def test_wellbeing_years_keep_the_code_that_their_value_hangs_on(db):
    measure = Measure.objects.get(code="SV-60", framework__key=starter.KEY)
    assert (measure.title, measure.unit.code) == ("Wellbeing years gained (WELLBYs)", "wellbys")
    assert measure.can_be_priced


def test_every_mapping_names_a_starter_measure_and_a_theme_that_are_there():
    codes = {one["code"] for one in MEASURES}
    themes = {words["key"]: {code for code, *_ in words["themes"]} for words in FRAMEWORKS}
    assert set(ALSO) == set(themes)
    for key, mapped in ALSO.items():
        assert set(mapped) == themes[key]
        for measures in bundled.also_under(key).values():
            assert set(measures) <= codes
            assert len(set(measures)) == len(measures)


def test_templates_are_made_of_starter_measures():
    codes = {one["code"] for one in MEASURES}
    for key, _, _, _, items in TEMPLATES:
        assert {code for code, *_ in items} <= codes, key


def test_every_install_has_them_all_with_their_measures_also_under_them(db):
    for words in SETS:
        framework = Framework.objects.get(key=words["key"])
        assert framework.measures.count() == len(words["measures"])
        assert framework.themes.filter(heading="").count() == len(words["themes"])
        assert framework.is_usable
    assert Framework.objects.get(key="social-value-model-2025").offered == "chosen"
    fair_work = Theme.objects.get(framework__key="social-value-model-2025", code="1")
    assert [one.code for one in fair_work.outcomes.all()] == ["1a", "1b", "1c", "1d", "1e"]
    assert set(fair_work.also_measures.values_list("code", flat=True)) >= {"SV-01", "SV-07"}


def test_loading_again_keeps_what_the_council_changed_or_took_away(db):
    framework = Framework.objects.get(key="manchester-objectives")
    Framework.objects.filter(pk=framework.pk).update(name="Our objectives", status="retired")
    green = framework.themes.get(code="GREEN")
    green.also_measures.clear()
    Measure.objects.filter(code="SV-61").update(record_only=True, across="none")
    counts = [model.objects.count() for model in (Framework, Theme, Measure)]
    bundled.load()
    assert [model.objects.count() for model in (Framework, Theme, Measure)] == counts
    assert not green.also_measures.exists()
    assert Measure.objects.filter(code="SV-61", record_only=True, across="none").exists()


def test_a_framework_of_the_councils_own_with_the_same_name_is_left_alone(db):
    framework = Framework.objects.get(key="manchester-objectives")
    Framework.objects.filter(pk=framework.pk).update(key="")
    framework.themes.filter(code="GREEN").delete()
    bundled.load()
    assert Framework.objects.filter(name=framework.name).count() == 1
    assert framework.themes.count() == 5


def test_measures_of_an_older_release_are_given_what_it_could_not_say(db):
    """As the one migration that brings proxies finds them: all shipped as never priced and added up."""
    starter_set = Measure.objects.filter(framework__key=starter.KEY)
    Proxy.objects.all().delete()
    starter_set.update(record_only=True, across="sum")
    starter_set.filter(code="SV-09").update(roll_up="maximum")
    starter.settle(apps)
    priced = {one.code for one in starter_set if not one.record_only}
    assert {"SV-01", "SV-17", "SV-32"} <= priced
    assert not {"SV-07", "SV-09", "SV-29", "SV-37"} & priced
    assert starter_set.get(code="SV-07").across == "average"
    assert starter_set.get(code="SV-29").across == "none"
