"""May this person say why there is a gap, or take stock of a directorate? Each answer carries its reason."""

from accounts.models import Directorate, Person
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from contracts.permissions import may_edit
from kpis.gaps.models import StockTake


def may_say(person: Person, contract: Contract) -> Answer:
    """May this person say why the contract has no or weak KPIs, and what is to happen?"""
    if contract.directorate_id is not None and contract.directorate_id in person.authority.leads:
        return yes()
    if may_edit(person, contract):
        return yes()
    return no(
        "Only its commissioners, its contract manager, the director and deputies of its directorate, the "
        "social value lead and administrators can say why this contract has a gap."
    )


def may_take_stock_of(person: Person, directorate: Directorate) -> Answer:
    """May this person start, work through and close a stock-take of the directorate?"""
    held = person.authority
    if held.sees_everything or directorate.pk in held.commissions | held.leads:
        return yes()
    return no(
        "Stock-takes are run by the director, deputies and commissioners of the directorate, and by the "
        "social value lead."
    )


def may_start(person: Person) -> Answer:
    """May this person start a stock-take of any directorate at all?"""
    held = person.authority
    if held.sees_everything or held.commissions or held.leads:
        return yes()
    return no(
        "Stock-takes are started by directors, deputies and commissioners, and by the social value lead."
    )


def may_look(person: Person, stock_take: StockTake) -> Answer:
    """May this person work through the stock-take's contracts?"""
    return may_take_stock_of(person, stock_take.directorate)
