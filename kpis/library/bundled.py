"""The frameworks every install begins with: the starter set, and openly licensed ones as far as known."""

from django.apps import apps as current_apps

from kpis.library import starter
from kpis.library.bundled_words import ALSO, FRAMEWORKS
from kpis.library.filling import fill_framework


def load(apps=current_apps) -> None:
    """Add the bundled frameworks and measures that are not there; leave a council's own edits as they are.

    A data migration passes its historic models in `apps`: starter measures of an older release are then
    given what that release had no say in.
    """
    if apps is not current_apps:
        starter.settle(apps)
    first, new = starter.load_new(apps)
    for words in FRAMEWORKS:
        filled = fill_framework(apps, words)
        if filled is not None:
            framework, also_new = filled
            _point(apps, first, framework, new["measures"], also_new["themes"])


def _point(apps, starter_set, framework, new_measures: set[str], new_themes: set[str]) -> None:
    """Let starter measures count under the framework's themes too, where the measure or the theme is new."""
    codes = also_under(framework.key)
    themes = {one.code: one for one in apps.get_model("kpis", "Theme").objects.filter(framework=framework)}
    measures = {
        one.code: one for one in apps.get_model("kpis", "Measure").objects.filter(framework=starter_set)
    }
    link = apps.get_model("kpis", "Measure").also_under.through
    link.objects.bulk_create(
        [
            link(measure_id=measures[code].pk, theme_id=themes[theme].pk)
            for theme, wanted in codes.items()
            for code in wanted
            if theme in themes and code in measures and (theme in new_themes or code in new_measures)
        ],
        ignore_conflicts=True,
    )


def also_under(key: str) -> dict[str, list[str]]:
    """Return {theme code: [codes of starter measures]} of the bundled framework with this key."""
    return {theme: [f"SV-{number}" for number in rest.split()] for theme, rest in ALSO[key].items()}


def unload(apps) -> None:
    """Take away bundled frameworks other than the starter set, with what of them nobody used."""
    Framework, Theme = apps.get_model("kpis", "Framework"), apps.get_model("kpis", "Theme")
    Measure, Outcome = apps.get_model("kpis", "Measure"), apps.get_model("kpis", "Outcome")
    for framework in Framework.objects.filter(key__in=[words["key"] for words in FRAMEWORKS]):
        if framework.choices.exists() or framework.next_editions.exists():
            continue
        unused = {"kpis": None, "template_items": None, "proxies": None, "practice_notes": None}
        Measure.objects.filter(framework=framework, **unused).delete()
        if Measure.objects.filter(framework=framework).exists():
            continue
        Outcome.objects.filter(theme__framework=framework).delete()
        Theme.objects.filter(framework=framework).delete()
        framework.delete()
