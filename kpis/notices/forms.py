"""Forms about section 52: what the contract's facts are, and which KPIs a notice names."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.calendar import today
from accounts.forms.seen import VersionMixin
from accounts.models import Directorate
from contracts.models import ActKind, Contract
from govuk.fields import DateField, WholeNumberField
from govuk.forms import GovukForm
from kpis.notices.models import Notice
from kpis.notices.section52 import ANSWERS, set_in_force
from kpis.notices.verbs import PLACES, Pick
from kpis.proposals.models import KPITerms

ELSEWHERE = "elsewhere"


class Section52Form(VersionMixin, GovukForm):
    """The facts section 52 turns on that this page asks for itself."""

    kpis_elsewhere = WholeNumberField(
        label="KPIs held elsewhere",
        required=False,
        min_value=0,
        max_value=999,
        help_text="KPIs of this contract that are not in this service, such as service KPIs. Enter 0 for "
        "none; leave it blank if nobody knows.",
    )
    act_kind = forms.ChoiceField(
        label="Is it of a kind section 52 leaves out?",
        choices=ActKind.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    kpi_exemption = forms.CharField(
        label="Why performance could not appropriately be assessed by KPIs",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only where the council has decided so. The reason must be stated in the contract details "
        "notice. Leave it blank where KPIs are set or are to be set.",
    )
    note = forms.CharField(
        label="Why you are changing this",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the contract’s history.",
    )
    widths = {"kpis_elsewhere": "3"}
    nouns = {"kpis_elsewhere": "number of KPIs held elsewhere", "act_kind": "kind of contract"}

    def __init__(self, *args: Any, contract: Contract, words: str = "", **kwargs: Any) -> None:
        """Begin with what is recorded; `words` stand where no reason is, until somebody saves them."""
        names = ("kpis_elsewhere", "act_kind", "kpi_exemption", "version")
        initial = {name: getattr(contract, name) for name in names}
        kwargs.setdefault("initial", {**initial, "kpi_exemption": contract.kpi_exemption or words})
        super().__init__(*args, **kwargs)
        self.fields["act_kind"].label = "Is it of a kind section 52 leaves out?"

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the contract's verb is given."""
        return {name: self.cleaned_data[name] for name in ("kpis_elsewhere", "act_kind", "kpi_exemption")}


class PublicationForm(VersionMixin, GovukForm):
    """When and under which number a notice was published."""

    published_on = DateField(
        label="Published on", required=False, help_text="Leave it blank until the notice has been published."
    )
    reference = forms.CharField(
        label="Its number on Find a Tender",
        required=False,
        max_length=120,
        help_text="Such as 2026/S 000-012345",
    )
    widths = {"reference": "20"}
    nouns = {"published_on": "day it was published", "reference": "number on Find a Tender"}

    def clean_published_on(self) -> Any:
        """Return the day; one still to come is refused."""
        day = self.cleaned_data["published_on"]
        if day is not None and day > today():
            raise forms.ValidationError("The day it was published must be today or in the past")
        return day


class NoticeForm(PublicationForm):
    """A notice: which, the three most material KPIs in order, why these or why none."""

    kind = forms.ChoiceField(
        label="Which notice is it?", choices=Notice.Kind.choices, widget=forms.RadioSelect
    )
    why_these = forms.CharField(
        label="Why these are the most material",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where fewer than three are named.",
    )
    why_none = forms.CharField(
        label="If none is named: why there are no KPIs, as the notice says it",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    nouns = {
        **PublicationForm.nouns, "kind": "which notice it is", "why_none": "why there are no KPIs",
        "first": "KPI", "second": "second KPI", "third": "third KPI",
    }  # fmt: skip
    # Nearly everything is: which boxes are needed is said by what they are about.
    mark_optional = False
    field_order = ["version", "kind"]

    def __init__(self, *args: Any, contract: Contract, notice: Notice | None = None, **kwargs: Any) -> None:
        kpi_set = set_in_force(contract)
        terms = kpi_set.terms.select_related("kpi") if kpi_set else KPITerms.objects.none()
        self.own: dict[str, Pick] = {
            str(one.kpi_id): Pick(one.title, one.counting_rule, one.kpi) for one in terms
        }
        if notice is not None:
            # What it names already stays on offer, in the words it was named by.
            for row in notice.kpis.select_related("kpi"):
                if row.kpi is not None:
                    self.own.setdefault(str(row.kpi_id), Pick(row.title, row.description, row.kpi))
            kwargs.setdefault("initial", _initial(notice))
        super().__init__(*args, **kwargs)
        choices = [
            ("", "None"),
            *((key, pick.title) for key, pick in self.own.items()),
            (ELSEWHERE, "A KPI held elsewhere"),
        ]
        for place in PLACES:
            self.fields[place] = forms.ChoiceField(label="KPI", choices=choices, required=False)
            self.fields[f"{place}_title"] = forms.CharField(
                label="Its title, if it is held elsewhere", required=False, max_length=200
            )
            self.fields[f"{place}_description"] = forms.CharField(
                label="How the notice describes it",
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Left blank, the counting rule of a KPI kept here is used.",
            )
        self.refresh_messages()

    @property
    def places(self) -> list[tuple[str, list]]:
        """Return (legend, bound fields) of each place, the most material first."""
        legends = ("Most material KPI", "Second KPI", "Third KPI")
        return [
            (legend, [self[place], self[f"{place}_title"], self[f"{place}_description"]])
            for legend, place in zip(legends, PLACES, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        """Require a title for a KPI held elsewhere, and refuse words that belong to no KPI or a gap."""
        data = super().clean() or self.cleaned_data
        empty = ""
        for place in PLACES:
            chosen, title = data.get(place, ""), (data.get(f"{place}_title") or "").strip()
            if chosen == ELSEWHERE and not title and f"{place}_title" not in self.errors:
                self.add_error(f"{place}_title", "Enter the title of the KPI held elsewhere")
            elif title and chosen != ELSEWHERE:
                self.add_error(place, "Select “A KPI held elsewhere”, or leave its title blank")
            if chosen and empty:
                self.add_error(empty, f"Select a KPI here before naming a {place} one")
            empty = empty or ("" if chosen else place)
        return data

    @property
    def picks(self) -> list[Pick]:
        """Return the KPIs chosen, in order."""
        found = []
        for place in PLACES:
            chosen = self.cleaned_data.get(place, "")
            described = self.cleaned_data.get(f"{place}_description", "").strip()
            if chosen == ELSEWHERE:
                found.append(Pick(self.cleaned_data[f"{place}_title"].strip(), described))
            elif chosen:
                own = self.own[chosen]
                found.append(Pick(own.title, described or own.description, own.kpi))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs are given besides the KPIs."""
        names = ("kind", "published_on", "reference", "why_these", "why_none")
        return {name: self.cleaned_data[name] for name in names}


def _initial(notice: Notice) -> dict[str, Any]:
    names = ("kind", "published_on", "reference", "why_these", "why_none", "version")
    initial = {name: getattr(notice, name) for name in names}
    for place, row in zip(PLACES, notice.kpis.all(), strict=False):
        initial[place] = str(row.kpi_id) if row.kpi_id else ELSEWHERE
        initial[f"{place}_title"] = "" if row.kpi_id else row.title
        initial[f"{place}_description"] = row.description
    return initial


class WithdrawForm(VersionMixin, GovukForm):
    """Why a notice is withdrawn."""

    reason = forms.CharField(
        label="Why is the notice withdrawn?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the contract’s history.",
        error_messages={"required": "Enter why the notice is withdrawn"},
    )


class ListForm(GovukForm):
    """What narrows the list of contracts section 52 is about."""

    mark_optional = False
    answer = forms.ChoiceField(
        label="Answer",
        required=False,
        choices=[("", "All"), *((key, words) for key, (words, _) in ANSWERS.items() if key != "not_asked")],
    )
    directorate = forms.ModelChoiceField(
        queryset=Directorate.objects.none(), label="Directorate", required=False, empty_label="All"
    )

    def __init__(self, *args: Any, directorates: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        fields["directorate"].queryset = Directorate.objects.filter(pk__in=directorates)
