"""Pages of the templates: ready KPI sets for everybody to read, and the lead's pages to keep them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from kpis.library import permissions, template_verbs
from kpis.library.models import Kind, KPITemplate, Measure, RollUp, TemplateItem
from kpis.library.template_forms import ItemFormSet, TemplateForm, items_form
from kpis.library.template_use import ItemUse, successors, use_of, use_words, with_use
from kpis.library.template_verbs import CHANGED
from kpis.library.templates import for_which

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Row:
    """A measure of a template as its page shows it."""

    item: TemplateItem
    use: ItemUse
    # The live measure that replaces a retired one, where there is one.
    instead: Measure | None
    there: set[int]

    @property
    def is_percentage(self) -> bool:
        """Return whether the suggestion is a percentage."""
        return self.item.measure.kind == Kind.PERCENTAGE

    @property
    def is_scaled(self) -> bool:
        """Return whether the suggestion is for each £1 million."""
        measure = self.item.measure
        return measure.roll_up == RollUp.SUM and measure.kind in {Kind.COUNT, Kind.MONEY}

    @property
    def may_be_replaced(self) -> bool:
        """Return whether what replaces it can be put in: it is not in the template already."""
        return self.instead is not None and self.instead.pk not in self.there


def _trail(*more: str) -> list[tuple[str, str]]:
    here = [("Home", "/"), ("Library", reverse("kpis:library"))]
    if not more:
        return [*here, ("Templates", "")]
    return [*here, ("Templates", reverse("kpis:template-list")), *((label, "") for label in more)]


@require_safe
def template_list(request: SignedInRequest) -> HttpResponse:
    """Show the ready KPI sets, those switched off last."""
    require(permissions.may_read(request.user))
    templates = with_use(KPITemplate.objects.select_related("tier", "category", "band"))
    rows = [
        (
            one,
            for_which(one),
            len(one.items.all()),
            sum(item.measure.status == Measure.Status.RETIRED for item in one.items.all()),
            use_words(one.begun, one.approved) if one.begun else "",
        )
        for one in templates.prefetch_related("items__measure").order_by("-is_active", "name")
    ]
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
    template = get_object_or_404(
        with_use(KPITemplate.objects.select_related("tier", "category", "band")), pk=pk
    )
    items = list(template.items.select_related("measure__unit", "measure__framework"))
    used = use_of(template, items)
    instead = successors(item.measure for item in items)
    there = {item.measure_id for item in items}
    context = {
        "template": template,
        "for_which": for_which(template),
        "use": use_words(template.begun, template.approved),
        "rows": [Row(item, used[item.measure_id], instead.get(item.measure_id), there) for item in items],
        "seen": mark_of(template, CHANGED),
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
def template_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask what the copy of a template is called and changes, and add it as one of its own."""
    require(permissions.may_keep(request.user))
    template = get_object_or_404(KPITemplate, pk=pk)
    data = request.POST if request.method == "POST" else None
    start = {name: getattr(template, name) for name in template_verbs.FIELDS}
    start |= {"name": f"Copy of {template}"[:120]}
    form, items = TemplateForm(data, initial=start), items_form(data, template)
    if data is not None and _both_valid(form, items):
        try:
            copy = template_verbs.add_template(
                by=request.user, items=items.items, note=f"Begun as a copy of “{template}”", **form.facts
            )
        except Invalid as refusal:
            items.put_on(form, refusal)
        else:
            messages.success(request, f"The template “{copy}” was added.")
            return redirect("kpis:template-page", copy.pk)
    return _form(request, form, items, "Copy a template", "Add the copy", copied=template)


@require_POST
def template_replace(request: SignedInRequest, pk: int, measure: int) -> HttpResponse:
    """Put the measure that replaces a retired one into its place."""
    require(permissions.may_keep(request.user))
    template = get_object_or_404(KPITemplate, pk=pk)
    retired = get_object_or_404(Measure, pk=measure)
    sent = request.POST.get("seen", "")
    seen = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0
    _, item = template_verbs.replace_retired(template, by=request.user, measure=retired, seen=seen)
    lost = "" if item.suggested_target is not None else " It has no suggestion: enter one if you like."
    messages.success(request, f"{item.measure} is in place of {retired.code}.{lost}")
    return redirect("kpis:template-page", pk)


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
