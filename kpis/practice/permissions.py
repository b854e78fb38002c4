"""May this person write or change a good practice note, or keep the council's guidance?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from contracts.permissions import is_commissioner_of, is_manager_of
from kpis.library.permissions import may_read
from kpis.practice.models import GoodPracticeNote

__all__ = ["may_change", "may_keep_guidance", "may_read", "may_write", "may_write_on"]


def may_write(person: Person) -> Answer:
    """May this person write good practice notes? Everybody who works on contracts, and the lead."""
    held = person.authority
    if held.is_lead or held.commissions or held.leads or held.is_contract_manager:
        return yes()
    return no(
        "Good practice notes are written by commissioners, contract managers, directors and the social "
        "value lead."
    )


def may_write_on(person: Person, contract: Contract) -> Answer:
    """May this person write a note on this contract? Those who work on it, and the lead."""
    held = person.authority
    if held.is_lead or is_commissioner_of(person, contract):
        return yes()
    if contract.directorate_id is not None and (
        contract.directorate_id in held.leads or is_manager_of(person, contract)
    ):
        return yes()
    return no("You can write about contracts you work on.")


def may_change(person: Person, note: GoodPracticeNote) -> Answer:
    """May this person change or withdraw a note, or bring it back? Its writer and the lead."""
    if person.authority.is_lead:
        return yes()
    if note.written_by_id == person.pk:
        return may_write(person)
    return no("Only who wrote a note and the social value lead can change it.")


def may_keep_guidance(person: Person) -> Answer:
    """May this person write, order and publish the guidance pages?"""
    if person.authority.is_lead or person.authority.is_administrator:
        return yes()
    return no("Guidance is kept by the social value lead and administrators.")
