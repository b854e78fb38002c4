"""The accounts floor."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, directorates, appointments, delegations, history and letters."""

    name = "accounts"
    verbose_name = "People and authority"

    def ready(self):
        """Make this floor's letters known; each floor has a `letter_kinds.py` of its own."""
        from accounts import letter_kinds  # noqa: F401
