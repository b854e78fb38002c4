"""Evidence: what it is comes from its content, who opens it is asked, nothing is removed in silence."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused
from conftest import CAST
from kpis.models import Evidence, MonthlyReturn
from kpis.returns import verbs
from kpis.returns.tests.conftest import APRIL, MAY, reading_of, submitted
from kpis.returns.verbs.evidence import used_elsewhere
from kpis.tests.factories import make_approved_set

PDF = b"%PDF-1.7 letter"


def office(member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "<xml/>")
    return file.getvalue()


def add(monthly_return, by, measure, *, name="letter.pdf", content=PDF, **more):
    return verbs.add_evidence(
        monthly_return,
        by=by,
        file=SimpleUploadedFile(name, content),
        kind="training",
        readings=[reading_of(monthly_return, measure)],
        **more,
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", PDF),
        ("photo.PNG", b"\x89PNG\r\n\x1a\n123"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0"),
        ("starters.csv", b"District,Start\nCB1,1 May 2026\n"),
        ("note.txt", "Zażółć".encode("utf-16")),
        ("mail.eml", b"From: a@b.example\n\nHello"),
        ("starters.xlsx", office("xl/workbook.xml")),
        ("letter.docx", office("word/document.xml")),
    ],
)
def test_files_councils_have_are_taken(may, weeks, priya, name, content):
    evidence = add(may, priya, weeks, name=name, content=content)
    assert evidence.file_name == name
    assert evidence.size == len(content)
    assert name not in evidence.file.name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tool.exe", b"MZ", "must be a PDF"),
        ("letter.pdf", b"<html>", "content is something else"),
        ("starters.csv", PDF, "content is something else"),
        ("starters.xlsx", office("word/document.xml"), "content is something else"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(may, weeks, priya, name, content, words):
    with pytest.raises(Invalid, match=words):
        add(may, priya, weeks, name=name, content=content)


def test_a_file_that_is_too_large_is_refused(may, weeks, priya, settings):
    settings.MAX_UPLOAD_MEGABYTES = 1
    with pytest.raises(Invalid, match="smaller than 1 MB"):
        add(may, priya, weeks, content=PDF + b" " * 1024 * 1024)


def test_the_same_file_on_another_contract_is_flagged(may, weeks, home_care, priya, otto):
    make_approved_set(home_care, APRIL, [(weeks, 12)])
    verbs.open_month(MAY)
    theirs = MonthlyReturn.objects.get(contract=home_care)
    first, second = add(may, priya, weeks), add(theirs, otto, weeks)
    third = add(may, priya, weeks, content=PDF + b"2")
    assert used_elsewhere([first, second, third]) == {first.pk: [second], second.pk: [first]}
    assert "Highways resurfacing" in history_of(theirs).first().note


def test_withdrawn_evidence_stays_with_its_reason(may, weeks, priya):
    evidence = add(may, priya, weeks)
    with pytest.raises(Invalid):
        verbs.withdraw_evidence(evidence, by=priya, reason=" ")
    verbs.withdraw_evidence(evidence, by=priya, reason="Wrong month")
    kept = Evidence.objects.get()
    assert (kept.is_withdrawn, kept.withdrawn_by, kept.withdrawn_reason) == (True, priya, "Wrong month")
    with kept.file.open() as file:
        assert file.read() == PDF


OPENERS = {"priya", "dafydd", "colin", "dana", "desmond", "lena"}


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("restricted", [False, True])
def test_evidence_opens_only_for_those_close_to_the_contract(cast, may, weeks, as_person, name, restricted):
    evidence = add(
        may, cast["priya"], weeks, is_restricted=restricted, restricted_reason="Names" if restricted else ""
    )
    answer = as_person(cast[name]).get(f"/evidence/{evidence.pk}/")
    may_open = name in OPENERS or (name == "adam" and not restricted)
    sees_contract = name not in {"oscar", "olga", "otto", "nadia"}
    assert answer.status_code == (200 if may_open else 403 if sees_contract else 404)
    if may_open:
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
    opened = history_of(may).filter(action="returns.open_evidence")
    assert opened.count() == (1 if may_open and restricted else 0)


def test_evidence_can_not_be_added_to_a_submitted_return(may, weeks, priya, sami):
    submitted(may, priya)
    with pytest.raises(Exception, match="submitted"):
        add(may, priya, weeks)
    with pytest.raises(Refused):
        add(may, sami, weeks)
