"""Puts the starter set of measures, units and cohorts into the library; safe to run again."""

from django.apps import apps as current_apps

from kpis.library.filling import across_of, fill_cohorts, fill_framework, fill_units, is_record_only
from kpis.library.starter_measures import COHORTS, MEASURES, THEMES, UNITS

KEY, NAME, EDITION = "starter-measures", "Starter measures", "First edition"
SOURCE = "Written for this service; holds no other framework's wording, codes or values"
LICENCE = "Open Government Licence v3.0"
ABOUT = (
    "Measures in plain words that any council may use as they are or change. None has a £ value of its own; "
    "what a unit is worth is a proxy, with its source, which the council adds or is given."
)
WORDS: dict = {
    "key": KEY,
    "name": NAME,
    "edition": EDITION,
    "facts": {"about": ABOUT, "offered": "always", "source": SOURCE, "licence": LICENCE},
    "themes": THEMES,
    "measures": MEASURES,
}


def load(apps=current_apps):
    """Return the starter framework, with every measure present.

    Adds what is missing and changes nothing that is there: a council's own edits are kept. A data migration
    passes its historic models in `apps`.
    """
    return load_new(apps)[0]


def load_new(apps=current_apps):
    """Do the same, and return with the framework what is new: {"themes": {codes}, "measures": {codes}}."""
    fill_units(apps, UNITS)
    fill_cohorts(apps, COHORTS)
    filled = fill_framework(apps, WORDS)
    # A framework of this name and edition has had this key since migration 0008.
    assert filled is not None
    return filled


def settle(apps) -> None:
    """Give measures of an older release what it had no say in: whether they are priced, how they combine.

    Before proxies were recorded every measure was shipped as never priced, and as added up across
    contracts. Only what still stands so is changed, and only where the shipped kind and roll-up stand too.
    For the one migration that brings proxies: afterwards both are the council's own choices.
    """
    Measure, Proxy = apps.get_model("kpis", "Measure"), apps.get_model("kpis", "Proxy")
    priced = set(Proxy.objects.values_list("measure_id", flat=True))
    shipped = {words["code"]: words for words in MEASURES}
    for measure in Measure.objects.filter(framework__key=KEY, code__in=shipped):
        words = shipped[measure.code]
        as_shipped = (words.get("kind", "count"), words.get("roll_up", "sum"))
        if (measure.kind, measure.roll_up) != as_shipped:
            continue
        if measure.record_only and measure.pk not in priced:
            measure.record_only = is_record_only(words)
        if measure.across == "sum":
            measure.across = across_of(words)
        measure.save(update_fields=["record_only", "across"])
