"""Pages of the import: upload, how it is read, columns, directorates, what would change, apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts import permissions
from contracts.models import Category, Contract, RegisterImport, RegisterRow
from contracts.register import presenting, reading, verbs
from contracts.register.forms import ColumnsForm, MappingForm, QuestionsForm, ReadingForm, UploadForm
from contracts.register.plan import Lookups
from govuk.forms import GovukForm
from spreadsheets.mapping import normal
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

Status = RegisterImport.Status
LIST_PAGE, ROWS_PAGE, QUESTIONS_PAGE = 25, 50, 20
REFRESH_SECONDS = "5"


def importer(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to those who may import; the page gets the import named in its address."""

    @wraps(view)
    def guarded(request: SignedInRequest, import_id: int | None = None) -> HttpResponseBase:
        require(permissions.may_import(request.user))
        if import_id is None:
            return view(request)
        return view(
            request, get_object_or_404(RegisterImport.objects.select_related("uploaded_by"), pk=import_id)
        )

    return guarded


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the breadcrumbs of a page of the import."""
    start = [("Home", reverse("reporting:home")), ("Contracts", reverse("contracts:contract-list"))]
    imports = ("Imports", reverse("contracts:import-list"))
    return [*start, imports, *more] if more else [*start, (imports[0], "")]


def _own(register_import: RegisterImport, last: str = "") -> list[tuple[str, str]]:
    page = reverse("contracts:import-page", args=[register_import.pk])
    return (
        trail((register_import.file_name, page), (last, ""))
        if last
        else trail((register_import.file_name, ""))
    )


@require_safe
@importer
def import_list(request: SignedInRequest) -> HttpResponse:
    """Show every import, newest first, those that can be carried on marked so."""
    imports = RegisterImport.objects.select_related("uploaded_by")
    page = Paginator(imports, LIST_PAGE).get_page(request.GET.get("page"))
    rows = [(one, presenting.status_tag(one)) for one in page]
    return render(
        request, "contracts/import_list.html", {"page_obj": page, "imports": rows, "trail": trail()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_start(request: SignedInRequest) -> HttpResponse:
    """Take a file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            started = verbs.start(file, by=request.user, name=file.name)
        except Invalid as error:
            _put_errors(form, error)
        else:
            return redirect("contracts:import-reading", started.pk)
    context = {"form": form, "trail": trail(("Import a register", ""))}
    return render(request, "contracts/import_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_reading(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Show how the file was read, and let the person change sheet, letters and heading row."""
    if not _can_be_set(register_import):
        return redirect("contracts:import-page", register_import.pk)
    table, asked, problem = _try(register_import)
    form = ReadingForm(
        request.POST if request.method == "POST" else None, initial=_initial(register_import), **asked
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        row = given.get("header_row")
        try:
            register_import = verbs.set_reading(
                register_import,
                by=request.user,
                encoding=given.get("encoding") or register_import.encoding,
                sheet=given.get("sheet") or register_import.sheet,
                header_row=int(row) if row else None,
            )
        except Invalid as error:
            _put_errors(form, error)
        else:
            step = (
                "import-columns"
                if register_import.signature and not register_import.message
                else "import-reading"
            )
            return redirect(f"contracts:{step}", register_import.pk)
    context = {
        "form": form, "import": register_import, "table": table, "problem": problem,
        "rows": presenting.preview(table) if table else [], "trail": _own(register_import, "How it is read"),
    }  # fmt: skip
    return render(request, "contracts/import_reading.html", context)


def _try(register_import: RegisterImport) -> tuple[Table | None, dict[str, Any], str]:
    """Return (the table if it can be read, what to ask, why it can't be read)."""
    try:
        table = verbs.table_of(register_import)
    except NeedsSheet as question:
        return None, {"sheets": question.sheets}, str(question)
    except NeedsEncoding as question:
        return None, {"encodings": question.choices}, str(question)
    except NeedsHeader as question:
        asked = {"candidates": question.candidates, "encodings": verbs.encodings_of(register_import)}
        return None, asked, str(question)
    except SpreadsheetError as error:
        return None, {}, str(error)
    table = verbs.guess_of(register_import, table)
    sheets = table.sheets if len(table.sheets) > 1 else ()
    asked = {
        "encodings": table.encodings,
        "sheets": sheets,
        "candidates": verbs.candidates_of(register_import),
    }
    return table, asked, ""


def _initial(register_import: RegisterImport) -> dict[str, Any]:
    return {
        "encoding": register_import.encoding,
        "sheet": register_import.sheet,
        "header_row": str(register_import.header_row or ""),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_columns(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask which column is which field."""
    if not _can_be_set(register_import):
        return redirect("contracts:import-page", register_import.pk)
    try:
        table = verbs.table_of(register_import)
    except SpreadsheetError:
        return redirect("contracts:import-reading", register_import.pk)
    headers = [header.text for header in table.headers]
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=headers, rows=table.rows, initial=dict(register_import.columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_columns(register_import, by=request.user, columns=form.columns())
        except Invalid as error:
            _put_errors(form, error)
        else:
            return redirect("contracts:import-mapping", register_import.pk)
    used = set(register_import.columns.values())
    context = {
        "form": form, "import": register_import, "trail": _own(register_import, "Columns"),
        "found": len(register_import.columns),
        "unused": [text for index, text in enumerate(headers) if text and index not in used],
    }  # fmt: skip
    return render(request, "contracts/import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_mapping(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask what department and category texts mean; then check the rows."""
    if not _can_be_set(register_import):
        return redirect("contracts:import-page", register_import.pk)
    try:
        register = reading.read_register(verbs.table_of(register_import), register_import.columns)
    except SpreadsheetError:
        return redirect("contracts:import-columns", register_import.pk)
    texts = {name: _texts(register.rows, name) for name in ("directorate_text", "category_text")}
    data = request.POST if request.method == "POST" else None
    form = MappingForm(
        data, departments=texts["directorate_text"], categories=texts["category_text"], lookups=Lookups()
    )
    if request.method == "POST" and form.is_valid():
        categories = form.categories()
        with transaction.atomic():
            if form.cleaned_data.get("make_categories"):
                categories = {**_made(texts["category_text"], categories), **categories}
            verbs.set_directorates(
                register_import, by=request.user, directorates=form.directorates(), categories=categories
            )
        verbs.begin_checking(register_import, by=request.user)
        return redirect("contracts:import-page", register_import.pk)
    context = {
        "form": form,
        "import": register_import,
        "trail": _own(register_import, "Directorates and categories"),
        "category_texts": len(texts["category_text"]),
    }  # fmt: skip
    return render(request, "contracts/import_mapping.html", context)


def _texts(rows: list[reading.RowRead], field: str) -> list[tuple[str, int]]:
    """Return each text with the number of rows that have it, most first; spellings that match are one."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in rows:
        text = row.read.get(field, "")
        if key := normal(text)[:250]:
            counts[key] += 1
            first.setdefault(key, text)
    return [(first[key], count) for key, count in counts.most_common()]


def _made(texts: list[tuple[str, int]], chosen: dict[str, Category]) -> dict[str, Category]:
    """Make a category for each text that has none."""
    known = Lookups().categories
    return {
        text: Category.objects.get_or_create(name=text[:120])[0]
        for text, _ in texts
        if text not in chosen and normal(text)[:250] not in known
    }


@require_safe
@importer
def import_page(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Show where the import stands: being worked on, what it would do, or what it did."""
    status = register_import.status
    if status == Status.READING:
        return redirect("contracts:import-reading", register_import.pk)
    context: dict[str, Any] = {"import": register_import, "trail": _own(register_import)}
    if status in (Status.CHECKING, Status.APPLYING):
        response = render(request, "contracts/import_progress.html", context)
        response["Refresh"] = REFRESH_SECONDS
        return response
    shown = presenting.outcome_of(request.GET.get("show", ""))
    rows = presenting.rows_of(register_import, shown)
    page = Paginator(rows, ROWS_PAGE).get_page(request.GET.get("page"))
    context |= {
        "sum": presenting.sum_of(register_import, shown),
        "others": presenting.others_of(register_import, shown),
        "shown": shown,
        "page_obj": page,
        "rows": presenting.shown_rows(page.object_list),
        "heads": presenting.HEADS.get(shown, ""),
        "warnings": register_import.counts.get("warnings", []),
        "left": register_import.rows_total - register_import.rows_done,
        "writes": register_import.counts.get("created", 0) + register_import.counts.get("updated", 0),
        "tag": presenting.status_tag(register_import),
        **presenting.missing_of(register_import),
    }
    return render(request, "contracts/import_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_questions(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask which contract each row is that could be several, a page at a time."""
    if register_import.status != Status.CHECKED:
        return redirect("contracts:import-page", register_import.pk)
    asked = register_import.rows.exclude(candidates=[]).filter(is_applied=False)
    if request.method == "POST" and request.POST.get("all") == "new":
        answers = dict.fromkeys(asked.values_list("row_number", flat=True), "new")
        verbs.answer(register_import, by=request.user, answers=answers)
        return redirect("contracts:import-page", register_import.pk)
    page = Paginator(asked, QUESTIONS_PAGE).get_page(request.GET.get("page"))
    numbers = {number for row in page for number in row.candidates}
    form = QuestionsForm(
        request.POST if request.method == "POST" else None,
        rows=list(page), contracts=Contract.objects.in_bulk(numbers),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(register_import, by=request.user, answers=form.answers())
        except Invalid as error:
            _put_errors(form, error)
        else:
            return redirect("contracts:import-page", register_import.pk)
    if not page.paginator.count:
        return redirect("contracts:import-page", register_import.pk)
    context = {
        "form": form,
        "import": register_import,
        "page_obj": page,
        "trail": _own(register_import, "Questions"),
    }
    return render(request, "contracts/import_questions.html", context)


@require_safe
@importer
def import_problems(request: SignedInRequest, register_import: RegisterImport) -> HttpResponseBase:
    """Download everything there is to say of the rows, as CSV."""
    return presenting.problems_csv(register_import)


@require_POST
@importer
def import_apply(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Begin to apply; a short register is applied while the page waits."""
    try:
        started = verbs.begin_applying(register_import, by=request.user)
    except Stale as reason:
        messages.warning(request, str(reason))
        return redirect("contracts:import-page", register_import.pk)
    _work(started)
    return redirect("contracts:import-page", register_import.pk)


@require_POST
@importer
def import_carry_on(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Do here what no worker has taken up."""
    verbs.carry_on(register_import.pk)
    return redirect("contracts:import-page", register_import.pk)


@require_POST
@importer
def import_check(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Check the rows again against the register as it is now."""
    verbs.begin_checking(register_import, by=request.user)
    return redirect("contracts:import-page", register_import.pk)


@require_POST
@importer
def import_stop(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Stop applying."""
    verbs.stop(register_import, by=request.user)
    return redirect("contracts:import-page", register_import.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_abandon(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask whether to give the import up, and do it."""
    if request.method == "POST":
        verbs.abandon(register_import, by=request.user)
        messages.success(request, f"The import of {register_import.file_name} was abandoned")
        return redirect("contracts:import-list")
    done = register_import.rows.filter(is_applied=True).exclude(outcome=RegisterRow.Outcome.UNCHANGED).count()
    context = {"import": register_import, "done": done, "trail": _own(register_import, "Abandon")}
    return render(request, "contracts/import_abandon.html", context)


def _work(register_import: RegisterImport) -> None:
    if register_import.rows_total - register_import.rows_done <= verbs.AT_ONCE:
        verbs.carry_on(register_import.pk)
    else:
        verbs.wake(register_import)


def _can_be_set(register_import: RegisterImport) -> bool:
    return register_import.status in verbs.BEFORE_APPLYING


def _put_errors(form: GovukForm, error: Invalid) -> None:
    for name, sentence in error.errors:
        form.add_error(name if name in form.fields else None, sentence)  # type: ignore[attr-defined]
