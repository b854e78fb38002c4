"""Pages that imports of every kind share: the list, how a file is read, progress, apply, stop, abandon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Answer
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.import_forms import ReadingForm
from contracts.import_reading import SpreadsheetReading
from contracts.journey import Journey
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

LIST_PAGE = 25
REFRESH_SECONDS = "5"
PREVIEW_COLUMNS, PREVIEW_ROWS = 6, 5
# The colour of each state's tag.
TAGS = {
    "reading": "grey",
    "checking": "yellow",
    "checked": "",
    "applying": "yellow",
    "stopped": "orange",
    "applied": "green",
    "failed": "red",
    "abandoned": "grey",
}
# What a line of the list counts: (heading, name in `counts`).
CHANGES = (("New", "created"), ("Changed", "updated"), ("Not used", "rejected"))
STEPS = ("page", "abandon", "apply", "carry-on", "check", "stop", "problems")


def status_tag(standing: Any) -> tuple[str, str]:
    """Return (words, colour) of an import's state."""
    return standing.get_status_display(), TAGS[standing.status]


def rows_read(standing: Any) -> int | None:
    """Return how many rows the file of an import has; None before it is known."""
    return standing.counts.get("rows_read") or standing.rows_total


def preview(table: Table) -> list[tuple[int, list[str]]]:
    """Return the first rows of data as (row number, first cells in use)."""
    return [
        (row.number, [short(cell) for cell in row.cells[:PREVIEW_COLUMNS]])
        for row in table.preview(PREVIEW_ROWS)
    ]


def short(cell: Any) -> str:
    """Return a cell's text on one line, cut at fifty letters."""
    text = "" if cell is None else " ".join(str(cell).split())
    return text if len(text) <= 50 else text[:49] + "…"


def parts_of(sums: Sequence[tuple[str, str]], counts: Any, page: str, shown: str) -> list[dict[str, Any]]:
    """Return what an import's lines add up to: each outcome's number, word and the address of its list."""
    return [
        {
            "count": counts.get(outcome, 0),
            "word": word,
            "url": f"{page}?show={outcome}#rows",
            "current": shown == outcome,
        }
        for outcome, word in sums
    ]


@dataclass(frozen=True)
class Listed:
    """An import in the list: the way to it, what it is told by, its tag, and what it counts."""

    standing: Any
    url: str
    told: str
    tag: tuple[str, str]
    # (heading, number); None before it is known.
    counts: list[tuple[str, int | None]]


@dataclass(frozen=True)
class ImportPages:
    """The pages of one kind of import: its verbs, its addresses and the words it is told in."""

    journey: Journey
    verbs: Any
    may_import: Callable[[Any], Answer]
    # "contracts:import", before "-page", "-list" and so on.
    address: str
    # The list's name, and the breadcrumbs above it: (words, URL name).
    title: str
    above: tuple[tuple[str, str], ...]
    # The button that leads to a new one: "Import a register".
    begins: str
    # "row", and what one becomes: "contract".
    line: str
    becomes: str
    checking: str
    applying: str
    # What is said on giving up where something of it was applied; "" for the usual words.
    gives_up: str = ""
    # What the list tells of each beside the file's name: (heading, words), blank for nothing.
    told: tuple[str, Callable[[Any], str]] = ("", lambda standing: "")
    # What the list counts: what the file has, then what becomes of it.
    read: tuple[str, Callable[[Any], int | None]] = ("Rows", rows_read)
    counted: tuple[tuple[str, str], ...] = CHANGES

    def importer(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Open a page to those who may import; the page gets the import named in its address."""

        @wraps(view)
        def guarded(request: SignedInRequest, import_id: int | None = None) -> HttpResponseBase:
            return view(request) if self._allowed(request, import_id) else view(request, self.get(import_id))

        return guarded

    def _allowed(self, request: SignedInRequest, import_id: int | None) -> bool:
        """Refuse who may not import; return whether the page is of no import in particular."""
        require(self.may_import(request.user))
        return import_id is None

    def get(self, import_id: int | None) -> Any:
        """Return the import of an address."""
        return get_object_or_404(
            self.journey.model._default_manager.select_related("uploaded_by"), pk=import_id
        )

    def open(self, request: SignedInRequest, import_id: int) -> Any:
        """Return the import to those who may import."""
        require(self.may_import(request.user))
        return self.get(import_id)

    def url(self, name: str, standing: Any = None) -> str:
        """Return the address of a page, of one import where it is given."""
        return reverse(f"{self.address}-{name}", args=[standing.pk] if standing else [])

    def to(self, standing: Any, name: str = "page") -> HttpResponse:
        """Return the way to a page of the import."""
        return redirect(self.url(name, standing))

    def trail(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        """Return the breadcrumbs of a page."""
        above = [(words, reverse(name)) for words, name in self.above]
        own = (self.title, self.url("list") if more else "")
        return [*above, own, *more]

    def own(self, standing: Any, last: str = "") -> list[tuple[str, str]]:
        """Return the breadcrumbs of a page of one import."""
        page = (standing.file_name, self.url("page", standing) if last else "")
        return self.trail(page, (last, "")) if last else self.trail(page)

    def context(self, standing: Any, last: str = "") -> dict[str, Any]:
        """Return what the shared templates need to know: the import, the way to its pages, the words."""
        at = {name.replace("-", "_"): self.url(name, standing) for name in STEPS}
        at |= {"list": self.url("list")}
        return {"import": standing, "at": at, "words": self, "trail": self.own(standing, last)}

    def list_page(self, request: SignedInRequest, template: str) -> HttpResponse:
        """Show every import, newest first, each with where it stands and what it came to."""
        imports = self.journey.model._default_manager.select_related("uploaded_by")
        page = Paginator(imports, LIST_PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page,
            "imports": [self._listed(one) for one in page],
            "heads": [self.read[0], *(heading for heading, _ in self.counted)],
            "start_url": self.url("start"),
            "words": self,
            "trail": self.trail(),
        }
        return render(request, template, context)

    def _listed(self, standing: Any) -> Listed:
        heading, number_of = self.read
        counts = [(heading, number_of(standing))]
        counts += [(heading, standing.counts.get(name)) for heading, name in self.counted]
        words_of = self.told[1]
        return Listed(standing, self.url("page", standing), words_of(standing), status_tag(standing), counts)

    def start_page(
        self, request: SignedInRequest, template: str, form_class: type[Form], then: str
    ) -> HttpResponse:
        """Take a file and lead to the first page of its import; what is wrong with the file stands by it."""
        posted = request.method == "POST"
        form: Any = form_class(request.POST, request.FILES) if posted else form_class()
        if posted and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                started = self.verbs.start(file, by=request.user, name=file.name)
            except Invalid as error:
                error.put_on(form)
            else:
                return self.to(started, then)
        return render(request, template, {"form": form, "trail": self.trail((self.begins, ""))})

    def progress(self, request: SignedInRequest, standing: Any) -> HttpResponse:
        """Show an import that is being worked on; the page looks again by itself."""
        context = self.context(standing) | {
            "lines": f"{self.line}s",
            "total": getattr(standing, self.journey.total),
            "done": getattr(standing, self.journey.done),
        }
        response = render(request, "imports/progress.html", context)
        response["Refresh"] = REFRESH_SECONDS
        return response

    @method_decorator(require_POST)
    def check(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Check the lines again against what stands now."""
        standing = self.open(request, import_id)
        self.verbs.begin_checking(standing, by=request.user)
        return self.to(standing)

    @method_decorator(require_POST)
    def apply(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Begin to apply; a short file is applied while the page waits."""
        standing = self.open(request, import_id)
        try:
            started = self.verbs.begin_applying(standing, by=request.user)
        except Stale as reason:
            messages.warning(request, str(reason))
            return self.to(standing)
        left = getattr(started, self.journey.total) - getattr(started, self.journey.done)
        if left <= self.verbs.AT_ONCE:
            self.verbs.carry_on(started.pk)
        else:
            self.verbs.wake(started)
        return self.to(standing)

    @method_decorator(require_POST)
    def carry_on(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Do here what no worker has taken up."""
        standing = self.open(request, import_id)
        self.verbs.carry_on(standing.pk)
        return self.to(standing)

    @method_decorator(require_POST)
    def stop(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Stop applying."""
        standing = self.open(request, import_id)
        self.verbs.stop(standing, by=request.user)
        return self.to(standing)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def abandon(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Ask whether to give the import up, and do it."""
        standing = self.open(request, import_id)
        if request.method == "POST":
            self.verbs.abandon(standing, by=request.user)
            messages.success(request, f"The import of {standing.file_name} was abandoned")
            return redirect(self.url("list"))
        lines = getattr(standing, self.journey.lines).filter(is_applied=True)
        context = self.context(standing, "Abandon") | {"done": lines.exclude(outcome="unchanged").count()}
        return render(request, "imports/abandon.html", context)


@dataclass(frozen=True)
class SpreadsheetPages(ImportPages):
    """Also the page of how a spreadsheet is read."""

    files: SpreadsheetReading | None = None
    # What a sheet holds, as in "Which sheet holds the register?".
    holds: str = "the register"
    may_lack_headings: bool = False
    steps: int = 3
    can_be_set: Callable[[Any], bool] = lambda standing: True

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def reading(self, request: SignedInRequest, import_id: int) -> HttpResponse:
        """Show how the file was read, and let the person change sheet, letters and heading row."""
        standing = self.open(request, import_id)
        if not self.can_be_set(standing):
            return self.to(standing)
        table, asked, problem = self._try(standing)
        row = standing.header_row
        form = ReadingForm(
            request.POST if request.method == "POST" else None,
            initial={
                "encoding": standing.encoding, "sheet": standing.sheet,
                "header_row": "" if row is None else str(row),
            },
            holds=self.holds, may_lack_headings=self.may_lack_headings, **asked,
        )  # fmt: skip
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            row = given.get("header_row")
            try:
                standing = self.verbs.set_reading(
                    standing,
                    by=request.user,
                    encoding=given.get("encoding") or standing.encoding,
                    sheet=given.get("sheet") or standing.sheet,
                    header_row=int(row) if row else None,
                )
            except Invalid as error:
                error.put_on(form)
            else:
                done = standing.signature and not standing.message
                return self.to(standing, "columns" if done else "reading")
        context = self.context(standing, "How it is read") | {
            "form": form,
            "table": table,
            "problem": problem,
            "rows": preview(table) if table else [],
        }
        return render(request, "imports/reading.html", context)

    def _try(self, standing: Any) -> tuple[Table | None, dict[str, Any], str]:
        """Return (the table if it can be read, what to ask, why it can't be read)."""
        files = self.files
        assert files is not None
        try:
            table = files.table_of(standing)
        except NeedsSheet as question:
            return None, {"sheets": question.sheets}, str(question)
        except NeedsEncoding as question:
            return None, {"encodings": question.choices}, str(question)
        except NeedsHeader as question:
            read_as, ways = files.letters_of(standing)
            # Shown as chosen; kept once the person has answered.
            standing.encoding = standing.encoding or read_as
            return None, {"candidates": question.candidates, "encodings": ways}, str(question)
        except SpreadsheetError as error:
            return None, {}, str(error)
        table = files.guess_of(standing, table)
        sheets = table.sheets if len(table.sheets) > 1 else ()
        candidates = files.candidates_of(standing)
        return table, {"encodings": table.encodings, "sheets": sheets, "candidates": candidates}, ""
