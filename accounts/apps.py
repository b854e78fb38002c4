"""The accounts floor."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, directorates, appointments, delegations, history and letters."""

    name = "accounts"
    verbose_name = "People and authority"
