"""What published notices say of the contract: which notices, which facts came from them, KPIs named there."""

from accounts.models import Person
from contracts.models import Contract
from contracts.notices.published import published_of
from reporting.pages.sections.shape import Section


def published_section(contract: Contract, person: Person) -> Section | None:
    """Return the section of a contract that notices tell of: one query; what is published, all may read."""
    records = published_of(contract)
    if not records:
        return None
    return Section("notices", "Published notices", "reporting/sections/_published.html", {"records": records})
