"""May this person read or keep what a unit of a measure is worth in £?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from kpis.library import permissions as library


def may_read(person: Person) -> Answer:
    """May this person read £ values and deflators? Everybody who reads the library."""
    return library.may_read(person)


def may_keep(person: Person) -> Answer:
    """May this person add, replace and withdraw £ values, and add series of deflators?"""
    if person.authority.is_lead:
        return yes()
    return no("Only the social value lead keeps the £ values and deflators.")
