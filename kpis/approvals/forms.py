"""What a decider is asked: approve with an optional note, or a reason for each KPI to put right."""

from django import forms
from django.http import QueryDict

from govuk.forms import GovukForm

# Sets approved by one press of a button.
MOST = 25


class ApproveForm(GovukForm):
    """An optional note; quotes the content that was read."""

    prefix = "approve"
    content_hash = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, questions=0, **kwargs):
        """Ask also for the reason to approve where so many questions have no answer yet."""
        super().__init__(*args, **kwargs)
        if questions:
            self.fields["override_reason"] = forms.CharField(
                label="Why you approve before the questions are answered",
                help_text="Only if you don’t wait for the answer. The reason is kept in the record.",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.refresh_messages()


class TogetherForm(GovukForm):
    """A note kept with each of several sets; the sets and the content that was read are hidden fields."""

    note = forms.CharField(
        label="Note, kept with each of them",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def quoted(self) -> list[tuple[int, str]]:
        """Return (set key, content hash) of each set that was shown, each once, in the page's order."""
        sent: list[str] = self.data.getlist("set") if isinstance(self.data, QueryDict) else []
        keys = [int(key) for key in dict.fromkeys(sent) if key.isdecimal() and len(key) < 19]
        return [(key, self.data.get(f"hash_{key}", "")) for key in keys[:MOST]]


class ReturnForm(GovukForm):
    """A reason for each KPI; at least one. Quotes the content that was read."""

    prefix = "return"
    mark_optional = False
    content_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, kpis, **kwargs):
        """Ask about each KPI of the submission: `kpis` is its frozen list."""
        super().__init__(*args, **kwargs)
        for kpi in kpis:
            self.fields[f"reason_{kpi['position']}"] = forms.CharField(
                label=f"What must change in “{kpi['title']}”",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        # Without KPIs (an exception) there is only the whole to say what must change of.
        self.fields["note"] = forms.CharField(
            label="Anything about the set as a whole" if kpis else "What must change",
            required=not kpis,
            error_messages={"required": "Say what must change, so that it can be put right"},
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.refresh_messages()

    @property
    def reason_fields(self):
        """Return the bound fields of reasons and note, in the set's order."""
        return [field for field in self if not field.is_hidden]

    @property
    def reasons(self) -> dict[int, str]:
        """Return the reasons typed, by position, after `is_valid`."""
        return {
            int(name.removeprefix("reason_")): text
            for name, text in self.cleaned_data.items()
            if name.startswith("reason_") and text.strip()
        }
