"""Gathers what is wrong in forms and formsets, each error with the id of the field that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.boundfield import BoundField
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet


@dataclass(frozen=True)
class SummaryError:
    """One error: its sentence and the id to go to, "" when no field is to blame."""

    message: str
    target: str


def first_id(field: BoundField) -> str:
    """Return the id of the first box of a field: its own, or with _0 for radios, checkboxes and dates."""
    own = str(field.field.widget.attrs.get("id") or field.auto_id)
    widget = field.field.widget
    if not own or not isinstance(widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget)):
        return own
    if isinstance(widget, MultiWidget):
        for error in field.form.errors.as_data().get(field.name, []):
            parts = (error.params or {}).get("parts")
            if parts:
                return f"{own}_{parts[0]}"
    return f"{own}_0"


def errors_of(form: BaseForm) -> Iterator[SummaryError]:
    """Yield the errors of one form in the order of its fields, those of no field first."""
    for message in form.non_field_errors():
        yield SummaryError(str(message), "")
    for field in form:
        for message in field.errors:
            yield SummaryError(str(message), "" if field.is_hidden else first_id(field))


def is_deleted(row: BaseForm) -> bool:
    """Return whether a formset's row is ticked for deletion, when its errors no longer matter."""
    return bool(row.errors and row.cleaned_data.get(DELETION_FIELD_NAME))


def summary_of(forms: Iterable[BaseForm | BaseFormSet[Any] | None]) -> list[SummaryError]:
    """Return all errors of the forms and formsets; unbound ones and None have none."""
    entries: list[SummaryError] = []
    for form in forms:
        if not isinstance(form, (BaseForm, BaseFormSet)) or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            entries += [SummaryError(str(message), "") for message in form.non_form_errors()]
            for row in form.forms:
                if not (form.can_delete and is_deleted(row)):
                    entries += errors_of(row)
        else:
            entries += errors_of(form)
    return list(dict.fromkeys(entries))
