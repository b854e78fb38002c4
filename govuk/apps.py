"""Registers the floor that says how a page looks."""

from django.apps import AppConfig


class GovukConfig(AppConfig):
    """The GOV.UK look: templates, tags, fields, charts."""

    name = "govuk"
    verbose_name = "Page look"
