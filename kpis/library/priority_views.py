"""Pages of the council's priorities: the list, one with its measures, and the lead's pages to keep them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.library import permissions, priority_verbs
from kpis.library.framework_forms import StatusForm
from kpis.library.models import CouncilPriority, Measure
from kpis.library.priority_forms import PriorityForm

METHODS = ["GET", "HEAD", "POST"]


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    return [*here, ("Council priorities", reverse("kpis:priority-list") if more else ""), *more]


def _page(priority: CouncilPriority) -> str:
    return reverse("kpis:priority-page", args=[priority.pk])


@require_safe
def priority_list(request: SignedInRequest) -> HttpResponse:
    """Show the council's priorities with how many measures point to each, retired ones last."""
    require(permissions.may_read(request.user))
    live = Count("measures", filter=Q(measures__status=Measure.Status.LIVE))
    context = {
        "priorities": CouncilPriority.objects.annotate(live_measures=live).order_by(
            "-is_active", "position", "title"
        ),
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": _trail(),
    }
    return render(request, "kpis/priority_list.html", context)


@require_safe
def priority_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one priority and the measures that point to it, of whatever framework."""
    require(permissions.may_read(request.user))
    priority = get_object_or_404(CouncilPriority, pk=pk)
    measures = (
        priority.measures.visible_to(request.user)
        .exclude(status=Measure.Status.RETIRED)
        .select_related("framework", "unit")
    )
    context = {
        "priority": priority,
        "measures": measures.order_by("framework__name", "framework__edition", "code"),
        "retired_count": priority.measures.filter(status=Measure.Status.RETIRED).count(),
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(priority)),
        "trail": _trail((priority.title, "")),
    }
    return render(request, "kpis/priority_page.html", context)


@require_http_methods(METHODS)
def priority_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new priority and add it."""
    require(permissions.may_keep(request.user))
    form = PriorityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            priority = priority_verbs.add_priority(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The priority “{priority}” was added.")
            return redirect("kpis:priority-list")
    here = _trail(("Add a priority", ""))
    context = {"form": form, "title": "Add a priority", "button": "Add the priority", "trail": here}
    return render(request, "kpis/priority_form.html", context)


@require_http_methods(METHODS)
def priority_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a priority and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    priority = get_object_or_404(CouncilPriority, pk=pk)
    form, status = PriorityForm(request.POST or None, priority=priority), 200
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            priority_verbs.change_priority(priority, by=request.user, version=version, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, CouncilPriority.objects.get(pk=pk).version)
        else:
            messages.success(request, "The priority was saved.")
            return redirect(_page(priority))
    here = _trail((priority.title, _page(priority)), ("Edit", ""))
    context = {
        "form": form, "priority": priority, "title": "Edit a priority", "button": "Save changes",
        "trail": here,
    }  # fmt: skip
    return render(request, "kpis/priority_form.html", context, status=status)


@require_http_methods(METHODS)
def priority_status(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to retire a priority or bring it back, then do so."""
    require(permissions.may_keep(request.user))
    priority = get_object_or_404(CouncilPriority, pk=pk)
    active = priority.is_active
    switch = priority_verbs.retire_priority if active else priority_verbs.bring_back_priority
    form, status = StatusForm(request.POST or None, initial={"version": priority.version}), 200
    if request.method == "POST" and form.is_valid():
        try:
            switch(priority, by=request.user, **form.cleaned_data)
        except Stale as stale:
            status = form.overtaken(stale, CouncilPriority.objects.get(pk=pk).version)
        else:
            messages.success(request, f"“{priority}” is {'retired' if active else 'a priority again'}.")
            return redirect(_page(priority))
    button = "Retire" if active else "Bring back"
    context = {
        "form": form,
        "priority": priority,
        "button": button,
        "trail": _trail((priority.title, _page(priority)), (button, "")),
    }
    return render(request, "kpis/priority_status.html", context, status=status)
