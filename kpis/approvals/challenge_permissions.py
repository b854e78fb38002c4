"""May this person ask about a waiting KPI set, answer, withdraw a question, and read what was asked?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from kpis.approvals.models import Challenge
from kpis.approvals.permissions import may_decide
from kpis.proposals.models import KPISet
from kpis.proposals.permissions import may_propose


def may_ask(person: Person) -> Answer:
    """May this person ask about sets before they are decided? The social value group: its leads."""
    if person.authority.is_lead:
        return yes()
    return no("Questions about a KPI set are asked by the social value lead.")


def may_answer(person: Person, challenge: Challenge) -> Answer:
    """May this person answer? Those who may propose KPIs for the contract."""
    return may_propose(person, challenge.kpi_set.contract)


def may_withdraw(person: Person, challenge: Challenge) -> Answer:
    """May this person withdraw a question? Whoever asked, or another lead who neither proposes nor decides.

    A lead who also directs, or commissions, would otherwise make away with what they must answer.
    """
    if not person.authority.is_lead:
        return no("Only the social value lead can withdraw a question.")
    kpi_set = challenge.kpi_set
    if challenge.asked_by_id == person.pk:
        return yes()
    if may_propose(person, kpi_set.contract) or may_decide(person, kpi_set):
        return no(
            f"You propose or decide this set, so {challenge.asked_by} or another social value lead must "
            "withdraw the question."
        )
    return yes()


def may_read(person: Person, kpi_set: KPISet) -> Answer:
    """May this person read what was asked and answered? Those who work on the set, not its later readers."""
    if KPISet.objects.worked_on_by(person).filter(pk=kpi_set.pk).exists():
        return yes()
    return no("What was asked before the decision is for those who propose and decide the set.")
