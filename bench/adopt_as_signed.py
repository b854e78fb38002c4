# ruff: noqa: E402 (settings come before models)
"""Times adopting 800 contracts' KPIs as signed in a scratch database (DATABASE_URL): check, apply, confirm.

    DATABASE_URL=postgres://... .venv/bin/python bench/adopt_as_signed.py [contracts]

Builds contracts of 8 directorates and a workbook of three KPIs each with six months' results, about one row
in twenty wrong, then prints CPU seconds, seconds and the most memory of each step.
"""

import io
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

import django

django.setup()

import datetime as dt

from django.core.management import call_command
from openpyxl import Workbook

from accounts.calendar import add_months, first_of_month, today
from accounts.models import Appointment, Directorate, Person, Role
from contracts.models import Contract, Stage
from kpis.adoption import confirming, verbs
from kpis.library import starter
from kpis.models import KPISet, Measure, MonthlyReturn
from kpis.totals.verbs import check as check_totals

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 800
LONG_AGO = dt.date(2020, 4, 1)


def person(name: str, role: str, directorate: Directorate | None = None) -> Person:
    """Return somebody in a post."""
    found = Person.objects.create_user(email=f"{name}@example.org", full_name=name.title(), password=None)
    Appointment.objects.create(person=found, role=role, directorate=directorate, starts_on=LONG_AGO)
    return found


def build() -> tuple[Person, dict[int, Person]]:
    """Write the council; return the lead and each directorate's director."""
    starter.load()
    lead, directors = person("lead", Role.LEAD), {}
    for number in range(8):
        directorate = Directorate.objects.create(name=f"Directorate {number}", slug=f"directorate-{number}")
        directors[directorate.pk] = person(f"director{number}", Role.DIRECTOR, directorate)
    keys = list(directors)
    Contract.objects.bulk_create(
        Contract(
            title=f"Contract {number}", reference=f"REF-{number}", reference_key=f"ref{number}",
            directorate_id=keys[number % len(keys)], stage=Stage.LIVE, value=100_000,
            starts_on=dt.date(2025, 4, 1), ends_on=dt.date(2029, 3, 31),
        )
        for number in range(COUNT)
    )  # fmt: skip
    return lead, directors


def workbook() -> bytes:
    """Return a workbook of three KPIs a contract, one row in twenty wrong."""
    titles = list(
        Measure.objects.live().filter(
            framework__offered="always", kind="count", contract=None, direction="higher"
        )
        .order_by("code").values_list("title", flat=True)[:3]
    )  # fmt: skip
    first = add_months(first_of_month(today()), -6)
    book = Workbook()
    sheet = book.active
    sheet.append(["KPIs of signed contracts"])
    sheet.append([])
    months = [add_months(first, step).strftime("%b-%y") for step in range(6)]
    sheet.append(["Contract ref", "Contract title", "KPI", "Target", *months])
    row = 0
    for number in range(COUNT):
        for title in titles:
            row += 1
            # Wrong rows stand together, as those of one careless colleague do.
            target = "TBC" if number % 20 == 0 else 480
            sheet.append([f"REF-{number}", f"Contract {number}", title, target, 1, 2, 3, None, 5, 6])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(name, work):
    """Print what a step took and return what it gave."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = work()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:10} {time.process_time() - cpu:7.1f} s of CPU {time.perf_counter() - clock:7.1f} s "
        f"{most:6.0f} MB at most",
        flush=True,
    )
    return found


def main() -> None:
    """Do it all once and check the sums."""
    lead, directors = build()
    data = workbook()
    started = verbs.start(data, by=lead, name="signed.xlsx")
    started = timed("check", lambda: verbs.check(started, by=lead))
    print(
        {
            name: started.counts[name]
            for name in ("rows_read", "created", "rejected", "contracts", "past_results")
        }
    )
    verbs.begin_applying(started, by=lead)
    done = timed("apply", lambda: verbs.carry_on(started.pk))
    print(done.status, done.message)

    def confirm_all():
        for part in done.parts.all():
            confirming.confirm(part, by=directors[part.directorate_id], content_hash=part.content_hash)
            confirming.carry_on(part.pk)

    timed("confirm", confirm_all)
    print(KPISet.objects.filter(status="approved").count(), "sets,", MonthlyReturn.objects.count(), "returns")
    print("totals:", len(check_totals()), "differences")
    call_command("check_worth")


if __name__ == "__main__":
    main()
