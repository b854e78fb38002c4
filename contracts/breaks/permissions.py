"""May this person keep a contract's break points? Each answer carries the reason a page can show."""

from accounts.models import Person
from accounts.permissions import Answer
from contracts import permissions
from contracts.models import Contract


def may_keep(person: Person, contract: Contract) -> Answer:
    """May this person add, change, withdraw break points and say what came of them? As its other facts."""
    return permissions.may_edit(person, contract)
