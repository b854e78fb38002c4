"""Pages of the import of notices: upload, who we are, categories, what would change, questions, apply."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from contracts.import_views import ImportPages, status_tag
from contracts.journey import OPEN
from contracts.models import Category, Contract, NoticeImport
from contracts.notices import permissions, presenting, verbs
from contracts.notices.forms import BuyersForm, NoticeQuestionsForm, NoticeUploadForm
from contracts.notices.package import PackageError
from contracts.register.forms import MappingForm
from contracts.register.plan import Lookups
from spreadsheets.mapping import normal

Status = NoticeImport.Status
ITEMS_PAGE, QUESTIONS_PAGE = 50, 20
SHOWN_ERRORS, SHOWN_BUYERS = 20, 6

PAGES = ImportPages(
    verbs.JOURNEY,
    verbs,
    permissions.may_import,
    address="contracts:notice-import",
    title="Published notices",
    above=(("Home", "reporting:home"), ("Contracts", "contracts:contract-list")),
    begins="Import published notices",
    line="contract",
    becomes="contract",
    checking="Every contract is being checked",
    applying="The notices are being applied",
    read=("Releases", lambda standing: standing.about.get("releases_read")),
)
importer, _own, _page = PAGES.importer, PAGES.own, PAGES.to
notice_import_apply, notice_import_check = PAGES.apply, PAGES.check
notice_import_carry_on, notice_import_stop = PAGES.carry_on, PAGES.stop
notice_import_abandon = PAGES.abandon


@require_safe
@importer
def notice_import_list(request: SignedInRequest) -> HttpResponse:
    """Show every import, newest first."""
    return PAGES.list_page(request, "contracts/notice_import_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def notice_import_start(request: SignedInRequest) -> HttpResponse:
    """Take a file."""
    return PAGES.start_page(request, "contracts/notice_import_start.html", NoticeUploadForm, "buyers")


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def notice_import_buyers(request: SignedInRequest, notice_import: NoticeImport) -> HttpResponse:
    """Ask which buyers of the file are this council; then check, by way of categories where there are any."""
    if notice_import.status not in OPEN:
        return _page(notice_import)
    listed = notice_import.about.get("buyers", [])
    form = BuyersForm(
        request.POST if request.method == "POST" else None,
        listed=listed, initial={"buyers": notice_import.buyers},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            notice_import = verbs.set_buyers(notice_import, by=request.user, keys=form.cleaned_data["buyers"])
        except Invalid as error:
            error.put_on(form)
        else:
            if _unknown(notice_import):
                return redirect("contracts:notice-import-mapping", notice_import.pk)
            verbs.begin_checking(notice_import, by=request.user)
            return _page(notice_import)
    context = {
        "form": form,
        "import": notice_import,
        "listed": listed,
        "trail": _own(notice_import, "Buyers"),
        **_about(notice_import),
    }
    return render(request, "contracts/notice_import_buyers.html", context)


def _about(notice_import: NoticeImport) -> dict[str, Any]:
    errors = notice_import.about.get("errors", [])
    return {
        "about": notice_import.about,
        "errors": errors[:SHOWN_ERRORS],
        "more_errors": max(len(errors) - SHOWN_ERRORS, 0),
    }


def _unknown(notice_import: NoticeImport) -> bool:
    """Return whether the file has texts nobody has said the meaning of."""
    try:
        texts = verbs.texts_of(notice_import)
    except PackageError:
        return False
    lookups = Lookups()
    return any(normal(text)[:250] not in lookups.categories for text in texts["category_text"]) or any(
        normal(text)[:250] not in lookups.directorates for text in texts["directorate_text"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def notice_import_mapping(request: SignedInRequest, notice_import: NoticeImport) -> HttpResponse:
    """Ask which category texts, and which of several buyers of ours, mean; then check."""
    if notice_import.status not in OPEN:
        return _page(notice_import)
    if not notice_import.buyers:
        return redirect("contracts:notice-import-buyers", notice_import.pk)
    try:
        texts = verbs.texts_of(notice_import)
    except PackageError:
        return redirect("contracts:notice-import-buyers", notice_import.pk)
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        departments=texts["directorate_text"].most_common(),
        categories=texts["category_text"].most_common(),
        lookups=Lookups(),
    )
    if request.method == "POST" and form.is_valid():
        categories = form.categories()
        with transaction.atomic():
            if form.cleaned_data.get("make_categories"):
                categories = {**_made(list(texts["category_text"]), categories), **categories}
            verbs.set_meanings(
                notice_import, by=request.user, directorates=form.directorates(), categories=categories
            )
        verbs.begin_checking(notice_import, by=request.user)
        return _page(notice_import)
    context = {
        "form": form,
        "import": notice_import,
        "trail": _own(notice_import, "Categories"),
        "category_texts": len(texts["category_text"]),
    }
    return render(request, "contracts/notice_import_mapping.html", context)


def _made(texts: list[str], chosen: dict[str, Category]) -> dict[str, Category]:
    """Make a category for each text that has none."""
    known = Lookups().categories
    return {
        text: Category.objects.get_or_create(name=text[:120])[0]
        for text in texts
        if text not in chosen and normal(text)[:250] not in known
    }


@require_safe
@importer
def notice_import_page(request: SignedInRequest, notice_import: NoticeImport) -> HttpResponse:
    """Show where the import stands: being worked on, what it would do, or what it did."""
    status = notice_import.status
    if status == Status.READING:
        return redirect("contracts:notice-import-buyers", notice_import.pk)
    if status in (Status.CHECKING, Status.APPLYING):
        return PAGES.progress(request, notice_import)
    context = PAGES.context(notice_import)
    shown = presenting.outcome_of(request.GET.get("show", ""))
    page = Paginator(presenting.items_of(notice_import, shown), ITEMS_PAGE).get_page(request.GET.get("page"))
    listed = notice_import.about.get("buyers", [])
    ours = [one["name"] for one in listed if one["key"] in notice_import.buyers]
    context |= {
        "sum": presenting.sum_of(notice_import, shown),
        "others": presenting.others_of(notice_import, shown),
        "shown": shown,
        "page_obj": page,
        "items": presenting.shown_items(page.object_list),
        "heads": presenting.HEADS[shown],
        "warnings": notice_import.counts.get("warnings", []),
        "done": notice_import.items_done,
        "total": notice_import.items_total,
        "left": notice_import.items_total - notice_import.items_done,
        "writes": notice_import.counts.get("created", 0) + notice_import.counts.get("updated", 0),
        "tag": status_tag(notice_import),
        "ours": ours[:SHOWN_BUYERS],
        "more_ours": max(len(ours) - SHOWN_BUYERS, 0),
        **_about(notice_import),
    }
    return render(request, "contracts/notice_import_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@importer
def notice_import_questions(request: SignedInRequest, notice_import: NoticeImport) -> HttpResponse:
    """Ask which contract each one of the file is that may be there already, a page at a time."""
    if notice_import.status != Status.CHECKED:
        return _page(notice_import)
    asked = notice_import.items.exclude(candidates=[]).filter(is_applied=False)
    if request.method == "POST" and request.POST.get("all") == "new":
        answers = dict.fromkeys(asked.values_list("item_number", flat=True), "new")
        verbs.answer(notice_import, by=request.user, answers=answers)
        return _page(notice_import)
    page = Paginator(asked, QUESTIONS_PAGE).get_page(request.GET.get("page"))
    numbers = {number for item in page for number in item.candidates}
    form = NoticeQuestionsForm(
        request.POST if request.method == "POST" else None,
        items=list(page), contracts=Contract.objects.in_bulk(numbers),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(notice_import, by=request.user, answers=form.answers())
        except Invalid as error:
            error.put_on(form)
        else:
            return _page(notice_import)
    if not page.paginator.count:
        return _page(notice_import)
    context = {
        "form": form,
        "import": notice_import,
        "page_obj": page,
        "trail": _own(notice_import, "Questions"),
    }
    return render(request, "contracts/notice_import_questions.html", context)


@require_safe
@importer
def notice_import_problems(request: SignedInRequest, notice_import: NoticeImport) -> HttpResponseBase:
    """Download everything there is to say of the file, as CSV."""
    return presenting.problems_csv(notice_import)
