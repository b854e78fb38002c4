"""The pages of adopting as signed: the way through, wrong people, stale pages, flat query counts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import make_contract
from kpis.adoption.models import AdoptionImport, AdoptionPart
from kpis.adoption.tests.files import csv_file
from kpis.models import KPISet

ROW = ["NB-1001", "", "Apprenticeship weeks", "", "480", ""]


def test_the_lead_brings_a_workbook_in_through_the_pages(as_person, lena, dana, highways, weeks):
    client = as_person(lena)
    file = SimpleUploadedFile("signed.csv", csv_file([ROW]))
    client.post(reverse("kpis:adoption-start"), {"file": file})
    standing = AdoptionImport.objects.get()
    args = [standing.pk]
    assert client.get(reverse("kpis:adoption-reading", args=args)).status_code == 200
    page = client.get(reverse("kpis:adoption-columns", args=args))
    assert page.status_code == 200
    columns = {name: str(index) for name, index in standing.columns.items()}
    client.post(reverse("kpis:adoption-columns", args=args), columns)
    month = {"month_0": "11", "month_1": "2026"}
    client.get(reverse("kpis:adoption-month", args=args))
    client.post(reverse("kpis:adoption-month", args=args), month)
    page = client.get(reverse("kpis:adoption-page", args=args)).content.decode()
    assert "Bring in 1 contract" in page
    assert not KPISet.objects.exists()
    client.post(reverse("kpis:adoption-apply", args=args))
    part = AdoptionPart.objects.get()
    client = as_person(dana)
    listed = client.get(reverse("kpis:approval-list")).content.decode()
    assert "Adopt 1 contract’s KPIs as signed, Neighbourhoods" in listed
    page = client.get(part.get_absolute_url()).content.decode()
    assert "Confirm 1 contract as signed" in page
    decide = client.get(reverse("kpis:kpi-set-decide", args=[highways.pk, 1])).content.decode()
    assert "decided with its batch" in decide
    assert "Approve this KPI set" not in decide
    form = {"content_hash": part.content_hash, "left_out": "0", "note": ""}
    client.post(reverse("kpis:adoption-part-confirm", args=[part.pk]), form)
    assert KPISet.objects.get().status == "approved"
    # The same once more is stale, and says so plainly.
    again = client.post(reverse("kpis:adoption-part-confirm", args=[part.pk]), form)
    assert again.status_code == 409


@pytest.fixture
def part(bring_in, dana, highways, weeks, neighbourhoods):
    """Return a part of one contract that waits."""
    bring_in([ROW])
    return AdoptionPart.objects.get()


@pytest.mark.parametrize("who", ["colin", "priya", "ewa", "sami", "olga", "oscar", "nadia", "lena", "adam"])
def test_nobody_else_confirms_returns_or_leaves_out(client, cast, part, who):
    client.force_login(cast[who])
    line = part.lines.get()
    quoted = {"content_hash": part.content_hash, "left_out": "0", "reason": "No"}
    for name in ("confirm", "return", "stop", "carry-on"):
        url = reverse(f"kpis:adoption-part-{name}", args=[part.pk])
        assert client.post(url, quoted).status_code in (403, 404)
    for name in ("page", "take-in"):
        url = reverse(f"kpis:adoption-line-{name}", args=[part.pk, line.pk])
        assert client.post(url, quoted).status_code in (403, 404)
    part.refresh_from_db()
    assert (part.status, KPISet.objects.get().status) == ("checked", "submitted")


def test_a_contract_is_left_out_and_taken_in_again_on_its_page(as_person, part, dana):
    client, line = as_person(dana), part.lines.get()
    url = reverse("kpis:adoption-line-page", args=[part.pk, line.pk])
    assert "Enter" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "The target is 40."})
    assert "To be left out" in client.get(part.get_absolute_url()).content.decode()
    client.post(reverse("kpis:adoption-line-take-in", args=[part.pk, line.pk]))
    assert part.lines.get().leave_reason == ""


def test_a_line_of_another_part_is_not_there(as_person, part, dana):
    client = as_person(dana)
    assert client.get(reverse("kpis:adoption-line-page", args=[part.pk, 999999])).status_code == 404


@pytest.mark.parametrize("address", ["page", "list"])
def test_pages_ask_no_more_questions_for_more_contracts(
    as_person, bring_in, dana, highways, weeks, neighbourhoods, django_assert_max_num_queries, address, client
):
    def queries(rows):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        bring_in(rows)
        part = AdoptionPart.objects.order_by("-pk").first()
        url = part.get_absolute_url() if address == "page" else reverse("kpis:approval-list")
        signed_in = as_person(dana)
        signed_in.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert signed_in.get(url).status_code == 200
        return len(found)

    few = queries([ROW])
    rows = []
    for number in range(12):
        make_contract(f"Contract {number}", neighbourhoods, reference=f"R-{number}")
        rows.append([f"R-{number}", "", "Apprenticeship weeks", "", "480", ""])
    assert queries(rows) <= few + 1
