"""Measures bringing in a release package of 5,000 procurements, new and again: seconds and memory.

Run: SV_VAR=/tmp/bench .venv/bin/python bench/import_ocds.py [--releases 5000] [--times 3]
The database is the one of DATABASE_URL or SV_VAR: use an empty one that may be filled. Each import is a
process of its own. Prints each run and the medians: seconds that passed, and peak memory.
"""

import argparse
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
BUYER = "Calderbeck Council"


def write_package(path: Path, count: int, seed: int) -> None:
    """Write a package of awards, an update of every tenth, a third of them other buyers'."""
    pick = random.Random(seed)
    releases = []
    for number in range(count):
        name = BUYER if number % 3 else f"Buyer {number % 50}"
        supplier = {"id": f"GB-COH-{10_000_000 + number % 900}", "name": f"Supplier {number % 900} Limited"}
        award = {
            "id": "1", "status": "active", "suppliers": [supplier],
            "value": {"amount": pick.randint(5_000, 9_000_000), "currency": "GBP"},
            "contractPeriod": {
                "startDate": f"2025-{pick.randint(1, 12):02}-01T00:00:00Z",
                "endDate": "2029-03-31T23:59:59+01:00",
            },
        }  # fmt: skip
        release = {
            "ocid": f"ocds-bench{seed}-{number}", "id": f"{number}-1", "date": "2025-03-01T09:00:00Z",
            "tag": ["award"], "initiationType": "tender", "buyer": {"id": name, "name": name},
            "parties": [{**supplier, "roles": ["supplier"], "details": {"scale": "sme", "vcse": False}}],
            "tender": {"id": f"REF-{seed}-{number}", "title": f"Service {number} ({seed})",
                       "description": "What is to be done, at some length. " * 20, "status": "complete"},
            "awards": [award],
        }  # fmt: skip
        releases.append(release)
        if number % 10 == 0:
            update = {"id": "1", "value": {"amount": 1 + pick.randint(5_000, 90_000)}}
            later = {"id": f"{number}-2", "date": "2025-06-01T09:00:00Z", "tag": ["awardUpdate"]}
            releases.append({**release, **later, "awards": [update]})
    path.write_text(json.dumps({"version": "1.1", "releases": releases}))


def measure(file: Path) -> tuple[float, float, dict]:
    """Return (seconds, peak megabytes, summary) of one import in a process of its own."""
    command = [sys.executable, str(BASE / "manage.py"), "import_ocds", str(file), "--apply", "--json"]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([*command, "--buyer", BUYER], stdout=out, cwd=BASE)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        text = out.read()
    if status:
        raise SystemExit(text.decode())
    return seconds, used.ru_maxrss / 1024, json.loads(text)


def main() -> None:
    """Import new packages, and each a second time, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=5000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    subprocess.run([sys.executable, str(BASE / "manage.py"), "migrate", "-v0"], check=True)
    figures: dict[str, list[tuple[float, float]]] = {"new": [], "again": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(given.times):
            file = Path(folder) / f"notices{turn}.json"
            write_package(file, given.releases, seed=turn + 1)
            for kind in figures:
                seconds, megabytes, found = measure(file)
                figures[kind].append((seconds, megabytes))
                print(
                    f"{kind}: {seconds:.1f} s, {megabytes:.0f} MB, file {file.stat().st_size / 1e6:.1f} MB; "
                    f"{found['created']} new, {found['updated']} changed, {found['unchanged']} unchanged, "
                    f"{found['other_buyer']} of others, {len(found['rejected'])} not used"
                )
    for kind, runs in figures.items():
        seconds, megabytes = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"median {kind} ({given.releases:,} procurements): {seconds:.1f} s, {megabytes:.0f} MB peak")


if __name__ == "__main__":
    main()
