"""The crispy pack draws every kind of field, escapes what people wrote and links errors to their boxes."""

import re

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template

from govuk.fields import DateField, FigureField, MoneyField, MonthField
from govuk.forms import GovukForm


class EveryForm(GovukForm):
    title = forms.CharField(label="<b>Title</b>", help_text="<i>hint</i>")
    note = forms.CharField(widget=forms.Textarea, max_length=40)
    directorate = forms.ChoiceField(choices=[("a", "<u>Adults</u>")])
    decision = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("approve", "<s>Approve</s>"), ("return", "Send back")]
    )
    reason = forms.CharField(required=False, widget=forms.Textarea)
    themes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("j", "Jobs"), ("s", "Skills")]
    )
    sure = forms.BooleanField(label="I have read it", help_text="All of it")
    start = DateField(help_text="For example, 27 3 2026")
    month = MonthField()
    value = MoneyField()
    weeks = FigureField(suffix="weeks", required=False)
    evidence = forms.FileField()
    password = forms.CharField(widget=forms.PasswordInput)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    counted = ("note",)
    widths = {"title": "20", "directorate": "one-half"}
    choice_hints = {"decision": {"approve": "It goes <em>live</em>"}}
    reveals = {"decision": {"return": "reason"}}


def drawn(source, **context):
    return Template("{% load govuk crispy_forms_tags %}" + source).render(Context(context))


@pytest.mark.parametrize("source", ["{% crispy form %}", "{{ form|crispy }}"])
def test_both_ways_of_drawing_a_form_give_govuk_markup_and_no_form_tag(source):
    html = drawn(source, form=EveryForm())
    assert "<form" not in html
    for name in ("govuk-input", "govuk-textarea", "govuk-select", "govuk-radios", "govuk-checkboxes"):
        assert name in html
    for name in ("govuk-date-input", "govuk-file-upload", "govuk-password-input", "govuk-character-count"):
        assert name in html


def test_labels_hints_and_choices_are_escaped():
    html = drawn("{% crispy form %}{% error_summary form %}", form=EveryForm({}))
    for tag in ("<b>", "<i>", "<u>", "<s>", "<em>"):
        assert tag not in html
    assert "&lt;b&gt;Title&lt;/b&gt;" in html


def test_every_error_link_leads_to_a_box_on_the_page():
    form = EveryForm({"start_0": "3", "start_1": "5"})
    summary = drawn("{% error_summary form %}", form=form)
    ids = re.findall(r' id="([^"]+)"', drawn("{% crispy form %}", form=form))
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == len(form.errors)
    assert set(targets) <= set(ids)
    assert "id_start_2" in targets
    assert "id_themes_0" in targets
    assert len(ids) == len(set(ids))


def test_boxes_in_error_say_so_and_name_their_hint_and_error():
    html = drawn("{% crispy form %}", form=EveryForm({}))
    title = re.search(r'<input[^>]*id="id_title"[^>]*>', html).group()
    assert 'aria-invalid="true"' in title
    assert 'aria-describedby="id_title_helptext id_title_error"' in title
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_start_helptext id_start_error"' in html
    assert 'aria-describedby="id_sure_helptext id_sure_error"' in html


def test_every_described_by_is_on_the_page():
    html = drawn("{% crispy form %}", form=EveryForm({}))
    ids = set(re.findall(r' id="([^"]+)"', html))
    for names in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(names.split()) <= ids


def test_a_field_beneath_a_choice_is_drawn_once_there():
    html = drawn("{% crispy form %}", form=EveryForm({"decision": "return"}))
    assert html.count('name="reason"') == 1
    assert html.index('id="id_decision_1_reveals"') < html.index('name="reason"')
    assert "conditional--hidden" not in html
    assert "conditional--hidden" in drawn("{% crispy form %}", form=EveryForm({"decision": "approve"}))


def test_a_field_that_may_be_left_out_says_so_unless_a_choice_asks_for_it():
    html = drawn("{% crispy form %}", form=EveryForm())
    assert html.count("(optional)") == 1


def test_a_page_may_draw_one_field():
    assert "govuk-input--width-20" in drawn("{{ form.title|as_crispy_field }}", form=EveryForm())


class RowForm(GovukForm):
    name = forms.CharField()


def test_a_formset_is_drawn_with_its_management_form_and_linked_errors():
    rows = formset_factory(RowForm, extra=0, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x", "form-1-name": ""}
    formset = rows(data)
    html = drawn("{% error_summary formset %}{{ formset|crispy }}", formset=formset)
    assert 'href="#id_form-1-name"' in html
    assert 'name="form-TOTAL_FORMS"' in html
    assert drawn("{% crispy formset %}", formset=rows(data)).count("<legend") == 2


def test_a_row_that_is_being_deleted_is_not_complained_about():
    rows = formset_factory(RowForm, extra=0, can_delete=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "", "form-0-DELETE": "on"}
    assert drawn("{% error_summary formset %}", formset=rows(data)).strip() == ""


def test_no_summary_is_drawn_when_nothing_is_wrong():
    assert drawn("{% error_summary form %}", form=EveryForm()).strip() == ""


def test_errors_of_the_whole_form_come_first():
    class Whole(RowForm):
        def clean(self):
            raise forms.ValidationError("The two do not match")

    html = drawn("{% error_summary form %}", form=Whole({}))
    assert html.index("The two do not match") < html.index("Enter a name")
