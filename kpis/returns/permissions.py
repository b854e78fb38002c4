"""May this person fill in, read or open what belongs to a monthly return?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from contracts.permissions import is_close_to, is_manager_of
from kpis.returns.models import Evidence, MonthlyReturn


def may_fill_in(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person enter figures, add evidence and submit? Only the contract's manager and deputies."""
    if is_manager_of(person, monthly_return.contract):
        return yes()
    return no("Only the contract manager and deputies of this contract can fill in its monthly return.")


def may_see_working(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person read figures and comments before they are submitted?"""
    if is_close_to(person, monthly_return.contract) or person.authority.is_administrator:
        return yes()
    return no("Figures can be read here once the return has been submitted.")


def may_see_small_numbers(person: Person, contract: Contract) -> Answer:
    """May this person see counts of people below the small number?"""
    if is_close_to(person, contract):
        return yes()
    return no(
        "Small numbers of people are shown only to the contract's own people, its director and the "
        "social value lead."
    )


def may_open_evidence(person: Person, evidence: Evidence) -> Answer:
    """May this person open the file itself? Others see what it is and what the lead made of it."""
    if is_close_to(person, evidence.monthly_return.contract):
        return yes()
    if person.authority.is_administrator and not evidence.is_restricted:
        return yes()
    if evidence.is_restricted:
        return no(
            "This evidence is about identifiable people. Only the contract's own people, its director and "
            "the social value lead can open it."
        )
    return no(
        "Evidence can be opened only by the contract's own people, its director and the social value lead."
    )


def people_who_fill_in(monthly_return: MonthlyReturn) -> list[Person]:
    """Return the contract's manager and deputies who are still here: who else may."""
    contract = monthly_return.contract
    people = [*([contract.manager] if contract.manager else []), *contract.deputies.all()]
    return list({person.pk: person for person in people if person.is_active}.values())
