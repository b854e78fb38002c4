"""Pages of the council's guidance: the list, one page, and writing, ordering and publishing them."""

from __future__ import annotations

import difflib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import history_of
from accounts.models import HistoryRow
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.practice import guidance_verbs, marks, permissions
from kpis.practice.forms import GuidanceForm
from kpis.practice.models import GuidancePage

METHODS = ["GET", "HEAD", "POST"]
LATEST = 20


def _trail(*more: str) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    if not more:
        return [*here, ("Guidance", "")]
    return [*here, ("Guidance", reverse("kpis:guidance-list")), *((label, "") for label in more)]


def _page_of(request: SignedInRequest, slug: str) -> GuidancePage:
    """Return the page where this person may read it; a page not published isn't there for its readers."""
    require(permissions.may_read(request.user))
    pages = GuidancePage.objects.select_related("changed_by")
    if not permissions.may_keep_guidance(request.user):
        pages = pages.published()
    return get_object_or_404(pages, slug=slug)


@require_safe
def guidance_list(request: SignedInRequest) -> HttpResponse:
    """Show the pages in their order; to their keepers also those not published."""
    require(permissions.may_read(request.user))
    may_keep = bool(permissions.may_keep_guidance(request.user))
    pages = GuidancePage.objects.all() if may_keep else GuidancePage.objects.published()
    context = {"pages": pages, "may_keep": may_keep, "trail": _trail()}
    return render(request, "kpis/guidance_list.html", context)


@require_safe
def guidance_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show one page; to its keepers also what was changed, line by line."""
    page = _page_of(request, slug)
    may_keep = bool(permissions.may_keep_guidance(request.user))
    context = {
        "page": page,
        "blocks": marks.blocks(page.body),
        "may_keep": may_keep,
        "history": [_told(row) for row in history_of(page)[:LATEST]] if may_keep else [],
        "trail": _trail(page.title),
    }
    return render(request, "kpis/guidance_page.html", context)


def _told(row: HistoryRow) -> tuple[HistoryRow, list[tuple[str, str, str]], list[tuple[bool, str]]]:
    """Return the row, its short changes, and the lines of the text (put in or not, line) that differ."""
    short = [one for one in row.changes if one[0] != "Body"]
    was, now = row.before.get("Body", ""), row.after.get("Body", "")
    lines = list(difflib.unified_diff(was.splitlines(), now.splitlines(), n=0, lineterm=""))[2:]
    differ = [(line[0] == "+", line[1:]) for line in lines if line[0] in "+-" and line[1:].strip()]
    return row, short, differ


@require_http_methods(METHODS)
def guidance_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new page, show it beforehand where wanted, and add it unpublished."""
    require(permissions.may_keep_guidance(request.user))
    data = request.POST if request.method == "POST" else None
    form = GuidanceForm(data)
    if data is not None and form.is_valid() and "preview" not in data:
        try:
            page = guidance_verbs.add_page(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, "The page is kept. Nobody else reads it until you publish it.")
            return redirect(page)
    return _form(request, form, "Write a guidance page", "Save the page")


@require_http_methods(METHODS)
def guidance_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for changes to a page, show it beforehand where wanted, and make them."""
    require(permissions.may_keep_guidance(request.user))
    page = get_object_or_404(GuidancePage, slug=slug)
    data = request.POST if request.method == "POST" else None
    form = GuidanceForm(data, page=page)
    status = 200
    if data is not None and form.is_valid() and "preview" not in data:
        try:
            guidance_verbs.change_page(
                page, by=request.user, version=form.cleaned_data["version"], **form.facts
            )
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as late:
            page.refresh_from_db()
            status = form.overtaken(late, page.version)
        else:
            messages.success(request, "The page was saved.")
            return redirect(page)
    return _form(
        request, form, "Change a guidance page", "Save changes", status, page=page, stale=status == 409
    )


@require_POST
def guidance_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Publish the page, or take it off where it was published."""
    require(permissions.may_keep_guidance(request.user))
    page = get_object_or_404(GuidancePage, slug=slug)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    shown = request.POST.get("publish") == "yes"
    verb = guidance_verbs.publish if shown else guidance_verbs.take_off
    verb(page, by=request.user, version=seen)
    messages.success(
        request,
        "Everybody with a post can read the page." if shown else "Only its keepers see the page now.",
    )
    return redirect(page)


@require_POST
def guidance_move(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put the page one place up or down."""
    require(permissions.may_keep_guidance(request.user))
    page = get_object_or_404(GuidancePage, slug=slug)
    up = request.POST.get("to") == "up"
    guidance_verbs.move(page, by=request.user, up=up)
    messages.success(request, f"“{page}” was moved {'up' if up else 'down'}.")
    return redirect("kpis:guidance-list")


def _form(
    request: SignedInRequest, form: GuidanceForm, title: str, button: str, status: int = 200, **more: Any
) -> HttpResponse:
    wanted = request.method == "POST" and "preview" in request.POST and form.is_valid()
    context = {
        "form": form,
        "title": title,
        "button": button,
        "preview": form.cleaned_data if wanted else None,
        "blocks": marks.blocks(form.cleaned_data["body"]) if wanted else (),
        "trail": _trail(title),
        **more,
    }
    return render(request, "kpis/guidance_form.html", context, status=status)
