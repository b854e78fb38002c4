"""What is asked of whoever asks about a set, answers a question or withdraws it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from govuk.forms import GovukForm
from kpis.approvals.challenges import LONGEST

WHOLE = "set"


class AskForm(GovukForm):
    """The question, and whether it is about the whole set or one KPI. Quotes the content that was read."""

    mark_optional = False
    nouns: ClassVar = {"comment": "your question", "about": "what it is about"}
    content_hash = forms.CharField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label="What is it about?")
    comment = forms.CharField(
        label="Your question",
        max_length=LONGEST,
        help_text="The proposers are asked to answer. Everybody who works on the set can read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, content: dict, **kwargs: Any) -> None:
        """Offer the KPIs of the submission that was read: `content` is what was frozen."""
        super().__init__(*args, **kwargs)
        exception = content.get("kind") == "exception"
        field: Any = self.fields["about"]
        field.choices = [
            (WHOLE, "The exception" if exception else "The set as a whole"),
            *((str(kpi["kpi"]), f"{kpi['position']}. {kpi['title']}") for kpi in content["kpis"]),
        ]

    @property
    def kpi_key(self) -> int | None:
        """Return the key of the KPI it is about, or None for the whole, after `is_valid`."""
        about = self.cleaned_data["about"]
        return None if about == WHOLE else int(about)


class AnswerForm(GovukForm):
    """The proposers' answer."""

    mark_optional = False
    nouns: ClassVar = {"answer": "your answer"}
    answer = forms.CharField(
        label="Your answer", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


class WithdrawForm(GovukForm):
    """Why a question needs no answer any more."""

    note = forms.CharField(
        label="Reason", required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
