"""Forms about people and their posts."""

from typing import cast

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from accounts.calendar import today
from accounts.forms.seen import SeenMixin
from accounts.models import Directorate, Person, Role
from govuk.fields import DateField
from govuk.forms import GovukForm, GovukModelForm


def role_choices(empty="Select a role"):
    """Return the posts in the council's words, an empty line first."""
    return [("", empty), *((role.value, role.title) for role in Role)]


class AppointmentForm(GovukForm):
    """A post for a time."""

    role = forms.ChoiceField(label="Role")
    directorate = forms.ModelChoiceField(
        Directorate.objects.none(),
        label="Directorate",
        required=False,
        empty_label="Select a directorate",
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(
        label="Last day", required=False, help_text="This day still counts. Leave it blank for no end date."
    )
    reports_yearly = forms.BooleanField(label="Nominated to report on social value each year", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = role_choices()
        needing = [role.title for role in Role if role.needs_directorate]
        directorate = cast(forms.ModelChoiceField, self.fields["directorate"])
        directorate.queryset = Directorate.objects.open()
        self.fields["directorate"].help_text = f"Only for: {', '.join(needing)}."
        self.fields["starts_on"].initial = today()
        self.fields["reports_yearly"].help_text = f"Only for: {Role.EXECUTIVE_MEMBER.title}."

    field_order: list[str] | None = None


class InviteForm(AppointmentForm):
    """A person with their first post."""

    full_name = forms.CharField(label="Full name", max_length=150)
    email = forms.EmailField(label="Work email address", max_length=254)
    about = forms.CharField(label="Job title", max_length=150, required=False)
    field_order = ["full_name", "email", "about"]
    widths = {"full_name": "20", "email": "20", "about": "20"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class AppointmentEndForm(GovukForm):
    """The last day of a post, and why."""

    ends_on = DateField(label="Last day", help_text="This day still counts.")
    note = forms.CharField(
        label="Why", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(GovukForm):
    """Why, where somebody wants to say so."""

    note = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history.",
    )


class PersonForm(SeenMixin, GovukModelForm):
    """A person's details."""

    class Meta:
        model = Person
        fields = ["full_name", "email", "about"]

    widths = {"full_name": "20", "email": "20", "about": "20"}
    note = forms.CharField(label="Why", required=False, max_length=500, help_text="Kept in the history.")

    def validate_unique(self):
        """Leave it to the verb, which says who has the address."""

    def validate_constraints(self):
        """Leave it to the verb, which says who has the address."""

    def _post_clean(self):
        """Change nothing on the person: the verb does, on the locked row."""


class FirstPasswordForm(GovukForm):
    """The password an invited person chooses."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    nouns = {"password1": "password", "password2": "password again"}
    widths = {"password1": "20", "password2": "20"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["password2"].error_messages["required"] = "Type the password again"

    def clean(self):
        """Refuse two different passwords."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The passwords are not the same. Type the password again")
        return data
