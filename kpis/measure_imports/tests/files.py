"""Tables of measures of our own making, in the shapes tables come in; codes and values are invented."""

import csv
import io

from openpyxl import Workbook

HEADINGS = (
    "Ref", "Theme", "Outcome", "Measure", "Counting rule", "Unit", "Evidence required", "Proxy value (£)",
    "Low", "High", "Price year", "Source", "Target 2026",
)  # fmt: skip
FIELDS = (
    "code", "theme", "outcome", "title", "rule", "unit", "evidence", "value", "low", "high", "year", "source",
    "target",
)  # fmt: skip
USUAL = {
    "code": "X1", "theme": "Work", "outcome": "More jobs", "title": "People who started a job",
    "rule": "Count each person once.", "unit": "People", "evidence": "Payroll record", "value": "1,234.50",
    "low": "", "high": "", "year": "2024", "source": "A study of ours", "target": "5",
}  # fmt: skip


def row(**more):
    """Return one row's cells in the order of HEADINGS."""
    facts = {**USUAL, **more}
    return [facts[name] for name in FIELDS]


def csv_file(rows, *, headings=HEADINGS, encoding="utf-8"):
    """Return a CSV file's bytes; headings None leaves them out."""
    text = io.StringIO()
    csv.writer(text).writerows([*([headings] if headings else []), *rows])
    return text.getvalue().encode(encoding)


def book(fill, *, title="Measures"):
    """Return a workbook's bytes; `fill(sheet, workbook)` puts its cells in."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    fill(sheet, workbook)
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def unit_costs():
    """Return a table of unit costs without headings, in the shape such tables are published in."""
    first = ["CANALS", "LOCKS", "CL1.0", "Lock left open - whole cost of a drained reach, per event"]
    rows = [
        [
            *first, "Multiple", "", "Per event per year", "1509", "2005/06", " £1,832 ",
            "Drained reaches (2007)", "A",
            "Note age of data. The source gives a wide range, which depends on the length of the reach.",
            "http://canals.example/drained",
        ],
        [
            "CANALS", "LOCKS", "CL1.0.1", "Lock left open - refilling the reach from a reservoir, per event",
            "Navigation", "", "Per event per year", "706", "2005/06", " £857 ", "Drained reaches (2007)",
            "A", "", "http://canals.example/drained",
        ],
        [
            "CANALS", "BRIDGES", "CB2.0", "Swing bridge struck by a boat - average cost of repair",
            "Navigation", "Insurer", "Per strike", "327.8333333", "2012/13", " £398 ",
            "Bridge survey (2013)", "G",
            "Excludes the time of people who wait at the bridge, and detours of buses around it.", "",
        ],
        [
            "TOWPATHS", "SURFACES", "TS1.0", "Towpath closed by a wash-out - cost to walkers, per day",
            "Society", "", "Per day", "88", "2012/13", " £90 ", "Towpath counts (2013)", "R",
            "A first estimate by the people who counted, to be used with care until there is a better.",
            "http://canals.example/towpaths",
        ],
    ]  # fmt: skip
    return csv_file(rows, headings=None)
