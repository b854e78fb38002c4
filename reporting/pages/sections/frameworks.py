"""The frameworks of the contract page: editions its KPIs come from, and those it may propose from."""

from __future__ import annotations

from django.db.models import Count

from accounts.models import Person
from contracts.models import Contract, Stage
from contracts.permissions import may_edit
from kpis.library.choosing import offer_for, why
from kpis.library.models import Framework
from kpis.library.permissions import may_read
from reporting.pages.addresses import address
from reporting.pages.contract_facts import set_in_force
from reporting.pages.sections.shape import Section


def frameworks_section(contract: Contract, person: Person) -> Section | None:
    """Return which editions its KPIs in force come from and which it may propose from, with why.

    None for a contract that has ended without KPIs, and for whoever may not read the library. In three
    queries or four.
    """
    if not may_read(person):
        return None
    kpi_set = set_in_force(contract)
    in_use = (
        list(
            Framework.objects.filter(measures__kpis__terms__kpi_set=kpi_set).annotate(
                kpi_count=Count("measures__kpis__terms")
            )
        )
        if kpi_set
        else []
    )
    ended = contract.stage == Stage.ENDED
    if ended and not in_use:
        return None
    offer = offer_for(contract)
    return Section(
        "frameworks",
        "Frameworks",
        "reporting/sections/_frameworks.html",
        {
            "in_use": in_use,
            "offered": [] if ended else offer.frameworks,
            "why": "" if ended else why(contract, offer),
            "choose_url": address("kpis:contract-frameworks", contract.number)
            if not ended and may_edit(person, contract)
            else "",
        },
    )
