"""Every page of a register's import in each state it can be in: axe, the console, no sideways scroll."""

import pytest

from contracts.models import Category, RegisterImport
from contracts.register import verbs
from contracts.register.tests.files import HEADINGS, csv_file, row
from spreadsheets.writing import xlsx_bytes

pytestmark = pytest.mark.browser


def states(lena):
    """Return the address of a page for each state: asked, refused, many texts, questions, at work, done."""
    made = {}

    def start(data, name="register.csv"):
        return verbs.start(data, by=lena, name=name)

    many = [
        [
            *row(
                reference=f"R{n}", department=f"Cost centre {n} of the council", description="x" * 400
            ).values(),
            f"Category {n}",
        ]
        for n in range(150)
    ]
    Category.objects.bulk_create(Category(name=f"Kind {n}") for n in range(5))
    wide = start(csv_file(many, headings=[*HEADINGS, "Proclass label"]))
    made["texts"] = f"/contracts/imports/{wide.pk}/directorates/"
    made["columns"] = f"/contracts/imports/{wide.pk}/columns/"
    made["header asked"] = f"/contracts/imports/{start(b'1,2,3' + bytes([10]) + b'4,5,6').pk}/reading/"
    book = xlsx_bytes("Register", HEADINGS, [list(row().values())], notes=["As at May"])
    made["sheet asked"] = f"/contracts/imports/{start(book, 'register.xlsx').pk}/reading/"
    letters = csv_file([row(title="Caf\u00e9 \u2013 \u00a35")], encoding="cp1252")
    made["letters asked"] = f"/contracts/imports/{start(letters).pk}/reading/"

    first = verbs.check(
        start(csv_file([row(supplier=f"Firm {n} Ltd", company="") for n in range(3)])), by=lena
    )
    verbs.begin_applying(first, by=lena)
    verbs.carry_on(first.pk)
    made["applied"] = f"/contracts/imports/{first.pk}/"
    changed = [row(supplier=f"Firm {n} Ltd", company="", value="TBC") for n in (0, 1, 9)]
    asked = verbs.check(start(csv_file([*changed, changed[0], row(title="", description="")])), by=lena)
    made["checked"] = f"/contracts/imports/{asked.pk}/"
    made["not used"] = f"/contracts/imports/{asked.pk}/?show=rejected"
    made["questions"] = f"/contracts/imports/{asked.pk}/questions/"
    made["abandon"] = f"/contracts/imports/{asked.pk}/abandon/"
    facts = {"uploaded_by": lena, "file": "x", "rows_total": 5700, "rows_done": 1200}
    name = "contracts-register-of-the-council-2026-04-to-2027-03-final-version-2.csv"
    for status in ("applying", "checking", "stopped", "failed", "abandoned"):
        standing = RegisterImport.objects.create(
            status=status, file_name=name, message="It stopped because something went wrong.", **facts
        )
        made[status] = f"/contracts/imports/{standing.pk}/"
    made["list"] = "/contracts/imports/"
    return made


def wrong_at(visitor):
    """Return {width: problems} of the open page, wide and on a phone."""
    found = {}
    for width in (1280, 320):
        visitor.resize(width)
        found[width] = visitor.problems()
    return {width: problems for width, problems in found.items() if problems}


def test_every_state_of_an_import_is_accessible_wide_and_on_a_phone(visit, cast):
    lena = cast["lena"]
    visitor, wrong = visit(lena), {}
    for name, address in states(lena).items():
        visitor.noise.clear()
        assert visitor.open(address).status == 200, name
        for folded in visitor.page.locator("details > summary").all():
            folded.click()
        wrong[name] = wrong_at(visitor)
    visitor.open("/contracts/imports/new/")
    for name, file in (
        ("nothing chosen", None),
        ("no spreadsheet", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"%PDF-1.7 not a table"}),
    ):
        if file:
            visitor.page.set_input_files("input[type=file]", file)
        visitor.follow(visitor.page.locator("main form button[type=submit], main form button").first)
        visitor.page.locator(".govuk-error-summary").wait_for()
        wrong[name] = wrong_at(visitor)
    assert {name: found for name, found in wrong.items() if found} == {}
