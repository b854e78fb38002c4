"""Pages on which the lead keeps the themes and outcomes of an edition."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from kpis.library import permissions, theme_verbs
from kpis.library.framework_views import METHODS, trail_of
from kpis.library.models import Framework, Outcome, Theme
from kpis.library.theme_forms import HeadingForm, OutcomeForm, RemoveForm, ThemeForm, places_in
from kpis.library.theme_verbs import OUTCOME_CHANGED, THEME_CHANGED


@require_http_methods(METHODS)
def theme_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a new theme of an edition and add it."""
    require(permissions.may_keep(request.user))
    framework = get_object_or_404(Framework, pk=pk)
    form = ThemeForm(request.POST or None, places=places_in(framework))
    if request.method == "POST" and form.is_valid():
        try:
            theme = theme_verbs.add_theme(framework, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            return _done(request, theme, f"The theme “{theme}” was added.")
    return _form(request, form, framework, "Add a theme", "Add the theme")


@require_http_methods(METHODS)
def theme_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a theme and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    theme = get_object_or_404(Theme.objects.select_related("framework"), pk=pk)
    mark, places = mark_of(theme, THEME_CHANGED), places_in(theme.framework, theme)
    form, status = ThemeForm(request.POST or None, row=theme, mark=mark, places=places), 200
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            theme = theme_verbs.change_theme(theme, by=request.user, seen=seen, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            status = _overtaken(form, stale, theme, THEME_CHANGED)
        else:
            return _done(request, theme, f"The theme “{theme}” was saved.")
    return _form(request, form, theme.framework, "Edit a theme", "Save changes", status, row=theme)


@require_http_methods(METHODS)
def outcome_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a new outcome of a theme and add it."""
    require(permissions.may_keep(request.user))
    theme = get_object_or_404(Theme.objects.select_related("framework"), pk=pk)
    form = OutcomeForm(request.POST or None, places=places_in(theme))
    if request.method == "POST" and form.is_valid():
        try:
            outcome = theme_verbs.add_outcome(theme, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            return _done(request, theme, f"The outcome “{outcome}” was added.")
    return _form(request, form, theme.framework, "Add an outcome", "Add the outcome", under=theme)


@require_http_methods(METHODS)
def outcome_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to an outcome and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    outcome = get_object_or_404(Outcome.objects.select_related("theme__framework"), pk=pk)
    mark, places = mark_of(outcome, OUTCOME_CHANGED), places_in(outcome.theme, outcome)
    form, status = OutcomeForm(request.POST or None, row=outcome, mark=mark, places=places), 200
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            outcome = theme_verbs.change_outcome(outcome, by=request.user, seen=seen, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            status = _overtaken(form, stale, outcome, OUTCOME_CHANGED)
        else:
            return _done(request, outcome.theme, f"The outcome “{outcome}” was saved.")
    framework = outcome.theme.framework
    return _form(
        request, form, framework, "Edit an outcome", "Save changes", status, row=outcome, under=outcome.theme
    )


def _overtaken(form: HeadingForm, stale: Stale, row: Theme | Outcome, action: str) -> int:
    """Keep what was typed where the row is still there; where it was removed the page says so."""
    if not type(row)._default_manager.filter(pk=row.pk).exists():
        raise stale
    return form.overtaken(stale, mark_of(row, action))


def _done(request: SignedInRequest, theme: Theme, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"{theme.framework.get_absolute_url()}#theme-{theme.pk}")


def _form(
    request: SignedInRequest,
    form: HeadingForm,
    framework: Framework,
    title: str,
    button: str,
    status: int = 200,
    *,
    row: Theme | Outcome | None = None,
    under: Theme | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "framework": framework,
        "row": row,
        "is_outcome": isinstance(form, OutcomeForm),
        "under": under,
        "title": title,
        "button": button,
        "trail": trail_of(framework, (title, "")),
    }
    return render(request, "kpis/theme_form.html", context, status=status)


@require_http_methods(METHODS)
def theme_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take a theme away; say what it has while it can't be."""
    require(permissions.may_keep(request.user))
    theme = get_object_or_404(Theme.objects.select_related("framework"), pk=pk)
    return _remove(request, theme, theme.framework, "theme")


@require_http_methods(METHODS)
def outcome_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take an outcome away; say what it has while it can't be."""
    require(permissions.may_keep(request.user))
    outcome = get_object_or_404(Outcome.objects.select_related("theme__framework"), pk=pk)
    return _remove(request, outcome, outcome.theme.framework, "outcome")


def _remove(request: SignedInRequest, row: Theme | Outcome, framework: Framework, noun: str) -> HttpResponse:
    form, status, used = RemoveForm(request.POST or None), 200, theme_verbs.uses_of(row)
    if request.method == "POST" and form.is_valid():
        if not used:
            name = str(row)
            theme_verbs.remove(row, by=request.user, note=form.cleaned_data["note"])
            messages.success(request, f"The {noun} “{name}” was removed.")
            return redirect(framework)
        status = 409
    title = f"Remove this {noun}?"
    context = {
        "form": form,
        "row": row,
        "framework": framework,
        "noun": noun,
        "used": used,
        "title": title,
        "trail": trail_of(framework, (f"Remove {'an' if noun == 'outcome' else 'a'} {noun}", "")),
    }
    return render(request, "kpis/theme_remove.html", context, status=status)
