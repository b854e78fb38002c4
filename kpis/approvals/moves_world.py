"""One person for every authority there is, and KPI sets they may or may not act on: for the table of moves.

Made inside a transaction that is taken back: `tables` of `kpis.approvals.moves_table` and its tests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from accounts.models import Appointment, Delegation, Directorate, Person, Post, PostHolding, Role
from contracts.models import Contract, Stage

LONG_AGO = dt.date(2020, 4, 1)
OVER = dt.date(2021, 3, 31)
NOBODY_ELSES = "made-for-the-table-of-moves.invalid"


@dataclass
class World:
    """The people by the name of their authority, and the contract each is tried on."""

    people: dict[str, Person] = field(default_factory=dict)
    # Who is tried on the contract whose sets the director had a hand in.
    on_handled: set[str] = field(default_factory=set)
    plain: Contract = field(default_factory=Contract)
    handled: Contract = field(default_factory=Contract)
    handler: Person = field(default_factory=Person)
    proposer: Person = field(default_factory=Person)

    def contract_of(self, who: str) -> Contract:
        """Return the contract somebody is tried on."""
        return self.handled if who in self.on_handled else self.plain


class _Maker:
    """Makes people with posts and delegations; every name is that of an authority."""

    def __init__(self) -> None:
        self.world = World()
        self.lead = Directorate.objects.create(name="Parks and Streets (made up)", slug="made-up-lead")
        self.partner = Directorate.objects.create(name="Adults (made up)", slug="made-up-partner")
        self.other = Directorate.objects.create(name="Finance (made up)", slug="made-up-other")

    def person(self, name: str, *roles: tuple[str, Directorate | None]) -> Person:
        number = len(self.world.people) + 1
        person = Person.objects.create_user(
            email=f"person-{number}@{NOBODY_ELSES}", full_name=name[:1].upper() + name[1:]
        )
        for role, directorate in roles:
            Appointment.objects.create(person=person, role=role, directorate=directorate, starts_on=LONG_AGO)
        self.world.people[name] = person
        return person

    def delegation(self, giver: Person, directorate: Directorate, to: Person | Post, **facts) -> Delegation:
        holder = {"post": to} if isinstance(to, Post) else {"given_to": to}
        return Delegation.objects.create(
            **{
                "given_by": giver,
                "directorate": directorate,
                "scheme_reference": "scheme 4.2",
                "starts_on": LONG_AGO,
                **holder,
                **facts,
            }
        )

    def contract(self, title: str, manager: Person, commissioner: Person, deputy: Person) -> Contract:
        made = Contract.objects.create(
            title=title,
            directorate=self.lead,
            manager=manager,
            commissioner=commissioner,
            stage=Stage.LIVE,
            starts_on=dt.date(2025, 4, 1),
            ends_on=dt.date(2040, 3, 31),
            value=Decimal("2400000"),
            value_basis="whole",
        )
        made.deputies.add(deputy)
        made.partner_directorates.add(self.partner)
        return made


@contextmanager
def people_of_every_authority() -> Iterator[World]:
    """Give a world of made-up people, directorates and contracts; all of it is taken back at the end."""
    with transaction.atomic():
        try:
            yield make()
        finally:
            transaction.set_rollback(True)


def make() -> World:
    """Return the world, made in the caller's transaction."""
    maker = _Maker()
    world, lead, partner = maker.world, maker.lead, maker.partner
    commissioner = maker.person("commissioner", (Role.COMMISSIONER, lead))
    manager = maker.person("contract manager", (Role.CONTRACT_MANAGER, None))
    deputy_manager = maker.person("deputy contract manager", (Role.CONTRACT_MANAGER, None))
    director = maker.person("director", (Role.DIRECTOR, lead))
    maker.person("deputy director", (Role.DEPUTY_DIRECTOR, lead))
    handler = maker.person("director who had a hand in it", (Role.DIRECTOR, lead), (Role.COMMISSIONER, lead))
    maker.person("director who also commissions", (Role.DIRECTOR, lead), (Role.COMMISSIONER, lead))

    holder = maker.person("delegate")
    given = maker.delegation(director, lead, holder)
    post = Post.objects.create(title="Head of Parks (made up)", directorate=lead)
    in_post = maker.person("delegate by their post")
    PostHolding.objects.create(post=post, person=in_post, starts_on=LONG_AGO)
    maker.delegation(director, lead, post, value_limit=Decimal("5000000"))
    over_limit = maker.person("delegate, contract over the limit")
    maker.delegation(director, lead, over_limit, value_limit=Decimal("100000"))
    lapsed = maker.person("delegate whose delegation has ended")
    maker.delegation(director, lead, lapsed, ends_on=OVER)
    revoked = maker.person("delegate whose delegation was revoked")
    maker.delegation(
        director, lead, revoked, revoked_at=dt.datetime(2021, 4, 1, tzinfo=dt.UTC), revoked_by=director
    )
    of_handler = maker.person("delegate of the director who had a hand in it")
    maker.delegation(handler, lead, of_handler)
    onward = maker.person("delegate by onward delegation")
    maker.delegation(holder, lead, onward, under=given)

    partners = maker.person("partner's director", (Role.DIRECTOR, partner))
    for_partner = maker.person("partner's delegate")
    maker.delegation(partners, partner, for_partner)
    maker.person("partner's commissioner", (Role.COMMISSIONER, partner))
    maker.person("another directorate's director", (Role.DIRECTOR, maker.other))
    maker.person("social value lead", (Role.LEAD, None))
    maker.person("executive member", (Role.EXECUTIVE_MEMBER, lead))
    maker.person("scrutiny member", (Role.SCRUTINY, None))
    maker.person("administrator", (Role.ADMINISTRATOR, None))
    maker.person("nobody in particular")

    world.plain = maker.contract("A contract (made up)", manager, commissioner, deputy_manager)
    world.handled = maker.contract("Another contract (made up)", manager, commissioner, deputy_manager)
    world.handler, world.proposer = handler, manager
    world.on_handled = {"director who had a hand in it", "delegate of the director who had a hand in it"}
    return world


def is_safe_here() -> bool:
    """Return whether made-up people may be made for a moment: in a demo or a developer's council."""
    return bool(settings.DEMO or settings.DEBUG)
