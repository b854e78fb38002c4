"""Writing one batch of checked rows: measures and their £ values in the edition that is being made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.history import record, record_many
from accounts.models import Person
from kpis.library.models import Across, Direction, Framework, Kind, Measure, Outcome, RollUp, Theme, Unit
from kpis.measure_imports import meanings
from kpis.measure_imports.cells import text_key
from kpis.measure_imports.models import MeasureImport, MeasureImportRow
from kpis.measure_imports.terms import NOT_STATED, Terms, day_of
from kpis.proxies.models import Proxy, ProxyValue
from spreadsheets.mapping import normal

# How a kind of figure adds up over months and across contracts.
ADDS_UP: dict[str, tuple[str, str]] = {
    Kind.COUNT: (RollUp.SUM, Across.SUM),
    Kind.MONEY: (RollUp.SUM, Across.SUM),
    Kind.PERCENTAGE: (RollUp.AVERAGE, Across.AVERAGE),
    Kind.YES_NO: (RollUp.LATEST, Across.NONE),
    Kind.MILESTONE: (RollUp.LATEST, Across.NONE),
    Kind.TEXT: (RollUp.LATEST, Across.NONE),
}


def make_framework(measure_import: MeasureImport) -> Framework:
    """Return the edition the import makes, a draft with nothing in it; in the caller's transaction."""
    terms = Terms.of(measure_import.terms)
    lead = Person.objects.filter(pk=terms.confirmed_by or 0).first()
    confirmed = terms.needs_licence and terms.is_confirmed and lead is not None
    # Editions of one framework share its name, in the spelling it has here.
    named = Framework.objects.filter(name__iexact=terms.name).order_by("pk").first()
    framework = Framework.objects.create(
        name=named.name if named else terms.name,
        edition=terms.edition,
        about=terms.about,
        source=terms.source or NOT_STATED,
        source_url=terms.source_url,
        licence=terms.licence or NOT_STATED,
        licence_url=terms.licence_url,
        status=Framework.Status.DRAFT,
        offered=terms.offered,
        procured_from=day_of(terms.procured_from),
        procured_until=day_of(terms.procured_until),
        previous=terms.edition_before(),
        needs_licence=terms.needs_licence,
        licence_note=terms.licence_note,
        licence_confirmed_by=lead if confirmed else None,
        licence_confirmed_at=timezone.now() if confirmed else None,
    )
    if confirmed:
        record(
            action="library.confirm_licence",
            subject=framework,
            by=lead,
            summary=f"Confirmed the council’s licence for {framework}",
            after={"The council’s licence": framework.licence_note},
        )
    return framework


class Applier:
    """Applies batches of one import; what all batches need is read once."""

    def __init__(self, measure_import: MeasureImport) -> None:
        self.measure_import = measure_import
        self.by = measure_import.uploaded_by
        self.terms = Terms.of(measure_import.terms)
        framework = measure_import.framework
        assert framework is not None
        self.framework = framework
        self.themes = {normal(theme.title): theme for theme in self.framework.themes.all()}
        self.outcomes = {
            (outcome.theme_id, normal(outcome.title)): outcome
            for outcome in Outcome.objects.filter(theme__framework=self.framework)
        }
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.made: dict[str, Unit] = {}

    def apply(self, rows: list[MeasureImportRow]) -> None:
        """Write these rows as measures, drafts until the whole table is in; in the caller's transaction."""
        measures = [self._measure(row) for row in rows]
        Measure.objects.bulk_create(measures)
        proxies: list[tuple[Proxy, dict[str, Any]]] = []
        for row, measure in zip(rows, measures, strict=True):
            row.measure, row.is_applied = measure, True
            read = row.values["read"]
            proxies += [(self._proxy(measure, read, value), value) for value in read["values"]]
        Proxy.objects.bulk_create([proxy for proxy, _ in proxies])
        ProxyValue.objects.bulk_create(
            ProxyValue(
                proxy=proxy,
                value=Decimal(value["value"]),
                low=_pounds(value["low"]),
                high=_pounds(value["high"]),
            )
            for proxy, value in proxies
        )
        MeasureImportRow.objects.bulk_update(rows, ["measure", "is_applied"])
        record_many(
            {
                "action": "library.add_measure",
                "subject": measure,
                "by": self.by,
                "summary": f"Added {measure.code} {measure.title} from {self.measure_import.file_name}, "
                f"row {row.row_number}",
            }
            for row, measure in zip(rows, measures, strict=True)
        )

    def _measure(self, row: MeasureImportRow) -> Measure:
        read = row.values["read"]
        theme = self._theme(read)
        kind = read["kind_is"]
        roll_up, across = ADDS_UP[kind]
        return Measure(
            framework=self.framework,
            theme=theme,
            outcome=self._outcome(theme, read["outcome"]),
            code=read["code"],
            title=read["title"],
            unit=self._unit(read),
            kind=kind,
            direction=read.get("direction") or Direction.HIGHER,
            roll_up=roll_up,
            across=across,
            numerator_name=read["numerator"] if kind == Kind.PERCENTAGE else "",
            denominator_name=read["denominator"] if kind == Kind.PERCENTAGE else "",
            counting_rule=read["rule"],
            evidence_expected=read["evidence"],
            record_only=bool(read.get("record_only")),
            status=Measure.Status.DRAFT,
        )

    def _theme(self, read: dict[str, Any]) -> Theme:
        key = normal(read["theme"])
        if key not in self.themes:
            position = len(self.themes) + 1
            heading = read["mission"] if normal(read["mission"]) != key else ""
            self.themes[key] = Theme.objects.create(
                framework=self.framework, code=f"T{position}", title=read["theme"], heading=heading,
                position=position,
            )  # fmt: skip
        return self.themes[key]

    def _outcome(self, theme: Theme, title: str) -> Outcome | None:
        if not title:
            return None
        key = (theme.pk, normal(title))
        if key not in self.outcomes:
            position = sum(one.theme_id == theme.pk for one in self.outcomes.values()) + 1
            self.outcomes[key] = Outcome.objects.create(theme=theme, title=title, position=position)
        return self.outcomes[key]

    def _unit(self, read: dict[str, Any]) -> Unit:
        if read["unit_is"] != meanings.NEW:
            return self.units[read["unit_is"]]
        text = meanings.words_of(read["unit"])
        key = text_key(text)
        if key not in self.made:
            # Made by an earlier batch, or meant so by somebody since: then that one.
            known = meanings.Meanings().unit(text)
            unit = Unit.objects.get(code=known) if known else meanings.new_unit(text)
            if not known:
                meanings.remember(by=self.by, units={key: (text, unit)}, kinds={})
            self.made[key] = unit
        return self.made[key]

    def _proxy(self, measure: Measure, read: dict[str, Any], value: dict[str, Any]) -> Proxy:
        said = [f"Prices of {value['prices']}, as the table says."] if "/" in value["prices"] else []
        if read["confidence"]:
            said.append(f"Confidence: {read['confidence']}.")
        said += [read["note"]] if read["note"] else []
        local = value["is_local"]
        return Proxy(
            measure=measure,
            name=value["name"][:150],
            unit=measure.unit,
            stream=(Proxy.Stream.LOCAL if local else self.terms.stream),
            price_year=value["price_year"],
            geography=read["geography"] or self.terms.geography or NOT_STATED,
            source=read["source"] or self.framework.source,
            source_url=read.get("source_url") or ("" if read["source"] else self.framework.source_url),
            licence=self.framework.licence,
            valid_from=day_of(read.get("valid_from") or ""),
            valid_until=day_of(read.get("valid_until") or ""),
            note="\n".join(said),
            is_usual=value["is_usual"],
            added_by=self.by,
        )


def _pounds(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def go_live(measure_import: MeasureImport) -> Framework:
    """Make the edition and its measures live, now that all of them are in; drafts of percentages stay drafts.

    Where it needs a licence nobody has confirmed, contracts can't use it until that is done on its page.
    """
    framework = measure_import.framework
    assert framework is not None
    written = measure_import.rows.exclude(measure=None)
    drafts = [row.measure_id or 0 for row in written if row.values["read"]["is_draft"]]
    measures = Measure.objects.filter(framework=framework, status=Measure.Status.DRAFT)
    measures.exclude(pk__in=drafts).update(status=Measure.Status.LIVE)
    if framework.status == Framework.Status.DRAFT:
        framework.status = Framework.Status.LIVE
        framework.version += 1
        framework.save(update_fields=["status", "version"])
    return framework


def take_back(measure_import: MeasureImport) -> int:
    """Take away what a table given up half way has written; return how many measures that were."""
    framework = measure_import.framework
    if framework is None or framework.status != Framework.Status.DRAFT:
        return 0
    measures = Measure.objects.filter(framework=framework)
    count = measures.count()
    try:
        with transaction.atomic():
            Proxy.objects.filter(measure__in=measures).delete()
            measures.delete()
            Outcome.objects.filter(theme__framework=framework).delete()
            framework.themes.all().delete()
            framework.delete()
    except ProtectedError:
        # Somebody has begun to work with the draft: then it stays, to be kept or retired by hand.
        return 0
    return count
