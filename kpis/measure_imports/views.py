"""Pages of the import of measures: upload, how it is read, columns, units, which edition, check, apply."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from contracts.import_views import SpreadsheetPages, status_tag
from kpis.library.models import Unit
from kpis.library.permissions import may_keep
from kpis.measure_imports import permissions, presenting, verbs
from kpis.measure_imports.forms import (
    EditionForm,
    MeaningsForm,
    MeasureColumnsForm,
    MeasuresUploadForm,
    initial_of,
)
from kpis.measure_imports.meanings import Meanings, texts_of
from kpis.measure_imports.models import MeasureImport
from kpis.measure_imports.reading import heading_of
from kpis.measure_imports.setting_up import FILES, JOURNEY
from kpis.measure_imports.terms import Terms
from spreadsheets.reading import SpreadsheetError

Status = MeasureImport.Status
ROWS_PAGE = 50

PAGES = SpreadsheetPages(
    JOURNEY,
    verbs,
    permissions.may_import,
    address="kpis:measure-import",
    title="Imports of measures",
    above=(("Home", "reporting:home"), ("Library", "kpis:library")),
    begins="Import measures",
    line="row",
    becomes="measure",
    checking="Every row is being checked",
    applying="The measures are being brought in",
    gives_up="An edition is in the library whole or not at all: the measures already written, all of them "
    "drafts, are taken away again. The file and its list of problems are kept.",
    told=("Edition", presenting.edition_of),
    counted=(("Measures", "created"), ("Not used", "rejected")),
    files=FILES,
    holds="the measures",
    may_lack_headings=True,
    steps=4,
    can_be_set=verbs.can_be_set,
)
importer = PAGES.importer
measure_import_reading, measure_import_apply, measure_import_check = PAGES.reading, PAGES.apply, PAGES.check
measure_import_carry_on, measure_import_stop = PAGES.carry_on, PAGES.stop
measure_import_abandon = PAGES.abandon


@require_safe
@importer
def measure_import_list(request: SignedInRequest) -> HttpResponse:
    """Show every import, newest first."""
    return PAGES.list_page(request, "kpis/measure_import_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def measure_import_start(request: SignedInRequest) -> HttpResponse:
    """Take a file."""
    return PAGES.start_page(request, "kpis/measure_import_start.html", MeasuresUploadForm, "reading")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def measure_import_columns(request: SignedInRequest, measure_import: MeasureImport) -> HttpResponse:
    """Ask which column is which field."""
    if not verbs.can_be_set(measure_import):
        return PAGES.to(measure_import)
    try:
        table = verbs.table_of(measure_import)
    except SpreadsheetError:
        return PAGES.to(measure_import, "reading")
    headers = [header.text for header in table.headers]
    form = MeasureColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=headers, rows=table.rows, initial=dict(measure_import.columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_columns(measure_import, by=request.user, columns=form.columns())
        except Invalid as error:
            error.put_on(form)
        else:
            return PAGES.to(measure_import, "units")
    used = set(measure_import.columns.values())
    filled = {index for row in table.rows for index, cell in enumerate(row.cells) if cell is not None}
    unused = [heading_of(table, index) for index in range(len(headers)) if index in filled - used]
    context = PAGES.context(measure_import, "Columns") | {
        "form": form,
        "found": len(measure_import.columns),
        "has_headings": bool(table.header_row),
        "unused": unused,
    }
    return render(request, "kpis/measure_import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def measure_import_units(request: SignedInRequest, measure_import: MeasureImport) -> HttpResponse:
    """Ask what the texts of units and kinds mean."""
    if not verbs.can_be_set(measure_import):
        return PAGES.to(measure_import)
    try:
        rows = verbs.measures_of(measure_import).rows
    except SpreadsheetError:
        return PAGES.to(measure_import, "columns")
    meanings = Meanings(measure_import.units, measure_import.kinds)
    texts = texts_of(rows, meanings)
    form = MeaningsForm(
        request.POST if request.method == "POST" else None,
        units=texts["unit"], kinds=texts["kind"], meanings=meanings,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_meanings(measure_import, by=request.user, units=form.units(), kinds=form.kinds())
        except Invalid as error:
            error.put_on(form)
        else:
            return PAGES.to(measure_import, "edition")
    context = PAGES.context(measure_import, "Units") | {"form": form}
    return render(request, "kpis/measure_import_units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def measure_import_edition(request: SignedInRequest, measure_import: MeasureImport) -> HttpResponse:
    """Ask which edition the table is and what holds for all of it; then check the rows."""
    if not verbs.can_be_set(measure_import):
        return PAGES.to(measure_import)
    form = EditionForm(
        request.POST if request.method == "POST" else None,
        values=verbs.value_columns(measure_import), columns=measure_import.columns,
        may_confirm=bool(may_keep(request.user)), own=measure_import.framework_id,
        prices=verbs.prices_of(measure_import),
        initial=initial_of(Terms.of(measure_import.terms)),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            measure_import = verbs.set_terms(measure_import, by=request.user, terms=form.terms())
        except Invalid as error:
            error.put_on(form)
        except SpreadsheetError:
            return PAGES.to(measure_import, "columns")
        else:
            verbs.begin_checking(measure_import, by=request.user)
            return PAGES.to(measure_import)
    context = PAGES.context(measure_import, "Which edition") | {
        "form": form,
        "has_values": bool(verbs.value_columns(measure_import)),
    }
    return render(request, "kpis/measure_import_edition.html", context)


@require_safe
@importer
def measure_import_page(request: SignedInRequest, measure_import: MeasureImport) -> HttpResponse:
    """Show where the import stands: being worked on, what it would do, or what it did."""
    status = measure_import.status
    if status == Status.READING:
        return PAGES.to(measure_import, "reading")
    if status in (Status.CHECKING, Status.APPLYING):
        return PAGES.progress(request, measure_import)
    shown = presenting.outcome_of(request.GET.get("show", ""))
    page = Paginator(presenting.rows_of(measure_import, shown), ROWS_PAGE).get_page(request.GET.get("page"))
    units = dict(Unit.objects.values_list("code", "name"))
    context: dict[str, Any] = PAGES.context(measure_import) | {
        "sum": presenting.sum_of(measure_import, shown),
        "others": presenting.others_of(measure_import, shown),
        "shown": shown,
        "page_obj": page,
        "rows": presenting.shown_rows(page.object_list, units),
        "heads": presenting.HEADS[shown],
        "warnings": measure_import.counts.get("warnings", []),
        "done": measure_import.rows_done,
        "total": measure_import.rows_total,
        "left": measure_import.rows_total - measure_import.rows_done,
        "tag": status_tag(measure_import),
        "terms": Terms.of(measure_import.terms),
        "may_change": verbs.can_be_set(measure_import),
        "framework": measure_import.framework or verbs.standing_of(measure_import),
    }
    return render(request, "kpis/measure_import_page.html", context)


@require_safe
@importer
def measure_import_problems(request: SignedInRequest, measure_import: MeasureImport) -> HttpResponseBase:
    """Download everything there is to say of the rows, as CSV."""
    return presenting.problems_csv(measure_import)
