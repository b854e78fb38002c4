"""What is wrong with the contract's KPIs, what was said about it, and where to say it."""

from accounts.calendar import today
from contracts.models import Contract
from kpis.gaps.rows import rows_of
from kpis.gaps.weakness import counts, weaknesses
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section


def gaps_section(contract: Contract, person) -> Section | None:
    """Return the section of a live contract with a gap, weak KPIs or something said about them."""
    if not (contract.is_live and contract.is_mapped):
        return None
    found = weaknesses([contract], today(), seen_by=person)
    row = rows_of([contract], found, person, today())[0]
    if not counts(row.found) and row.note is None:
        return None
    say = address("kpis:gap-say", contract.number) if row.may_say else ""
    context = {"row": row, "say_url": say, "register_url": address("kpis:gap-register")}
    return Section("gaps", "Gaps", "reporting/sections/_gaps.html", context)
