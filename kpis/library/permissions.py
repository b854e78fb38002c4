"""May this person read or keep the library of measures?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes


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
