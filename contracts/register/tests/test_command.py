"""manage.py import_register: the same import from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import HistoryRow
from contracts.models import (
    ColumnMapping,
    Contract,
    DirectorateMapping,
    RegisterImport,
    RegisterRow,
    Supplier,
)
from contracts.register.tests.files import UNTITLED, csv_file, row

ROWS = [row(), row(reference="R2", department="Parks"), row(), row(title="", description="")]


def test_without_apply_nothing_at_all_is_written(command, settings):
    found = command(csv_file(ROWS))
    assert (found["created"], len(found["repeated"]), len(found["rejected"])) == (2, 1, 1)
    assert found["rejected"][0] == {"row": 5, "reasons": [UNTITLED.format("R1")]}
    assert (found["rows_read"], found["empty"], found["header_row"], found["encoding"]) == (4, 0, 1, "utf-8")
    assert found["columns"]["title"] == "Title of the Agreement"
    for model in (
        Contract,
        RegisterImport,
        RegisterRow,
        Supplier,
        ColumnMapping,
        HistoryRow,
        DirectorateMapping,
    ):
        assert model.objects.count() == 0
    assert not settings.MEDIA_ROOT.exists()


def test_with_apply_it_is_written_and_a_second_time_changes_nothing(command):
    first = command(csv_file(ROWS), "--apply")
    assert (first["created"], first["applied"]) == (2, True)
    again = command(csv_file(ROWS), "--apply")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert RegisterImport.objects.filter(status="applied").count() == 2


def test_directorates_are_given_by_text(command, neighbourhoods, adults):
    command(csv_file(ROWS), "--apply", "--directorate", "Parks=adult services")
    assert Contract.objects.get(reference="R2").directorate == adults
    assert Contract.objects.get(reference="R1").directorate == neighbourhoods
    with pytest.raises(CommandError, match="There is no directorate 'Nowhere'"):
        command(csv_file(ROWS), "--directorate", "Parks=Nowhere")


def failing(capsys, path, *options):
    with pytest.raises(CommandError) as error:
        call_command("import_register", str(path), "--json", *options)
    printed = json.loads(capsys.readouterr().out)
    assert printed["error"] == str(error.value)
    return printed


@pytest.mark.parametrize(
    ("data", "name", "option", "words"),
    [
        (b"apples,pears\nplums,figs\n", "a.csv", "--header-row", "Pass --header-row N"),
        (b"Reference,Supplier name\nR1,Fellside\n", "a.csv", "--column", "title or the description"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", None, "old Excel file"),
        (b"PK\x03\x04 damaged", "a.xlsx", None, "damaged"),
        (b"", "a.csv", None, "nothing in"),
        (b'[{"ocid": "x"}]', "a.json", None, "JSON"),
    ],
)
def test_what_it_cant_tell_is_said_with_the_option_to_pass(db, tmp_path, capsys, data, name, option, words):
    path = tmp_path / name
    path.write_bytes(data)
    for more in ((), ("--apply",)):
        printed = failing(capsys, path, *more)
        assert printed["option"] == option
        assert words in printed["error"]
    assert RegisterImport.objects.count() == 0


def test_a_missing_file_and_a_folder_are_said_plainly(db, tmp_path, capsys):
    assert "There is no file" in failing(capsys, tmp_path / "none.csv")["error"]
    assert "is a folder" in failing(capsys, tmp_path)["error"]


def test_header_row_column_and_encoding_can_be_given(command):
    data = "Our things\nName of thing,Ref,Note\nCafé,R1,\nTea,R2,\n".encode("cp1252")
    options = ("--header-row", "2", "--column", "title=Name of thing", "--encoding", "cp1252")
    found = command(data, *options)
    assert (found["created"], found["header_row"], found["encoding"]) == (2, 2, "cp1252")


def test_a_row_that_could_be_several_is_rejected_and_can_be_answered(command):
    command(csv_file([row(supplier=f"Firm {n} Ltd", company="") for n in (1, 2, 3)]), "--apply")
    changed = csv_file([row(supplier=f"Firm {n} Ltd", company="") for n in (1, 2, 9)])
    found = command(changed)
    assert "could be contract" in found["rejected"][0]["reasons"][0]
    assert command(changed, "--row", "4=new")["created"] == 1


def test_a_second_import_while_one_is_applied_is_refused(db, tmp_path, capsys):
    RegisterImport.objects.create(file_name="first.csv", status="applying", file="x")
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file(ROWS))
    assert "Only one can be applied" in failing(capsys, path, "--apply")["error"]
    assert Contract.objects.count() == 0


def test_people_read_a_plain_summary(db, tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file(ROWS))
    call_command("import_register", str(path))
    shown = capsys.readouterr().out
    assert "4 rows read = 0 empty + 2 new + 0 changed + 0 unchanged + 1 repeated + 1 not used" in shown
    assert "Nothing was written" in shown


def test_too_large_a_file_is_refused_with_what_to_do(db, tmp_path, capsys, settings):
    settings.MAX_UPLOAD_MEGABYTES = 1
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file(ROWS) + b"\n" * 1_000_000)
    said = "The file must be smaller than 1 MB. Split it, or set MAX_UPLOAD_MEGABYTES higher."
    assert failing(capsys, path)["error"] == said
