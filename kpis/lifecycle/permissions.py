"""May this person record what happens to a contract while it runs?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from contracts.permissions import is_commissioner_of, may_edit, may_move

__all__ = ["may_extend", "may_move", "may_novate", "may_split", "may_suspend", "may_terminate"]


def may_extend(person: Person, contract: Contract) -> Answer:
    """May this person record an extension? Those who keep the contract's facts."""
    return may_edit(person, contract)


def may_suspend(person: Person, contract: Contract) -> Answer:
    """May this person record that the contract is suspended, and that it goes on?"""
    return may_edit(person, contract)


def may_novate(person: Person, contract: Contract) -> Answer:
    """May this person record that another supplier has taken the contract over?"""
    return may_edit(person, contract)


def may_terminate(person: Person, contract: Contract) -> Answer:
    """May this person record that the contract ends early, or take that back?"""
    if person.authority.sees_everything or is_commissioner_of(person, contract):
        return yes()
    return no(
        "Only a commissioner of its directorate, the social value lead or an administrator can record that "
        "this contract is terminated."
    )


def may_split(person: Person, contract: Contract) -> Answer:
    """May this person split the contract into lots?"""
    if person.authority.sees_everything or is_commissioner_of(person, contract):
        return yes()
    return no(
        "Only a commissioner of its directorate, the social value lead or an administrator can split this "
        "contract into lots."
    )
