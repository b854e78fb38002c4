"""May this person do this to a contract? Each answer carries the reason a page can show."""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract


def may_see(person: Person, contract: Contract) -> Answer:
    """May this person read the contract? The same rule as `Contract.objects.visible_to`."""
    if Contract.objects.visible_to(person).filter(pk=contract.pk).exists():
        return yes()
    return no("This contract belongs to another part of the council. You don't have access to it.")


def is_manager_of(person: Person, contract: Contract) -> bool:
    """Return whether the person manages or deputises for the contract while appointed a contract manager."""
    if not person.authority.is_contract_manager:
        return False
    if contract.manager_id == person.pk:
        return True
    # A list page prefetches deputies; `all()` then costs nothing.
    return any(deputy.pk == person.pk for deputy in contract.deputies.all())


def is_commissioner_of(person: Person, contract: Contract) -> bool:
    """Return whether the person is a commissioner of the contract's lead directorate."""
    return contract.directorate_id is not None and contract.directorate_id in person.authority.commissions


def is_close_to(person: Person, contract: Contract) -> bool:
    """Return whether the person is one of the contract's own people, its director or deputy, or the lead."""
    held = person.authority
    return (
        held.is_lead
        or is_manager_of(person, contract)
        or is_commissioner_of(person, contract)
        or (contract.directorate_id is not None and contract.directorate_id in held.leads)
    )


def may_add(person: Person) -> Answer:
    """May this person add a contract by hand?"""
    held = person.authority
    if held.commissions or held.sees_everything:
        return yes()
    return no("Contracts are added by commissioners, the social value lead and administrators.")


def may_add_in(person: Person, directorate) -> Answer:
    """May this person add a contract to this directorate (None where it is not known yet)?"""
    held = person.authority
    if held.sees_everything:
        return yes()
    if directorate is not None and directorate.pk in held.commissions:
        return yes()
    return no("You can add contracts only to a directorate you are a commissioner of.")


def may_edit(person: Person, contract: Contract) -> Answer:
    """May this person change the contract's facts?"""
    if person.authority.sees_everything or is_commissioner_of(person, contract):
        return yes()
    if contract.directorate_id is not None and is_manager_of(person, contract):
        return yes()
    return no(
        "Only its commissioners, its contract manager, the social value lead and administrators can "
        "change this contract."
    )


def may_assign(person: Person, contract: Contract) -> Answer:
    """May this person say who answers for the contract?"""
    if person.authority.sees_everything or is_commissioner_of(person, contract):
        return yes()
    return no(
        "Only a commissioner of its directorate, the social value lead or an administrator can say who "
        "manages this contract."
    )


def may_import(person: Person) -> Answer:
    """May this person import a register?"""
    if person.authority.sees_everything:
        return yes()
    return no("Registers are imported by the social value lead and administrators.")


def may_move(person: Person, contract: Contract) -> Answer:
    """May this person move the contract to another directorate? Those who answer for where it is now."""
    if person.authority.sees_everything or is_commissioner_of(person, contract):
        return yes()
    return no(
        "Only a commissioner of its present directorate, the social value lead or an administrator can "
        "move this contract to another directorate."
    )


def may_map(person: Person) -> Answer:
    """May this person say which directorate a department in the register belongs to?"""
    if person.authority.sees_everything:
        return yes()
    return no("Contracts without a directorate are sorted by the social value lead and administrators.")


def may_see_drafts(person: Person, contract: Contract) -> Answer:
    """May this person read what is still being worked on: draft KPI sets, unsubmitted figures, their history?

    Executive and scrutiny members read what was approved and submitted.
    """
    held = person.authority
    if held.sees_everything or is_manager_of(person, contract):
        return yes()
    working = held.commissions | held.leads | held.delegated
    if contract.directorate_id in working:
        return yes()
    if any(directorate.pk in working for directorate in contract.partner_directorates.all()):
        return yes()
    return no("You see what was approved and submitted; drafts are seen by those who work on the contract.")
