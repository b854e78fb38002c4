"""Puts the starter set of measures, units and cohorts into the library; safe to run again."""

from django.apps import apps as current_apps
from django.conf import settings

from kpis.library.starter_measures import COHORTS, MEASURES, THEMES, UNITS

KEY, NAME, EDITION = "starter-measures", "Starter measures", "First edition"
SOURCE = "Written for this service; holds no other framework's wording, codes or values"
LICENCE = "Open Government Licence v3.0"


def load(apps=current_apps):
    """Return the starter framework, with every measure present.

    Adds what is missing and changes nothing that is there: a council's own edits are kept. A data migration
    passes its historic models in `apps`.
    """
    framework, _ = apps.get_model("kpis", "Framework").objects.get_or_create(
        name=NAME,
        edition=EDITION,
        defaults={"key": KEY, "offered": "always", "source": SOURCE, "licence": LICENCE},
    )
    units = _load_units(apps)
    cohorts = _load_cohorts(apps)
    outcomes = _load_themes(apps, framework)
    for words in MEASURES:
        _load_measure(apps, words, units, cohorts, outcomes)
    return framework


def _load_units(apps):
    Unit = apps.get_model("kpis", "Unit")
    return {
        code: Unit.objects.get_or_create(
            code=code, defaults={"name": name, "short": short, "places": places}
        )[0]
        for code, name, short, places in UNITS
    }


def _load_cohorts(apps):
    Cohort = apps.get_model("kpis", "Cohort")
    found = {}
    for position, (code, name, definition, ages, rule) in enumerate(COHORTS, start=1):
        found[code], _ = Cohort.objects.get_or_create(
            code=code,
            defaults={
                "name": name or settings.WORDS["our_children"],
                "definition": definition,
                "age_range": ages,
                "evidence_rule": rule,
                "is_our_children": code == "our-children",
                "position": position,
            },
        )
    return found


def _load_themes(apps, framework):
    """Return {theme code: (theme, [outcomes])}."""
    Theme, Outcome = apps.get_model("kpis", "Theme"), apps.get_model("kpis", "Outcome")
    found = {}
    for position, (code, title, about, outcome_titles) in enumerate(THEMES, start=1):
        theme, _ = Theme.objects.get_or_create(
            framework=framework, code=code, defaults={"title": title, "about": about, "position": position}
        )
        outcomes = [
            Outcome.objects.get_or_create(theme=theme, position=number, defaults={"title": words})[0]
            for number, words in enumerate(outcome_titles, start=1)
        ]
        found[code] = (theme, outcomes)
    return found


def _load_measure(apps, words, units, cohorts, outcomes):
    theme, of_theme = outcomes[words["theme"]]
    measure, is_new = apps.get_model("kpis", "Measure").objects.get_or_create(
        framework=theme.framework,
        code=words["code"],
        defaults={
            "theme": theme,
            "outcome": of_theme[words["outcome"] - 1],
            "title": _in_our_words(words["title"]),
            "unit": units[words["unit"]],
            "kind": words.get("kind", "count"),
            "direction": words.get("direction", "higher"),
            "roll_up": words.get("roll_up", "sum"),
            "numerator_name": words.get("above", ""),
            "denominator_name": words.get("below", ""),
            "counting_rule": words["rule"],
            "evidence_expected": words["evidence"],
            "cohort": cohorts[words["cohort"]] if "cohort" in words else None,
            "record_only": words.get("kind", "count") not in {"count", "money"},
            "status": "live",
        },
    )
    if is_new:
        measure.cohort_splits.set([cohorts[code] for code in words.get("splits", ())])


def _in_our_words(title):
    """Return the title with this council's own name for its children in care and care leavers."""
    return title.replace("Our Children", settings.WORDS["our_children"])
