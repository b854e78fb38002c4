"""Check a contracts register and, with --apply, bring it in: the same work as the pages do."""

from __future__ import annotations

import gc
import hashlib
import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from accounts.models import Directorate, Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.journey import bytes_of
from contracts.models import ColumnMapping, RegisterImport
from contracts.register import reading, summaries, verbs
from contracts.register.fields import BY_NAME
from contracts.register.plan import Lookups, make_plan
from spreadsheets.mapping import normal
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

SHOWN = 20


class Command(BaseCommand):
    """`manage.py import_register FILE [--apply]`; without --apply nothing is written."""

    # No page is made here: loading every address only to check them takes longer than reading the file.
    requires_system_checks = ()
    help = "Check a contracts register (CSV or XLSX) and list every problem; with --apply, bring it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the answers to what can't be guessed."""
        parser.add_argument("file", help="the register, CSV or XLSX")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing is written")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        parser.add_argument(
            "--header-row", type=int, metavar="N", help="the row that holds the headings, from 1"
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook")
        parser.add_argument(
            "--encoding", default="", metavar="NAME", help="how letters are stored, such as cp1252"
        )
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADING",
            help=f"read a field from this column ({', '.join(BY_NAME)}); FIELD= reads it from none",
        )  # fmt: skip
        parser.add_argument(
            "--directorate", action="append", default=[], metavar="TEXT=NAME",
            help="what a department text in the register means",
        )  # fmt: skip
        parser.add_argument(
            "--row", action="append", default=[], metavar="ROW=ANSWER",
            help="what a row is where that is asked: new, leave, or the number of a contract",
        )  # fmt: skip
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports it, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the summary; raise CommandError with what to do where it can't be done."""
        self.as_json = options["json"]
        try:
            found = self._run(options)
        except NeedsHeader as error:
            rows = [
                {"row": one.number, "cells": [cell for cell in one.cells if cell][:8]}
                for one in error.candidates
            ]
            self._fail(f"{error} Pass --header-row N.", "--header-row", rows)
        except NeedsSheet as error:
            self._fail(f"{error} Pass --sheet NAME.", "--sheet", list(error.sheets))
        except NeedsEncoding as error:
            names = [one.encoding for one in error.choices]
            self._fail(f"{error} Pass --encoding NAME, one of: {', '.join(names)}.", "--encoding", names)
        except reading.NeedsColumns as error:
            self._fail(f'{error} Pass --column "title=HEADING".', "--column", error.headings)
        except (SpreadsheetError, Invalid, Refused, Stale) as error:
            self._fail(str(error))
        except (OperationalError, ProgrammingError) as error:
            said = str(error).strip().partition("\n")[0]
            self._fail(
                f"The database can’t be used: {said}. Check DATABASE_URL, and run `manage.py migrate`."
            )
        else:
            self._print(found)
        finally:
            gc.enable()

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        # Reading makes hundreds of thousands of objects that all stay: nothing to collect on the way.
        gc.disable()
        path = Path(options["file"])
        data = self._bytes(path)
        by = self._person(options["by"])
        directorates = self._directorates(options["directorate"])
        table = reading.open_table(
            data,
            name=path.name,
            encoding=options["encoding"],
            sheet=options["sheet"],
            header_row=options["header_row"],
        )
        columns = self._columns(table, options["column"])
        register = reading.read_register(table, columns)
        answers = self._answers(options["row"])
        if not options["apply"]:
            meant = {text: directorate.pk for text, directorate in directorates.items()}
            return summaries.of_plan(make_plan(register, lookups=Lookups(meant), answers=answers))
        if standing := RegisterImport.objects.filter(status=RegisterImport.Status.APPLYING).first():
            return self._take_up(standing, data)
        # All that was read stays to the end: the collector need not walk it again with every batch.
        gc.freeze()
        gc.enable()
        started = verbs.start(data, by=by, name=path.name, table=table)
        verbs.set_columns(started, by=by, columns=columns)
        verbs.set_directorates(started, by=by, directorates=directorates)
        verbs.check(started, by=by, plan=make_plan(register, answers=answers))
        verbs.begin_applying(started, by=by)
        verbs.carry_on(started.pk)
        return self._finished(started)

    def _take_up(self, standing: RegisterImport, data: bytes) -> dict[str, Any]:
        """Carry on what a run with the same file began and could not finish; refuse anything else."""
        name = standing.file_name
        if standing.sha256 != hashlib.sha256(data).hexdigest():
            raise Stale(
                f"Another register, {name}, is being applied. Only one can be applied at a time: wait until "
                f"it is done. If its work was cut short, run this command with {name} first: that carries it "
                "on."
            )
        if verbs.carry_on(standing.pk) is None:
            until = (
                f"{timezone.localtime(standing.worker_until):%H:%M:%S}" if standing.worker_until else "soon"
            )
            raise Stale(
                f"{name} is being applied by another process ({standing.rows_done:,} of "
                f"{standing.rows_total:,} rows are done). If that process has died, run this command again "
                f"after {until}: it then carries on where that stopped."
            )
        return self._finished(standing)

    def _finished(self, started: RegisterImport) -> dict[str, Any]:
        started.refresh_from_db()
        if started.status != RegisterImport.Status.APPLIED:
            self._fail(started.message or f"The import is {started.get_status_display().lower()}.")
        return {**verbs.summary(started), "import": started.pk}

    def _bytes(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return bytes_of(file)
        except Invalid as error:
            self._fail(f"{error}. Split it, or set MAX_UPLOAD_MEGABYTES higher.")
        except FileNotFoundError:
            self._fail(f"There is no file {path}.")
        except IsADirectoryError:
            self._fail(f"{path} is a folder, not a file.")
        except OSError as error:
            self._fail(f"{path} can't be read: {error.strerror}.")

    def _person(self, email: str) -> Person | None:
        if not email:
            return None
        person = Person.objects.active().filter(email__iexact=email).first()
        if person is None:
            self._fail(f"Nobody here has the email address {email}.")
        return person

    def _directorates(self, given: list[str]) -> dict[str, Directorate]:
        found = {}
        for text in given:
            words, sign, name = text.rpartition("=")
            if not sign or not words.strip():
                self._fail(f'Write --directorate "TEXT=Directorate name", not {text!r}.', "--directorate")
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
                self._fail(
                    f"There is no directorate {name.strip()!r}. There are: {listed}.", "--directorate", names
                )
            found[words.strip()] = directorate
        return found

    def _answers(self, given: list[str]) -> dict[str, str]:
        found = {}
        for text in given:
            row, _, said = text.partition("=")
            if not row.strip().isdigit() or not (said.strip() in ("new", "leave") or said.strip().isdigit()):
                self._fail(f"Write --row ROW=new, ROW=leave or ROW=NUMBER, not {text!r}.", "--row")
            found[row.strip()] = said.strip()
        return found

    def _columns(self, table: Table, given: list[str]) -> dict[str, int]:
        saved = ColumnMapping.objects.filter(signature=table.signature).first()
        columns = reading.propose_columns(table, saved.columns if saved else None)
        by_key = {header.key: header.index for header in reversed(table.headers) if header.key}
        for text in given:
            field, sign, heading = text.partition("=")
            field = field.strip()
            if not sign or field not in BY_NAME:
                self._fail(f'Write --column "FIELD=HEADING" with one of: {", ".join(BY_NAME)}.', "--column")
            if not heading.strip():
                columns.pop(field, None)
            elif normal(heading) in by_key:
                columns[field] = by_key[normal(heading)]
            else:
                headings = [header.text for header in table.headers if header.text]
                self._fail(f"No column is headed {heading.strip()!r}.", "--column", headings)
        return columns

    def _fail(self, message: str, option: str = "", choices: list | None = None) -> NoReturn:
        if self.as_json:
            problem = {"error": message, "option": option or None, "choices": choices or []}
            self.stdout.write(json.dumps(problem, ensure_ascii=False, default=str))
        elif option == "--header-row":
            for one in choices or []:
                self.stderr.write(f"  row {one['row']}: {' | '.join(one['cells'])}")
        raise CommandError(message)

    def _print(self, found: dict[str, Any]) -> None:
        for one in found["rejected"]:
            if one.get("candidates"):
                row, first = one["row"], one["candidates"][0]
                one["reasons"] = [
                    *one["reasons"],
                    f"Pass --row {row}={first} where it is contract {first}, --row {row}=new where it is a "
                    f"new one, or --row {row}=leave to leave it out.",
                ]
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
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
            self._list(name, [f"row {one['row']}: {' '.join(one['reasons'])}" for one in found[name]])
        self._list("contracts not in this file, left as they are", [str(n) for n in found["not_in_file"]])
        self._list(
            "to look at",
            [
                f"{'row ' + str(one['row']) + ': ' if one['row'] else ''}{one['message']}"
                for one in found["warnings"]
            ],
        )
        self._list(
            "kept as changed by hand",
            [
                f"row {one['row']}: {one['field']} stays “{one['kept']}”, the file says “{one['file']}”"
                for one in found["conflicts"]
            ],
        )
        say("It is applied." if found["applied"] else "Nothing was written. Add --apply to bring it in.")

    def _list(self, title: str, lines: list[str]) -> None:
        if lines:
            self.stdout.write(f"{title.capitalize()} ({len(lines):,}):")
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  and {len(lines) - SHOWN:,} more; --json lists all")
