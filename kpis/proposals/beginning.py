"""With what a KPI set begins: what is offered, and what it was begun from, in words."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import HistoryRow, Person
from contracts.models import Contract
from govuk.formats import plural
from govuk.forms import GovukForm
from kpis.library.models import KPITemplate
from kpis.library.template_use import BEGUN
from kpis.library.templates import fitting
from kpis.proposals.models import KPISet

# What is sent where the set does not begin from a template.
COPY, OWN = "copy", "own"


def begun_from(kpi_set: KPISet, person: Person) -> tuple[str, str]:
    """Return what the set was begun from, in words, and its address for this person; ("", "") for nothing.

    Sets begun before the template was kept with them have its name in their history only.
    """
    if kpi_set.template is not None:
        return f"The template “{kpi_set.template}”", ""
    source = kpi_set.copied_from
    if source is not None:
        if source.contract_id == kpi_set.contract_id:
            return f"A copy of KPI set {source.number}", source.get_absolute_url()
        if Contract.objects.visible_to(person).filter(pk=source.contract_id).exists():
            return f"A copy of KPI set {source.number} of {source.contract}", source.get_absolute_url()
        return "A copy of another contract’s KPI set", ""
    row = HistoryRow.objects.of(kpi_set).filter(action=BEGUN).first()
    return (f"The template “{row.after['Template']}”", "") if row else ("", "")


class StartForm(GovukForm):
    """With what a KPI set begins: what is in force, a template that fits, another contract's, or nothing."""

    start = forms.ChoiceField(label="What to begin with", required=False, widget=forms.RadioSelect)
    mark_optional = False

    def __init__(self, *args: Any, contract: Contract, before: KPISet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fitting = {str(one.template.pk): one for one in fitting(contract)}
        field: Any = self.fields["start"]
        also = " These come as well." if before else ""
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
        if before:
            first = (f"KPI set {before.number}, as it is in force", "You change only what changes.")
        else:
            first = ("The library of measures", "An empty set: you choose every measure yourself.")
        field.choices = [
            ("", first[0]),
            *[(key, f"Template: {one.template}") for key, one in self.fitting.items()],
            (COPY, "The KPIs of another contract"),
            (OWN, "A measure in your own words"),
        ]
        field.initial = ""
        hints = {key: f"{words}{also}" for key, words in hints.items()}
        self.choice_hints = {  # type: ignore[misc]
            "start": {
                "": first[1],
                **hints,
                COPY: f"You choose the contract next, and see what would come along.{also}",
                OWN: "For something no measure in the library covers. Others can come from the library.",
            }
        }

    @property
    def chosen(self) -> str:
        """Return what was chosen, after `is_valid`: "", COPY, OWN or a template's key."""
        return self.cleaned_data.get("start") or ""

    @property
    def template(self) -> KPITemplate | None:
        """Return the template chosen, after `is_valid`; None for anything else."""
        found = self.fitting.get(self.chosen)
        return found.template if found else None
