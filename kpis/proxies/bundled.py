"""The open £ values every install begins with, each with its source, prices and range."""

from django.apps import apps as current_apps


def load(apps=current_apps) -> None:
    """Add the bundled deflators and proxies that are not there, by key; change nothing that is."""


def unload(apps) -> None:
    """Take away the bundled proxies and deflators that nobody used."""
