"""Check a workbook of signed KPIs and, with --apply, bring it in for the directors: as the pages do."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.calendar import parse_month
from contracts.import_command import SpreadsheetCommand
from kpis.adoption import reading, summaries, verbs
from kpis.adoption.fields import BY_NAME
from kpis.adoption.models import AdoptionColumns, AdoptionImport
from kpis.adoption.plan import make_plan
from kpis.adoption.setting_up import check_first_month
from spreadsheets.mapping import normal
from spreadsheets.reading import Table


class Command(SpreadsheetCommand):
    """`manage.py import_kpis FILE [--apply]`; nothing is written without --apply, and nothing approved."""

    verbs, noun = verbs, "workbook of signed KPIs"
    lines, total, done = "contracts", "contracts_total", "contracts_done"
    answer = "row"
    column_is = "HEADING"
    help = (
        "Check a workbook of signed KPIs (CSV or XLSX) and list every problem; with --apply, bring it "
        "in so that "
        "each director can confirm what belongs to their directorate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the answers to what can't be told of it."""
        self.add_usual_arguments(
            parser, file="the workbook, CSV or XLSX", asked="contract the row's KPIs are for"
        )
        self.add_reading_arguments(parser)
        parser.add_argument(
            "--first-month", default="", metavar="YYYY-MM",
            help="the first month to be returned here; this month where none is given",
        )  # fmt: skip
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADING",
            help=f"read a field from the column of this heading ({', '.join(BY_NAME)}); FIELD= reads it "
            "from none",
        )  # fmt: skip

    def bring_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary."""
        path = Path(options["file"])
        data = self.bytes_of(path)
        by = self.person(options["by"])
        answers = self.answers(options["row"])
        if "new" in answers.values():
            self.fail("A contract has to be in the register already: pass its number, or leave.", "--row")
        if options["apply"] and by is None:
            self.fail(
                "Pass --by EMAIL: whoever brings signed KPIs in is named, and can't confirm them.", "--by"
            )
        under_way = AdoptionImport.objects.filter(status=AdoptionImport.Status.APPLYING).first()
        if options["apply"] and under_way is not None:
            return self.take_up(under_way, data)
        table = self.open_file(data, options, reading.open_table)
        columns = self._columns(table, options["column"])
        month = self._month(options["first_month"])
        if not options["apply"]:
            plan = make_plan(
                reading.read_table(table, columns, data), first_month=month, answers=answers,
                sha256=self._sha(data),
            )  # fmt: skip
            return {**summaries.of_plan(plan), "first_month": f"{month:%Y-%m}", "applied": False}
        started = verbs.start(data, by=by, name=path.name, table=table)
        started = verbs.set_columns(started, by=by, columns=columns)
        started = verbs.set_first_month(started, by=by, month=month)
        if answers:
            started = verbs.set_answers(started, by=by, answers=answers)
        started = verbs.check(started, by=by)
        if started.status != AdoptionImport.Status.CHECKED:
            self.fail(started.message)
        started = verbs.begin_applying(started, by=by)
        verbs.carry_on(started.pk)
        return {**self.finished(started), "first_month": f"{month:%Y-%m}"}

    def _sha(self, data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    def _month(self, text: str) -> dt.date:
        if not text:
            return verbs.usual_first_month()
        try:
            month = parse_month(text)
        except ValueError as error:
            self.fail(f"{error}", "--first-month")
        check_first_month(month)
        return month

    def _columns(self, table: Table, given: list[str]) -> dict[str, int]:
        saved = AdoptionColumns.objects.filter(signature=reading.signature_of(table)).first()
        columns = reading.propose_columns(table, saved.columns if saved else None)
        by_key = {header.key: header.index for header in reversed(table.headers) if header.key}
        for text in given:
            name, sign, heading = text.partition("=")
            name = name.strip()
            if not sign or name not in BY_NAME:
                self.fail(f'Write --column "FIELD=HEADING" with one of: {", ".join(BY_NAME)}.', "--column")
            columns.pop(name, None)
            if not heading.strip():
                continue
            index = by_key.get(normal(heading))
            if index is None:
                headings = [header.text or header.letter for header in table.headers]
                self.fail(f"No column is headed {heading!r}.", "--column", headings)
            columns = {field: at for field, at in columns.items() if at != index}
            columns[name] = index
        return columns

    def closing(self, found: dict[str, Any]) -> str:
        """Return the last line: nothing is in force before its director confirms it."""
        if found["applied"]:
            return "It is brought in. Nothing is in force before each director has confirmed their part."
        return super().closing(found)

    def show(self, found: dict[str, Any]) -> None:
        """Print the summary in words."""
        say = self.stdout.write
        say(
            f"{found['rows_read']:,} rows read = {found['empty']:,} empty + {found['taken']:,} taken + "
            f"{len(found['repeated']):,} repeated + {len(found['rejected']):,} not used"
        )
        say(
            f"{found['contracts']:,} contracts with {found['kpis']:,} KPIs ({found['own_words']:,} in "
            "their own "
            f"words) and {found['past_results']:,} past results; first month returned here "
            f"{found['first_month']}"
        )
        if sheet := found["results_sheet"]:
            say(
                f"Sheet {sheet['sheet']}: {sheet['rows_read']:,} rows read = {sheet['empty']:,} empty + "
                f"{sheet['taken']:,} taken + {len(sheet['rejected']):,} not used"
            )
            self.say_each(
                "results not used",
                [f"row {one['row']}: {' '.join(one['reasons'])}" for one in sheet["rejected"]],
            )
        for name, heading in found.get("columns", {}).items():
            say(f"  {BY_NAME[name].label}: {heading}")
        if found.get("months"):
            say(f"  Past results: {', '.join(found['months'])}")
        for part in found.get("parts", []):
            say(f"  {part['directorate']}: {part['contracts']:,} contracts, {part['status'].lower()}")
        for name, title in (("rejected", "not used"), ("repeated", "repeated")):
            self.say_each(title, [f"row {one['row']}: {' '.join(one['reasons'])}" for one in found[name]])
        self.say_each(
            "to look at",
            [
                f"{'row ' + str(one['row']) + ': ' if one['row'] else ''}{one['message']}"
                for one in found["warnings"]
            ],
        )
