"""Pages of the good practice notes: the list, one note, and writing, changing and withdrawing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.practice import permissions, verbs
from kpis.practice.forms import NoteFilter, NoteForm, WithdrawForm
from kpis.practice.models import GoodPracticeNote
from kpis.practice.reading import lines

METHODS = ["GET", "HEAD", "POST"]
PAGE = 25


def _trail(*more: str) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    if not more:
        return [*here, ("Good practice", "")]
    return [*here, ("Good practice", reverse("kpis:practice-list")), *((label, "") for label in more)]


def _note_of(request: SignedInRequest, pk: int) -> GoodPracticeNote:
    """Return the note where this person may read it; 404 where it isn't there for them."""
    require(permissions.may_read(request.user))
    notes = GoodPracticeNote.objects.readable_by(request.user).with_names()
    return get_object_or_404(notes, pk=pk)


@require_safe
def practice_list(request: SignedInRequest) -> HttpResponse:
    """Show the notes, newest first, searched and narrowed by measure, theme and directorate."""
    require(permissions.may_read(request.user))
    form = NoteFilter(request.GET, by=request.user)
    notes = form.narrow(GoodPracticeNote.objects.readable_by(request.user).with_names())
    page = Paginator(notes, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "lines": lines(page.object_list, request.user),
        "may_write": bool(permissions.may_write(request.user)),
        "trail": _trail(),
    }
    return render(request, "kpis/practice_list.html", context)


@require_safe
def practice_note_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one note: what worked, on which measure, where it was learnt and who wrote it."""
    note = _note_of(request, pk)
    may_change = bool(permissions.may_change(request.user, note))
    context = {
        "note": note,
        "line": lines([note], request.user)[0],
        "paragraphs": [part for part in note.text.replace("\r\n", "\n").split("\n\n") if part.strip()],
        "may_change": may_change,
        "history": list(history_of(note)) if may_change else [],
        "trail": _trail(note.title),
    }
    return render(request, "kpis/practice_note_page.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 13 else None


@require_http_methods(METHODS)
def practice_note_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new note, on the measure or contract the address names, and add it."""
    require(permissions.may_write(request.user))
    posted = request.method == "POST"
    initial = {
        "measure": _number(request.GET.get("measure")),
        "contract_number": _number(request.GET.get("contract")),
    }
    form = NoteForm(request.POST if posted else None, by=request.user, initial=initial)
    if not posted and initial["contract_number"] is None:
        offered = list(form.fields["directorate"].queryset)  # type: ignore[attr-defined]
        form.initial["directorate"] = offered[0].pk if len(offered) == 1 else None
    if posted and form.is_valid():
        try:
            note = verbs.write(by=request.user, **form.facts)
        except Invalid as refusal:
            _put_on(form, refusal)
        else:
            messages.success(request, f"Your note “{note}” can be read by everybody with a post.")
            return redirect(note)
    return _form(request, form, "Write a good practice note", "Publish the note")


@require_http_methods(METHODS)
def practice_note_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a note and make them; what was typed outlives somebody else's change."""
    note = _note_of(request, pk)
    require(permissions.may_change(request.user, note))
    if note.withdrawn_at and request.method != "POST":
        raise Stale("This note has been withdrawn. Bring it back to change it.")
    initial = {
        "title": note.title, "text": note.text, "measure": note.measure_id, "version": note.version,
        "contract_number": note.contract_id, "directorate": note.directorate_id,
    }  # fmt: skip
    data = request.POST if request.method == "POST" else None
    form = NoteForm(data, by=request.user, note=note, initial=initial)
    status = 200
    if data is not None and form.is_valid():
        try:
            verbs.change(note, by=request.user, version=form.cleaned_data["version"], **form.facts)
        except Invalid as refusal:
            _put_on(form, refusal)
        except Stale as late:
            note.refresh_from_db()
            status = form.overtaken(late, note.version)
        else:
            messages.success(request, "The note was saved.")
            return redirect(note)
    return _form(request, form, "Change a note", "Save changes", status, note=note, stale=status == 409)


@require_http_methods(METHODS)
def practice_note_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to withdraw a note, or to bring a withdrawn one back, then do so."""
    note = _note_of(request, pk)
    require(permissions.may_change(request.user, note))
    back = note.withdrawn_at is not None
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, initial={"version": note.version})
    status = 200
    if data is not None and form.is_valid():
        verb = verbs.bring_back if back else verbs.withdraw
        try:
            verb(note, by=request.user, **form.cleaned_data)
        except Stale as late:
            note.refresh_from_db()
            status = form.overtaken(late, note.version)
        else:
            messages.success(
                request, "The note is there for everybody again." if back else "The note is withdrawn."
            )
            return redirect(note)
    context = {"form": form, "note": note, "back": back, "trail": _trail(note.title)}
    return render(request, "kpis/practice_note_withdraw.html", context, status=status)


def _put_on(form: NoteForm, refusal: Invalid) -> None:
    Invalid(
        [("contract_number" if name == "contract" else name, words) for name, words in refusal.errors]
    ).put_on(form)


def _form(
    request: SignedInRequest, form: NoteForm, title: str, button: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "trail": _trail(title), **more}
    return render(request, "kpis/practice_note_form.html", context, status=status)
