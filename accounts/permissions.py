"""May this person do this, on this floor? Each answer carries the reason a page can show."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Delegation, Directorate, Person, Post


@dataclass(frozen=True)
class Answer:
    """Yes or no, with a sentence; for a delegate also in whose name and under which delegation."""

    allowed: bool
    reason: str = ""
    acting_for: Person | None = None
    delegation: Delegation | None = None

    def __bool__(self) -> bool:
        return self.allowed


def yes(
    reason: str = "", *, acting_for: Person | None = None, delegation: Delegation | None = None
) -> Answer:
    """Return permission."""
    return Answer(True, reason, acting_for, delegation)


def no(reason: str) -> Answer:
    """Return refusal with the sentence the page shows."""
    return Answer(False, reason)


def may_administer(person: Person) -> Answer:
    """May this person keep people, appointments, calendars and letter texts?"""
    if person.authority.is_administrator:
        return yes()
    return no("Only an administrator can keep people, appointments and settings.")


def may_appoint(person: Person, to: Person) -> Answer:
    """May this person give, change or end an appointment of another?"""
    answer = may_administer(person)
    if not answer:
        return answer
    if person.pk == to.pk:
        return no("You can't change your own appointments. Ask another administrator.")
    return yes()


def may_deactivate(person: Person, other: Person) -> Answer:
    """May this person deactivate (or reactivate) another?"""
    answer = may_administer(person)
    if not answer:
        return answer
    if person.pk == other.pk:
        return no("You can't deactivate yourself. Ask another administrator.")
    return yes()


def may_reset_second_step(person: Person, other: Person) -> Answer:
    """May this person take the second step off another's account?"""
    answer = may_administer(person)
    if not answer:
        return answer
    if person.pk == other.pk:
        return no(
            "You can't take off your own second step here. Use your account or ask another administrator."
        )
    return yes()


def may_keep_posts(person: Person) -> Answer:
    """May this person add, rename and close named posts?"""
    if person.authority.is_administrator:
        return yes()
    return no("Only an administrator can keep posts and say who holds them.")


def may_place(person: Person, other: Person) -> Answer:
    """May this person put another into a post, or end that? Nobody places themselves."""
    answer = may_keep_posts(person)
    if not answer:
        return answer
    if person.pk == other.pk:
        return no("You can't place yourself in a post or take yourself out. Ask another administrator.")
    return yes()


def may_see_posts(person: Person) -> Answer:
    """May this person read the list of posts and who holds them? Directors may: they delegate to posts."""
    held = person.authority
    if held.is_administrator or held.is_lead or held.leads:
        return yes()
    return no("Only administrators, the social value lead and directors can see the list of posts.")


def may_see_post(person: Person, post: Post) -> Answer:
    """May this person read a post's page? Whoever may see the list, and those who hold it."""
    if any(holder.pk == person.pk for holder in post.holders):
        return yes()
    return may_see_posts(person)


def may_delegate(person: Person, directorate: Directorate) -> Answer:
    """May this person hand out authority to approve for a directorate? Only its director."""
    if directorate.pk in person.authority.directs:
        return yes()
    return no(f"Only the Strategic Director of {directorate.name} can delegate its approvals.")


def may_hand_on(person: Person, delegation: Delegation) -> Answer:
    """May this person hand on a delegation they hold? Where the council allows it, and one step only."""
    if not settings.ONWARD_DELEGATION:
        return no("This council does not allow a delegation to be handed on.")
    if all(delegation.pk != held.pk for held in person.authority.delegations):
        return no("You can hand on only a delegation that you hold today.")
    if delegation.under_id:
        return no("This delegation was handed on to you, so it can't be handed on again.")
    return yes()


def may_see_people(person: Person) -> Answer:
    """May this person read the list of people and their posts?"""
    if person.authority.is_administrator or person.authority.is_lead:
        return yes()
    return no("Only administrators and the social value lead can see the list of people.")


def may_revoke(person: Person, delegation: Delegation) -> Answer:
    """May this person take a delegation back? Who gave it, in whose name it is, or who directs now."""
    givers = (delegation.given_by_id, delegation.root.given_by_id)
    if person.pk in givers or delegation.directorate_id in person.authority.directs:
        return yes()
    return no(
        "Only the person who gave this delegation, or the directorate's Strategic Director, can revoke it."
    )


def may_see_all_delegations(person: Person) -> bool:
    """May this person read every delegation of the council?"""
    return person.authority.is_lead or person.authority.is_administrator


def may_see_delegation(person: Person, delegation: Delegation) -> Answer:
    """May this person read a delegation and what was done under it?"""
    if (
        may_see_all_delegations(person)
        or person.pk in (delegation.given_by_id, delegation.given_to_id, delegation.root.given_by_id)
        or delegation.directorate_id in person.authority.directs
        or (delegation.post and any(holder.pk == person.pk for holder in delegation.post.holders))
    ):
        return yes()
    return no("You can see the delegations you gave or hold.")


def may_read_in_my_name(person: Person) -> Answer:
    """May this person open the list of what was decided in their name? Who directs or ever delegated."""
    if person.authority.leads or person.delegations_given.exists():
        return yes()
    return no("Only directors have decisions made in their name: nobody has had a delegation from you.")
