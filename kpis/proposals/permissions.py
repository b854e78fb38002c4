"""May this person read, prepare or send for approval a KPI set? Each answer carries its reason."""

from collections.abc import Iterable

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from contracts.permissions import is_commissioner_of, is_manager_of
from kpis.proposals.models import KPISet


def may_propose(person: Person, contract: Contract) -> Answer:
    """May this person prepare, change, send and withdraw the contract's KPI sets?"""
    if contract.directorate_id is None:
        return no(
            "Nobody can propose KPIs for this contract yet: its directorate is not known. Ask the "
            "social value "
            "lead to say which directorate it belongs to."
        )
    if is_commissioner_of(person, contract) or is_manager_of(person, contract):
        return yes()
    return no(
        "Only a commissioner of the contract's lead directorate, its contract manager and their deputies can "
        "propose KPIs for it."
    )


def may_see(person: Person, kpi_set: KPISet) -> Answer:
    """May this person read the set? The same rule as `KPISet.objects.visible_to`."""
    if KPISet.objects.visible_to(person).filter(pk=kpi_set.pk).exists():
        return yes()
    return no("You can see this contract's KPI sets once they are approved.")


def readers_among(kpi_set: KPISet, people: Iterable[Person | None]) -> list[Person]:
    """Return those of the people, each once, who may read the set today: letters of it are for them alone."""
    each = {person.pk: person for person in people if person}
    return [person for person in each.values() if may_see(person, kpi_set)]
