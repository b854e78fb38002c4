"""`manage.py import_measures`: the same work as the pages, for programs."""

import json

import pytest
from django.core.management import CommandError, call_command

from kpis.library.models import Framework, Measure, Unit
from kpis.measure_imports.models import MeasureImport
from kpis.measure_imports.tests.files import book, csv_file, row, unit_costs
from kpis.proxies.models import Proxy


def fails(command, capsys, *arguments):
    with pytest.raises(CommandError) as error:
        command(*arguments)
    return json.loads(capsys.readouterr().out) | {"said": str(error.value)}


def test_without_apply_nothing_is_written(command):
    found = command(csv_file([row(), row(code="X2", unit="otters")]))
    assert (found["rows_read"], found["created"], found["applied"]) == (2, 2, False)
    assert found["new_units"] == ["otters"]
    assert found["columns"]["value"] == "Proxy value (£)"
    assert not MeasureImport.objects.exists()
    assert not Framework.objects.filter(name="Canal set").exists()
    assert not Unit.objects.filter(name="otters").exists()


def test_with_apply_it_comes_in_once_and_waits_for_its_licence_unless_it_is_told(command, lena):
    data = csv_file([row()])
    found = command(data, "--apply", "--by", lena.email)
    framework = Framework.objects.get(name="Canal set")
    assert found["applied"]
    assert framework.needs_licence
    assert not framework.is_usable
    assert MeasureImport.objects.get(pk=found["import"]).uploaded_by == lena
    again = command(data, "--apply")
    assert (again["nothing_to_do"], again["created"], again["unchanged"]) == (True, 0, 1)
    assert MeasureImport.objects.count() == 1
    command(data, "--apply", "--edition", "2027", "--licence", "OGL v3", "--source", "The canal office")
    second = Framework.objects.get(edition="2027")
    assert second.is_usable
    assert (second.licence, second.source) == ("OGL v3", "The canal office")
    assert second.previous == framework


def test_another_file_for_the_same_edition_is_refused(command, capsys):
    command(csv_file([row()]), "--apply")
    error = fails(command, capsys, csv_file([row(title="Other")]), "--apply")
    assert error["option"] == "--edition"
    assert "edition name of its own" in error["said"]


def test_what_cannot_be_told_names_the_option_that_says_it(command, capsys):
    error = fails(command, capsys, unit_costs())
    assert error["option"] == "--header-row"
    assert "--header-row 0" in error["said"]
    error = fails(command, capsys, csv_file([row(year="")]))
    assert error["option"] == "--price-year"
    error = fails(command, capsys, csv_file([row(unit="")]))
    assert error["option"] == "--unit"
    assert "Pass --unit =CODE" in error["said"]
    error = fails(command, capsys, csv_file([["a", "b"]], headings=["Ref", "Unit"]))
    assert error["option"] == "--column"
    error = fails(command, capsys, csv_file([row()]), "--column", "value=Nothing")
    assert "Proxy value (£)" in error["choices"]
    error = fails(command, capsys, csv_file([row()]), "--unit", "People=folk")
    assert error["option"] == "--unit"

    def two(sheet, workbook):
        sheet.append(["Ref", "Measure"])
        workbook.create_sheet("More").append(["Ref", "Measure"])

    error = fails(command, capsys, book(two))
    assert (error["option"], error["choices"]) == ("--sheet", ["Measures", "More"])


def test_what_it_asked_for_is_taken(command):
    found = command(unit_costs(), "--header-row", "0", "--column", "value=J", "--column", "price_year=",
                    "--price-year", "2014", "--unit", "Per day=people")  # fmt: skip
    assert found["columns"]["value"] == "Column J"
    assert "price_year" not in found["columns"]
    assert "Per day" not in found["new_units"]
    assert command(csv_file([row(unit="")]), "--unit", "=people")["created"] == 1


def test_what_the_check_promised_is_what_comes_in(command):
    data = csv_file([row(year=""), row(code="X2", year="")])
    checked = command(data, "--price-year", "2022")
    applied = command(data, "--price-year", "2022", "--apply")
    assert (checked["priced"], applied["priced"]) == (2, 2)
    proxies = Proxy.objects.filter(measure__framework__name="Canal set")
    assert {one.price_year for one in proxies} == {2022}
    assert proxies.count() == 2


def test_the_next_edition_reads_a_unit_made_by_the_one_before_alike(command):
    units = ("£ invested in training", "% of invoices paid")
    for edition in ("2026", "2027"):
        data = csv_file([row(code=f"U{n}", unit=unit, value="") for n, unit in enumerate(units)])
        command(data, "--apply", "--edition", edition)
        kinds = (
            Measure.objects.filter(framework__edition=edition).order_by("code").values_list("kind", flat=True)
        )
        assert list(kinds) == ["money", "percentage"]


def test_it_tells_the_same_in_words(db, tmp_path, capsys):
    path = tmp_path / "m.csv"
    path.write_bytes(csv_file([row(), row(code="X1", title="Other"), ["Total", *[""] * 12]]))
    call_command("import_measures", str(path), "--framework", "Canal set", "--edition", "2026")
    told = capsys.readouterr().out
    assert "3 rows read = 0 empty + 0 new" in told
    assert "row 2: Its code X1 is also that of row 3" in told
    assert "Nothing was written. Add --apply to bring it in." in told


def test_a_note_that_says_the_year_of_prices_is_named(command, capsys):
    rows = [row(year=""), ["Values are in 2022/23 prices.", *[""] * 12]]
    error = fails(command, capsys, csv_file(rows))
    assert "A note in row 3 says 2022/23 prices: pass --price-year 2022" in error["said"]
    assert (error["option"], error["choices"]) == ("--price-year", [2022])
