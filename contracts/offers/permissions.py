"""May this person record offers for a contract, or keep the funds?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts import permissions
from contracts.models import Contract


def may_keep(person: Person, contract: Contract) -> Answer:
    """May this person record, change, receive and withdraw the contract's offers? As its other facts."""
    return permissions.may_edit(person, contract)


def may_keep_funds(person: Person) -> Answer:
    """May this person add, change and close funds? Everybody reads them."""
    if person.authority.sees_everything:
        return yes()
    return no("Funds are kept by the social value lead and administrators.")
