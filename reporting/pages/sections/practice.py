"""What worked on the contract, and the link to write it down for others."""

from __future__ import annotations

from accounts.models import Person
from contracts.models import Contract
from kpis.library.permissions import may_read
from kpis.practice.models import GoodPracticeNote
from kpis.practice.permissions import may_write_on
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section


def practice_section(contract: Contract, person: Person) -> Section | None:
    """Return the notes on the contract; None where it has none and the person writes none."""
    if not may_read(person):
        return None
    notes = list(GoodPracticeNote.objects.standing().filter(contract=contract).select_related("measure"))
    may_write = bool(may_write_on(person, contract))
    if not notes and not may_write:
        return None
    add_url = f"{address('kpis:practice-note-add')}?contract={contract.number}" if may_write else ""
    return Section(
        "practice", "Good practice", "reporting/sections/_practice.html", {"notes": notes, "add_url": add_url}
    )
