"""Fields accept what people type and say exactly what to mend."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from govuk.fields import DateField, FigureField, MoneyField, MonthField, WholeNumberField
from govuk.forms import GovukForm, GovukModelForm, with_article


class StartForm(GovukForm):
    start = DateField(label="Start date", min_date=date(2020, 1, 1))


class OneForm(GovukForm):
    month = MonthField()
    value = MoneyField(label="Contract value", min_value=0)
    weeks = FigureField(suffix="weeks", decimal_places=2, max_digits=8)
    people = WholeNumberField(label="People hired")


def start(day, month, year):
    return StartForm({"start_0": day, "start_1": month, "start_2": year})


@pytest.mark.parametrize("typed", [("3", "5", "2026"), (" 03", "May", "2026 "), ("3", "may", "2026")])
def test_a_date_is_taken_as_it_is_typed(typed):
    form = start(*typed)
    assert form.is_valid()
    assert form.cleaned_data["start"] == date(2026, 5, 3)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", "", ""), "Enter a start date"),
        (("3", "5", ""), "Start date must include a year"),
        (("", "5", ""), "Start date must include a day and a year"),
        (("31", "2", "2026"), "Start date must be a real date"),
        (("3", "5", "26"), "Start date must include a year of 4 numbers, like 2026"),
        (("x", "5", "2026"), "Start date must be a real date"),
        (("3", "5", "²²²²"), "Start date must be a real date"),
        (("31", "12", "2019"), "Start date must be 1 January 2020 or later"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(typed, message):
    assert start(*typed).errors["start"] == [message]


def test_what_was_typed_into_a_date_is_kept():
    assert start("31", "Febuary", "2026")["start"].value() == ["31", "Febuary", "2026"]


def test_a_date_has_changed_only_when_it_means_another_day():
    form = StartForm(
        {"start_0": "03", "start_1": "05", "start_2": "2026"}, initial={"start": date(2026, 5, 3)}
    )
    assert not form.has_changed()
    assert start("4", "5", "2026").has_changed()


def test_a_month_is_its_first_day():
    form = OneForm(
        {"month_0": "5", "month_1": "2026", "value": "£1,200.50", "weeks": "1,234.5", "people": "1,000"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "month": date(2026, 5, 1),
        "value": Decimal("1200.50"),
        "weeks": Decimal("1234.5"),
        "people": 1000,
    }


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("value", "12k", "Contract value must be an amount of money, like 12,500 or 12,500.50"),
        ("value", "−5", "Contract value must be 0 or more"),
        ("value", "1.005", "Contract value must have 2 decimal places or fewer"),
        ("weeks", "1e5", "Weeks must be a number, like 12 or 12.5"),
        ("weeks", "NaN", "Weeks must be a number, like 12 or 12.5"),
        ("weeks", "1,5", "Weeks must be a number, like 12 or 12.5"),
        ("weeks", "1.234,5", "Weeks must be a number, like 12 or 12.5"),
        ("people", "1,0", "People hired must be a whole number, like 12"),
        ("weeks", "", "Enter weeks"),
        ("people", "1.5", "People hired must be a whole number, like 12"),
    ],
)
def test_a_wrong_figure_says_what_to_type(field, typed, message):
    assert OneForm({field: typed}).errors[field] == [message]


def test_a_stored_figure_shows_without_needless_zeros():
    form = OneForm(
        initial={"value": Decimal("12000.00"), "weeks": Decimal("1234.50"), "month": date(2026, 5, 1)}
    )
    assert form["value"].value() == "12,000"
    assert form["weeks"].value() == "1,234.5"
    assert 'value="2026"' in str(form.fields["month"].widget.render("month", date(2026, 5, 1)))


@pytest.mark.parametrize(
    ("noun", "phrase"),
    [
        ("title", "a title"),
        ("address", "an address"),
        ("notes", "notes"),
        ("evidence", "evidence"),
        ("KPI", "a KPI"),
        ("reason for the delay", "a reason for the delay"),
        ("your name", "your name"),
        ("what is offered", "what is offered"),
        ("unit", "a unit"),
    ],
)
def test_messages_use_the_right_article(noun, phrase):
    assert with_article(noun) == phrase


class Words(GovukForm):
    title = forms.CharField(max_length=5)
    directorate = forms.ChoiceField(choices=[("a", "A")])
    decision = forms.ChoiceField(label="What do you decide?", choices=[("a", "A")])
    begin = DateField(label="When does it start?")
    own = forms.CharField(error_messages={"required": "Say why"})
    share = forms.IntegerField(label="Share (100%)", min_value=1, required=False)
    nouns = {"begin": "start date"}


def test_required_messages_come_from_the_label():
    errors = Words({"share": "0"}).errors
    assert errors["title"] == ["Enter a title"]
    assert errors["directorate"] == ["Select a directorate"]
    assert errors["decision"] == ["Select an answer to “What do you decide?”"]
    assert errors["begin"] == ["Enter a start date"]
    assert errors["own"] == ["Say why"]
    assert errors["share"] == ["Share (100%) must be 1 or more"]


def test_a_text_that_is_too_long_is_kept_and_refused_in_words():
    form = Words({"title": "123456"})
    assert form.errors["title"] == ["Title must be 5 characters or fewer"]
    assert "maxlength" not in str(form["title"])


def test_a_model_form_uses_our_fields_for_dates_and_numbers():
    from django.contrib.auth.models import Permission
    from django.db import models

    from govuk.forms import govuk_formfield

    assert isinstance(govuk_formfield(models.DateField()), DateField)
    assert isinstance(govuk_formfield(models.DecimalField(max_digits=9, decimal_places=2)), FigureField)
    assert isinstance(govuk_formfield(models.PositiveIntegerField()), WholeNumberField)
    assert isinstance(govuk_formfield(models.DateTimeField()), forms.DateTimeField)

    class PermissionForm(GovukModelForm):
        class Meta:
            model = Permission
            fields = ["name", "codename"]

    assert PermissionForm({}).errors["name"] == ["Enter a name"]


@pytest.mark.parametrize("field", [DateField(label="First day"), MonthField(label="Month")])
def test_a_number_no_date_can_take_is_no_real_date(field):
    typed = ["9" * 40] * (len(field.names) - 1) + ["2026"]
    with pytest.raises(forms.ValidationError, match="must be a real"):
        field.clean(typed)
