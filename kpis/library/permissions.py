"""May this person read or keep the library of measures?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.permissions import may_see as contract_open
from kpis.library.models import Measure


def may_read(person: Person) -> Answer:
    """May this person read the library? Everybody with a post or a delegation."""
    if person.authority.holds_anything:
        return yes()
    return no("The library opens to you once you hold a post. Ask an administrator to record yours.")


def may_keep(person: Person) -> Answer:
    """May this person add, edit and retire measures?"""
    if person.authority.is_lead:
        return yes()
    return no("Only the social value lead keeps the library of measures.")


def may_see(person: Person, measure: Measure) -> Answer:
    """May this person read one measure? A draft is for those who keep the library."""
    if measure.status != Measure.Status.DRAFT:
        if (
            measure.contract is not None
            and not may_keep(person)
            and not contract_open(person, measure.contract)
        ):
            return no("This measure was written for one contract. It opens to those who see that contract.")
        return may_read(person)
    if may_keep(person):
        return yes()
    return no("This measure is a draft. It opens to you once the social value lead lets it be proposed.")
