"""What is asked of a template: for which contracts it is, and its measures row by row."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from accounts.verbs.recipe import Invalid
from contracts.rules.forms import DrawnForm
from govuk.fields import FigureField
from govuk.forms import GovukForm
from kpis.library.models import KPITemplate, Measure
from kpis.library.offering import by_edition
from kpis.library.template_verbs import FIELDS, Item

MOST, SPARE = 40, 3


class TemplateForm(DrawnForm):
    """A template's name and the contracts it is for."""

    class Meta:
        model = KPITemplate
        fields = list(FIELDS)
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "tier": "Tier",
            "category": "Category",
            "band": "Value band",
            "is_active": "Offered at the start of a proposal",
        }


class ItemForm(GovukForm):
    """One measure of a template; a row without a measure is left out."""

    measure = forms.ModelChoiceField(
        label="Measure", queryset=Measure.objects.none(), required=False, empty_label="None"
    )
    suggested = FigureField(label="Suggestion", required=False, max_digits=18, decimal_places=4, min_value=0)
    why = forms.CharField(label="Why it is here", required=False, max_length=250)
    widths = {"suggested": "10"}
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """Refuse a suggestion or a reason that belongs to no measure."""
        typed = super().clean() or self.cleaned_data
        if not typed.get("measure") and (typed.get("suggested") is not None or typed.get("why")):
            self.add_error("measure", "Select the measure this belongs to, or clear the row")
        return typed


class ItemFormSet(BaseFormSet):
    """The rows of a template, each measure looked up once for all of them."""

    def __init__(self, *args: Any, keeps: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = list(Measure.objects.shared().select_related("theme", "framework"))
        offered = [one for one in measures if one.status == Measure.Status.LIVE or one.pk in set(keeps or [])]
        choices = by_edition(offered, "None")
        for number, form in enumerate(self.forms, 1):
            field: Any = form.fields["measure"]
            field.queryset = Measure.objects.filter(pk__in=[one.pk for one in offered])
            field.choices = choices
            form.legend = f"Measure {number}"  # type: ignore[attr-defined]

    def put_on(self, form: TemplateForm, refusal: Invalid) -> None:
        """Show each sentence of the verbs by its row, or on the template's form where it is about none."""
        filled = [row for row in self.forms if row.cleaned_data.get("measure")] or self.forms[:1]
        for name, sentence in refusal.errors:
            box, _, number = name.partition("-")
            if number and filled:
                filled[int(number) - 1].add_error(box, sentence)
            else:
                form.add_error(name if name in form.fields else None, sentence)

    @property
    def items(self) -> list[Item]:
        """Return the rows that have a measure, after `is_valid`."""
        typed = [form.cleaned_data for form in self.forms if form.cleaned_data.get("measure")]
        return [(row["measure"], row["suggested"], row["why"]) for row in typed]


TemplateItems: Any = formset_factory(
    ItemForm, formset=ItemFormSet, extra=SPARE, max_num=MOST, absolute_max=MOST + SPARE
)


def items_form(data: Any, template: KPITemplate | None = None) -> ItemFormSet:
    """Return the rows of a template with some to spare, filled in from `data` where it was sent."""
    items = list(template.items.all()) if template else []
    start = [
        {"measure": item.measure_id, "suggested": item.suggested_target, "why": item.why} for item in items
    ]
    return TemplateItems(data, initial=start, prefix="items", keeps=[item.measure_id for item in items])
