"""Pages of the import: upload, how it is read, columns, directorates, what would change, apply."""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from contracts import permissions
from contracts.import_views import SpreadsheetPages, status_tag
from contracts.models import Category, Contract, RegisterImport
from contracts.register import presenting, reading, verbs
from contracts.register.forms import MappingForm, QuestionsForm, RegisterColumnsForm, UploadForm
from contracts.register.plan import Lookups
from contracts.register.setting_up import FILES, JOURNEY
from spreadsheets.mapping import normal
from spreadsheets.reading import SpreadsheetError

Status = RegisterImport.Status
ROWS_PAGE, QUESTIONS_PAGE = 50, 20

PAGES = SpreadsheetPages(
    JOURNEY,
    verbs,
    permissions.may_import,
    address="contracts:import",
    title="Imports of the register",
    above=(("Home", "reporting:home"), ("Contracts", "contracts:contract-list")),
    begins="Import a register",
    line="row",
    becomes="contract",
    checking="Every row is being checked",
    applying="The register is being applied",
    files=FILES,
    can_be_set=lambda standing: standing.status in verbs.BEFORE_APPLYING,
)
importer, _own = PAGES.importer, PAGES.own
import_reading, import_apply, import_check = PAGES.reading, PAGES.apply, PAGES.check
import_carry_on, import_stop, import_abandon = PAGES.carry_on, PAGES.stop, PAGES.abandon


@require_safe
@importer
def import_list(request: SignedInRequest) -> HttpResponse:
    """Show every import, newest first, those that can be carried on marked so."""
    return PAGES.list_page(request, "contracts/import_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_start(request: SignedInRequest) -> HttpResponse:
    """Take a file."""
    return PAGES.start_page(request, "contracts/import_start.html", UploadForm, "reading")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_columns(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask which column is which field."""
    if not PAGES.can_be_set(register_import):
        return redirect("contracts:import-page", register_import.pk)
    try:
        table = verbs.table_of(register_import)
    except SpreadsheetError:
        return redirect("contracts:import-reading", register_import.pk)
    headers = [header.text for header in table.headers]
    form = RegisterColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=headers, rows=table.rows, initial=dict(register_import.columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_columns(register_import, by=request.user, columns=form.columns())
        except Invalid as error:
            error.put_on(form)
        else:
            return redirect("contracts:import-mapping", register_import.pk)
    used = set(register_import.columns.values())
    context = {
        "form": form, **PAGES.context(register_import, "Columns"),
        "found": len(register_import.columns),
        "unused": [text for index, text in enumerate(headers) if text and index not in used],
    }  # fmt: skip
    return render(request, "contracts/import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def import_mapping(request: SignedInRequest, register_import: RegisterImport) -> HttpResponse:
    """Ask what department and category texts mean; then check the rows."""
    if not PAGES.can_be_set(register_import):
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
        **PAGES.context(register_import, "Directorates and categories"),
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
    if status in (Status.CHECKING, Status.APPLYING):
        return PAGES.progress(request, register_import)
    context = PAGES.context(register_import)
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
        "done": register_import.rows_done,
        "total": register_import.rows_total,
        "left": register_import.rows_total - register_import.rows_done,
        "writes": register_import.counts.get("created", 0) + register_import.counts.get("updated", 0),
        "tag": status_tag(register_import),
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
            error.put_on(form)
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
