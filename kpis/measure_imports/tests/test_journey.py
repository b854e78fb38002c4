"""The pages of the import of measures, from upload to the edition."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.verbs.recipe import Invalid
from kpis.library.models import Framework, Measure
from kpis.measure_imports import verbs
from kpis.measure_imports.models import MeasureImport, MeasureText
from kpis.measure_imports.tests.files import csv_file, row, unit_costs

EDITION = {
    "name": "Canal set", "edition": "2026", "previous": "auto", "source": "Us", "licence": "OGL",
    "needs_licence": "no", "offered": "always", "stream": "social",
}  # fmt: skip


def page(name, *args):
    return reverse(f"kpis:measure-import-{name}", args=args)


def upload(client, data, name="measures.csv"):
    return client.post(page("start"), {"file": SimpleUploadedFile(name, data)})


def shown(client, url):
    return client.get(url).content.decode()


@pytest.mark.parametrize("who", ["lena", "adam"])
def test_the_lead_and_administrators_import_measures_step_by_step(as_person, cast, who):
    client = as_person(cast[who])
    answer = upload(client, csv_file([row(), row(code="X2", title="Locks mended", unit="locks")]))
    started = MeasureImport.objects.get()
    assert answer.url == page("reading", started.pk)
    assert "This file has no row of headings" in shown(client, answer.url)
    answer = client.post(answer.url, {"encoding": "utf-8", "header_row": "1"})
    assert answer.url == page("columns", started.pk)
    assert "Target 2026" in shown(client, answer.url)
    started.refresh_from_db()
    answer = client.post(answer.url, {name: str(index) for name, index in started.columns.items()})
    assert answer.url == page("units", started.pk)
    assert "locks (1 row)" in shown(client, answer.url)
    answer = client.post(answer.url, {"unit_0": "people", "unit_1": "new"})
    assert answer.url == page("edition", started.pk)
    assert MeasureText.objects.get().unit.code == "people"
    assert "Which edition it is" in shown(client, answer.url)
    answer = client.post(answer.url, EDITION)
    assert answer.url == page("page", started.pk)
    assert "Apply: add 2 measures" in shown(client, answer.url)
    assert not Framework.objects.filter(name="Canal set").exists()
    client.post(page("apply", started.pk))
    text = shown(client, answer.url)
    assert "The measures are in the library" in text
    assert "can use it now" in text
    framework = Framework.objects.get(name="Canal set")
    assert framework.is_usable
    assert framework.measures.filter(status="live").count() == 2
    assert set(MeasureText.objects.values_list("unit__code", flat=True)) == {"people", "locks"}
    started.refresh_from_db()
    text = shown(client, framework.get_absolute_url())
    assert "measures.csv" in text
    assert started.sha256 in text


def test_nobody_else_opens_any_page_of_an_import(as_person, cast, start):
    started = start([row()])
    for who in ("priya", "colin", "dana", "sami", "nadia"):
        client = as_person(cast[who])
        for name in ("reading", "columns", "units", "edition", "page", "problems", "abandon"):
            assert client.get(page(name, started.pk)).status_code == 403, (who, name)
        assert client.get(page("list")).status_code == 403
        assert client.post(page("apply", started.pk)).status_code == 403


def test_a_file_without_headings_is_confirmed_column_by_column(as_person, lena):
    client = as_person(lena)
    upload(client, unit_costs(), "costs.csv")
    started = MeasureImport.objects.get()
    assert 'value="utf-8" checked' in " ".join(shown(client, page("reading", started.pk)).split())
    how = {"header_row": "0", "encoding": "utf-8"}
    answer = client.post(page("reading", started.pk), how)
    assert answer.url == page("columns", started.pk)
    text = shown(client, answer.url)
    assert "The file has no headings" in text
    assert "D: no heading, for example “Lock left open" in text
    started.refresh_from_db()
    columns = {name: str(index) for name, index in started.columns.items()}
    answer = client.post(answer.url, {**columns, "note": ""})
    assert answer.url == page("units", started.pk)
    # The next file of this shape is read as this one was.
    upload(client, unit_costs().replace(b"CANALS", b"RIVERS"), "more.csv")
    again = MeasureImport.objects.first()
    client.post(page("reading", again.pk), how)
    again.refresh_from_db()
    assert "note" not in again.columns
    assert again.columns["title"] == 3


def test_what_the_edition_lacks_is_said_by_the_field_and_what_was_typed_is_kept(as_person, lena, start):
    client = as_person(lena)
    started = start([row(year="")], price_year=2024)
    url = page("edition", started.pk)
    text = client.post(url, {**EDITION, "edition": "", "source": "The canal office"}).content.decode()
    assert "Enter an edition" in text
    assert "The canal office" in text
    text = client.post(url, EDITION).content.decode()
    assert "Enter the year whose prices these are" in text
    text = client.post(url, {**EDITION, "offered": "by_date", "price_year": "2024"}).content.decode()
    assert "Enter the day procurement began" in text
    asks = {**EDITION, "needs_licence": "yes", "is_confirmed": "on", "price_year": "2024"}
    assert "Say which licence the council holds" in client.post(url, asks).content.decode()


def test_a_licence_the_lead_confirms_opens_the_edition_and_another_waits_for_it(
    bring_in, start, lena, adam, as_person
):
    held = bring_in([row()], needs_licence=True, licence_note="No. 12, to 2028", is_confirmed=True)
    assert held.is_usable
    assert held.licence_confirmed_by == lena
    licensed = {"needs_licence": True, "licence_note": "No. 12", "is_confirmed": True}
    with pytest.raises(Invalid, match="Only the social value lead"):
        start([row()], by=adam, edition="2028", **licensed)
    # The word is the lead's, whoever applies the table then.
    started = start([row()], edition="2028", **licensed)
    verbs.begin_applying(started, by=adam)
    assert verbs.carry_on(started.pk).framework.licence_confirmed_by == lena
    waits = bring_in([row()], needs_licence=True, edition="2027")
    assert waits.status == "live"
    assert not waits.is_usable
    client = as_person(lena)
    assert "confirms the council’s licence" in shown(client, page("page", waits.imports.get().pk))
    started = verbs.start(csv_file([row()]), by=adam, name="m.csv")
    assert "I confirm that the council" not in shown(as_person(adam), page("edition", started.pk))


def test_stopped_half_way_it_stays_a_draft_and_abandoned_nothing_of_it_stays(start, lena, as_person):
    started = start([row(code=f"X{n}", title=f"Measure {n}") for n in range(150)])
    verbs.begin_applying(started, by=lena)
    applier = verbs.Applier(MeasureImport.objects.get(pk=started.pk))
    applier.apply(list(started.rows.order_by("row_number")[:100]))
    MeasureImport.objects.filter(pk=started.pk).update(rows_done=100)
    verbs.stop(MeasureImport.objects.get(pk=started.pk), by=lena)
    framework = Framework.objects.get(name="Canal set")
    assert framework.status == "draft"
    assert not Measure.objects.live().filter(framework=framework).exists()
    client = as_person(lena)
    assert client.get(page("columns", started.pk)).url == page("page", started.pk)
    assert "are taken away again" in shown(client, page("abandon", started.pk))
    client.post(page("abandon", started.pk))
    assert not Framework.objects.filter(name="Canal set").exists()
    assert not Measure.objects.filter(title__startswith="Measure ").exists()


def test_the_list_of_problems_has_each_with_its_row(start, as_person, lena):
    started = start([row(value="lots"), row(code="x1", title="Other")])
    answer = as_person(lena).get(page("problems", started.pk))
    text = b"".join(answer.streaming_content).decode()
    assert "also that of row 3" in text
    assert "“lots”" in text


def test_the_page_asks_no_more_of_the_database_for_many_rows(
    start, as_person, lena, django_assert_max_num_queries
):
    started = start([row(code=f"X{n}", title=f"Measure {n}") for n in range(60)])
    client = as_person(lena)
    shown(client, page("page", started.pk))
    with django_assert_max_num_queries(25):
        shown(client, page("page", started.pk))
