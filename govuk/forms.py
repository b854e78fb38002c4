"""Forms that speak in sentences and draw themselves as GOV.UK markup; what they may declare: README.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.forms.models import ModelFormMetaclass
from django.forms.utils import pretty_name

from govuk import fields as govuk_fields

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField)
DETERMINERS = (
    "a ", "an ", "the ", "your ", "our ", "their ", "this ", "at ", "any ",
    "which ", "how ", "what ", "who ", "when ", "where ", "why ",
)  # fmt: skip

WITHOUT_ARTICLE = {
    "evidence",
    "feedback",
    "information",
    "progress",
    "advice",
    "guidance",
    "training",
    "spending",
}


def lower_first(text: str) -> str:
    """Return the text with a small first letter, unless it opens with initials such as KPI."""
    if len(text) > 1 and text[1].isupper():
        return text
    return text[:1].lower() + text[1:]


def with_article(noun: str) -> str:
    """Return "a title", "an address", "notes", "the reason"."""
    lowered = noun.lower()
    words = lowered.split("(")[0].split()
    head = next((word for word in _before_of(words)), "")
    if (
        lowered.startswith(DETERMINERS)
        or head in WITHOUT_ARTICLE
        or (head.endswith("s") and not head.endswith(("ss", "us", "is")))
    ):
        return noun
    initials = noun[:1].isupper()
    vowel = (
        noun[:1] in "AEFHILMNORSX"
        if initials
        else lowered[:1] in "aeiou" and not lowered.startswith(("uni", "use"))
    )
    return f"{'an' if vowel else 'a'} {noun}"


def _before_of(words: list[str]) -> list[str]:
    """Return the word that carries the number of the phrase: the last before "of", "for", "in" or "to"."""
    for index, word in enumerate(words):
        if word in ("of", "for", "in", "to", "per", "from", "with", "by") and index:
            return [words[index - 1]]
    return words[-1:]


class GovukFormMixin:
    """Sentences for errors, no form tag, no colons; see README.md for what a form may declare."""

    nouns: ClassVar[Mapping[str, str]] = {}
    widths: ClassVar[Mapping[str, str]] = {}
    choice_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    reveals: ClassVar[Mapping[str, Mapping[str, str | Sequence[str]]]] = {}
    counted: ClassVar[Sequence[str]] = ()
    inline: ClassVar[Sequence[str]] = ()
    heading_field: ClassVar[str] = ""
    mark_optional: ClassVar[bool] = True
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, field in self.fields.items():
            speak(name, field, self.nouns.get(name, ""))

    def refresh_messages(self, *names: str) -> None:
        """Make the messages anew after labels were changed in a form's own __init__."""
        for name in names or self.fields:
            speak(name, self.fields[name], self.nouns.get(name, ""))


def speak(name: str, field: forms.Field, noun: str) -> None:
    """Give the field messages that say what to do, except where it was given its own."""
    if field.label is None:
        field.label = pretty_name(name)
    label = str(field.label)
    question = label.endswith("?")
    thing = noun or lower_first(label.rstrip("?. "))
    # A box that stops taking letters loses the end of a pasted text in silence; the error says so instead.
    field.widget.attrs.pop("maxlength", None)
    field.subject = thing  # type: ignore[attr-defined]
    subject = thing[:1].upper() + thing[1:]
    phrase = with_article(thing)
    verb = "Select" if isinstance(field, CHOOSING) or isinstance(field.widget, forms.Select) else "Enter"
    required = f"{verb} {phrase}"
    if question and not noun:
        subject = "Your answer"
        required = f"{verb} an answer to “{label}”"
    if isinstance(field, forms.FileField):
        required = f"Select {phrase}"
    if isinstance(field, forms.BooleanField):
        required = f"Tick the box: {label}"
    safe = subject.replace("%", "%%")
    words: dict[str, str] = {
        "required": required,
        "max_length": f"{safe} must be %(limit_value)d characters or fewer",
        "min_length": f"{safe} must be %(limit_value)d characters or more",
        "min_value": f"{safe} must be %(limit_value)s or more",
        "max_value": f"{safe} must be %(limit_value)s or less",
        "max_digits": f"{safe} must have %(max)s digits or fewer",
        "max_decimal_places": f"{safe} must have %(max)s decimal places or fewer",
        "max_whole_digits": f"{safe} must have %(max)s digits or fewer before the decimal point",
    }
    if isinstance(field, CHOOSING):
        words["invalid_choice"] = f"Select {phrase.replace('%', '%%')} from the list"
    elif isinstance(field, forms.EmailField):
        words["invalid"] = "Enter an email address in the correct format, like name@example.com"
    elif isinstance(field, forms.FileField):
        words["empty"] = "The selected file is empty"
        words["invalid"] = words["missing"] = "The file could not be read. Select it again"
        words["max_length"] = "The file’s name must be %(max)d characters or fewer"
    elif isinstance(field, forms.URLField):
        words["invalid"] = "Enter a web address in the correct format, like https://www.example.com"
    elif isinstance(field, (forms.IntegerField, forms.DecimalField)):
        words["invalid"] = f"{safe} must be a {'whole ' if type(field) is forms.IntegerField else ''}number"
    usual = usual_messages(field)
    ours: set[str] = getattr(field, "_our_messages", set())
    for code, message in words.items():
        given = field.error_messages.get(code)
        if given is None or code in ours or str(given) == str(usual.get(code)):
            field.error_messages[code] = message
            ours = ours | {code}
    field._our_messages = ours  # type: ignore[attr-defined]


def usual_messages(field: forms.Field) -> dict[str, Any]:
    """Return the messages Django gives a field of this class when nobody says otherwise."""
    found: dict[str, Any] = {}
    for parent in reversed(type(field).__mro__):
        found.update(getattr(parent, "default_error_messages", {}))
    return found


class GovukForm(GovukFormMixin, forms.Form):
    """A form in the house style."""


def govuk_formfield(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Return the form field for a model's column: our date, figure or whole number, else Django's own."""
    if "widget" not in kwargs and not getattr(column, "choices", None):
        if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
            kwargs.setdefault("form_class", govuk_fields.DateField)
        elif isinstance(column, models.DecimalField):
            kwargs.setdefault("form_class", govuk_fields.FigureField)
        elif isinstance(column, models.IntegerField):
            kwargs.setdefault("form_class", govuk_fields.WholeNumberField)
    return column.formfield(**kwargs)


class GovukModelFormMetaclass(ModelFormMetaclass):
    """Lets every model form use `govuk_formfield` without saying so."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(govuk_formfield)
        return super().__new__(mcs, name, bases, attrs, **kwargs)


class GovukModelForm(GovukFormMixin, forms.ModelForm, metaclass=GovukModelFormMetaclass):  # type: ignore[type-arg]
    """A model form in the house style."""
