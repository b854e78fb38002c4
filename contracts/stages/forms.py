"""The forms of stages: an answer, a move, the introduction of a statement, a question of the checklist."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts.calendar import today
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, Stage
from contracts.stages.moves import SIGNED, StageMove
from contracts.stages.questions import FACTS
from contracts.stages.statements import LONGEST_INTRODUCTION
from contracts.stages.verbs import Given, is_over, mark_of, problems_of
from govuk.fields import DateField, FigureField, WholeNumberField
from govuk.formats import day
from govuk.forms import GovukForm, GovukModelForm

Kind, Verdict = ChecklistQuestion.Kind, ChecklistAnswer.Verdict
LONGEST_ANSWER = 5000
HINTS = {
    Stage.TENDER: "Suppliers are asked to tender.",
    Stage.MOBILISATION: "Signed, and getting ready to start.",
    Stage.LIVE: "Signed and running. A live contract without approved KPIs or an approved exception is not "
    "stopped, but is shown as such everywhere.",
}
WORDS_LABELS = {
    Kind.YES_NO: "Why, and what was decided",
    Kind.TEXT: "Answer",
    Kind.PERCENTAGE: "Why this much",
}


class AnswerForm(GovukForm):
    """One question of the checklist; it may be left blank. It carries the mark of what was read."""

    mark_optional = False
    inline = ("verdict",)
    widths: ClassVar = {"percentage": "4"}
    nouns: ClassVar = {"words": "answer", "verdict": "answer"}

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    verdict = forms.ChoiceField(label="Short answer", required=False, widget=forms.RadioSelect)
    percentage = FigureField(
        label="Percentage", required=False, suffix="%", max_digits=5, decimal_places=2,
        min_value=0, max_value=100,
    )  # fmt: skip
    words = forms.CharField(
        required=False, max_length=LONGEST_ANSWER, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )
    does_not_apply = forms.BooleanField(
        label="Does not apply to this contract", required=False, help_text="Say why in the box above."
    )

    def __init__(
        self,
        data: Any,
        *,
        question: ChecklistQuestion,
        answer: ChecklistAnswer | None,
    ) -> None:
        self.question, self.answer = question, answer
        standing = answer or ChecklistAnswer(question=question)
        super().__init__(
            data,
            prefix=f"q{question.pk}",
            initial={
                "seen": mark_of(answer),
                "verdict": standing.verdict,
                "percentage": standing.percentage,
                "does_not_apply": standing.verdict == Verdict.DOES_NOT_APPLY,
                "words": standing.words,
            },
        )
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        fields["words"].label = WORDS_LABELS[Kind(question.kind)]
        if question.kind == Kind.YES_NO:
            fields.pop("percentage")
            fields.pop("does_not_apply")
            choices = [(one.value, str(one.label)) for one in Verdict if one.value]
            # Taking an answer back is a choice only where there is one.
            fields["verdict"].choices = [*choices, ("", "Not answered")] if standing.verdict else choices
        else:
            fields.pop("verdict")
            if question.kind == Kind.TEXT:
                fields.pop("percentage")
        self.refresh_messages()

    def clean(self) -> dict[str, Any]:
        """Put the verb's sentences by their fields."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            for name, sentence in problems_of(self.given):
                self.add_error(name if name in self.fields else None, sentence)
        return data

    @property
    def given(self) -> Given:
        """Return what the verb is given."""
        data = self.cleaned_data
        verdict = data.get("verdict", "")
        if data.get("does_not_apply"):
            verdict = Verdict.DOES_NOT_APPLY
        return Given(
            self.question, str(verdict), data.get("percentage"), data.get("words", ""), data.get("seen", "")
        )


class StageMoveForm(GovukForm):
    """To which stage; with the dates that are not known yet, and a note."""

    mark_optional = False
    nouns: ClassVar = {"to": "stage"}

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.ChoiceField(label="Which stage is it at now?", widget=forms.RadioSelect)
    signed_on = DateField(
        label="Date it was signed",
        required=False,
        help_text="Needed for mobilisation and live: signature makes a contract live.",
    )
    starts_on = DateField(
        label="Date it starts", required=False, help_text="Needed for mobilisation and live."
    )
    ends_on = DateField(label="Last day it ran", required=False, help_text="Needed to end it.")
    note = forms.CharField(
        label="Why",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed only to go back a stage. Kept in the contract’s history.",
    )

    def __init__(self, data: Any, *, contract: Contract, moves: list[StageMove]) -> None:
        super().__init__(data, initial={"version": contract.version})
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        fields["to"].choices = [
            (str(move.target), f"Back to {_lower(move.target)}" if move.is_back else str(move.target.label))
            for move in moves
        ]
        hints = {str(move.target): _hint(move, contract) for move in moves}
        self.choice_hints = {"to": hints}  # type: ignore[misc]
        needed = {fact for move in moves for fact in move.needs}
        if "signed_on" not in needed or contract.signed_on:
            fields.pop("signed_on")
        else:
            fields["signed_on"].max_date = today()
        if "starts_on" not in needed or contract.starts_on:
            fields.pop("starts_on")
        if "given_up_on" in needed and not is_over(contract):
            given_up = fields["ends_on"]
            given_up.label, given_up.max_date = "Day the procurement was given up", today()
            given_up.help_text = "Needed to end what was never signed. Its planned dates are taken off."
            fields[
                "note"
            ].help_text = (
                "Needed where the procurement was given up, or to go back a stage. Kept in the history."
            )
        elif "last_day" not in needed or contract.last_day:
            fields.pop("ends_on")
        self.refresh_messages()

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb is given."""
        data = self.cleaned_data
        return {
            "to": data["to"],
            "on": data.get("signed_on"),
            "starts_on": data.get("starts_on"),
            "ends_on": data.get("ends_on"),
            "note": data["note"],
            "version": data["version"],
        }


def _hint(move: StageMove, contract: Contract) -> str:
    """Return what it means to be at the stage, or what stands in the way."""
    if move.source == Stage.ENDED:
        return (
            "A correction: say why. Put its end date right as well, or it ends again by itself next morning."
        )
    if move.is_back:
        signed = contract.signed_on and move.target not in SIGNED and move.source in SIGNED
        return "A correction: say why." + (" It is then no longer marked as signed." if signed else "")
    if move.target == Stage.ENDED:
        last = contract.last_day
        if "given_up_on" in move.needs and not is_over(contract):
            return "The procurement was given up."
        if last is not None and last >= today():
            return f"Its last day is {day(last)}: it ends here once that day is past."
        return "Its last day is past." if last is not None else ""
    return HINTS.get(move.target, "")


def _lower(stage: Stage) -> str:
    return str(stage.label)[:1].lower() + str(stage.label)[1:]


class StatementForm(GovukForm):
    """The words a statement for suppliers opens with, and the mark of the sections that were read."""

    counted = ("introduction",)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    introduction = forms.CharField(
        max_length=LONGEST_INTRODUCTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The statement opens with this.",
    )


class QuestionForm(GovukModelForm):
    """A question of the checklist."""

    nouns: ClassVar = {"text": "question", "kind": "how it is answered"}
    widths: ClassVar = {"position": "3"}

    position = WholeNumberField(label="Place in its stage", min_value=1, max_value=999)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ChecklistQuestion
        fields = FACTS
        widgets = {
            "kind": forms.RadioSelect,
            "stage": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 2}),
            "hint": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "kind": "How is it answered?",
            "stage": "Stage",
            "statement_heading": "Heading in the statement for suppliers",
            "tier": "Tier",
            "category": "Category",
            "band": "From this value up",
        }
        help_texts = {
            "statement_heading": "Leave blank to keep its answers inside the council. Questions with the "
            "same heading make one section.",
            "hint": "What a good answer has in it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        for name in ("tier", "category"):
            fields[name].empty_label = "All"
        fields["band"].empty_label = "Any value"
        fields["band"].label_from_instance = lambda band: f"From the band “{band.name}” up"
        # A question is at one stage and answered in one way: there is no blank choice.
        fields["stage"].choices = Stage.choices
        fields["kind"].choices = Kind.choices
        if self.instance.pk:
            fields["version"].initial = self.instance.version
            if self.instance.answers.exists():
                fields["kind"].disabled = True
                fields[
                    "kind"
                ].help_text = "It has been answered, so this can’t change. Retire it and add another instead."
        else:
            fields["stage"].initial = None
        self.refresh_messages()

    def clean_version(self) -> int:
        """Return the version; a form sent without it has seen none, so it saves nothing over what stands."""
        return self.cleaned_data["version"] or 0

    def _post_clean(self) -> None:
        """Leave the question alone: the verb puts the facts on a locked copy and checks them."""

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb is given."""
        return {name: self.cleaned_data[name] for name in FACTS}
