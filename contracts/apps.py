"""The contracts floor."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The contract register."""

    name = "contracts"
    verbose_name = "Contracts"
