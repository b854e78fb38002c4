"""The sections of the contract page that come from the rooms below, in the order they stand on it."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from contracts.models import Contract
from reporting.pages.sections.breaks import breaks_section
from reporting.pages.sections.frameworks import frameworks_section
from reporting.pages.sections.gaps import gaps_section
from reporting.pages.sections.lifecycle import lifecycle_section
from reporting.pages.sections.offers import offers_section
from reporting.pages.sections.practice import practice_section
from reporting.pages.sections.published import published_section
from reporting.pages.sections.rules import rules_section
from reporting.pages.sections.section52 import section52_section
from reporting.pages.sections.shape import Section
from reporting.pages.sections.stages import stages_section

# Each returns its section, or None where this contract or person has none.
MAKERS: tuple[Callable[[Contract, Person], Section | None], ...] = (
    stages_section,
    lifecycle_section,
    rules_section,
    frameworks_section,
    offers_section,
    breaks_section,
    section52_section,
    gaps_section,
    practice_section,
    published_section,
)


def sections(contract: Contract, person: Person) -> list[Section]:
    """Return the sections of the contract page this person is shown."""
    made = (make(contract, person) for make in MAKERS)
    return [section for section in made if section is not None]
