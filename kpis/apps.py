"""The kpis floor."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """Social value KPIs from proposal to verified figure."""

    name = "kpis"
    verbose_name = "Social value KPIs"

    def ready(self):
        """Make this floor's letters known; its rooms share one `letter_kinds.py`."""
        from kpis import letter_kinds  # noqa: F401
