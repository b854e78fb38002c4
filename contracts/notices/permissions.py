"""May this person bring in published notices?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes


def may_import(person: Person) -> Answer:
    """May this person bring in published notices and say which buyers are this council?"""
    if person.authority.sees_everything:
        return yes()
    return no("Published notices are brought in by the social value lead and administrators.")
