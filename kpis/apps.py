"""The kpis floor."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """Social value KPIs from proposal to verified figure."""

    name = "kpis"
    verbose_name = "Social value KPIs"

    def ready(self):
        """Make this floor's letters known, and how history names its subjects."""
        from kpis import history_names, letter_kinds  # noqa: F401
