"""Which buyers are this council: said once, remembered by name and identifier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings

from contracts.models import Buyer
from contracts.notices.parties import BuyerRead
from contracts.notices.reading import Item
from spreadsheets.mapping import normal


@dataclass
class BuyerCount:
    """A buyer of a file, how many contracts of it there are, and whether it is ours."""

    key: str
    name: str
    identifier: str
    items: int = 0
    is_ours: bool = False


@dataclass
class Ours:
    """The buyers that are this council."""

    keys: set[str] = field(default_factory=set)
    identifiers: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Return whether any is known."""
        return bool(self.keys)

    def has(self, buyer: BuyerRead) -> bool:
        """Return whether a buyer is ours, by name or by identifier."""
        return buyer.key in self.keys or bool(buyer.identifier and buyer.identifier in self.identifiers)


def remembered() -> Ours:
    """Return the buyers people have said are this council."""
    known = list(Buyer.objects.filter(is_ours=True))
    return Ours({one.key for one in known}, {one.identifier for one in known if one.identifier})


def counted(items: Iterable[Item], ours: Ours) -> list[BuyerCount]:
    """Return the buyers of a file: ours first, the council by name, then by contracts."""
    own = normal(settings.COUNCIL_NAME)
    found: dict[str, BuyerCount] = {}
    for item in items:
        for buyer in item.buyers:
            one = found.setdefault(buyer.key, BuyerCount(buyer.key, buyer.name, buyer.identifier))
            one.items += 1
            one.is_ours = one.is_ours or ours.has(buyer)
    return sorted(
        found.values(), key=lambda one: (not one.is_ours, one.key != own, -one.items, one.name.lower())
    )


def named(given: Iterable[str], buyers: Iterable[BuyerCount]) -> tuple[Ours, list[str]]:
    """Return the buyers these names or identifiers mean, and the names no buyer of the file has."""
    buyers = list(buyers)
    ours, missing = Ours(), []
    for text in given:
        key = normal(text)[:250]
        meant = [one for one in buyers if key and (one.key == key or normal(one.identifier) == key)]
        for one in meant:
            ours.keys.add(one.key)
            if one.identifier:
                ours.identifiers.add(one.identifier)
        if not meant:
            missing.append(text)
    return ours, missing


def of_keys(keys: Iterable[str], buyers: Iterable[BuyerCount]) -> Ours:
    """Return the buyers of a file with these keys."""
    wanted = set(keys)
    chosen = [one for one in buyers if one.key in wanted]
    return Ours({one.key for one in chosen}, {one.identifier for one in chosen if one.identifier})
