"""How django-allauth behaves here: nobody signs up by themselves, letters go by our outbox."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up."""

    def is_open_for_signup(self, request):
        """Return False: people are invited."""
        return False
