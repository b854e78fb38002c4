"""The pages of the import, from upload to result."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Directorate
from contracts.models import Category, CategoryMapping, Contract, DirectorateMapping, RegisterImport
from contracts.register import verbs
from contracts.register.tests.files import HEADINGS, csv_file, row


def page(name, *args):
    return reverse(f"contracts:{name}", args=args)


def upload(client, data, name="register.csv"):
    return client.post(page("import-start"), {"file": SimpleUploadedFile(name, data)})


def columns_of(started):
    return {name: str(index) for name, index in started.columns.items()}


@pytest.mark.parametrize("who", ["lena", "adam"])
def test_the_lead_and_administrators_import_a_register_step_by_step(as_person, cast, neighbourhoods, who):
    client = as_person(cast[who])
    answer = upload(client, csv_file([row(), row(reference="R2", title="Cafés", department="Parks")]))
    started = RegisterImport.objects.get()
    assert answer.url == page("import-reading", started.pk)
    assert "Which row holds" in client.get(answer.url).content.decode()
    answer = client.post(answer.url, {"encoding": "utf-8", "header_row": "1"})
    assert answer.url == page("import-columns", started.pk)
    assert "Contract start date" in client.get(answer.url).content.decode()
    started.refresh_from_db()
    answer = client.post(answer.url, columns_of(started))
    assert answer.url == page("import-mapping", started.pk)
    shown = client.get(answer.url).content.decode()
    assert "Parks (1 row)" in shown
    assert Contract.objects.count() == 0
    answer = client.post(answer.url, {"directorate_0": neighbourhoods.pk, "directorate_1": neighbourhoods.pk})
    assert answer.url == page("import-page", started.pk)
    shown = client.get(answer.url).content.decode()
    assert "Apply: add 2, change 0" in shown
    assert Contract.objects.count() == 0
    client.post(page("import-apply", started.pk))
    shown = client.get(answer.url).content.decode()
    assert "The register is applied" in shown
    assert set(Contract.objects.values_list("directorate__name", flat=True)) == {"Neighbourhoods"}


def test_nobody_else_opens_any_page_of_an_import(as_person, cast, lena):
    started = verbs.start(csv_file([row()]), by=lena, name="register.csv")
    pages = ["import-reading", "import-columns", "import-mapping", "import-page", "import-questions"]
    pages += ["import-problems", "import-abandon"]
    for who in ("priya", "colin", "dana", "sami", "ewa", "nadia"):
        client = as_person(cast[who])
        for name in pages:
            assert client.get(page(name, started.pk)).status_code == 403, (who, name)
        for name in ("import-list", "import-start"):
            assert client.get(page(name)).status_code == 403
        assert client.post(page("import-apply", started.pk)).status_code == 403


def test_an_upload_that_is_no_spreadsheet_is_refused_with_what_to_do(as_person, lena):
    client = as_person(lena)
    for data, name, words in (
        (b"%PDF-1.4 nothing", "register.csv", "This is not a spreadsheet but a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "register.xls", "old Excel file"),
        (b" \n\n", "register.csv", "There is nothing in"),
    ):
        shown = upload(client, data, name)
        assert shown.status_code == 200
        assert words in shown.content.decode()
    assert "Select a file" in client.post(page("import-start"), {}).content.decode()
    assert RegisterImport.objects.count() == 0


def test_an_upload_over_the_limit_is_refused(as_person, lena, settings):
    settings.MAX_UPLOAD_MEGABYTES = 0
    assert "must be smaller than 0 MB" in upload(as_person(lena), csv_file([row()])).content.decode()


def test_a_file_without_plain_headings_asks_for_the_row(as_person, lena):
    client = as_person(lena)
    data = b"apples,pears\nplums,figs\nlemons,limes\n"
    upload(client, data)
    started = RegisterImport.objects.get()
    shown = client.get(page("import-reading", started.pk)).content.decode()
    assert "could not tell which row" in shown
    assert client.post(page("import-reading", started.pk), {}).status_code == 200
    answer = client.post(page("import-reading", started.pk), {"header_row": "2"})
    assert answer.url == page("import-columns", started.pk)
    shown = client.post(answer.url, {}).content.decode()
    assert "Select the column that holds the title" in shown
    twice = client.post(answer.url, {"title": "0", "supplier_text": "0"}).content.decode()
    assert "already used for" in twice


def test_a_workbook_of_two_sheets_asks_for_the_sheet(as_person, lena):
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Title", "Supplier"])
    book.active.append(["Home care", "Help at Home Ltd"])
    other = book.create_sheet("Old")
    other.append(["Title", "Supplier"])
    other.append(["School meals", "Kitchen Ltd"])
    data = BytesIO()
    book.save(data)
    client = as_person(lena)
    upload(client, data.getvalue(), "register.xlsx")
    started = RegisterImport.objects.get()
    assert "more than one sheet" in client.get(page("import-reading", started.pk)).content.decode()
    client.post(page("import-reading", started.pk), {"sheet": "Old"})
    started.refresh_from_db()
    assert (started.sheet, started.header_row) == ("Old", 1)


def test_questions_are_asked_answered_and_applied(as_person, lena, bring_in):
    lots = [row(title=f"Lot {n}", start="", end="") for n in (1, 2, 3)]
    bring_in(lots)
    client = as_person(lena)
    upload(
        client,
        csv_file([lots[0], row(title="Lot 9", start="", end=""), row(title="Lot 10", start="", end="")]),
    )
    started = RegisterImport.objects.first()
    verbs.check(started)
    shown = client.get(page("import-page", started.pk)).content.decode()
    assert "2 rows may be a contract we already have" in shown
    questions = client.get(page("import-questions", started.pk)).content.decode()
    assert "It is a new contract" in questions
    second = Contract.objects.get(title="Lot 2")
    same = {"row_3": str(second.pk), "row_4": str(second.pk)}
    assert (
        "can’t both be contract" in client.post(page("import-questions", started.pk), same).content.decode()
    )
    client.post(page("import-questions", started.pk), {"row_3": str(second.pk), "row_4": "new"})
    client.post(page("import-apply", started.pk))
    second.refresh_from_db()
    assert second.title == "Lot 9"
    assert sorted(Contract.objects.values_list("title", flat=True)) == ["Lot 1", "Lot 10", "Lot 3", "Lot 9"]


def test_problems_download_as_csv_with_row_numbers(as_person, lena):
    client = as_person(lena)
    started = verbs.start(csv_file([row(start="soon"), row(title="", description="")]), by=lena, name="r.csv")
    verbs.check(started)
    answer = client.get(page("import-problems", started.pk))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "“soon” is not a date" in text
    assert "3,Could not be used" in text


def test_rows_can_be_filtered_by_what_became_of_them_with_few_queries(
    as_person, lena, django_assert_max_num_queries
):
    client = as_person(lena)
    started = verbs.start(csv_file([row(reference=f"R{n}") for n in range(120)]), by=lena, name="r.csv")
    verbs.check(started)
    with django_assert_max_num_queries(12):
        shown = client.get(page("import-page", started.pk), {"show": "created"}).content.decode()
    assert "Showing 1 to 50 of 120" in shown
    assert (
        "There are none."
        in client.get(page("import-page", started.pk), {"show": "repeated"}).content.decode()
    )


def test_a_long_register_shows_its_progress_and_can_be_started_from_the_page(as_person, lena, monkeypatch):
    monkeypatch.setattr(verbs, "AT_ONCE", 1)
    monkeypatch.setattr(verbs, "wake", lambda register_import: None)
    client = as_person(lena)
    started = verbs.start(csv_file([row(reference=f"R{n}") for n in range(3)]), by=lena, name="r.csv")
    verbs.begin_checking(started, by=lena)
    answer = client.get(page("import-page", started.pk))
    assert "Every row is being checked" in answer.content.decode()
    assert answer["Refresh"] == "5"
    client.post(page("import-carry-on", started.pk))
    client.post(page("import-apply", started.pk))
    assert "The register is being applied" in client.get(page("import-page", started.pk)).content.decode()
    client.post(page("import-stop", started.pk))
    assert "The import has stopped" in client.get(page("import-page", started.pk)).content.decode()
    client.post(page("import-apply", started.pk))
    client.post(page("import-carry-on", started.pk))
    assert Contract.objects.count() == 3


def test_an_import_can_be_left_found_again_and_abandoned(as_person, lena):
    client = as_person(lena)
    started = verbs.start(csv_file([row()]), by=lena, name="left.csv")
    assert "left.csv" in client.get(page("import-list")).content.decode()
    assert client.get(page("import-page", started.pk)).url == page("import-reading", started.pk)
    assert "Nothing of left.csv" in client.get(page("import-abandon", started.pk)).content.decode()
    client.post(page("import-abandon", started.pk))
    started.refresh_from_db()
    assert started.status == "abandoned"
    assert client.post(page("import-apply", started.pk)).status_code == 302
    assert Contract.objects.count() == 0
    assert client.get(page("import-page", started.pk)).status_code == 200


def test_categories_are_made_of_the_texts_when_asked(as_person, lena):
    client = as_person(lena)
    data = b"Title,Category,Supplier\nHome care,Adult care,Help Ltd\nHighways,Roads,Tar Ltd\n"
    upload(client, data)
    started = RegisterImport.objects.get()
    client.post(page("import-mapping", started.pk), {"make_categories": "on"})
    client.post(page("import-apply", started.pk))
    assert set(Contract.objects.values_list("category__name", flat=True)) == {"Adult care", "Roads"}
    assert Directorate.objects.count() == 0


def test_hundreds_of_texts_are_folded_and_cost_no_query_each(
    as_person, lena, neighbourhoods, django_assert_max_num_queries
):
    headings = [*HEADINGS, "Proclass label"]
    rows = [
        [*row(reference=f"R{n}", department=f"Cost centre {n}").values(), f"Category {n}"] for n in range(150)
    ]
    rows.append([*row(department="Neighbourhoods").values(), "Category 1"])
    Category.objects.bulk_create(Category(name=f"Kind {n}") for n in range(30))
    started = verbs.start(csv_file(rows, headings=headings), by=lena, name="register.csv")
    address = f"/contracts/imports/{started.pk}/directorates/"
    visitor = as_person(lena)
    with django_assert_max_num_queries(40):
        page = visitor.get(address).content.decode()
    assert page.count("Cost centre") == 150
    assert page.index("<details") < page.index("Cost centre 149 ")
    kind = Category.objects.get(name="Kind 7")
    chosen = {"directorate_3": str(neighbourhoods.pk), "category_149": str(kind.pk)}
    visitor.post(address, chosen)
    assert DirectorateMapping.objects.count() == 1
    assert CategoryMapping.objects.get().category == kind
