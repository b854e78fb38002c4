"""Form fields that accept what people type: dates in three boxes, pounds with commas, figures with units."""

import calendar
import re
from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from govuk import formats

MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTH_NUMBERS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
# "1,5" is somebody's one and a half, never 15: commas stand only before each three whole digits.
WELL_GROUPED = re.compile(r"\D*\d{1,3}(,\s*\d{3})+(\.\d*)?\D*")


def subject_of(field: forms.Field, fallback: str) -> str:
    """Return what messages call the field, its first letter a capital."""
    subject = str(getattr(field, "subject", "") or field.label or fallback)
    return subject[:1].upper() + subject[1:]


def number_text(value: object) -> str:
    """Return what was typed without pound sign, commas or spaces, and with a plain minus."""
    text = re.sub(r"[£,\s\u00a0\u202f]", "", str(value))
    return text.replace("\u2212", "-").replace("\u2013", "-")


def is_well_grouped(value: object) -> bool:
    """Return whether the commas of what was typed, if any, can only part thousands."""
    text = str(value)
    return "," not in text or bool(WELL_GROUPED.fullmatch(text))


def joined(words: list[str]) -> str:
    """Return "a day", "a day and a month"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


class PartsWidget(forms.MultiWidget):
    """Boxes side by side under one legend; `parts` gives each box's label and width in characters."""

    parts: tuple[tuple[str, int], ...] = ()
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = [forms.TextInput(attrs={"inputmode": "numeric"}) for _ in self.parts]
        super().__init__(boxes, attrs)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class DateParts(PartsWidget):
    """Day, month and year."""

    parts = (("Day", 2), ("Month", 2), ("Year", 4))

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = date_of_text(value)
        return (
            [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else ["", "", ""]
        )


class MonthParts(PartsWidget):
    """Month and year."""

    parts = (("Month", 2), ("Year", 4))

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = date_of_text(value)
        return [str(value.month), str(value.year)] if isinstance(value, date) else ["", ""]


def date_of_text(text: str) -> date | None:
    """Return the date written as 2026-05-03 or 2026-05, or None."""
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return None


class PartsField(ABC, forms.MultiValueField):
    """A value typed into several boxes; its errors name the boxes to mend in `params["parts"]`."""

    names: tuple[str, ...] = ()
    widget: Any = PartsWidget

    def __init__(self, *, min_date: date | None = None, max_date: date | None = None, **kwargs: Any) -> None:
        self.min_date = min_date
        self.max_date = max_date
        boxes = tuple(forms.CharField(required=False) for _ in self.names)
        kwargs["require_all_fields"] = False
        super().__init__(fields=boxes, **kwargs)

    @abstractmethod
    def written(self, value: date) -> str:
        """Return the value as messages write it."""

    @abstractmethod
    def value_of(self, numbers: list[int]) -> date:
        """Return the date the boxes make; ValueError when there is none."""

    def wrong(self, message: str, code: str, parts: tuple[int, ...]) -> ValidationError:
        """Return the error about these boxes, its sentence opening with the field's name."""
        sentence = f"{subject_of(self, 'This')} {message}".replace("%", "%%")
        return ValidationError(sentence, code=code, params={"parts": parts})

    def clean(self, value: Any) -> date | None:
        if self.disabled and isinstance(value, date):
            return value
        if isinstance(value, (date, str)):
            value = self.widget.decompress(value)
        typed = [str(part or "").strip() for part in (value or [""] * len(self.names))]
        every = tuple(range(len(self.names)))
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        missing = [index for index in every if not typed[index]]
        if missing:
            names = joined([f"a {self.names[index]}" for index in missing])
            raise self.wrong(f"must include {names}", "incomplete", tuple(missing))
        year = len(every) - 1
        if typed[year].isdigit() and len(typed[year]) != 4:
            raise self.wrong("must include a year of 4 numbers, like 2026", "year", (year,))
        try:
            found = self.value_of(
                [self.number(name, part) for name, part in zip(self.names, typed, strict=True)]
            )
        except ValueError as error:
            raise self.wrong(self.not_real, "invalid", every) from error
        self.check_range(found, every)
        self.run_validators(found)
        return found

    not_real = "must be a real date"

    def number(self, name: str, part: str) -> int:
        """Return the number in a box; a month may be written as a word."""
        if name == "month" and part.lower() in MONTH_NUMBERS:
            return MONTH_NUMBERS[part.lower()]
        # No box holds more than a year's four digits; a longer number is more than a date can take.
        if not (part.isascii() and part.isdigit() and len(part) <= 4):
            raise ValueError(part)
        return int(part)

    def check_range(self, found: date, parts: tuple[int, ...]) -> None:
        """Refuse a value before min_date or after max_date."""
        if self.min_date and found < self.min_date:
            raise self.wrong(f"must be {self.written(self.min_date)} or later", "min_value", parts)
        if self.max_date and found > self.max_date:
            raise self.wrong(f"must be {self.written(self.max_date)} or earlier", "max_value", parts)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((self.clean(data) if data else None) != (initial or None))
        except ValidationError:
            return True


class DateField(PartsField):
    """A date in three boxes; the month may be a number or a word. Gives a date."""

    names = ("day", "month", "year")
    widget = DateParts

    def written(self, value: date) -> str:
        return formats.day(value)

    def value_of(self, numbers: list[int]) -> date:
        return date(numbers[2], numbers[1], numbers[0])


class MonthField(PartsField):
    """A month in two boxes. Gives the first of that month."""

    names = ("month", "year")
    widget = MonthParts
    not_real = "must be a real month"

    def written(self, value: date) -> str:
        return formats.month(value)

    def value_of(self, numbers: list[int]) -> date:
        return date(numbers[1], numbers[0], 1)


class FigureField(forms.DecimalField):
    """An exact decimal, with or without commas; prefix and suffix stand beside it. Gives a Decimal."""

    widget = forms.TextInput
    must_be = "must be a number, like 12 or 12.5"
    inputmode = "decimal"

    def __init__(self, *, prefix: str = "", suffix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        self.suffix = suffix
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": self.inputmode}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, Decimal):
            return super().to_python(value)
        text = number_text(value)
        if not (PLAIN_NUMBER.fullmatch(text) and is_well_grouped(value)):
            raise ValidationError(f"{subject_of(self, 'This')} {self.must_be}", code="invalid")
        return super().to_python(text)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
            return formats.figure(value).replace(formats.MINUS, "-")
        return value


class SignedFigureField(FigureField):
    """The same where amounts below 0 are usual: phones show a keyboard that has a minus."""

    inputmode = "text"


class MoneyField(FigureField):
    """Pounds, typed with or without £ and commas, to the penny. Gives a Decimal."""

    must_be = "must be an amount of money, like 12,500 or 12,500.50"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "£")
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 14)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
            return formats.money(value).replace("£", "").replace(formats.MINUS, "-")
        return value


class WholeNumberField(forms.IntegerField):
    """A whole number typed with or without commas. Gives an int."""

    widget = forms.TextInput

    def __init__(self, *, prefix: str = "", suffix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        self.suffix = suffix
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric"}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return super().to_python(value)
        text = number_text(value)
        if not (re.fullmatch(r"[+-]?\d+(\.0*)?", text) and is_well_grouped(value)):
            raise ValidationError(
                f"{subject_of(self, 'This')} must be a whole number, like 12", code="invalid"
            )
        return super().to_python(text)
