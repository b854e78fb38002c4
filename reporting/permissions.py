"""May this person read this report? Each answer carries the reason a page can show."""

from django.db.models import QuerySet

from accounts.models import Directorate, Person
from accounts.permissions import Answer, no, yes


def may_see_directorate_report(person: Person, directorate: Directorate) -> Answer:
    """May this person read a directorate's report: its own people, its members, those who see all?"""
    held = person.authority
    if held.sees_all_directorates or directorate.pk in held.directorates_seen:
        return yes()
    if held.is_contract_manager:
        return no(
            f"The report of {directorate.name} is for its commissioners and directors, and for members. "
            "You can see the figures of your own contracts on their pages."
        )
    return no(f"The report of {directorate.name} is for its commissioners and directors, and for members.")


def may_see_council_report(person: Person) -> Answer:
    """May this person read reports across the council?"""
    held = person.authority
    if held.sees_all_directorates or held.portfolio:
        return yes()
    return no(
        "Reports across the council are for members, the social value lead and administrators. "
        "You can see the reports of your own directorate."
    )


def directorates_reported_to(person: Person) -> QuerySet[Directorate]:
    """Return the open directorates whose reports this person may read."""
    held = person.authority
    found = Directorate.objects.open()
    if held.sees_all_directorates:
        return found
    return found.filter(pk__in=held.directorates_seen)


def may_filter(person: Person, directorate: Directorate | None) -> Answer:
    """May this person cut a report freely? Others get fixed cuts, so that few people can't be singled out."""
    held = person.authority
    if held.is_lead or (directorate is not None and directorate.pk in held.commissions | held.leads):
        return yes()
    return no("Filters are for the directorate's own people and the social value lead.")
