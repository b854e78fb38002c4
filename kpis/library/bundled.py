"""The frameworks every install begins with: the starter set, and openly licensed ones as far as known."""

from django.apps import apps as current_apps

from kpis.library import starter


def load(apps=current_apps) -> None:
    """Add the bundled frameworks and measures that are not there; leave a council's own edits as they are.

    A data migration passes its historic models in `apps`.
    """
    starter.load(apps)


def unload(apps) -> None:
    """Take away bundled frameworks other than the starter set, with what of them nobody used."""
