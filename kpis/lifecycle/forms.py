"""Forms of what happens to a contract: one for each act, dates in words, what was typed kept."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.history import history_of
from accounts.models import Department, Directorate
from accounts.verbs.recipe import Stale
from contracts.models import Contract
from govuk.fields import DateField, MoneyField, MonthField
from govuk.forms import GovukForm
from kpis.lifecycle.verbs import Lot

# The first lot is the contract itself; a council that has more splits one of the new ones again.
LOTS = 6
SHOWN = 3


def _words(
    label: str, *, rows: int = 3, required: bool = True, hint: str = "", most: int = 2000, missing: str = ""
) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": missing} if missing else None,
    )


class ActForm(GovukForm):
    """What every form here begins with: the version of the contract its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """Return the version; a form sent without it has seen none, so nothing is done on it."""
        return self.cleaned_data["version"] or 0

    def keep(self, stale: Stale, contract: Contract) -> int:
        """Say what happened meanwhile, keep what was typed ready to be sent again; return the status."""
        latest = history_of(contract).first()
        told = f" Last change: {latest.summary}, by {latest.actor or 'the clock'}." if latest else ""
        self.add_error(None, f"{stale}{told} What you typed is still here.")
        self.data = {**self.data.dict(), "version": contract.version}  # type: ignore[attr-defined]
        return 409


class ExtendForm(ActForm):
    """To when, and why."""

    to = DateField(
        label="New last day",
        help_text="For example, 31 3 2028",
        error_messages={"required": "Enter the new last day"},
    )
    note = _words(
        "Reason, or the agreement it rests on",
        required=False,
        hint="Needed where the contract does not allow an extension that long.",
    )


class TerminateForm(ActForm):
    """On which day, and why."""

    on = DateField(
        label="Last day",
        help_text="The last day it runs. A day in the past may be given.",
        error_messages={"required": "Enter the last day"},
    )
    reason = _words("Why it is terminated", missing="Enter why it is terminated")


class SuspendForm(ActForm):
    """For which months, why, by which agreement."""

    from_month = MonthField(
        label="First suspended month",
        help_text="For example, 12 2026",
        error_messages={"required": "Enter the first suspended month"},
    )
    to_month = MonthField(
        label="Last suspended month",
        required=False,
        help_text="Leave blank where nobody knows yet: say so when the contract is taken up again.",
    )
    reason = _words("Why it is suspended", missing="Enter why it is suspended")
    reference = forms.CharField(label="Agreement or letter", required=False, max_length=250)


class ResumeForm(ActForm):
    """The last suspended month."""

    last_month = MonthField(
        label="Last suspended month",
        help_text="Returns are owed again from the next month.",
        error_messages={"required": "Enter the last suspended month"},
    )
    note = _words("Note", required=False)


class NovateForm(ActForm):
    """To whom, from which day, by which agreement."""

    suppliers = _words(
        "Suppliers from that day on",
        rows=2,
        most=500,
        hint="All of them, one on each line. One who stays is named again.",
        missing="Enter the suppliers from that day on",
    )
    on = DateField(
        label="From",
        help_text="The first day of the new supplier. For example, 1 6 2026",
        error_messages={"required": "Enter the first day of the new supplier"},
    )
    reference = forms.CharField(label="Novation agreement", required=False, max_length=250)

    def clean_suppliers(self) -> list[str]:
        """Return the names, each once."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["suppliers"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class MoveForm(ActForm):
    """Which directorate, and from which month its returns count there."""

    directorate = forms.ModelChoiceField(
        queryset=Directorate.objects.none(), label="New directorate", empty_label="Select one"
    )
    department = forms.ModelChoiceField(
        queryset=Department.objects.none(), label="Department", required=False, empty_label="Not given"
    )
    from_month = MonthField(
        label="First month that counts in the new directorate",
        help_text="Returns of earlier months, and all that were submitted, stay where they are.",
        error_messages={"required": "Enter the first month that counts in the new directorate"},
    )
    note = _words("Reason", required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        fields["directorate"].queryset = Directorate.objects.open().exclude(pk=contract.directorate_id or 0)
        departments = Department.objects.filter(directorate__is_active=True).select_related("directorate")
        departments = departments.exclude(directorate=contract.directorate_id)
        fields["department"].queryset = departments
        fields["department"].widget.choices = [
            ("", "Not given"),
            *((one.pk, f"{one.name} ({one.directorate.name})") for one in departments),
        ]


class SplitForm(ActForm):
    """The lots, the day, and whether each gets a copy of the KPIs."""

    on = DateField(
        label="Split on",
        help_text="The day it took effect. For example, 1 4 2026",
        error_messages={"required": "Enter the day the split took effect"},
    )
    copy_kpis = forms.BooleanField(
        label="Begin a draft KPI set for each new lot with the KPIs of this contract",
        required=False,
        help_text="Nothing counts until its targets are set for the lot and its director has approved it.",
    )
    note = _words("Reason, or the agreement it rests on", required=False)

    def __init__(self, *args: Any, contract: Contract, may_copy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        if not may_copy:
            fields.pop("copy_kpis")
        for place in range(1, LOTS + 1):
            fields[f"title_{place}"] = forms.CharField(
                label=f"Title of lot {place}",
                required=place < 3,
                max_length=500,
                initial=contract.title if place == 1 else "",
                error_messages={"required": f"Enter the title of lot {place}"},
            )
            fields[f"suppliers_{place}"] = forms.CharField(
                label=f"Suppliers of lot {place}",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="One on each line. Blank: as they are now.",
            )
            fields[f"value_{place}"] = MoneyField(
                label=f"Value of lot {place}", required=False, max_digits=16
            )
        self.speak_again()

    def speak_again(self) -> None:
        """Give the fields made here their sentences, as those declared have them."""
        for place in range(1, LOTS + 1):
            self.refresh_messages(f"title_{place}", f"suppliers_{place}", f"value_{place}")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return each lot's boxes with its number."""
        return [
            {
                "place": place,
                "fields": [self[f"{name}_{place}"] for name in ("title", "suppliers", "value")],
            }
            for place in range(1, LOTS + 1)
        ]

    @property
    def more_is_open(self) -> bool:
        """Return whether the boxes folded away hold anything."""
        folded = (row for row in self.rows if row["place"] > SHOWN)
        return self.is_bound and any(
            self.data.get(box.html_name) or box.errors for row in folded for box in row["fields"]
        )

    @property
    def lots(self) -> list[Lot]:
        """Return the lots given; one without a title, but with something else, is among them."""
        data, found = self.cleaned_data, []
        for place in range(1, LOTS + 1):
            title, value = data.get(f"title_{place}") or "", data.get(f"value_{place}")
            names = [" ".join(line.split()) for line in (data.get(f"suppliers_{place}") or "").splitlines()]
            names = [name for name in names if name]
            if title or names or value is not None:
                found.append(Lot(title, names, value))
        return found
