"""Pages of the frameworks: every edition, one edition, and the lead's pages to keep them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.library import edition_verbs, framework_verbs, permissions
from kpis.library.framework_forms import (
    EditionForm,
    FrameworkForm,
    LicenceForm,
    StatusForm,
    WithdrawLicenceForm,
)
from kpis.library.framework_reading import editions_by_name, headings_of, offered_in_words, users_of_edition
from kpis.library.models import Framework, Measure

METHODS = ["GET", "HEAD", "POST"]
MOST_CONTRACTS = 50
Status = Framework.Status


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the trail to the frameworks and on through `more`."""
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    return [*here, ("Frameworks", reverse("kpis:framework-list") if more else ""), *more]


def trail_of(framework: Framework, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the trail to an edition and on through `more`."""
    return trail((str(framework), framework.get_absolute_url() if more else ""), *more)


@require_safe
def framework_list(request: SignedInRequest) -> HttpResponse:
    """Show every edition under its framework's name: status, licence, source, measures and contracts."""
    require(permissions.may_read(request.user))
    context = {
        "names": editions_by_name(request.user),
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": trail(),
    }
    return render(request, "kpis/framework_list.html", context)


@require_safe
def framework_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one edition: source, licence, who is offered it, its headings and measures, where it is used."""
    require(permissions.may_read(request.user))
    framework = get_object_or_404(Framework.objects.select_related("previous", "licence_confirmed_by"), pk=pk)
    used = users_of_edition(framework, request.user)
    context = {
        "framework": framework,
        "offered": offered_in_words(framework),
        "headings": headings_of(framework, request.user),
        "counts": _counts(framework),
        "after": list(framework.next_editions.all()),
        "contracts": used.select_related("directorate")[:MOST_CONTRACTS],
        "used_count": used.count(),
        "chosen_count": framework.choices.count(),
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(framework)),
        "trail": trail_of(framework),
    }
    return render(request, "kpis/framework_page.html", context)


def _counts(framework: Framework) -> dict[str, int]:
    statuses = list(framework.measures.values_list("status", flat=True))
    return {status: statuses.count(status) for status in Measure.Status.values}


@require_http_methods(METHODS)
def framework_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new framework or edition and add it as a draft."""
    require(permissions.may_keep(request.user))
    form = FrameworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            framework = framework_verbs.add_framework(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"{framework} was added as a draft. Give it themes and measures next.")
            return redirect(framework)
    return _form(request, form, "Add a framework", "Add the framework", trail(("Add a framework", "")))


@require_http_methods(METHODS)
def framework_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to an edition's facts and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    form, status = FrameworkForm(request.POST or None, instance=framework), 200
    if request.method == "POST" and form.is_valid():
        try:
            framework = framework_verbs.change_framework(
                framework, by=request.user, version=form.cleaned_data["version"], **form.facts
            )
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, Framework.objects.get(pk=pk).version)
        else:
            messages.success(request, f"{framework} was saved.")
            return redirect(framework)
    here = trail_of(framework, ("Edit", ""))
    return _form(request, form, "Edit the framework", "Save changes", here, status, framework=framework)


def _form(
    request: SignedInRequest,
    form: Any,
    title: str,
    button: str,
    trail: list[tuple[str, str]],
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "trail": trail, **more}
    return render(request, "kpis/framework_form.html", context, status=status)


MOVES: dict[str, Any] = {
    Status.DRAFT: (framework_verbs.make_live, "Make live", "is live"),
    Status.LIVE: (framework_verbs.retire, "Retire", "is retired"),
    Status.RETIRED: (framework_verbs.bring_back, "Bring back", "is live again"),
}


@require_http_methods(METHODS)
def framework_status(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to make a draft live, retire a live edition or bring a retired one back, then do so."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    move, button, done = MOVES[framework.status]
    form, status = StatusForm(request.POST or None, initial={"version": framework.version}), 200
    if request.method == "POST" and form.is_valid():
        try:
            framework = move(framework, by=request.user, **form.cleaned_data)
        except Stale as stale:
            status = form.overtaken(stale, Framework.objects.get(pk=pk).version)
        else:
            messages.success(request, f"{framework} {done}.")
            return redirect(framework)
    context = {
        "form": form,
        "framework": framework,
        "offered": offered_in_words(framework),
        "counts": _counts(framework),
        "used_count": users_of_edition(framework, request.user).count(),
        "chosen_count": framework.choices.count(),
        "button": button,
        "trail": trail_of(framework, (button, "")),
    }
    return render(request, "kpis/framework_status.html", context, status=status)


@require_http_methods(METHODS)
def framework_licence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the council's licence and confirm it in this person's name."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework.objects.select_related("licence_confirmed_by"), pk=pk)
    if not framework.needs_licence:
        raise Stale(f"{framework} needs no licence of the council’s own.")
    start = {"version": framework.version, "licence_note": framework.licence_note}
    form, status = LicenceForm(request.POST or None, initial=start), 200
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            framework_verbs.confirm_licence(
                framework, by=request.user, licence_note=given["licence_note"], version=given["version"]
            )
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, Framework.objects.get(pk=pk).version)
        else:
            messages.success(request, f"The council’s licence for {framework} is confirmed.")
            return redirect(framework)
    context = {"form": form, "framework": framework, "trail": trail_of(framework, ("Licence", ""))}
    return render(request, "kpis/framework_licence.html", context, status=status)


@require_http_methods(METHODS)
def framework_licence_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why the council's licence no longer holds, and take its confirmation back."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    if framework.licence_confirmed_at is None and request.method != "POST":
        raise Stale(f"The licence for {framework} is not confirmed.")
    form, status = WithdrawLicenceForm(request.POST or None, initial={"version": framework.version}), 200
    if request.method == "POST" and form.is_valid():
        try:
            framework_verbs.withdraw_licence(framework, by=request.user, **form.cleaned_data)
        except Stale as stale:
            status = form.overtaken(stale, Framework.objects.get(pk=pk).version)
        else:
            messages.success(request, f"The licence for {framework} is no longer confirmed.")
            return redirect(framework)
    context = {
        "form": form,
        "framework": framework,
        "trail": trail_of(framework, ("Take back the confirmation", "")),
    }
    return render(request, "kpis/framework_licence_withdraw.html", context, status=status)


@require_http_methods(METHODS)
def framework_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take a draft away with its themes and measures, then do so."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    if framework.status != Status.DRAFT:
        raise Stale(f"{framework} is not a draft. It can be retired, but not removed.")
    form, status = StatusForm(request.POST or None, initial={"version": framework.version}), 200
    if request.method == "POST" and form.is_valid():
        try:
            edition_verbs.remove_draft(framework, by=request.user, **form.cleaned_data)
        except Stale as stale:
            now = Framework.objects.filter(pk=pk).first()
            if now is None:
                raise
            status = form.overtaken(stale, now.version)
        else:
            messages.success(request, f"The draft {framework} was removed.")
            return redirect("kpis:framework-list")
    context = {
        "form": form,
        "framework": framework,
        "measures": framework.measures.count(),
        "themes": framework.themes.count(),
        "trail": trail_of(framework, ("Remove", "")),
    }
    return render(request, "kpis/framework_remove.html", context, status=status)


@require_http_methods(METHODS)
def framework_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a new edition and begin it as a copy of this one."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    start = {"name": framework.name, "source": framework.source}
    form = EditionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            new = edition_verbs.begin_edition(framework, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(
                request, f"{new} was begun as a draft. Change what is new in it, then make it live."
            )
            return redirect(new)
    context = {
        "form": form,
        "framework": framework,
        "counts": _counts(framework),
        "trail": trail_of(framework, ("Begin a new edition", "")),
    }
    return render(request, "kpis/framework_copy.html", context)
