"""What one person holds on one day, read once and asked many times."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Appointment, Delegation, Person


@dataclass(frozen=True)
class Authority:
    """A person's appointments and delegations on a day, with directorates as primary keys."""

    roles: frozenset[str] = frozenset()
    commissions: frozenset[int] = frozenset()
    directs: frozenset[int] = frozenset()
    deputises: frozenset[int] = frozenset()
    portfolio: frozenset[int] = frozenset()
    delegations: tuple[Delegation, ...] = ()
    appointments: tuple[Appointment, ...] = field(default=(), repr=False)

    @property
    def is_lead(self) -> bool:
        """Return whether the person is the social value lead (or one of the central team)."""
        return "lead" in self.roles

    @property
    def is_administrator(self) -> bool:
        """Return whether the person keeps the service running."""
        return "administrator" in self.roles

    @property
    def is_scrutiny(self) -> bool:
        """Return whether the person sits on scrutiny."""
        return "scrutiny" in self.roles

    @property
    def is_contract_manager(self) -> bool:
        """Return whether the person may be given contracts to manage."""
        return "contract_manager" in self.roles

    @property
    def leads(self) -> frozenset[int]:
        """Return directorates the person directs or deputises in."""
        return self.directs | self.deputises

    @property
    def delegated(self) -> frozenset[int]:
        """Return directorates for which the person holds a delegation in force."""
        return frozenset(delegation.directorate_id for delegation in self.delegations)

    @property
    def sees_everything(self) -> bool:
        """Return whether every contract is open to the person, mapped to a directorate or not."""
        return self.is_lead or self.is_administrator

    @property
    def sees_all_directorates(self) -> bool:
        """Return whether contracts of every directorate are open to the person (to read)."""
        return self.sees_everything or self.is_scrutiny

    @property
    def directorates_seen(self) -> frozenset[int]:
        """Return directorates whose contracts the person sees by post or delegation."""
        return self.commissions | self.leads | self.portfolio | self.delegated

    @property
    def holds_anything(self) -> bool:
        """Return whether the person holds any post or delegation today."""
        return bool(self.roles or self.delegations)


def authority_on(person: Person, day: dt.date) -> Authority:
    """Return what a person holds on a day: two queries."""
    from accounts.models import Appointment, Delegation, Role

    if not person.is_active or person.pk is None:
        return Authority()
    held = list(Appointment.objects.in_force(day).filter(person=person).select_related("directorate"))

    def directorates(role: str) -> frozenset[int]:
        return frozenset(row.directorate_id for row in held if row.role == role and row.directorate_id)

    return Authority(
        roles=frozenset(row.role for row in held),
        commissions=directorates(Role.COMMISSIONER),
        directs=directorates(Role.DIRECTOR),
        deputises=directorates(Role.DEPUTY_DIRECTOR),
        portfolio=directorates(Role.EXECUTIVE_MEMBER),
        delegations=tuple(
            Delegation.objects.held_by(person, day)
            .select_related("given_by", "given_to", "directorate", "post", "under__given_by")
            .order_by("pk")
        ),
        appointments=tuple(held),
    )
