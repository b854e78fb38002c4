"""The kpis floor."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """Social value KPIs from proposal to verified figure."""

    name = "kpis"
    verbose_name = "Social value KPIs"
