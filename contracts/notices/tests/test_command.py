"""manage.py import_ocds: the same import from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import HistoryRow
from contracts.models import Buyer, Contract, NoticeImport, NoticeItem, PublishedRecord, Supplier
from contracts.notices.tests.files import US, award, package, release
from contracts.notices.tests.test_importing import OTHER

BOTH = package(
    release(), release(ocid="ocds-test01-2", name="o", buyer=OTHER, parties=...), release(date=...)
)


def test_without_apply_nothing_at_all_is_written(command, settings):
    found = command(BOTH, "--buyer", "calderbeck COUNCIL")
    assert (found["kind"], found["releases_read"], found["items"]) == ("release package", 3, 2)
    assert (found["created"], found["other_buyer"], found["applied"]) == (1, 1, False)
    assert found["errors"][0]["release"] == 3
    for model in (Contract, NoticeImport, NoticeItem, Supplier, PublishedRecord, Buyer, HistoryRow):
        assert model.objects.count() == 0
    assert not settings.MEDIA_ROOT.exists()


def test_with_apply_it_is_written_and_the_buyer_is_remembered(command):
    first = command(BOTH, "--apply", "--buyer", US["id"])
    assert (first["created"], first["applied"]) == (1, True)
    again = command(BOTH, "--apply")
    assert (again["created"], again["unchanged"], again["other_buyer"]) == (0, 1, 1)
    assert Buyer.objects.get(is_ours=True).identifier == US["id"]


def failing(capsys, path, *options):
    with pytest.raises(CommandError) as error:
        call_command("import_ocds", str(path), "--json", *options)
    printed = json.loads(capsys.readouterr().out)
    assert printed["error"] == str(error.value)
    return printed


def test_it_ends_with_what_to_do_where_the_buyer_or_the_file_is_not_known(db, tmp_path, capsys):
    path = tmp_path / "n.json"
    path.write_bytes(BOTH)
    asked = failing(capsys, path)
    assert "Nobody has said yet which buyer is this council" in asked["error"]
    assert (asked["option"], asked["choices"]) == (
        "--buyer",
        ["Calderbeck Council (1)", "Elsewhere Council (1)"],
    )
    assert "No buyer in the file is called “Nowhere”" in failing(capsys, path, "--buyer", "Nowhere")["error"]
    path.write_bytes(package(release(date=...)))
    none = failing(capsys, path)
    assert none["error"].startswith(
        "None of the 1 releases can be read. Release 1 (ocds-test01-1): it has no"
    )
    path.write_bytes(BOTH[:-40])
    assert "cut off" in failing(capsys, path, "--buyer", US["name"])["error"]
    assert "There is no file" in failing(capsys, tmp_path / "none.json")["error"]
    assert NoticeImport.objects.count() == 0


def test_too_large_a_file_is_refused_before_it_is_read(db, tmp_path, capsys, settings):
    settings.MAX_UPLOAD_MEGABYTES = 1
    path = tmp_path / "n.json"
    path.write_bytes(b"[" + b" " * 1_100_000 + b"]")
    said = "The file must be smaller than 1 MB. Split it, or set MAX_UPLOAD_MEGABYTES higher."
    assert failing(capsys, path)["error"] == said


def test_what_may_be_there_already_waits_for_an_answer(command, db):
    Contract.objects.create(title="Grounds maintenance", supplier_text="Fellside Works Limited")
    known = Contract.objects.get()
    data = package(release())
    found = command(data, "--buyer", US["name"])
    assert f"it could be {known.pk}, which shares" in found["rejected"][0]["reasons"][0]
    assert command(data, "--buyer", US["name"], "--item", f"1={known.pk}")["updated"] == 1
    made = command(data, "--apply", "--buyer", US["name"], "--new-when-unsure")
    assert (made["created"], Contract.objects.count()) == (1, 2)


def test_a_run_that_was_cut_short_is_carried_on_with_the_same_file_only(
    command, tmp_path, capsys, monkeypatch
):
    from contracts.notices import applying, verbs

    monkeypatch.setattr(verbs, "BATCH", 2)
    data = package(release(awards=[award(str(number)) for number in range(5)]))
    done, calls = applying.Applier.apply, []

    def breaks(self, items):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        done(self, items)

    monkeypatch.setattr(applying.Applier, "apply", breaks)
    with pytest.raises(KeyboardInterrupt):
        command(data, "--apply", "--buyer", US["name"])
    assert Contract.objects.count() == 2
    monkeypatch.setattr(applying.Applier, "apply", done)
    NoticeImport.objects.update(worker_until=None)
    path = tmp_path / "other.json"
    path.write_bytes(BOTH)
    assert "Another package of notices" in failing(capsys, path, "--apply", "--buyer", US["name"])["error"]
    found = command(data, "--apply", "--buyer", US["name"])
    assert (found["created"], found["applied"], Contract.objects.count()) == (5, True, 5)
    assert PublishedRecord.objects.count() == 5
