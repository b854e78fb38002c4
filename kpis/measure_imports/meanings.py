"""What a table's texts for units and kinds mean: known ones, those said before, those of this import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify

from govuk.forms import lower_first
from kpis.library.models import Kind, Unit
from kpis.measure_imports.cells import kind_of, text_key
from kpis.measure_imports.models import MeasureText
from kpis.measure_imports.reading import RowRead

Noun = MeasureText.Noun
NEW = "new"
# Spellings of units every install has; only those that are there are offered.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "people": ("people", "person", "persons", "individual", "individuals", "headcount", "employees"),
    "fte": ("fte", "ftes", "peoplefte", "fulltimeequivalent", "fulltimeequivalents", "ftepeople"),
    "weeks": ("week", "weeks", "wks"),
    "hours": ("hour", "hours", "hrs", "staffhours", "volunteerhours", "volunteeringhours"),
    "pounds": ("pounds", "pound", "gbp", "poundsspent", "poundsinvested", "poundsvalue", "sterling"),
    "percent": ("percent", "percentage", "pc", "pct", "percents"),
    "tonnes": ("tonne", "tonnes", "metrictonnes"),
    "tco2e": ("tco2e", "tonnesco2e", "tonnesofco2e", "tonnesco2", "tco2", "tonnesofco2"),
    "organisations": ("organisation", "organisations", "vcses", "businesses"),
    "activities": ("activity", "activities", "events", "initiatives", "sessions"),
    "yes-no": ("yn", "yesno", "yesorno"),
    "dates": ("date", "dates"),
}  # fmt: skip
KIND_OF_UNIT = {
    "pounds": Kind.MONEY,
    "percent": Kind.PERCENTAGE,
    "yes-no": Kind.YES_NO,
    "dates": Kind.MILESTONE,
}
UNIT_OF_KIND: dict[str, str] = {kind: code for code, kind in KIND_OF_UNIT.items()}
_BEGINS = re.compile(r"\s*(?:(?P<percent>%|per ?cent(?:age)?\b)|£|gbp\b)", re.IGNORECASE)
_COUNTING = re.compile(r"^(no|number|nr|total|count)(of)?(?=.{2})")


# Texts that only say that something is counted.
_ANYTHING = frozenset(
    ("", "no", "nos", "number", "numbers", "nr", "each", "count", "qty", "quantity", "noof")
)


def words_of(text: str) -> str:
    """Return what a new unit made of a text is called: “units” where it only says that they are counted."""
    return "units" if text_key(text) in _ANYTHING else lower_first(text)


class Meanings:
    """What texts mean, read from the database once."""

    def __init__(
        self, units: Mapping[str, str] | None = None, kinds: Mapping[str, str] | None = None
    ) -> None:
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.chosen_units, self.chosen_kinds = dict(units or {}), dict(kinds or {})
        self._known: dict[str, str] = {}
        for code, spellings in SPELLINGS.items():
            if code in self.units:
                self._known.update(dict.fromkeys(spellings, code))
        for unit in self.units.values():
            for text in (unit.short, unit.name, unit.code):
                self._known.setdefault(text_key(text), unit.code)
        self._kinds: dict[str, str] = {}
        for one in MeasureText.objects.select_related("unit"):
            if one.noun == Noun.UNIT and one.unit:
                self._known[one.key] = one.unit.code
            elif one.noun == Noun.KIND:
                self._kinds[one.key] = one.kind

    def unit(self, text: str, kind: str = "") -> str:
        """Return the code of the unit a text means, "new" for one to be made, "" where it is not known."""
        key = text_key(text)
        if key in self.chosen_units:
            return self.chosen_units[key]
        if not key:
            return UNIT_OF_KIND.get(kind, "")
        if text.lower().lstrip().startswith(("y/n", "yes/no", "yes or no")) and "yes-no" in self.units:
            return "yes-no"
        found = self._known.get(key) or self._known.get(_COUNTING.sub("", key))
        return found or self._known.get(text_key(words_of(text)), "")

    def kind(self, text: str) -> str:
        """Return the kind a text means, "" where it is not known."""
        key = text_key(text)
        return self.chosen_kinds.get(key) or self._kinds.get(key) or kind_of(text) or ""

    def kind_of_row(self, row: RowRead) -> str:
        """Return what a row's figure is: by its kind, else by its unit; a number where neither says."""
        said = self.kind(row.read.get("kind", "")) if row.read.get("kind") else ""
        unit = row.read.get("unit", "")
        code = self.unit(unit)
        by_unit: str = KIND_OF_UNIT.get(code, "")
        if not by_unit and code not in SPELLINGS and (begins := _BEGINS.match(unit)):
            # A unit such as “% of invoices” or “£ invested, with staff time”: new, or an earlier table's.
            by_unit = Kind.PERCENTAGE if begins["percent"] else Kind.MONEY
        # “Number” says little of “£” or “%”, and a percentage must never be valued as if it were a count.
        return by_unit if by_unit and said in {"", Kind.COUNT} else said


def texts_of(rows: Iterable[RowRead], meanings: Meanings) -> dict[str, list[tuple[str, int]]]:
    """Return the units' and kinds' texts with the number of rows that have each, most first."""
    counts: dict[str, Counter[str]] = {Noun.UNIT.value: Counter(), Noun.KIND.value: Counter()}
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.skipped or row.reasons:
            continue
        for noun in counts:
            text = row.read.get(noun, "")
            if not text and (noun == Noun.KIND or meanings.unit("", meanings.kind_of_row(row))):
                continue
            key = text_key(text)
            counts[noun][key] += 1
            first.setdefault((noun, key), text)
    return {
        noun: [(first[noun, key], count) for key, count in found.most_common()]
        for noun, found in counts.items()
    }


def remember(*, by: Any, units: Mapping[str, tuple[str, Unit]], kinds: Mapping[str, tuple[str, str]]) -> None:
    """Keep what texts mean (key -> text and meaning), in the caller's transaction."""
    for key, (text, unit) in units.items():
        MeasureText.objects.update_or_create(
            noun=Noun.UNIT, key=key, defaults={"text": text[:250], "unit": unit, "made_by": by}
        )
    for key, (text, kind) in kinds.items():
        MeasureText.objects.update_or_create(
            noun=Noun.KIND, key=key, defaults={"text": text[:250], "kind": kind, "made_by": by}
        )


def new_unit(text: str) -> Unit:
    """Return a unit made of a table's text, with two decimal places; in the caller's transaction."""
    name = words_of(text)[:80]
    base = slugify(name)[:34] or "unit"
    code, number = base, 1
    taken = set(Unit.objects.filter(code__startswith=base).values_list("code", flat=True))
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return Unit.objects.create(code=code, name=name, short=name[:30], places=2)
