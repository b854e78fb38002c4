"""May this person bring in tables of measures?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes


def may_import(person: Person) -> Answer:
    """May this person bring in a table of measures as an edition of a framework?"""
    if person.authority.sees_everything:
        return yes()
    return no("Tables of measures are brought in by the social value lead and administrators.")
