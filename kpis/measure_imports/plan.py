"""What would become of every row: new measures with their £ values, repeats, notes, what can't be used."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.calendar import today
from govuk.formats import money, plural
from govuk.forms import lower_first
from kpis.library.models import Framework, Kind, Measure
from kpis.measure_imports.cells import text_key
from kpis.measure_imports.fields import VALUES
from kpis.measure_imports.meanings import NEW, Meanings, words_of
from kpis.measure_imports.models import MeasureImport, MeasureImportRow
from kpis.measure_imports.reading import MeasureTable, RowRead, heading_of
from kpis.measure_imports.terms import NOT_STATED, OLD_YEARS, Terms, year_in
from kpis.proxies.checks import check, check_figures
from kpis.proxies.lines import Figure
from spreadsheets.mapping import letter, normal

Outcome = MeasureImportRow.Outcome
MADE_UP = re.compile(r"M-[0-9]{3,}", re.IGNORECASE)
_DECIMAL = re.compile(r"[0-9]+[.][1-9]")
ROOT_THEME = "Measures"


@dataclass
class PlannedRow:
    """What becomes of one row."""

    number: int
    outcome: str
    row: RowRead | None = None
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def read(self) -> dict[str, Any]:
        """Return what the row says; nothing for an empty one."""
        return self.row.read if self.row else {}


@dataclass
class Plan:
    """What becomes of a whole table."""

    table: MeasureTable
    rows: list[PlannedRow]
    warnings: list[tuple[int | None, str]]
    new_units: list[str] = field(default_factory=list)
    # The edition that came from this very file: there is nothing to do.
    standing: Framework | None = None
    # Rows with £ values of which nothing says in which year's prices they are.
    undated: list[int] = field(default_factory=list)


def came_from(framework: Framework) -> MeasureImport | None:
    """Return the import an edition was applied from, None where it is bundled or made by hand."""
    done = MeasureImport.objects.filter(framework=framework, status=MeasureImport.Status.APPLIED)
    return done.order_by("-pk").first()


def make_plan(
    table: MeasureTable, *, terms: Terms, meanings: Meanings, sha256: str = "", own: int | None = None
) -> Plan:
    """Return what would become of every row as things stand; writes nothing.

    `own` is the edition a stopped import has begun: it does not stand in its own way.
    """
    plan = Plan(table, [], list(table.warnings))
    standing = terms.standing(own)
    source = came_from(standing) if standing else None
    if source is not None and sha256 and source.sha256 == sha256:
        plan.standing = standing
    measures: list[PlannedRow] = []
    for row in table.rows:
        planned = PlannedRow(row.number, Outcome.CREATED, row, list(row.reasons), list(row.warnings))
        plan.rows.append(planned)
        if row.skipped:
            planned.outcome, planned.reasons = Outcome.SKIPPED, [row.skipped]
        elif row.reasons:
            planned.outcome = Outcome.REJECTED
        else:
            measures.append(planned)
    _repeats(measures)
    measures = [one for one in measures if one.outcome == Outcome.CREATED]
    _codes(measures, plan, terms, own)
    for one in measures:
        _measure(one, terms, meanings, plan)
    if plan.standing is not None:
        for one in measures:
            one.outcome = Outcome.UNCHANGED
    plan.rows += [PlannedRow(number, Outcome.EMPTY) for number in table.empty]
    plan.rows.sort(key=lambda one: one.number)
    _about_all(measures, plan, terms, sha256)
    return plan


def _repeats(measures: list[PlannedRow]) -> None:
    """Mark rows that are another one again, and rows that share a code with a different one."""
    seen: dict[tuple, int] = {}
    by_code: dict[str, list[PlannedRow]] = {}
    for one in measures:
        assert one.row is not None
        same = tuple(one.row.cells)
        if same in seen:
            one.outcome = Outcome.REPEATED
            one.reasons.append(f"It is row {seen[same]} again, word for word.")
            continue
        seen[same] = one.number
        if one.read["code"]:
            by_code.setdefault(one.read["code"].casefold(), []).append(one)
    for found in by_code.values():
        if len(found) < 2:
            continue
        numbers = [one.number for one in found]
        for one in found:
            others = " and ".join(str(number) for number in numbers if number != one.number)
            one.outcome = Outcome.REJECTED
            one.reasons.append(
                f"Its code {one.read['code']} is also that of row {others}, which says something else. "
                "A code is one measure: correct it in the file."
            )
            if _DECIMAL.fullmatch(one.read["code"]):
                one.reasons.append("A spreadsheet makes 1.10 into 1.1: keep such codes as text.")


def _codes(measures: list[PlannedRow], plan: Plan, terms: Terms, own: int | None) -> None:
    """Make up codes for rows without one; where the edition before made one up for the same words, that."""
    without = [one for one in measures if not one.read["code"]]
    if not without:
        return
    taken = {one.read["code"].casefold() for one in measures}
    before = terms.edition_before(own) if terms.name else None
    known: dict[str, str] = {}
    if before is not None:
        for code, title in Measure.objects.filter(framework=before).values_list("code", "title"):
            if MADE_UP.fullmatch(code):
                known.setdefault(normal(title), code)
    reserved = {code.casefold() for code in known.values()}
    number = 0
    for one in without:
        code = known.pop(normal(one.read["title"]), "")
        if not code or code.casefold() in taken:
            number += 1
            while f"m-{number:03}" in taken | reserved:
                number += 1
            code = f"M-{number:03}"
        taken.add(code.casefold())
        one.read["code"] = code
        one.warnings.append(f"It has no code: it gets {code}.")
    plan.warnings.append(
        (None, f"{plural(len(without), 'measure')} had no code; codes such as M-001 were made up.")
    )


def _measure(one: PlannedRow, terms: Terms, meanings: Meanings, plan: Plan) -> None:
    """Settle the row's theme, unit, kind, £ values; say what is missing."""
    row = one.row
    assert row is not None
    read = row.read
    read["theme"] = read["theme"] or read["mission"] or ROOT_THEME
    if read["theme"] == ROOT_THEME and "theme" in plan.table.columns:
        one.warnings.append(f"It has no theme: it stands under “{ROOT_THEME}”.")
    if read["kind"] and not meanings.kind(read["kind"]):
        if text_key(read["kind"]) in {"recordonly", "record"}:
            read["record_only"] = True
        else:
            one.warnings.append(f"“{read['kind']}” is no kind of figure we know: a number is taken.")
    kind = meanings.kind_of_row(row) or Kind.COUNT
    read["kind_is"] = kind
    unit = meanings.unit(read["unit"], kind)
    read["unit_is"] = unit or NEW
    if read["unit_is"] == NEW:
        text = words_of(read["unit"])
        if text_key(text) not in {text_key(known) for known in plan.new_units}:
            plan.new_units.append(text)
    if read.get("record_only") and read["values"]:
        one.warnings.append("It is recorded only, so its £ values were left out.")
        read["values"] = []
    if kind != meanings.kind(read["kind"]) and meanings.kind(read["kind"]):
        one.warnings.append(
            f"Its unit is “{read['unit']}”, so it is read as {lower_first(Kind(kind).label)}."
        )
    if read["values"] and kind not in {Kind.COUNT, Kind.MONEY}:
        one.warnings.append(
            f"Its £ value was left out: only numbers and money can be multiplied by one, not "
            f"“{Kind(kind).label.lower()}”."
        )
        read["values"] = []
    halves = read["numerator"] and read["denominator"]
    read["is_draft"] = kind == Kind.PERCENTAGE and not halves
    if read["is_draft"]:
        one.warnings.append(
            "It is a percentage and the table does not name its halves. It comes in as a draft: on its page, "
            "say what is counted and out of what, then make it live."
        )
    _prices(one, terms, plan)


def _prices(one: PlannedRow, terms: Terms, plan: Plan) -> None:
    """Put on each £ value which year its prices are of, and what it is called."""
    read, table = one.read, plan.table
    several = sum(name in table.columns for name in VALUES) > 1
    headings = [heading_of(table.table, table.columns[name]) for name in VALUES if name in table.columns]
    kept = []
    for value in read["values"]:
        heading = heading_of(table.table, table.columns[value["field"]])
        named = year_in(heading)
        year, words = None, ""
        if value["field"] in terms.price_years:
            year = terms.price_years[value["field"]]
        elif named is not None:
            year = named
        elif read.get("price_year"):
            year, words = read["price_year"], read["prices"]
        else:
            year = terms.price_year
        if year is None:
            plan.undated.append(one.number)
            pounds = money(Decimal(value["value"]))
            one.warnings.append(f"Nothing says in which year’s prices {pounds} is, so it was left out.")
            continue
        value["price_year"], value["prices"] = year, words or str(year)
        if several and headings.count(heading) > 1:
            heading = f"{heading} (column {letter(table.columns[value['field']])})"
        title = heading if several or value["field"] != "value" else "Value per unit"
        if several and headings.count(heading) > 1:
            heading = f"{heading} (column {letter(table.columns[value['field']])})"
        title = heading if several or value["field"] != "value" else "Value per unit"
        if wrong := _wrong(value, year):
            one.warnings.append(f"Its £ value of {money(Decimal(value['value']))} was left out: {wrong}.")
            continue
        value["name"] = f"{title[:110]} ({words or year} prices)"
        value["is_local"] = read.get(
            "local", "local" in normal(heading) and "localised" not in normal(heading)
        )
        value["is_usual"] = value["field"] == terms.usual
        kept.append(value)
    read["values"] = kept


def _wrong(value: dict[str, str], year: int | None) -> str:
    """Return what forbids a £ value, by the same checks as one that is typed; "" where nothing does."""
    ends = [Decimal(value[end]) if value[end] else None for end in ("low", "high")]
    errors = check_figures([Figure(None, Decimal(value["value"]), *ends)])
    if year is not None:
        errors += [
            (field, said) for field, said in check({"price_year": year}, [], today()) if field == "price_year"
        ]
    return "; ".join(lower_first(sentence) for _, sentence in errors)


def _about_all(measures: list[PlannedRow], plan: Plan, terms: Terms, sha256: str) -> None:
    """Say what holds for the file as a whole."""
    rows = [one.row for one in measures if one.row is not None]
    values = [value for row in rows for value in row.read["values"]]
    if plan.standing is not None:
        plan.warnings.insert(
            0, (None, f"This file is in the library already, as {plan.standing}. There is nothing to do.")
        )
        return
    old = [one for one in values if one["price_year"] < timezone.localdate().year - OLD_YEARS]
    if old:
        years = Counter(one["prices"] for one in old)
        span = min(years) if len(years) == 1 else f"{min(years)} to {max(years)}"
        plan.warnings.append(
            (
                None,
                f"{plural(len(old), '£ value')} {'is' if len(old) == 1 else 'are'} in old prices, of {span}. "
                "Each is kept and shown in its own year’s prices: uplift it before you rely on it.",
            )
        )
    if "evidence" not in plan.table.columns and rows:
        plan.warnings.append(
            (None, "No column says which evidence is expected. Add that to the measures you will use.")
        )
    if "theme" not in plan.table.columns and rows and {row.read["theme"] for row in rows} == {ROOT_THEME}:
        plan.warnings.append((None, f"The table has no themes: all measures stand under “{ROOT_THEME}”."))
    if plan.new_units:
        names = ", ".join(f"“{text[:60]}”" for text in plan.new_units[:8])
        more = f" and {len(plan.new_units) - 8} more" if len(plan.new_units) > 8 else ""
        plan.warnings.append((None, f"New units will be made: {names}{more}."))
    if rows and not terms.source and not any(row.read["source"] for row in rows) and values:
        plan.warnings.append((None, f"Nothing says where the £ values come from: “{NOT_STATED}” is kept."))
    earlier = MeasureImport.objects.filter(sha256=sha256 or "-", status=MeasureImport.Status.APPLIED).exclude(
        framework=None
    )
    for other in earlier.select_related("framework"):
        plan.warnings.append((None, f"The same file was imported before, as {other.framework}."))
