"""May this person keep or read a contract's notices? Each answer carries the reason a page can show."""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts import permissions
from contracts.models import Contract
from kpis.notices.models import Notice


def may_keep(person: Person, contract: Contract) -> Answer:
    """May this person draw up and withdraw notices, and record what section 52 asks for? As other facts."""
    return permissions.may_edit(person, contract)


def may_read(person: Person, notice: Notice) -> Answer:
    """May this person read the notice? Whoever sees the contract, once it is published."""
    if notice.published_on is not None or permissions.may_see_drafts(person, notice.contract):
        return yes()
    return no("This notice has not been published yet. Those who work on the contract see it.")


def readable(person: Person, contract: Contract) -> list[Notice]:
    """Return the contract's notices this person may read, newest first, with their KPIs: two queries."""
    notices = list(contract.notices.prefetch_related("kpis").order_by("-number"))
    if permissions.may_see_drafts(person, contract):
        return notices
    return [notice for notice in notices if notice.published_on is not None]
