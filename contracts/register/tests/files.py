"""Small registers built in code."""

import csv
import io

HEADINGS = [
    "Contract Reference number / ID",
    "Title of the Agreement",
    "Directorate / service responsible",
    "Description of goods and services",
    "Contract start date",
    "End date",
    "Last extension date",
    "Contract value",
    "Supplier name",
    "Supplier registered company number",
    "SME supplier",
    "VCSE supplier",
]
FIELDS = [
    "reference",
    "title",
    "department",
    "description",
    "start",
    "end",
    "last",
    "value",
    "supplier",
    "company",
    "sme",
    "vcse",
]
USUAL = {
    "reference": "R1",
    "title": "Grounds maintenance",
    "department": "Neighbourhoods",
    "start": "01/04/2025",
    "end": "31-Mar-2029",
    "value": "£1,200.50",
    "supplier": "Fellside Works Ltd",
    "company": "gb/01234567",
}
UNTITLED = (
    "It has no title and no description, and begins “{}”. If it is a contract, give it a title in the file."
)


def row(**facts):
    """Return one row as a dictionary of texts, with usual facts where none are given."""
    return {**dict.fromkeys(FIELDS, ""), **USUAL, **facts}


def csv_file(rows, *, above=(), headings=HEADINGS, encoding="utf-8", order=None):
    """Return the bytes of a CSV register; `order` re-orders the columns."""
    order = order or range(len(headings))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows(above)
    writer.writerow([headings[index] for index in order])
    for one in rows:
        cells = [one[name] for name in FIELDS] if isinstance(one, dict) else list(one)
        writer.writerow([cells[index] for index in order] if cells else [])
    return text.getvalue().encode(encoding)
