"""`manage.py import_kpis`: checks by default, brings in with --apply, never approves."""

import json

import pytest
from django.core.management.base import CommandError

from kpis.adoption.models import AdoptionImport, AdoptionPart
from kpis.adoption.tests.files import csv_file, sheet_of
from kpis.models import KPISet

ROW = ["NB-1001", "", "Apprenticeship weeks", "", "480", ""]


def test_without_apply_nothing_is_written(command, highways, weeks):
    found = command(csv_file([ROW, ["X-1", *ROW[1:]]]))
    assert (found["rows_read"], found["taken"], len(found["rejected"]), found["applied"]) == (2, 1, 1, False)
    assert not AdoptionImport.objects.exists()


def test_apply_brings_in_and_approves_nothing(command, highways, weeks, lena, dana):
    found = command(csv_file([ROW]), "--apply", "--by", lena.email)
    assert found["applied"]
    assert [part["contracts"] for part in found["parts"]] == [1]
    assert KPISet.objects.get().status == "submitted"
    assert AdoptionPart.objects.get().status == "checked"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--apply"], "--by"), (["--first-month", "2019-01"], "between"),
        (["--first-month", "soon"], "month"),
        (["--row", "2=new"], "register"), (["--column", "kpi=Nothing"], "No column"),
        (["--apply", "--by", "nobody@example.org"], "Nobody here"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(command, highways, weeks, options, said):
    with pytest.raises(CommandError, match=said):
        command(csv_file([ROW]), *options)


def test_only_the_lead_and_administrators_bring_in(command, highways, weeks, colin):
    with pytest.raises(CommandError, match="social value lead"):
        command(csv_file([ROW]), "--apply", "--by", colin.email)


def test_a_question_is_answered_by_an_option(command, neighbourhoods, highways, weeks):
    data = sheet_of(
        [["Contract title", "KPI", "Target"], ["Highways resurfacing", "Apprenticeship weeks", 480]]
    )
    asked = command(data, name="q.xlsx")
    assert asked["questions"] == [{"row": 2, "candidates": [highways.pk]}]
    answered = command(data, "--row", f"2={highways.pk}", name="q.xlsx")
    assert answered["taken"] == 1
    json.dumps(answered)
