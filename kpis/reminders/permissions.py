"""May this person look after reminders? Each answer carries the reason a page can show."""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.permissions import is_commissioner_of
from kpis.returns.models import MonthlyReturn


def may_keep_reminders(person: Person) -> Answer:
    """May this person see what will be sent, send it now, and move or switch off steps?"""
    if person.authority.sees_everything:
        return yes()
    return no("Reminders are looked after by the social value lead and administrators.")


def may_snooze(person: Person, monthly_return: MonthlyReturn) -> Answer:
    """May this person hold back reminders about a return? Never those who are being reminded to send it."""
    if may_keep_reminders(person) or is_commissioner_of(person, monthly_return.contract):
        return yes()
    return no(
        "Only a commissioner of its directorate, the social value lead or an administrator can hold back "
        "reminders about this return."
    )
