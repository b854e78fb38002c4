"""What every install begins with: measures, reminder steps, bands, tiers, rules, questions, templates."""

from contracts.rules import defaults as rules
from contracts.stages import defaults as questions
from kpis.library import bundled, starter_templates
from kpis.proxies import bundled as values
from kpis.reminders import defaults as steps


def load() -> None:
    """Add what is missing and change nothing that is there: the migrations' lists, in their order."""
    rules.load()
    questions.load()
    bundled.load()
    values.load()
    starter_templates.load()
    steps.load()
