"""Begins a KPI set from a template that fits the contract, with targets to start from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.db import transaction

from accounts.history import record
from accounts.models import HistoryRow, Person
from accounts.verbs.recipe import Invalid
from contracts.models import Contract
from govuk.formats import plural
from govuk.forms import GovukForm
from kpis.library.models import KPITemplate, Measure, TemplateItem
from kpis.library.template_use import BEGUN, PUT_IN, put_in
from kpis.library.templates import fitting
from kpis.proposals import targets, verbs
from kpis.proposals.models import KPISet
from kpis.proposals.takeable import measures_to_take

MILLION = Decimal(1_000_000)


def start_from_template(contract: Contract, template: KPITemplate, *, by: Person) -> KPISet:
    """Return the contract's new draft set with the template's measures, for the proposer to change.

    Measures retired since are left out, and so are those of a framework the contract may not propose from.
    Raises what `start_set` and `add_kpi` raise; then nothing is made.
    """
    with transaction.atomic():
        kpi_set = verbs.start_set(contract, by=by)
        KPISet.objects.filter(pk=kpi_set.pk).update(template=template)
        kpi_set.template = template
        taken = []
        there = set(kpi_set.terms.values_list("kpi__measure", flat=True))
        may_take = set(measures_to_take(kpi_set).values_list("pk", flat=True))
        verbs.hold_measures(template.items.values("measure"))
        for item in template.items.select_related("measure__unit", "measure__cohort", "measure__framework"):
            if item.measure_id in there or item.measure_id not in may_take:
                continue
            target = suggested(item, contract.whole_value)
            try:
                terms = verbs.add_kpi(kpi_set, by=by, measure=item.measure, target=target, why=item.why)
            except Invalid as refusal:
                # The form that began it has no such fields: say which measure it is about.
                raise Invalid(
                    [("", f"{item.measure.title}: {words}") for _, words in refusal.errors]
                ) from None
            taken.append((item.measure, terms.target))
        record(
            action=BEGUN,
            subject=kpi_set,
            by=by,
            contract_number=contract.pk,
            summary=f"Began KPI set {kpi_set.number} from the template “{template}”",
            after={"Template": template.name, PUT_IN: put_in(taken)},
        )
    return KPISet.objects.get(pk=kpi_set.pk)


def suggested(item: TemplateItem, whole_value: Decimal | None) -> Decimal | None:
    """Return the target to start from for a contract of this whole value in £; None where there is none.

    What adds up is scaled by the value in millions, to two significant figures, and is never less than the
    least its unit can show; a contract without a value is taken for one of £1 million. A level stays.
    """
    measure, per_million = item.measure, item.suggested_target
    if per_million is None:
        # A measure that needs a target gets the least there is, for the proposer to change.
        return smallest(measure) if targets.has_amount(measure) else None
    if not targets.adds_up(measure):
        return per_million.quantize(smallest(measure), rounding=ROUND_HALF_UP)
    if per_million == 0:
        return Decimal(0)
    scaled = per_million * (whole_value if whole_value and whole_value > 0 else MILLION) / MILLION
    return max(_two_figures(scaled).quantize(smallest(measure), rounding=ROUND_HALF_UP), smallest(measure))


def smallest(measure: Measure) -> Decimal:
    """Return the least amount above nothing that the measure's unit can show."""
    return Decimal(1).scaleb(-measure.unit.places)


def _two_figures(amount: Decimal) -> Decimal:
    """Return the amount to two significant figures, without an exponent."""
    if not amount:
        return amount
    rounded = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), rounding=ROUND_HALF_UP)
    return Decimal(format(rounded, "f"))


def begun_from(kpi_set: KPISet) -> str:
    """Return the template from which the set was begun, in words, or "" for none.

    Sets begun before the template was kept with them have its name in their history only.
    """
    if kpi_set.template is not None:
        return f"The template “{kpi_set.template}”"
    row = HistoryRow.objects.of(kpi_set).filter(action=BEGUN).first()
    return f"The template “{row.after['Template']}”" if row else ""


class StartForm(GovukForm):
    """With what a first KPI set begins: a template that fits the contract, the closest first, or nothing."""

    start = forms.ChoiceField(label="What to begin with", required=False, widget=forms.RadioSelect)
    mark_optional = False

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fitting = {str(one.template.pk): one for one in fitting(contract)}
        field: Any = self.fields["start"]
        named = [(key, f"Template: {one.template}") for key, one in self.fitting.items()]
        field.choices = [("", "An empty set"), *named]
        field.initial = ""
        hints = {
            key: " ".join(
                filter(
                    None,
                    (
                        f"{plural(one.count, 'measure')} with targets to start from. {one.template.about}",
                        one.left_out,
                        f"Fits {one.why}." if one.why else "",
                    ),
                )
            )
            for key, one in self.fitting.items()
        }
        self.choice_hints = {"start": {"": "You choose every measure from the library.", **hints}}  # type: ignore[misc]
        if not named:
            del self.fields["start"]

    @property
    def template(self) -> KPITemplate | None:
        """Return the template chosen, after `is_valid`; None for an empty set."""
        chosen = self.fitting.get(self.cleaned_data.get("start") or "")
        return chosen.template if chosen else None
