"""Workbooks of signed KPIs of our own making, in the shapes councils keep them in; all is invented."""

import csv
import io

from openpyxl import Workbook

HEADINGS = ("Contract ref", "Contract title", "KPI", "Unit", "Target", "Document")


def csv_file(rows, *, headings=HEADINGS):
    """Return a CSV file's bytes."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


def book(fill, *, title="KPIs"):
    """Return a workbook's bytes; `fill(sheet, workbook)` puts its cells in."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    fill(sheet, workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet_of(rows, *, results=None):
    """Return a workbook of these rows, with a sheet of results where some are given."""

    def fill(sheet, workbook):
        for row in rows:
            sheet.append(list(row))
        if results is not None:
            second = workbook.create_sheet("Results")
            for row in results:
                second.append(list(row))

    return book(fill)
