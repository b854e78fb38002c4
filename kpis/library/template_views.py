"""Pages of the templates: ready KPI sets for everybody to read, and the lead's pages to keep them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from kpis.library import permissions, template_verbs
from kpis.library.models import Kind, KPITemplate, RollUp
from kpis.library.template_forms import ItemFormSet, TemplateForm, items_form
from kpis.library.template_verbs import CHANGED
from kpis.library.templates import for_which

METHODS = ["GET", "HEAD", "POST"]


def _trail(*more: str) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    if not more:
        return [*here, ("Templates", "")]
    return [*here, ("Templates", reverse("kpis:template-list")), *((label, "") for label in more)]


@require_safe
def template_list(request: SignedInRequest) -> HttpResponse:
    """Show the ready KPI sets, those switched off last."""
    require(permissions.may_read(request.user))
    templates = KPITemplate.objects.select_related("tier", "category", "band").prefetch_related("items")
    rows = [(one, for_which(one), len(one.items.all())) for one in templates.order_by("-is_active", "name")]
    context = {
        "rows": rows,
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": _trail(),
    }
    return render(request, "kpis/template_list.html", context)


@require_safe
def template_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one template: for which contracts, its measures, what is suggested and why."""
    require(permissions.may_read(request.user))
    template = get_object_or_404(KPITemplate.objects.select_related("tier", "category", "band"), pk=pk)
    items = template.items.select_related("measure__unit")
    context = {
        "template": template,
        "for_which": for_which(template),
        "items": [
            (
                item,
                item.measure.kind == Kind.PERCENTAGE,
                item.measure.roll_up == RollUp.SUM and item.measure.kind in {Kind.COUNT, Kind.MONEY},
            )
            for item in items
        ],
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(template)),
        "trail": _trail(template.name),
    }
    return render(request, "kpis/template_page.html", context)


@require_http_methods(METHODS)
def template_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new template and add it."""
    require(permissions.may_keep(request.user))
    data = request.POST if request.method == "POST" else None
    form, items = TemplateForm(data), items_form(data)
    if data is not None and _both_valid(form, items):
        try:
            template = template_verbs.add_template(by=request.user, items=items.items, **form.facts)
        except Invalid as refusal:
            items.put_on(form, refusal)
        else:
            messages.success(request, f"The template “{template}” was added.")
            return redirect("kpis:template-page", template.pk)
    return _form(request, form, items, "Add a template", "Add the template")


@require_http_methods(METHODS)
def template_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a template and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    template = get_object_or_404(KPITemplate, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, instance=template, initial={"seen": mark_of(template, CHANGED)})
    items, status = items_form(data, template), 200
    if data is not None and _both_valid(form, items):
        try:
            changed = template_verbs.change_template(
                template, by=request.user, items=items.items, seen=form.cleaned_data["seen"], **form.facts
            )
        except Invalid as refusal:
            items.put_on(form, refusal)
        except Stale as late:
            status = form.overtaken(late, mark_of(template, CHANGED))
        else:
            messages.success(request, f"The template “{changed}” was saved.")
            return redirect("kpis:template-page", pk)
    return _form(request, form, items, "Change a template", "Save changes", status, template=template)


def _both_valid(form: TemplateForm, items: ItemFormSet) -> bool:
    """Return whether both are right, with every error of both found."""
    return all([form.is_valid(), items.is_valid()])


def _form(
    request: SignedInRequest,
    form: TemplateForm,
    items: ItemFormSet,
    title: str,
    button: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form, "formset": items, "title": title, "button": button, "trail": _trail(title), **more,
    }  # fmt: skip
    return render(request, "kpis/template_form.html", context, status=status)
