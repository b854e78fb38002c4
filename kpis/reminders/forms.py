"""Forms about reminders: a step's day and words, and holding back with a reason."""

from django import forms

from accounts.calendar import today
from accounts.forms.seen import SeenMixin
from accounts.verbs.recipe import mark_of
from govuk.fields import DateField
from govuk.forms import GovukForm
from kpis.reminders.models import ReminderStep
from kpis.reminders.words import PLACEHOLDERS


class StepForm(SeenMixin, GovukForm):
    """When a reminder goes out, its line in the letter, and whether it goes out at all."""

    days = forms.IntegerField(label="Working days", required=False)
    line = forms.CharField(
        label="Line in the letter", max_length=250, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_on = forms.TypedChoiceField(
        label="Is this reminder sent?",
        choices=[("yes", "Yes"), ("no", "No, it is switched off")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether this reminder is sent"},
    )
    widths = {"days": "4"}
    nouns = {"days": "number of working days"}
    counted = ("line",)
    mark_optional = False

    def __init__(self, *args, step: ReminderStep, **kwargs):
        kwargs.setdefault(
            "initial",
            {
                "days": step.days,
                "line": step.line,
                "is_on": "yes" if step.is_on else "no",
                "seen": mark_of(step, "reminders.change_step"),
            },
        )
        super().__init__(*args, **kwargs)
        if step.days is None:
            del self.fields["days"]
        elif step.subject == ReminderStep.Subject.RETURN:
            self.fields["days"].help_text = (
                "Counted from the day the return is due. Days before have a minus sign: "
                "-3 is three working days before."
            )
        elif step.subject == ReminderStep.Subject.BREAK_POINT:
            self.fields["days"].help_text = (
                "Counted from the last day for notice, or from the day itself where no notice date is "
                "recorded. Days before have a minus sign: -20 is twenty working days before."
            )
        elif step.subject == ReminderStep.Subject.EXCEPTION:
            self.fields["days"].help_text = (
                "Counted from the day the exception is to be reviewed on. Days before have a minus sign: "
                "-20 is twenty working days before."
            )
        else:
            self.fields["days"].help_text = "Counted from the day the KPI set was submitted."
        names = ", ".join(f"${name}" for name in PLACEHOLDERS[ReminderStep.Subject(step.subject)])
        self.fields["line"].help_text = f"These are filled in for each letter: {names}."


class SnoozeForm(GovukForm):
    """Until when reminders about a return are held back, and why."""

    until = DateField(label="Last day without reminders", help_text="For example, 27 6 2026")
    reason = forms.CharField(
        label="Why are they held back?",
        help_text="It is kept in the contract's history.",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why reminders are held back"},
    )
    nouns = {"until": "the last day without reminders"}
    counted = ("reason",)

    def clean_until(self):
        """Return the day; one that has passed holds back nothing."""
        until = self.cleaned_data["until"]
        if until < today():
            raise forms.ValidationError("The last day without reminders must be today or later")
        return until
