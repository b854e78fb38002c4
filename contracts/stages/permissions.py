"""May this person answer a checklist, move a contract through its stages, or keep the questions?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts import permissions
from contracts.models import Contract


def may_answer(person: Person, contract: Contract) -> Answer:
    """May this person answer the checklist and keep statements for suppliers? Those who may change facts."""
    if permissions.may_edit(person, contract):
        return yes()
    return no(
        "The checklist is answered by the contract’s commissioners, its contract manager, the social value "
        "lead and administrators."
    )


def may_move_stage(person: Person, contract: Contract) -> Answer:
    """May this person move the contract to another stage? Those who may change its facts."""
    if permissions.may_edit(person, contract):
        return yes()
    return no(
        "A contract is moved through its stages by its commissioners, its contract manager, the social "
        "value lead and administrators."
    )


def may_read_answers(person: Person, contract: Contract) -> Answer:
    """May this person read the answers? Those who work on the contract; others read how many there are."""
    if permissions.may_see_drafts(person, contract):
        return yes()
    return no(
        "The answers of the checklist are read by those who work on the contract. You can see how many "
        "questions are answered, and the statements that were published."
    )


def may_keep_questions(person: Person) -> Answer:
    """May this person add, change and retire questions of the checklist?"""
    if person.authority.sees_everything:
        return yes()
    return no("The questions of the checklist are kept by the social value lead and administrators.")
