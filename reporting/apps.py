"""The top floor."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Reads everything and changes nothing below it."""

    name = "reporting"
    verbose_name = "Reports"
