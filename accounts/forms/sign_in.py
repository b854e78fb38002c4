"""django-allauth's forms in the house style (settings ACCOUNT_FORMS and MFA_FORMS name them)."""

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.recovery_codes import forms as recovery_forms
from allauth.mfa.totp import forms as totp_forms
from django.contrib.auth.password_validation import password_validators_help_texts

from govuk.forms import GovukFormMixin


class SignInMixin(GovukFormMixin):
    """Labels and hints of ours; no placeholders (they vanish while one types)."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    widths = dict.fromkeys(("login", "email", "password", "oldpassword", "password1", "password2"), "20") | {
        "code": "10"
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
        if "password1" in self.fields:
            self.fields["password1"].help_text = " ".join(password_validators_help_texts())
        if "code" in self.fields:
            self.fields["code"].widget.attrs["inputmode"] = "text"
        self.refresh_messages()


class SignInForm(SignInMixin, allauth_forms.LoginForm):
    """Email address and password."""

    labels = {"login": "Email address", "password": "Password"}


class PasswordResetForm(SignInMixin, allauth_forms.ResetPasswordForm):
    """The address a link goes to."""

    labels = {"email": "Email address"}


class NewPasswordForm(SignInMixin, allauth_forms.ResetPasswordKeyForm):
    """A new password, by a link from a letter."""

    labels = {"password1": "New password", "password2": "The same password again"}
    nouns = {"password2": "new password again"}


class PasswordChangeForm(SignInMixin, allauth_forms.ChangePasswordForm):
    """A new password, knowing the old one."""

    labels = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "The same password again",
    }
    nouns = {"password2": "new password again"}


class ReauthenticateForm(SignInMixin, allauth_forms.ReauthenticateForm):
    """The password, once more."""

    labels = {"password": "Password"}


class CodeForm(SignInMixin, mfa_forms.AuthenticateForm):
    """The second step of signing in."""

    labels = {"code": "Code"}
    hints = {"code": "Six digits from your authenticator app, or one of your recovery codes."}


class CodeAgainForm(SignInMixin, mfa_forms.ReauthenticateForm):
    """A code, once more."""

    labels = {"code": "Code"}
    hints = {"code": "Six digits from your authenticator app, or one of your recovery codes."}


class ActivateAppForm(SignInMixin, totp_forms.ActivateTOTPForm):
    """The first code an authenticator app shows."""

    labels = {"code": "Code from the app"}
    hints = {"code": "Six digits."}


class RemoveAppForm(SignInMixin, totp_forms.DeactivateTOTPForm):
    """Taking the second step away."""


class RecoveryCodesForm(SignInMixin, recovery_forms.GenerateRecoveryCodesForm):
    """Making new recovery codes."""
