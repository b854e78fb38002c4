"""What is asked of a good practice note and of a guidance page, and by what notes are narrowed."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.seen import VersionMixin
from accounts.models import Directorate, Person
from contracts.models import Contract
from govuk.fields import WholeNumberField
from govuk.forms import GovukForm
from kpis.library.models import Measure, Theme
from kpis.library.offering import by_edition
from kpis.practice.models import GoodPracticeNote, GuidancePage

LONGEST_NOTE, LONGEST_PAGE = 8000, 30_000


class NoteForm(VersionMixin, GovukForm):
    """What worked, where, and on which measure."""

    title = forms.CharField(label="What worked, in a few words", max_length=150)
    text = forms.CharField(
        label="What you did, and what others can take from it",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Say what you asked for, how it was agreed and checked, and what you would do again.",
    )
    measure = forms.ModelChoiceField(label="Measure", queryset=Measure.objects.none(), required=False)
    contract_number = WholeNumberField(
        label="Number of one of your contracts",
        required=False,
        min_value=1,
        max_value=10**12,
        help_text="Its title is shown only to those who may open the contract; others read “a contract of” "
        "and its directorate.",
    )
    directorate = forms.ModelChoiceField(
        label="Where it was learnt",
        queryset=Directorate.objects.none(),
        required=False,
        empty_label="The whole council",
        help_text="Everybody sees this. A note on a contract shows the contract’s directorate.",
    )
    nouns = {
        "title": "title", "text": "what you did", "measure": "measure", "directorate": "directorate",
        "contract_number": "number of a contract",
    }  # fmt: skip
    widths = {"contract_number": "10"}
    field_order = ["version", "title", "text", "measure", "contract_number", "directorate"]

    def __init__(self, *args: Any, by: Person, note: GoodPracticeNote | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.note = by, note
        fields: dict[str, Any] = self.fields
        offered = Measure.objects.live().shared()
        if note and note.measure_id:
            offered = offered | Measure.objects.filter(pk=note.measure_id)
        fields["measure"].queryset = offered
        fields["measure"].choices = by_edition(
            offered.select_related("framework", "theme"), "No measure in particular"
        )
        held = by.authority
        directorates = Directorate.objects.open()
        if not held.is_lead:
            own = held.commissions | held.leads
            managed = Contract.objects.managed_by(by).values("directorate")
            directorates = directorates.filter(pk__in=own) | directorates.filter(pk__in=managed)
        if note and note.directorate_id:
            directorates = directorates | Directorate.objects.filter(pk=note.directorate_id)
        fields["directorate"].queryset = directorates.distinct()

    def clean_contract_number(self) -> Contract | None:
        """Return the contract with this number; refuse one the person can't see, unless it stands."""
        number = self.cleaned_data["contract_number"]
        if number is None:
            return None
        if self.note is not None and number == self.note.contract_id:
            return self.note.contract
        found = Contract.objects.visible_to(self.by).filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(f"There is no contract {number} that you work on")
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        names = ("title", "text", "measure", "directorate")
        return {
            "contract": self.cleaned_data["contract_number"],
            **{name: self.cleaned_data[name] for name in names},
        }


class WithdrawForm(VersionMixin, GovukForm):
    """Why a note is withdrawn or brought back."""

    reason = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the note’s history.",
    )  # fmt: skip


class NoteFilter(GovukForm):
    """Words, measure, theme and directorate to narrow the notes by; what nobody offered counts as none."""

    q = forms.CharField(label="Search notes", required=False, max_length=100)
    measure = forms.ModelChoiceField(
        label="Measure", queryset=Measure.objects.none(), required=False, empty_label="All measures"
    )
    theme = forms.ModelChoiceField(
        label="Theme", queryset=Theme.objects.none(), required=False, empty_label="All themes"
    )
    directorate = forms.ModelChoiceField(
        label="Directorate", queryset=Directorate.objects.none(), required=False,
        empty_label="All directorates",
    )  # fmt: skip
    withdrawn = forms.BooleanField(label="Withdrawn notes instead", required=False)
    mark_optional = False

    def __init__(self, data: Any, *, by: Person) -> None:
        super().__init__(data)
        readable = GoodPracticeNote.objects.readable_by(by)
        fields: dict[str, Any] = self.fields
        # What any note is about: a box never leads to an empty list by itself.
        fields["measure"].queryset = Measure.objects.filter(pk__in=readable.values("measure"))
        fields["measure"].choices = by_edition(
            fields["measure"].queryset.select_related("framework", "theme"), "All measures"
        )
        fields["theme"].queryset = Theme.objects.filter(
            measures__in=readable.exclude(measure=None).values("measure")
        ).distinct()
        fields["directorate"].queryset = Directorate.objects.filter(pk__in=readable.values("directorate"))
        if not readable.exclude(withdrawn_at=None).exists():
            del fields["withdrawn"]
        if not self.is_valid():
            self.data = {name: value for name, value in self.data.items() if name not in self.errors}
            self.full_clean()

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything was asked for."""
        return any(self.cleaned_data.values())

    def narrow(self, notes: Any) -> Any:
        """Return those of the notes that were asked for."""
        asked = self.cleaned_data
        notes = notes.exclude(withdrawn_at=None) if asked.get("withdrawn") else notes.standing()
        if asked.get("measure"):
            notes = notes.filter(measure=asked["measure"])
        if asked.get("theme"):
            notes = notes.filter(measure__theme=asked["theme"])
        if asked.get("directorate"):
            notes = notes.filter(directorate=asked["directorate"])
        return notes.matching(asked.get("q", ""))


class GuidanceForm(VersionMixin, GovukForm):
    """A page's title, its sentence in the list, and its text."""

    title = forms.CharField(label="Title", max_length=150)
    summary = forms.CharField(
        label="What it is for, in one sentence", required=False, max_length=250,
        help_text="Shown under the title in the list of guidance.",
    )  # fmt: skip
    body = forms.CharField(
        label="Text",
        max_length=LONGEST_PAGE,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text="Leave an empty line between paragraphs. “How to set out the text” below says the few "
        "marks there are.",
    )
    nouns = {"body": "the text of the page", "summary": "sentence"}
    field_order = ["version", "title", "summary", "body"]

    def __init__(self, *args: Any, page: GuidancePage | None = None, **kwargs: Any) -> None:
        if page is not None:
            names = ("title", "summary", "body", "version")
            kwargs.setdefault("initial", {name: getattr(page, name) for name in names})
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in ("title", "summary", "body")}
