"""Works out for the crispy pack what kind of component a field is, and its ids, classes and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField

from govuk.fields import PartsWidget

CHARACTER_WIDTHS = ("2", "3", "4", "5", "10", "20", "30")


@dataclass(frozen=True)
class Option:
    """One radio or checkbox, with what it reveals."""

    id: str
    name: str
    value: str
    label: str
    hint: str
    checked: bool
    disabled: bool
    group: str
    reveals: tuple[BoundField, ...]

    @property
    def hint_id(self) -> str:
        return f"{self.id}_hint"

    @property
    def reveal_id(self) -> str:
        return f"{self.id}_reveals"


@dataclass(frozen=True)
class Box:
    """One box of a date or month."""

    id: str
    name: str
    value: str
    label: str
    width: int
    wrong: bool


@dataclass(frozen=True)
class FieldView:
    """A bound field as its template wants it."""

    field: BoundField
    kind: str
    id: str
    label: str
    heading: bool
    optional: bool
    hint: str
    errors: tuple[str, ...]
    described_by: str
    widget: str
    options: tuple[Option, ...]
    boxes: tuple[Box, ...]
    prefix: str
    suffix: str
    inline: bool
    limit: int | None

    @property
    def reveals(self) -> bool:
        """Return whether any choice has fields beneath it."""
        return any(option.reveals for option in self.options)

    @property
    def hint_id(self) -> str:
        return f"{self.id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"

    @property
    def info_id(self) -> str:
        return f"{self.id}-info"


def kind_of(field: BoundField) -> str:
    """Return hidden, parts, choices, checkbox, select, textarea, file, password or input."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    pairs: tuple[tuple[Any, str], ...] = (
        (PartsWidget, "parts"),
        ((forms.CheckboxSelectMultiple, forms.RadioSelect), "choices"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
        (forms.PasswordInput, "password"),
    )
    return next((kind for classes, kind in pairs if isinstance(widget, classes)), "input")


def widget_classes(field: BoundField, kind: str) -> str:
    """Return the classes of the box itself: component, error, width and any the widget brought along."""
    base = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}.get(
        kind, "govuk-input"
    )
    classes = [base]
    if field.errors:
        classes.append(f"{base}--error")
    if kind == "password":
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
    numeric = isinstance(field.field, (forms.DecimalField, forms.IntegerField)) and kind == "input"
    width = getattr(field.form, "widths", {}).get(field.name) or ("10" if numeric else "")
    if width in CHARACTER_WIDTHS:
        classes.append(f"govuk-input--width-{width}")
    elif width:
        classes.append(f"govuk-!-width-{width}")
    own = field.field.widget.attrs.get("class", "")
    return " ".join([*classes, *own.split()])


def revealed_names(form: BaseForm) -> set[str]:
    """Return the fields that are drawn beneath a choice of another field."""
    found: set[str] = set()
    for choices in getattr(form, "reveals", {}).values():
        for names in choices.values():
            found.update([names] if isinstance(names, str) else names)
    return found


def fields_in_order(form: BaseForm) -> Iterator[BoundField]:
    """Yield the fields that stand on their own, hidden ones included."""
    revealed = revealed_names(form)
    return (field for field in form if field.name not in revealed)


def options_of(field: BoundField) -> tuple[Option, ...]:
    """Return the choices of radios or checkboxes in order."""
    form = field.form
    hints = getattr(form, "choice_hints", {}).get(field.name, {})
    reveals = getattr(form, "reveals", {}).get(field.name, {})
    grouped: dict[str, str] = {}
    for title, members in field.field.choices:  # type: ignore[attr-defined]
        if isinstance(members, (list, tuple)):
            grouped[str(members[0][0])] = str(title)
    found = []
    for choice in field.subwidgets:
        data = choice.data
        value = str(data["value"] if data["value"] is not None else "")
        names = reveals.get(value, ())
        names = [names] if isinstance(names, str) else names
        found.append(
            Option(
                id=data["attrs"].get("id", ""),
                name=data["name"],
                value=value,
                label=data["label"],
                hint=hints.get(value, ""),
                checked=bool(data["selected"]),
                disabled=bool(data["attrs"].get("disabled")),
                group=grouped.get(value, ""),
                reveals=tuple(form[name] for name in names if name in form.fields),
            )
        )
    return tuple(found)


def boxes_of(field: BoundField) -> tuple[Box, ...]:
    """Return the boxes of a date or month with what was typed, marking those in error."""
    widget: PartsWidget = field.field.widget
    value = field.value()
    typed: list[Any] = list(value if isinstance(value, list) else widget.decompress(value) or [])
    values = [*typed, *[""] * len(widget.parts)]
    wrong: set[int] = set()
    for error in field.form.errors.as_data().get(field.name, []) if field.form.is_bound else []:
        wrong.update((error.params or {}).get("parts", range(len(widget.parts))))
    own = str(widget.attrs.get("id") or field.auto_id)
    return tuple(
        Box(
            id=f"{own}_{index}",
            name=f"{field.html_name}_{index}",
            value="" if values[index] is None else str(values[index]),
            label=label,
            width=width,
            wrong=index in wrong,
        )
        for index, (label, width) in enumerate(widget.parts)
    )


def describe(field: BoundField) -> FieldView:
    """Return all a template needs to draw the field."""
    form, inner, kind = field.form, field.field, kind_of(field)
    own = str(inner.widget.attrs.get("id") or field.auto_id)
    limit = getattr(inner, "max_length", None) if field.name in getattr(form, "counted", ()) else None
    described = field.aria_describedby or inner.widget.attrs.get("aria-describedby", "")
    attrs: dict[str, Any] = {}
    if kind in ("input", "select", "textarea", "file", "password"):
        attrs["class"] = widget_classes(field, kind)
        if limit:
            attrs["class"] += " govuk-js-character-count"
            described = f"{own}-info {described}".strip()
        if described:
            attrs["aria-describedby"] = described
        if kind == "password":
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    revealed = field.name in revealed_names(form)
    return FieldView(
        field=field,
        kind=kind,
        id=own,
        label=str(field.label),
        heading=getattr(form, "heading_field", "") == field.name,
        optional=bool(getattr(form, "mark_optional", False))
        and not inner.required
        and not revealed
        and kind != "checkbox",
        hint=str(field.help_text),
        errors=tuple(str(error) for error in field.errors),
        described_by=described,
        widget=field.as_widget(attrs=attrs) if kind not in ("parts", "choices", "checkbox") else "",
        options=options_of(field) if kind == "choices" else (),
        boxes=boxes_of(field) if kind == "parts" else (),
        prefix=str(getattr(inner, "prefix", "")),
        suffix=str(getattr(inner, "suffix", "")),
        inline=field.name in getattr(form, "inline", ()),
        limit=limit,
    )
