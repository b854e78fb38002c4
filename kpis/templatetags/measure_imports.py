"""Where an edition came from, for its page."""

from django import template
from django.urls import reverse

from kpis.measure_imports.permissions import may_import
from kpis.measure_imports.plan import came_from

register = template.Library()


@register.simple_tag(takes_context=True)
def measures_import_url(context):
    """Return the address of the imports of measures for those who may import, "" for others."""
    user = getattr(context.get("request"), "user", None)
    return reverse("kpis:measure-import-list") if user is not None and may_import(user) else ""


@register.inclusion_tag("kpis/_framework_import.html", takes_context=True)
def import_of(context, framework):
    """Draw the file an edition came from, by whom and when; nothing for one that was not imported."""
    user = getattr(context.get("request"), "user", None)
    found = came_from(framework)
    return {"import": found, "may_open": bool(found and user is not None and may_import(user))}
