"""What the crispy template pack itself needs; pages load `govuk` and `crispy_forms_tags` instead."""

from collections.abc import Iterable

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField

from govuk.describe import FieldView, fields_in_order
from govuk.describe import describe as describe_field

register = template.Library()


@register.simple_tag
def describe(field: BoundField) -> FieldView:
    """Return the field's ids, classes and words."""
    return describe_field(field)


@register.filter
def standing_fields(form: BaseForm) -> Iterable[BoundField]:
    """Return the fields drawn in their own right, not beneath another field's choice."""
    return fields_in_order(form)


@register.filter
def is_checkbox_group(field: BoundField) -> bool:
    """Return whether several of its choices may be ticked."""
    return bool(getattr(field.field.widget, "allow_multiple_selected", False))
