"""May this person say what a supplier is, or that two suppliers are one?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from contracts.models import ContractSupplier, Supplier


def may_describe(person: Person, supplier: Supplier) -> Answer:
    """May this person correct a supplier's name and numbers and say its status?

    The lead, administrators, and a commissioner of any directorate with a contract of it, now or before.
    """
    held = person.authority
    if held.sees_everything:
        return yes()
    links = ContractSupplier.objects.filter(
        supplier=supplier.pk, contract__directorate__in=held.commissions or [0]
    )
    if held.commissions and links.exists():
        return yes()
    return no(
        "A supplier’s facts are kept by the commissioners of directorates with a contract of it, the social "
        "value lead and administrators."
    )


def may_merge(person: Person) -> Answer:
    """May this person say that two suppliers are the same, or that they are not?"""
    if person.authority.sees_everything:
        return yes()
    return no("Duplicate suppliers are sorted out by the social value lead and administrators.")
