"""What commands that import a file share: a file within limits, who imports, answers, taking up, refusing."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from accounts.models import Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.journey import bytes_of
from spreadsheets.errors import NeedsColumns, NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError
from spreadsheets.reading import Table

SHOWN = 20


class ImportCommand(ABC, BaseCommand):
    """`manage.py import_... FILE [--apply] [--json]`; without --apply nothing is written.

    A kind of import says what it is told in, and gives `run` and `show`.
    """

    # No page is made here: loading every address only to check them takes longer than reading the file.
    requires_system_checks = ()
    # The room's verbs; what is imported and what it is counted in; the option that answers a question.
    verbs: Any
    noun: str
    lines: str
    total: str
    done: str
    answer: str = ""

    def add_common_arguments(self, parser: CommandParser, *, file: str) -> None:
        """Take what every import takes: the file, --apply, --json and --by."""
        parser.add_argument("file", help=file)
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing is written")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports it, for the history")

    def add_usual_arguments(self, parser: CommandParser, *, file: str, asked: str) -> None:
        """Take that, and answers to which contract a line is."""
        self.add_common_arguments(parser, file=file)
        name = self.answer
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=f"{name.upper()}=ANSWER",
            help=f"what {asked} where that is asked: new, leave, or the number of a contract",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the summary; raise CommandError with what to do where it can't be done."""
        self.as_json = options["json"]
        try:
            found = self.run(options)
        except (Invalid, Refused, Stale) as error:
            self.fail(str(error))
        except (OperationalError, ProgrammingError) as error:
            said = str(error).strip().partition("\n")[0]
            self.fail(f"The database can’t be used: {said}. Check DATABASE_URL, and run `manage.py migrate`.")
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.show(found)
            self.stdout.write(self.closing(found))

    def closing(self, found: dict[str, Any]) -> str:
        """Return the last line: whether it is applied."""
        return "It is applied." if found["applied"] else "Nothing was written. Add --apply to bring it in."

    @abstractmethod
    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary."""

    @abstractmethod
    def show(self, found: dict[str, Any]) -> None:
        """Print the summary in words."""

    def take_up(self, standing: Any, data: bytes) -> dict[str, Any]:
        """Carry on what a run with the same file began and could not finish; refuse anything else."""
        name = standing.file_name
        if standing.sha256 != hashlib.sha256(data).hexdigest():
            raise Stale(
                f"Another {self.noun}, {name}, is being applied. Only one can be applied at a time: wait "
                f"until it is done. If its work was cut short, run this command with {name} first: that "
                "carries it on."
            )
        if self.verbs.carry_on(standing.pk) is None:
            until = (
                f"{timezone.localtime(standing.worker_until):%H:%M:%S}" if standing.worker_until else "soon"
            )
            done, total = getattr(standing, self.done), getattr(standing, self.total)
            raise Stale(
                f"{name} is being applied by another process ({done:,} of {total:,} {self.lines} are done). "
                f"If that process has died, run this command again after {until}: it then carries on where "
                "that stopped."
            )
        return self.finished(standing)

    def finished(self, started: Any) -> dict[str, Any]:
        """Return the summary of an import that was applied; fail with its message otherwise."""
        started.refresh_from_db()
        if started.status != started.Status.APPLIED:
            self.fail(started.message or f"The import is {started.get_status_display().lower()}.")
        return {**self.verbs.summary(started), "import": started.pk}

    def bytes_of(self, path: Path) -> bytes:
        """Return the file's bytes; fail with what to do where it can't be read."""
        try:
            with path.open("rb") as file:
                return bytes_of(file)
        except Invalid as error:
            self.fail(f"{error}. Split it, or set MAX_UPLOAD_MEGABYTES higher.")
        except FileNotFoundError:
            self.fail(f"There is no file {path}.")
        except IsADirectoryError:
            self.fail(f"{path} is a folder, not a file.")
        except OSError as error:
            self.fail(f"{path} can't be read: {error.strerror}.")

    def person(self, email: str) -> Person | None:
        """Return who imports, None where nobody is named."""
        if not email:
            return None
        person = Person.objects.active().filter(email__iexact=email).first()
        if person is None:
            self.fail(f"Nobody here has the email address {email}.")
        return person

    def answers(self, given: list[str]) -> dict[str, str]:
        """Return the answers given: number of the row or item -> "new", "leave" or a contract's number."""
        name, upper = self.answer, self.answer.upper()
        found = {}
        for text in given:
            line, _, said = text.partition("=")
            if not line.strip().isdigit() or not (said.strip() in ("new", "leave") or said.strip().isdigit()):
                self.fail(
                    f"Write --{name} {upper}=new, {upper}=leave or {upper}=NUMBER, not {text!r}.", f"--{name}"
                )
            found[line.strip()] = said.strip()
        return found

    def fail(self, message: str, option: str = "", choices: list | None = None) -> NoReturn:
        """Stop with a message; as JSON also with the option to pass and what it may be."""
        if self.as_json:
            problem = {"error": message, "option": option or None, "choices": choices or []}
            self.stdout.write(json.dumps(problem, ensure_ascii=False, default=str))
        raise CommandError(message)

    def say_each(self, title: str, lines: list[str]) -> None:
        """Print the first lines under a title, and how many more there are."""
        if lines:
            self.stdout.write(f"{title.capitalize()} ({len(lines):,}):")
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  and {len(lines) - SHOWN:,} more; --json lists all")


class SpreadsheetCommand(ImportCommand):
    """An import of a CSV file or a workbook: what can't be told of how it is read is an option to pass."""

    # What is written after title= to name a column, and whether a file may have no headings.
    column_is: str = "HEADING"
    may_lack_headings: bool = False

    def add_reading_arguments(self, parser: CommandParser) -> None:
        """Take which row, sheet and letters the file is read by."""
        none = "; 0 where the file has none" if self.may_lack_headings else ""
        parser.add_argument(
            "--header-row", type=int, metavar="N", help=f"the row that holds the headings, from 1{none}"
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook")
        parser.add_argument(
            "--encoding", default="", metavar="NAME", help="how letters are stored, such as cp1252"
        )

    def open_file(self, data: bytes, options: dict[str, Any], open_table: Callable[..., Table]) -> Table:
        """Return the file as a table, read as the options say."""
        return open_table(
            data,
            name=Path(options["file"]).name,
            encoding=options["encoding"],
            sheet=options["sheet"],
            header_row=options["header_row"],
        )

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the summary; fail with the option to pass where a person has to say how the file is read."""
        try:
            return self.bring_in(options)
        except NeedsHeader as question:
            self._ask_header(question)
        except NeedsSheet as question:
            self.fail(f"{question} Pass --sheet NAME.", "--sheet", list(question.sheets))
        except NeedsEncoding as question:
            names = [one.encoding for one in question.choices]
            self.fail(f"{question} Pass --encoding NAME, one of: {', '.join(names)}.", "--encoding", names)
        except NeedsColumns as question:
            self.fail(
                f'{question} Pass --column "title={self.column_is}".', "--column", list(question.headings)
            )
        except SpreadsheetError as error:
            self.fail(str(error))

    @abstractmethod
    def bring_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary; may raise a SpreadsheetError."""

    def _ask_header(self, question: NeedsHeader) -> NoReturn:
        rows: list[dict[str, Any]] = [
            {"row": one.number, "cells": [cell for cell in one.cells if cell][:8]}
            for one in question.candidates
        ]
        said, more = str(question), ""
        if self.may_lack_headings:
            rows.append({"row": 0, "cells": []})
            said = said.replace("or add a row", "or, where it has none, say so; or add a row")
            more = ", or --header-row 0 where the file has no headings"
        if not self.as_json:
            for row in rows:
                self.stderr.write(f"  row {row['row']}: {' | '.join(row['cells']) or 'no headings'}")
        self.fail(f"{said} Pass --header-row N{more}.", "--header-row", rows)
