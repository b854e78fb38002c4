"""Puts bundled frameworks into the library: adds what is missing, changes nothing that is there."""

from django.conf import settings

NUMBERS = {"count", "money"}
# How contracts' figures of a kind come to one, where the measure's words don't say.
ACROSS = {"count": "sum", "money": "sum", "percentage": "average"}


def fill_units(apps, units) -> None:
    """Add the units that are not there, by code: (code, name, short, decimal places)."""
    Unit = apps.get_model("kpis", "Unit")
    for code, name, short, places in units:
        Unit.objects.get_or_create(code=code, defaults={"name": name, "short": short, "places": places})


def fill_cohorts(apps, cohorts) -> None:
    """Add the groups of people that are not there, by code; the first is called what the settings say."""
    Cohort = apps.get_model("kpis", "Cohort")
    for position, (code, name, definition, ages, rule) in enumerate(cohorts, start=1):
        Cohort.objects.get_or_create(
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


def fill_framework(apps, words: dict):
    """Return the framework these words describe, with every theme, outcome and measure, and what is new.

    What is new is {"themes": {codes}, "measures": {codes}}: so that what hangs between frameworks is said
    once, and a council that takes it away isn't told again. A framework is known by its key, whatever the
    council calls it now. Returns None where the council has one of the same name and edition that is its
    own: that is left alone.
    """
    Framework = apps.get_model("kpis", "Framework")
    framework = Framework.objects.filter(key=words["key"]).first()
    named = {"name": words["name"], "edition": words["edition"]}
    if framework is None:
        if Framework.objects.filter(**named).exists():
            return None
        framework = Framework.objects.create(key=words["key"], **named, **words["facts"])
    themes, new_themes = _fill_themes(apps, framework, words["themes"])
    known = _Known(apps)
    new = {one["code"] for one in words["measures"] if _fill_measure(apps, framework, themes, one, known)}
    return framework, {"themes": new_themes, "measures": new}


class _Known:
    """Units and groups of people by code."""

    def __init__(self, apps):
        self.units = {one.code: one for one in apps.get_model("kpis", "Unit").objects.all()}
        self.cohorts = {one.code: one for one in apps.get_model("kpis", "Cohort").objects.all()}


def _fill_themes(apps, framework, themes):
    """Return {theme code: (theme, {outcome's position: outcome})}, and the codes of the new ones."""
    Theme, Outcome = apps.get_model("kpis", "Theme"), apps.get_model("kpis", "Outcome")
    found, new = {}, set()
    for position, (code, title, about, outcomes) in enumerate(themes, start=1):
        theme, is_new = Theme.objects.get_or_create(
            framework=framework, code=code, defaults={"title": title, "about": about, "position": position}
        )
        if is_new:
            new.add(code)
        there = {one.position: one for one in Outcome.objects.filter(theme=theme)}
        for number, outcome in enumerate(outcomes, start=1):
            if number not in there:
                mark, words = outcome if isinstance(outcome, tuple) else ("", outcome)
                there[number] = Outcome.objects.create(theme=theme, position=number, code=mark, title=words)
        found[code] = (theme, there)
    return found, new


def _fill_measure(apps, framework, themes, words, known) -> bool:
    """Return whether the measure was not there and has been added."""
    theme, outcomes = themes[words["theme"]]
    kind = words.get("kind", "count")
    measure, is_new = apps.get_model("kpis", "Measure").objects.get_or_create(
        framework=framework,
        code=words["code"],
        defaults={
            "theme": theme,
            "outcome": outcomes.get(words.get("outcome")),
            "title": in_our_words(words["title"]),
            "unit": known.units[words["unit"]],
            "kind": kind,
            "direction": words.get("direction", "higher"),
            "roll_up": words.get("roll_up", "sum"),
            "across": across_of(words),
            "can_be_negative": words.get("can_be_negative", False),
            "numerator_name": words.get("above", ""),
            "denominator_name": words.get("below", ""),
            "counting_rule": in_our_words(words["rule"]),
            "evidence_expected": words["evidence"],
            "cohort": known.cohorts[words["cohort"]] if "cohort" in words else None,
            "record_only": is_record_only(words),
            "status": "live",
        },
    )
    if is_new:
        measure.cohort_splits.set([known.cohorts[code] for code in words.get("splits", ())])
    return is_new


def across_of(words: dict) -> str:
    """Return how contracts' figures of the measure come to one figure of the council's."""
    return words.get("across") or ACROSS.get(words.get("kind", "count"), "none")


def is_record_only(words: dict) -> bool:
    """Return whether the measure is never given a £ value: whatever isn't an amount, and what says so."""
    return words.get("record_only", False) or words.get("kind", "count") not in NUMBERS


def in_our_words(text: str) -> str:
    """Return the text with this council's own name for its children in care and care leavers."""
    return text.replace("Our Children", settings.WORDS["our_children"])
