"""Check published notices (OCDS) and, with --apply, bring them in: the same work as the pages do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from contracts.import_command import SHOWN, ImportCommand
from contracts.models import NoticeImport
from contracts.notices import buyers as buyer_room
from contracts.notices import summaries, verbs
from contracts.notices.buyers import BuyerCount, Ours
from contracts.notices.package import PackageError, read_package
from contracts.notices.plan import items_in, make_plan


class Command(ImportCommand):
    """`manage.py import_ocds FILE [--apply]`; without --apply nothing is written."""

    verbs, noun, answer = verbs, "package of notices", "item"
    lines, total, done = "contracts", "items_total", "items_done"
    help = (
        "Check published notices (OCDS release or record packages of Contracts Finder and Find a Tender) and "
        "list every problem; with --apply, bring them in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and which buyers are this council."""
        self.add_usual_arguments(
            parser, file="a release package, record package or releases, as JSON", asked="a contract is"
        )
        parser.add_argument(
            "--buyer", action="append", default=[], metavar="NAME",
            help="a buyer that is this council, by name or identifier; remembered with --apply",
        )  # fmt: skip
        parser.add_argument(
            "--new-when-unsure", action="store_true",
            help="add what may be a contract there already as a new one",
        )  # fmt: skip

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary."""
        try:
            return self._run(options)
        except PackageError as error:
            self.fail(str(error))

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        path = Path(options["file"])
        data = self.bytes_of(path)
        by = self.person(options["by"])
        answers = self.answers(options["item"])
        package = read_package(data)
        items = items_in(package)
        if package.errors and not package.releases:
            messages = [one["message"] for one in package.errors]
            first = " ".join(messages[:3])
            self.fail(f"None of the {len(messages):,} releases can be read. {first}", "", messages)
        ours = self._ours(options["buyer"], buyer_room.counted(items, buyer_room.remembered()))
        standing = NoticeImport.objects.filter(status=NoticeImport.Status.APPLYING).first()
        if options["apply"] and standing:
            return self.take_up(standing, data)
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
        return self.finished(started)

    def _ours(self, given: list[str], listed: list[BuyerCount]) -> Ours:
        names = [f"{one.name} ({one.items:,})" for one in listed]
        shown = "; ".join(names[:SHOWN])
        more = f"; and {len(names) - SHOWN:,} more, --json lists all" if len(names) > SHOWN else ""
        there = f"The file has contracts of: {shown}{more}." if names else "No release names a buyer."
        if given:
            ours, missing = buyer_room.named(given, listed)
            if missing:
                quoted = ", ".join(f"“{one}”" for one in missing)
                self.fail(f"No buyer in the file is called {quoted}. {there}", "--buyer", names)
            return ours
        ours = buyer_room.remembered()
        if not ours:
            self.fail(
                f"Nobody has said yet which buyer is this council. {there} Pass --buyer NAME, once for each.",
                "--buyer",
                names,
            )
        return ours

    def show(self, found: dict[str, Any]) -> None:
        """Print the summary in words."""
        say = self.stdout.write
        say(f"A {found['kind']} with {found['releases_read']:,} releases: {len(found['errors']):,} can't be "
            f"read, the others tell of {found['items']:,} contracts")  # fmt: skip
        say(f"{found['items']:,} contracts = {found['created']:,} new + {found['updated']:,} changed + "
            f"{found['unchanged']:,} unchanged + {found['other_buyer']:,} of other buyers + "
            f"{len(found['rejected']):,} not used")  # fmt: skip
        ours = [one["name"] for one in found["buyers"] if one["is_ours"]]
        say(f"This council: {'; '.join(ours) or 'none of the buyers named'}")
        self.say_each("can't be read", [one["message"] for one in found["errors"]])
        self.say_each("not used", [f"{_place(one)}: {' '.join(one['reasons'])}" for one in found["rejected"]])
        self.say_each("about the file", found["file_warnings"])
        self.say_each("to look at", [f"{_place(one)}: {one['message']}" for one in found["warnings"]])
        self.say_each(
            "kept as they are here",
            [
                f"contract {one['contract']}: {one['field']} stays “{one['kept']}”, the notice says "
                f"“{one['file']}”"
                for one in found["conflicts"]
            ],
        )


def _place(one: dict[str, Any]) -> str:
    part = f", {one['part']}" if one["part"] else ""
    numbers = ", ".join(f"{number:,}" for number in one["releases"])
    return f"item {one['item']} (release {numbers}; {one['ocid']}{part})"
