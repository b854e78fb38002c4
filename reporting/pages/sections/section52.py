"""What section 52 of the Procurement Act asks of the contract, in a sentence or two, on the contract page."""

from __future__ import annotations

from accounts.models import Person
from contracts.models import Contract
from kpis.notices.permissions import readable
from kpis.notices.section52 import ANSWERS, duty
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section


def section52_section(contract: Contract, person: Person) -> Section | None:
    """Return the answer with its reason and what to do; None where section 52 is clearly no concern."""
    answer = duty(contract)
    notices = readable(person, contract)
    if not (answer.is_worth_showing or notices):
        return None
    standing = [notice for notice in notices if notice.withdrawn_at is None]
    context = {
        "duty": answer,
        "tag": ANSWERS[answer.answer],
        "last_notice": standing[0] if standing else None,
        "url": address("kpis:section-52", contract.number),
    }
    return Section("section-52", "Section 52", "reporting/sections/_section52.html", context)
