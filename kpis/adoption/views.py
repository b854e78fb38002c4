"""Pages of bringing signed KPIs in: upload, how it is read, columns, first month, questions, check, apply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from contracts.import_views import SpreadsheetPages, status_tag
from kpis.adoption import permissions, presenting, verbs
from kpis.adoption.forms import FirstMonthForm, KPIColumnsForm, KPIsUploadForm, QuestionsForm
from kpis.adoption.models import AdoptionImport
from kpis.adoption.reading import heading_of, month_columns
from kpis.adoption.setting_up import FILES, JOURNEY
from spreadsheets.reading import SpreadsheetError

Status = AdoptionImport.Status
ROWS_PAGE = 50

PAGES = SpreadsheetPages(
    JOURNEY,
    verbs,
    permissions.may_import,
    address="kpis:adoption",
    title="KPIs adopted as signed",
    above=(("Home", "reporting:home"), ("Approvals", "kpis:approval-list")),
    begins="Bring in signed KPIs",
    line="contract",
    becomes="contract",
    checking="Every row is being checked",
    applying="The contracts’ KPIs are being brought in",
    gives_up="What was brought in so far waits for its directors. Nothing more is brought in.",
    counted=(("Contracts", "contracts"), ("Not used", "rejected")),
    files=FILES,
    holds="the KPIs",
    steps=3,
    can_be_set=verbs.can_be_set,
)
importer = PAGES.importer
adoption_reading, adoption_apply, adoption_check = PAGES.reading, PAGES.apply, PAGES.check
adoption_carry_on, adoption_stop, adoption_abandon = PAGES.carry_on, PAGES.stop, PAGES.abandon
# While rows are checked, rows are counted.
CHECKING = replace(PAGES, line="row")


@require_safe
@importer
def adoption_list(request: SignedInRequest) -> HttpResponse:
    """Show every import, newest first."""
    return PAGES.list_page(request, "kpis/adoption_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def adoption_start(request: SignedInRequest) -> HttpResponse:
    """Take a file."""
    return PAGES.start_page(request, "kpis/adoption_start.html", KPIsUploadForm, "reading")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def adoption_columns(request: SignedInRequest, standing: AdoptionImport) -> HttpResponse:
    """Ask which column is which field."""
    if not verbs.can_be_set(standing):
        return PAGES.to(standing)
    try:
        table = verbs.table_of(standing)
    except SpreadsheetError:
        return PAGES.to(standing, "reading")
    headers = [header.text for header in table.headers]
    form = KPIColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=headers, rows=table.rows, initial=dict(standing.columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_columns(standing, by=request.user, columns=form.columns())
        except Invalid as error:
            error.put_on(form)
        else:
            return PAGES.to(standing, "month")
    months = month_columns(table, standing.columns)
    used = {*standing.columns.values(), *(index for index, _ in months)}
    filled = {index for row in table.rows for index, cell in enumerate(row.cells) if cell is not None}
    context = PAGES.context(standing, "Columns") | {
        "form": form,
        "found": len(standing.columns),
        "months": [heading_of(table, index) for index, _ in months],
        "unused": [heading_of(table, index) for index in range(len(headers)) if index in filled - used],
    }
    return render(request, "kpis/adoption_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def adoption_month(request: SignedInRequest, standing: AdoptionImport) -> HttpResponse:
    """Ask for the first month returned here; then check the rows."""
    if not verbs.can_be_set(standing):
        return PAGES.to(standing)
    form = FirstMonthForm(
        request.POST if request.method == "POST" else None,
        initial={"month": standing.first_month or verbs.usual_first_month()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            standing = verbs.set_first_month(standing, by=request.user, month=form.cleaned_data["month"])
        except Invalid as error:
            for _, sentence in error.errors:
                form.add_error("month", sentence)
        else:
            verbs.begin_checking(standing, by=request.user)
            return PAGES.to(standing)
    return render(
        request, "kpis/adoption_month.html", PAGES.context(standing, "First month") | {"form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def adoption_questions(request: SignedInRequest, standing: AdoptionImport) -> HttpResponse:
    """Ask which contract some rows are; then check the rows again."""
    questions = presenting.questions_of(standing)
    if not questions or not verbs.can_be_set(standing):
        return PAGES.to(standing)
    form = QuestionsForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        standing = verbs.set_answers(standing, by=request.user, answers=form.answers())
        verbs.begin_checking(standing, by=request.user)
        return PAGES.to(standing)
    return render(
        request, "kpis/adoption_questions.html", PAGES.context(standing, "Which contract") | {"form": form}
    )


@require_safe
@importer
def adoption_page(request: SignedInRequest, standing: AdoptionImport) -> HttpResponse:
    """Show where the import stands: being worked on, what it would do, or what it did."""
    status = standing.status
    if status == Status.READING:
        return PAGES.to(standing, "reading")
    if status == Status.CHECKING:
        standing.contracts_total = standing.rows_total
        return CHECKING.progress(request, standing)
    if status == Status.APPLYING:
        return PAGES.progress(request, standing)
    shown = presenting.outcome_of(request.GET.get("show", ""))
    page = Paginator(presenting.rows_of(standing, shown), ROWS_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = PAGES.context(standing) | {
        "sum": presenting.sum_of(standing, shown),
        "others": presenting.others_of(standing, shown),
        "shown": shown,
        "page_obj": page,
        "rows": presenting.shown_rows(page.object_list),
        "heads": presenting.HEADS[shown],
        "warnings": standing.counts.get("warnings", []),
        "results_rejected": standing.counts.get("results_rejected", []),
        "counts": standing.counts,
        "done": standing.contracts_done,
        "total": standing.contracts_total,
        "left": standing.contracts_total - standing.contracts_done,
        "tag": status_tag(standing),
        "may_change": verbs.can_be_set(standing),
        "questions": standing.counts.get("questions", 0),
        "has_questions": bool(standing.answers) or bool(standing.counts.get("questions")),
        "parts": [
            (part, presenting.TAGS[part.status], part.counts.get("contracts", 0))
            for part in standing.parts.select_related("directorate").order_by("directorate__name")
        ],
    }
    return render(request, "kpis/adoption_page.html", context)


@require_safe
@importer
def adoption_problems(request: SignedInRequest, standing: AdoptionImport) -> HttpResponseBase:
    """Download the rows that can't be used, with the reason, to be put right and uploaded again."""
    return presenting.rejected_csv(standing)
