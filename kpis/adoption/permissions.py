"""May this person bring in signed KPIs, see a directorate's part of a batch, or confirm it?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from kpis.adoption.models import AdoptionPart


def may_import(person: Person) -> Answer:
    """May this person bring in the KPIs of signed contracts? What comes in waits for each director."""
    if person.authority.sees_everything:
        return yes()
    return no("KPIs of signed contracts are brought in by the social value lead and administrators.")


def may_see(person: Person, part: AdoptionPart) -> Answer:
    """May this person read what one directorate has of a batch?"""
    held = person.authority
    if held.sees_everything or part.directorate_id in held.leads | held.delegated:
        return yes()
    return no(
        "What is adopted as signed is seen by the directorate's director, their deputies and those they "
        "delegated it to, the social value lead and administrators."
    )


def may_confirm(person: Person, part: AdoptionPart) -> Answer:
    """May this person confirm or return the part? Which of its contracts, each set's own rule says."""
    held = person.authority
    if part.directorate_id not in held.leads | held.delegated:
        return no(
            f"Only the director of {part.directorate}, their deputies and those they delegated it to can "
            "confirm this."
        )
    if person.pk == part.uploaded_by_id:
        return no("You uploaded this workbook, so you can't confirm it: somebody who had no hand in it must.")
    return yes()
