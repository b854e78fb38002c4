"""How django-allauth behaves here: nobody signs up by themselves, letters go by our outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import letters
from accounts.history import record
from govuk.formats import day_time

# What a person is told of, and history keeps: allauth's name of the notice, then our sentence.
NOTICES = {
    "account/email/password_changed": "Your password was changed",
    "account/email/password_reset": "Your password was reset by a link in a letter",
    "account/email/password_set": "Your password was set",
    "mfa/email/totp_activated": "An authenticator app was added to your account",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your account",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account",
}


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, plain sentences, letters written into the outbox."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or password is not right. Check both and try again",
        "too_many_login_attempts": "There were too many failed tries. Wait five minutes, then try again",
        "rate_limited": "There were too many tries. Wait a few minutes, then try again",
        "enter_current_password": "This is not your current password. Type it again",
        "incorrect_password": "This is not your password. Type it again",
        "account_inactive": "This account is not active. Ask an administrator",
    }

    def is_open_for_signup(self, request):
        """Return False: people are invited."""
        return False

    def reauthenticate(self, user, password):
        """Return whether the password is this person's, under the same throttle as signing in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reset_password_from_key_url(self, key):
        """Return the address for the letter, on the service's own site whatever host was asked."""
        uid, _, token = key.partition("-")
        return letters.link(reverse("account_reset_password_from_key", args=[uid, token]))

    def send_password_reset_mail(self, user, email, context):
        """Put the link into the outbox; its text is wiped once it has left."""
        with transaction.atomic():
            letters.write("password-reset", to=user, values={"link": context["password_reset_url"]})

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the person by letter that how they sign in changed, and keep it in history."""
        change = NOTICES.get(template_prefix)
        if change is None:
            return
        with transaction.atomic():
            record(
                action="people.sign-in-changed",
                subject=user,
                by=user,
                summary=change.replace("Your", f"{user}’s", 1).replace("your account", f"{user}’s account"),
            )
            letters.write(
                "account-changed",
                to=user,
                values={
                    "change": change,
                    "when": day_time(timezone.now()),
                    "link": letters.link(reverse("account_reset_password")),
                },
            )

    def send_mail(self, template_prefix, email, context):
        """Refuse any other mail of allauth's: every letter of the service goes by the outbox."""
        raise ImproperlyConfigured(f"{template_prefix} has no letter in accounts/letter_kinds.py.")


class SecondStepAdapter(DefaultMFAAdapter):
    """Plain sentences about codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right. Enter the newest code your app shows",
        "rate_limited": "There were too many tries. Wait five minutes, then try again",
    }
