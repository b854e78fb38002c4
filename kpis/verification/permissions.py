"""May this person check, send back or reopen a monthly return?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from kpis.readings.models import Reading
from kpis.returns.models import Evidence, MonthlyReturn, ReturnSubmission


def may_check(person: Person) -> Answer:
    """May this person check returns at all?"""
    if person.authority.is_lead:
        return yes()
    return no("Returns are checked by the social value lead.")


def may_verify(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person verify it? The lead, unless the same person filled it in, supported it or sent it."""
    answer = may_check(person)
    if not answer:
        return answer
    if monthly_return.before_system:
        return no("These figures were reported before this system, so they can’t be verified here.")
    if Reading.editors.through.objects.filter(
        person=person, reading__monthly_return=monthly_return.pk
    ).exists():
        return no("You saved a figure in this return, so somebody else has to verify it.")
    if ReturnSubmission.objects.filter(monthly_return=monthly_return.pk, submitted_by=person).exists():
        return no("You submitted this return, so somebody else has to verify it.")
    if Evidence.objects.filter(monthly_return=monthly_return.pk, added_by=person).exists():
        return no("You added evidence to this return, so somebody else has to verify it.")
    return yes()


def may_send_back(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person send it back with a reason?"""
    return may_check(person)


def may_reopen(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person unlock a verified or closed return for correction?"""
    if person.authority.is_lead:
        return yes()
    return no("Only the social value lead can reopen a return that has been checked or closed.")
