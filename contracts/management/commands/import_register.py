"""Check a contracts register and, with --apply, bring it in: the same work as the pages do."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.models import Directorate
from contracts.import_command import SpreadsheetCommand
from contracts.models import ColumnMapping, RegisterImport
from contracts.register import reading, summaries, verbs
from contracts.register.fields import BY_NAME
from contracts.register.plan import Lookups, make_plan
from spreadsheets.mapping import normal
from spreadsheets.reading import Table


class Command(SpreadsheetCommand):
    """`manage.py import_register FILE [--apply]`; without --apply nothing is written."""

    verbs, noun, answer = verbs, "register", "row"
    lines, total, done = "rows", "rows_total", "rows_done"
    help = "Check a contracts register (CSV or XLSX) and list every problem; with --apply, bring it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the answers to what can't be guessed."""
        self.add_usual_arguments(parser, file="the register, CSV or XLSX", asked="a row is")
        self.add_reading_arguments(parser)
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADING",
            help=f"read a field from this column ({', '.join(BY_NAME)}); FIELD= reads it from none",
        )  # fmt: skip
        parser.add_argument(
            "--directorate", action="append", default=[], metavar="TEXT=NAME",
            help="what a department text in the register means",
        )  # fmt: skip

    def bring_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary; rows that are asked about say what to pass."""
        try:
            found = self._summary(options)
        finally:
            gc.enable()
        for one in found["rejected"]:
            if one.get("candidates"):
                row, first = one["row"], one["candidates"][0]
                one["reasons"] = [
                    *one["reasons"],
                    f"Pass --row {row}={first} where it is contract {first}, --row {row}=new where it is a "
                    f"new one, or --row {row}=leave to leave it out.",
                ]
        return found

    def _summary(self, options: dict[str, Any]) -> dict[str, Any]:
        # Reading makes hundreds of thousands of objects that all stay: nothing to collect on the way.
        gc.disable()
        path = Path(options["file"])
        data = self.bytes_of(path)
        by = self.person(options["by"])
        directorates = self._directorates(options["directorate"])
        table = self.open_file(data, options, reading.open_table)
        columns = self._columns(table, options["column"])
        register = reading.read_register(table, columns)
        answers = self.answers(options["row"])
        if not options["apply"]:
            meant = {text: directorate.pk for text, directorate in directorates.items()}
            return summaries.of_plan(make_plan(register, lookups=Lookups(meant), answers=answers))
        if standing := RegisterImport.objects.filter(status=RegisterImport.Status.APPLYING).first():
            return self.take_up(standing, data)
        # All that was read stays to the end: the collector need not walk it again with every batch.
        gc.freeze()
        gc.enable()
        started = verbs.start(data, by=by, name=path.name, table=table)
        verbs.set_columns(started, by=by, columns=columns)
        verbs.set_directorates(started, by=by, directorates=directorates)
        verbs.check(started, by=by, plan=make_plan(register, answers=answers))
        verbs.begin_applying(started, by=by)
        verbs.carry_on(started.pk)
        return self.finished(started)

    def _directorates(self, given: list[str]) -> dict[str, Directorate]:
        found = {}
        for text in given:
            words, sign, name = text.rpartition("=")
            if not sign or not words.strip():
                self.fail(f'Write --directorate "TEXT=Directorate name", not {text!r}.', "--directorate")
            directorate = next(
                (
                    one
                    for one in Directorate.objects.open()
                    if normal(one.name) == normal(name) or one.slug == name.strip()
                ),
                None,
            )
            if directorate is None:
                names = list(Directorate.objects.open().values_list("name", flat=True))
                listed = ", ".join(names) or "none yet"
                self.fail(
                    f"There is no directorate {name.strip()!r}. There are: {listed}.", "--directorate", names
                )
            found[words.strip()] = directorate
        return found

    def _columns(self, table: Table, given: list[str]) -> dict[str, int]:
        saved = ColumnMapping.objects.filter(signature=table.signature).first()
        columns = reading.propose_columns(table, saved.columns if saved else None)
        by_key = {header.key: header.index for header in reversed(table.headers) if header.key}
        for text in given:
            field, sign, heading = text.partition("=")
            field = field.strip()
            if not sign or field not in BY_NAME:
                self.fail(f'Write --column "FIELD=HEADING" with one of: {", ".join(BY_NAME)}.', "--column")
            if not heading.strip():
                columns.pop(field, None)
            elif normal(heading) in by_key:
                columns[field] = by_key[normal(heading)]
            else:
                headings = [header.text for header in table.headers if header.text]
                self.fail(f"No column is headed {heading.strip()!r}.", "--column", headings)
        return columns

    def show(self, found: dict[str, Any]) -> None:
        """Print the summary in words."""
        say = self.stdout.write
        repeated, rejected = len(found["repeated"]), len(found["rejected"])
        say(f"{found['rows_read']:,} rows read = {found['empty']:,} empty + {found['created']:,} new + "
            f"{found['updated']:,} changed + {found['unchanged']:,} unchanged + {repeated:,} repeated + "
            f"{rejected:,} not used")  # fmt: skip
        say(
            f"Headings in row {found['header_row']}"
            + (f", letters read as {found['encoding']}" if found["encoding"] else "")
        )
        for name, heading in found["columns"].items():
            say(f"  {BY_NAME[name].label}: {heading}")
        for name in ("rejected", "repeated"):
            self.say_each(name, [f"row {one['row']}: {' '.join(one['reasons'])}" for one in found[name]])
        self.say_each("contracts not in this file, left as they are", [str(n) for n in found["not_in_file"]])
        self.say_each(
            "to look at",
            [
                f"{'row ' + str(one['row']) + ': ' if one['row'] else ''}{one['message']}"
                for one in found["warnings"]
            ],
        )
        self.say_each(
            "kept as changed by hand",
            [
                f"row {one['row']}: {one['field']} stays “{one['kept']}”, the file says “{one['file']}”"
                for one in found["conflicts"]
            ],
        )
