"""The invented people one may sign in as in the demo, and nowhere else."""

from django.conf import settings
from django.db.models import F

from accounts.models import Appointment, Delegation, Person, Role

AT_MOST = 12


def is_demo() -> bool:
    """Return whether this is the demo; production never is."""
    return bool(settings.DEMO and not settings.PRODUCTION)


def demo_people() -> list[tuple[Person, str]]:
    """Return (person, what they are) for the sign-in page: at most twelve, none outside the demo.

    `settings.DEMO_PEOPLE` (email addresses) names them; without it one person for each role and one
    delegate, so that every side of the service can be seen.
    """
    if not is_demo():
        return []
    posts = Appointment.objects.in_force().select_related("person", "directorate").order_by("pk")
    # Somebody by name first: a post may be vacant tomorrow.
    held = Delegation.objects.in_force().with_people().order_by(F("given_to").asc(nulls_last=True), "pk")
    wanted = [email.lower() for email in getattr(settings, "DEMO_PEOPLE", [])]
    found: dict[int, tuple[Person, list[str]]] = {}
    roles_seen: set[str] = set()
    if wanted:
        posts = posts.filter(person__email__in=wanted)
    for post in posts.iterator() if not wanted else posts:
        if wanted or post.role not in roles_seen:
            roles_seen.add(post.role)
            found.setdefault(post.person_id, (post.person, []))[1].append(post.title)
        if not wanted and len(roles_seen) == len(Role.values):
            break
    for delegation in held if wanted else held[:1]:
        words = f"Delegate of {delegation.in_the_name_of}, {delegation.directorate.name}"
        for person in delegation.holders:
            if not wanted or person.email in wanted:
                found.setdefault(person.pk, (person, []))[1].append(words)
    people = [(person, "; ".join(dict.fromkeys(titles))) for person, titles in found.values()]
    if wanted:
        people.sort(key=lambda row: wanted.index(row[0].email))
    return people[:AT_MOST]
