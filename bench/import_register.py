"""Measures bringing in a register of 5,700 rows and 39 columns, new and again: seconds, processor, memory.

Run: SV_VAR=/tmp/bench .venv/bin/python bench/import_register.py [--rows 5700] [--times 3]
The database is the one of DATABASE_URL or SV_VAR: use an empty one that may be filled. Each import is a
process of its own, as the command line is. Every time brings in another register, so that later times meet
an ever fuller database. Prints each run and the medians: seconds that passed, seconds of this process's
processor (the figure to compare where others use the machine), and peak memory.
"""

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
HEADINGS = [
    "Organisation name",
    "Organisation Code",
    "Effective Date",
    "Contract Reference number / ID",
    "Open Contracting ID",
    "Title of the Agreement",
    "Contract type",
    "Directorate / service responsible",
    "Service Category label",
    "Service category URI",
    "Description of goods and services",
    "Procurement classification: Councils procurement category label",
    "Procurement classification: CPV label",
    "Procurement classification: CPV code",
    "Procurement classification: Proclass label",
    "Procurement classification: Proclass code",
    "Contract start date",
    "End date",
    "Review date",
    "Last extension date",
    "Contract value",
    "Fixed cost / estimated cost",
    "Irrecoverable VAT",
    "Supplier name",
    "Supplier registered company number",
    "Supplier registered charity number",
    "Other supplier ID",
    "SME supplier",
    "VCSE supplier",
    "VCSE supplier type",
    "Nominated contact point: name",
    "Nominated contact point: email",
    "Nominated contact point: URL",
    "Tender process type",
    "Tender document URL",
    "Contract document URL",
    "Performance information URL",
    "Location service label",
    "Location served URI",
]
THINGS = (
    "Residential care",
    "Day care",
    "Resurfacing",
    "Grounds maintenance",
    "School meals",
    "Software",
    "Advice",
)


def write_register(path: Path, rows: int, seed: int = 1) -> None:
    """Write a register like those published: repeated references, lots, two date styles, brackets."""
    pick = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(rows):
            reference = f"BX{seed}-{number // 3 if number % 20 == 0 else number:06}"
            title = (
                f"{pick.choice(THINGS)} {pick.randint(2009, 2026)} "
                f"(area {seed}, {pick.choice(THINGS)} lot {number % 40})"
            )
            supplier = pick.randint(1, rows // 2)
            cells = dict.fromkeys(HEADINGS, "")
            cells |= {
                "Organisation name": "Calderbeck Council",
                "Effective Date": "28/03/2026",
                "Contract Reference number / ID": reference,
                "Title of the Agreement": title,
                "Directorate / service responsible": pick.choice(
                    ("NEIGHBOURHOODS", "ADULTS", "CHILDREN", "RESOURCES")
                ),
                "Description of goods and services": f"{title}. " * pick.randint(1, 4),
                "Procurement classification: Councils procurement category label": pick.choice(THINGS),
                "Contract start date": f"{pick.randint(1, 28):02}-Apr-{pick.randint(2019, 2026)}",
                "End date": f"31/03/{pick.randint(2026, 2032)}" if pick.random() > 0.3 else "",
                "Contract value": pick.choice(("", "50000", "£1,234,567.89", "(2,500.00)", "0.01", "72000")),
                "Supplier name": f"SUPPLIER {supplier} LIMITED",
                "Supplier registered company number": str(100000 + 7919 * supplier)
                if number % 3 == 0
                else "",
                "SME supplier": pick.choice(("Yes", "No", "")),
                "Tender process type": "Invitation to tender",
            }
            writer.writerow(cells.values())


def measure(file: Path) -> tuple[float, float, float, dict]:
    """Return (seconds, processor seconds, peak megabytes, summary) of one import in a process of its own."""
    command = [sys.executable, str(BASE / "manage.py"), "import_register", str(file), "--apply", "--json"]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=BASE)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        text = out.read()
    if status:
        raise SystemExit(text.decode())
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(text)


def connection_kind() -> str:
    """Return which kind of database was measured."""
    return "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"


def main() -> None:
    """Import new registers, and each a second time, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5700)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    subprocess.run([sys.executable, str(BASE / "manage.py"), "migrate", "-v0"], check=True)
    figures: dict[str, list[tuple[float, float, float]]] = {"new": [], "again": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(given.times):
            file = Path(folder) / f"register{turn}.csv"
            write_register(file, given.rows, seed=turn + 1)
            for kind in figures:
                seconds, processor, megabytes, found = measure(file)
                figures[kind].append((seconds, processor, megabytes))
                print(
                    f"{kind}: {seconds:.1f} s, processor {processor:.1f} s, {megabytes:.0f} MB; "
                    f"{found['created']} new, "
                    f"{found['updated']} changed, "
                    f"{found['unchanged']} unchanged, {len(found['rejected'])} not used"
                )
    for kind, runs in figures.items():
        seconds, processor, megabytes = (statistics.median(column) for column in zip(*runs, strict=True))
        print(
            f"median {kind} ({connection_kind()}, {given.rows:,} rows): {seconds:.1f} s, "
            f"processor {processor:.1f} s, {megabytes:.0f} MB peak"
        )


if __name__ == "__main__":
    main()
