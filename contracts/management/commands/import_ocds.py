"""Check published notices (OCDS) and, with --apply, bring them in: the same work as the pages do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from accounts.models import Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.journey import bytes_of
from contracts.models import NoticeImport
from contracts.notices import buyers as buyer_room
from contracts.notices import summaries, verbs
from contracts.notices.buyers import BuyerCount, Ours
from contracts.notices.package import PackageError, read_package
from contracts.notices.plan import items_in, make_plan

SHOWN = 20


class Command(BaseCommand):
    """`manage.py import_ocds FILE [--apply]`; without --apply nothing is written."""

    # No page is made here: loading every address only to check them takes longer than reading the file.
    requires_system_checks = ()
    help = (
        "Check published notices (OCDS release or record packages of Contracts Finder and Find a Tender) and "
        "list every problem; with --apply, bring them in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and which buyers are this council."""
        parser.add_argument("file", help="a release package, record package or releases, as JSON")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing is written")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        parser.add_argument(
            "--buyer", action="append", default=[], metavar="NAME",
            help="a buyer that is this council, by name or identifier; remembered with --apply",
        )  # fmt: skip
        parser.add_argument(
            "--item", action="append", default=[], metavar="ITEM=ANSWER",
            help="what a contract is where that is asked: new, leave, or the number of a contract",
        )  # fmt: skip
        parser.add_argument(
            "--new-when-unsure", action="store_true",
            help="add what may be a contract there already as a new one",
        )  # fmt: skip
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports it, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the summary; raise CommandError with what to do where it can't be done."""
        self.as_json = options["json"]
        try:
            found = self._run(options)
        except (PackageError, Invalid, Refused, Stale) as error:
            self._fail(str(error))
        except (OperationalError, ProgrammingError) as error:
            said = str(error).strip().partition("\n")[0]
            self._fail(
                f"The database can’t be used: {said}. Check DATABASE_URL, and run `manage.py migrate`."
            )
        else:
            self._print(found)

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        path = Path(options["file"])
        data = self._bytes(path)
        by = self._person(options["by"])
        answers = self._answers(options["item"])
        package = read_package(data)
        items = items_in(package)
        if package.errors and not package.releases:
            messages = [one["message"] for one in package.errors]
            first = " ".join(messages[:3])
            self._fail(f"None of the {len(messages):,} releases can be read. {first}", "", messages)
        ours = self._ours(options["buyer"], buyer_room.counted(items, buyer_room.remembered()))
        standing = NoticeImport.objects.filter(status=NoticeImport.Status.APPLYING).first()
        if options["apply"] and standing:
            return self._take_up(standing, data)
        plan = make_plan(
            package, items, ours=ours, answers=answers, new_when_unsure=options["new_when_unsure"]
        )
        if not options["apply"]:
            return summaries.of_plan(plan)
        unsure = {str(one.number): "new" for one in plan.items if one.was_unsure}
        started = verbs.start(
            data, by=by, name=path.name, package=package, items=items, answers={**unsure, **answers}
        )
        mine = [one.key for one in plan.buyers if one.is_ours]
        if options["buyer"]:
            verbs.set_buyers(started, by=by, keys=mine, and_no_others=False)
        verbs.check(started, by=by, plan=plan)
        verbs.begin_applying(started, by=by)
        verbs.carry_on(started.pk)
        return self._finished(started)

    def _ours(self, given: list[str], listed: list[BuyerCount]) -> Ours:
        names = [f"{one.name} ({one.items:,})" for one in listed]
        shown = "; ".join(names[:SHOWN])
        more = f"; and {len(names) - SHOWN:,} more, --json lists all" if len(names) > SHOWN else ""
        there = f"The file has contracts of: {shown}{more}." if names else "No release names a buyer."
        if given:
            ours, missing = buyer_room.named(given, listed)
            if missing:
                quoted = ", ".join(f"“{one}”" for one in missing)
                self._fail(f"No buyer in the file is called {quoted}. {there}", "--buyer", names)
            return ours
        ours = buyer_room.remembered()
        if not ours:
            self._fail(
                f"Nobody has said yet which buyer is this council. {there} Pass --buyer NAME, once for each.",
                "--buyer",
                names,
            )
        return ours

    def _take_up(self, standing: NoticeImport, data: bytes) -> dict[str, Any]:
        """Carry on what a run with the same file began and could not finish; refuse anything else."""
        name = standing.file_name
        if standing.sha256 != hashlib.sha256(data).hexdigest():
            raise Stale(
                f"Another package of notices, {name}, is being applied. Only one can be applied at a time: "
                f"wait until it is done. If its work was cut short, run this command with {name} first: that "
                "carries it on."
            )
        if verbs.carry_on(standing.pk) is None:
            until = (
                f"{timezone.localtime(standing.worker_until):%H:%M:%S}" if standing.worker_until else "soon"
            )
            raise Stale(
                f"{name} is being applied by another process ({standing.items_done:,} of "
                f"{standing.items_total:,} contracts are done). If that process has died, run this command "
                f"again after {until}: it then carries on where that stopped."
            )
        return self._finished(standing)

    def _finished(self, started: NoticeImport) -> dict[str, Any]:
        started.refresh_from_db()
        if started.status != NoticeImport.Status.APPLIED:
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

    def _answers(self, given: list[str]) -> dict[str, str]:
        found = {}
        for text in given:
            item, _, said = text.partition("=")
            if not item.strip().isdigit() or not (said.strip() in ("new", "leave") or said.strip().isdigit()):
                self._fail(f"Write --item ITEM=new, ITEM=leave or ITEM=NUMBER, not {text!r}.", "--item")
            found[item.strip()] = said.strip()
        return found

    def _fail(self, message: str, option: str = "", choices: list | None = None) -> NoReturn:
        if self.as_json:
            problem = {"error": message, "option": option or None, "choices": choices or []}
            self.stdout.write(json.dumps(problem, ensure_ascii=False, default=str))
        raise CommandError(message)

    def _print(self, found: dict[str, Any]) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        say = self.stdout.write
        say(f"A {found['kind']} with {found['releases_read']:,} releases: {len(found['errors']):,} can't be "
            f"read, the others tell of {found['items']:,} contracts")  # fmt: skip
        say(f"{found['items']:,} contracts = {found['created']:,} new + {found['updated']:,} changed + "
            f"{found['unchanged']:,} unchanged + {found['other_buyer']:,} of other buyers + "
            f"{len(found['rejected']):,} not used")  # fmt: skip
        ours = [one["name"] for one in found["buyers"] if one["is_ours"]]
        say(f"This council: {'; '.join(ours) or 'none of the buyers named'}")
        self._list("can't be read", [one["message"] for one in found["errors"]])
        self._list("not used", [f"{_place(one)}: {' '.join(one['reasons'])}" for one in found["rejected"]])
        self._list("about the file", found["file_warnings"])
        self._list("to look at", [f"{_place(one)}: {one['message']}" for one in found["warnings"]])
        self._list(
            "kept as they are here",
            [
                f"contract {one['contract']}: {one['field']} stays “{one['kept']}”, the notice says "
                f"“{one['file']}”"
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


def _place(one: dict[str, Any]) -> str:
    part = f", {one['part']}" if one["part"] else ""
    numbers = ", ".join(f"{number:,}" for number in one["releases"])
    return f"item {one['item']} (release {numbers}; {one['ocid']}{part})"
