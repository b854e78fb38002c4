"""The page on how far checklists are by stage and directorate, and the contracts behind each figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.models import Directorate
from accounts.requests import SignedInRequest
from contracts.models import Contract, Stage
from contracts.stages.asked import Progress, progress_of_many
from contracts.stages.coverage import HEADERS, KINDS, UNKNOWN, contracts_of, coverage
from contracts.stages.permissions import may_keep_questions
from govuk.formats import day, plural
from spreadsheets.writing import csv_response, xlsx_response

PAGE = 50
LIST_HEADERS = (
    "Number", "Title", "Directorate", "Contract manager", "Stage", "Questions asked", "Questions answered",
)  # fmt: skip
LIST_KINDS = ("whole", "text", "text", "text", "text", "whole", "whole")


@require_safe
def stage_coverage(request: SignedInRequest) -> HttpResponseBase:
    """Show coverage for the contracts the person may see; with a stage in the address, its contracts."""
    seen = Contract.objects.visible_to(request.user)
    if request.GET.get("stage"):
        return _contracts_of_cell(request)
    table = coverage(seen)
    if request.GET.get("format") in {"csv", "xlsx"}:
        # Sums are for the page: in a file they would be counted twice.
        rows = [cell.row for _, cells in table for cell in cells]
        return _file(request.GET["format"], "Checklist coverage", HEADERS, rows, KINDS)
    total = sum((whole.contracts for whole, _ in table), 0)
    context = {
        "table": table,
        "contracts": plural(total, "contract"),
        "complete": sum(whole.complete for whole, _ in table),
        "total": total,
        "questions": sum((whole.questions for whole, _ in table), Progress()),
        "may_keep": may_keep_questions(request.user),
        "trail": [("Home", "/"), ("Contracts", reverse("contracts:contract-list")), ("Checklists", "")],
    }
    return render(request, "contracts/stage_coverage.html", context)


def _contracts_of_cell(request: SignedInRequest) -> HttpResponseBase:
    """Show the contracts of one stage (and directorate), with how far each checklist is."""
    stage, directorate = request.GET["stage"], request.GET.get("directorate", "")
    found = contracts_of(Contract.objects.visible_to(request.user), stage, directorate)
    if found is None:
        raise Http404
    name = ""
    if directorate == UNKNOWN:
        name = "Directorate not known"
    elif directorate:
        name = Directorate.objects.filter(pk=int(directorate)).values_list("name", flat=True).first() or ""
        if not name:
            raise Http404
    label = str(Stage(stage).label)
    contracts = found.select_related("directorate", "manager").order_by("title", "number")
    if request.GET.get("format") in {"csv", "xlsx"}:
        every = list(contracts)
        progress = progress_of_many(every, among=found)
        rows = [_list_row(one, progress[one.pk]) for one in every]
        return _file(request.GET["format"], f"Checklists {label}", LIST_HEADERS, rows, LIST_KINDS)
    page = Paginator(contracts, PAGE).get_page(request.GET.get("page"))
    progress = progress_of_many(page)
    context = {
        "page_obj": page,
        "rows": [(one, progress[one.pk]) for one in page],
        "stage": label,
        "directorate": name,
        "count": plural(page.paginator.count, "contract"),
        "trail": [
            ("Home", "/"),
            ("Contracts", reverse("contracts:contract-list")),
            ("Checklists", reverse("contracts:stage-coverage")),
            (label, ""),
        ],
    }
    return render(request, "contracts/stage_coverage_contracts.html", context)


def _list_row(contract: Contract, progress: Progress) -> list[object]:
    return [
        contract.number, contract.title, contract.directorate, contract.manager,
        contract.get_stage_display(), progress.asked, progress.answered,
    ]  # fmt: skip


def _file(kind: str, title: str, headers, rows: list[list[object]], kinds) -> HttpResponseBase | HttpResponse:
    """Return the rows as "csv" or "xlsx"."""
    name = f"{title} {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, rows)
    notes = [
        f"As at {day(today())}. Questions are those of the stage each contract stands at, as far as they are "
        "asked of it."
    ]
    return xlsx_response(name, title, headers, rows, kinds=kinds, notes=notes)
