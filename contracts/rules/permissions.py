"""May this person keep the council's rules, value bands and tiers?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes


def may_keep(person: Person) -> Answer:
    """May this person add, change and remove rules, value bands and tiers? Everybody reads them."""
    if person.authority.sees_everything:
        return yes()
    return no("What is asked of contracts is kept by the social value lead and administrators.")
