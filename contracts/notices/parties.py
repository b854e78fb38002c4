"""Who buys and who supplies, as a procurement's notices name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.notices.compiling import Rows, at, is_known_everywhere, leaf, party_key, rows, words
from contracts.notices.package import Release
from contracts.notices.texts import cut, flag_of, line
from contracts.suppliers.finding import company_key, name_key
from spreadsheets.mapping import normal
from spreadsheets.values import CellError, read_company_number

COMPANY_SCHEMES = ("GB-COH", "GB-NIC")
CHARITY_SCHEMES = ("GB-CHC", "GB-SC", "GB-NIC-CHC", "GB-CCNI")


@dataclass(frozen=True)
class BuyerRead:
    """A buyer as notices name it."""

    key: str
    name: str
    identifier: str


@dataclass(frozen=True)
class SupplierRead:
    """A supplier as notices name it, with its numbers and standing."""

    name: str
    company_number: str = ""
    charity_number: str = ""
    sme: str = ""
    vcse: str = ""
    # What its notices call it, where they do: the same id is the same supplier though its name is corrected.
    id: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> SupplierRead:
        """Return a supplier as it was kept of an earlier notice."""
        return cls(**{name: kept.get(name, "") for name in cls.__dataclass_fields__})

    def is_same(self, other: SupplierRead) -> bool:
        """Return whether both are one supplier: by id, by company number, else by name."""
        if self.id and self.id == other.id:
            return True
        numbers = {company_key(one.company_number) for one in (self, other) if one.company_number}
        if self.company_number and other.company_number:
            return len(numbers) == 1
        return name_key(self.name) == name_key(other.name) != ""


def _text(node: Any, *path: str) -> str:
    found = leaf(node, *path)
    return line(found.value) if found else ""


def _party(parties: Rows, reference: Any) -> Any:
    """Return the party a reference means, by id, else by name."""
    number = leaf(reference, "id")
    key = party_key(number.value, _text(reference, "name"), number.release) if number else ""
    if key in parties:
        return parties[key]
    name = normal(_text(reference, "name"))
    if not name:
        return None
    return next((one for one in parties.values() if normal(_text(one, "name")) == name), None)


def _identifier(node: Any) -> str:
    """Return what identifies an organisation everywhere; "" for ids that only mean something in a release."""
    scheme, number = _text(node, "identifier", "scheme"), _text(node, "identifier", "id")
    if scheme and number:
        return f"{scheme}-{number}"[:120]
    number = _text(node, "id")[:120]
    return number if is_known_everywhere(number) else ""


def buyers_of(tree: dict[str, Any]) -> list[BuyerRead]:
    """Return who buys: the buyer named first, then others with that part; [] where nobody is named."""
    parties = rows(tree, "parties")
    found: dict[str, BuyerRead] = {}
    named = at(tree, "buyer")
    nodes = [(named, _party(parties, named))] if isinstance(named, dict) else []
    nodes += [(one, one) for one in parties.values() if "buyer" in words(one, "roles")]
    if not nodes:
        nodes = [(one, one) for one in parties.values() if "procuringEntity" in words(one, "roles")]
    for reference, party in nodes:
        name = _text(reference, "name") or _text(party, "name") or _text(party, "identifier", "legalName")
        identifier = _identifier(party) or _identifier(reference)
        name = name or identifier or _text(reference, "id")[:120]
        key = normal(name)[:250]
        if key:
            found.setdefault(key, BuyerRead(key, cut(name, 250), identifier))
    return list(found.values())


def suppliers_of(
    tree: dict[str, Any], holders: list[Any], warnings: list[str]
) -> tuple[list[SupplierRead], Release | None]:
    """Return the suppliers of the first holder (contract, then award) that names any, and who said so last.

    Each is one supplier however its name is written: names are never split.
    """
    parties = rows(tree, "parties")
    for holder in holders:
        named = rows(holder, "suppliers")
        found: list[SupplierRead] = []
        release: Release | None = None
        for key, reference in named.items():
            one = _supplier(key, reference, parties.get(key) or _party(parties, reference), warnings)
            if one is not None:
                found.append(one)
                for said in reference.values():
                    newest = getattr(said, "release", None)
                    if newest and (release is None or newest.date > release.date):
                        release = newest
        if found:
            return united(found), release
    return [], None


def _supplier(key: str, reference: Any, party: Any, warnings: list[str]) -> SupplierRead | None:
    name = _text(reference, "name") or _text(party, "name") or _text(party, "identifier", "legalName")
    if not name:
        if not key.startswith("#"):
            warnings.append(
                f"A supplier is given only by the number {key}: there is no name, so it is left out."
            )
        return None
    company = charity = ""
    for scheme, number in _numbers(key, reference, party):
        if scheme in COMPANY_SCHEMES and not company:
            try:
                company = read_company_number(number)
            except CellError as error:
                if number.strip("0"):
                    warnings.append(f"Supplier {name}: {error}")
        elif scheme in CHARITY_SCHEMES and not charity:
            charity = cut(number, 40)
    scale, vcse = leaf(party, "details", "scale"), leaf(party, "details", "vcse")
    return SupplierRead(
        cut(name, 500),
        company,
        charity,
        flag_of(scale.value) if scale else "",
        flag_of(vcse.value) if vcse else "",
        "" if key.startswith("#") else key[:120],
    )


def united(suppliers: Iterable[SupplierRead]) -> list[SupplierRead]:
    """Return each supplier once, in the order they were first named, as it was named last.

    What is not said of it later is as it was said before.
    """
    found: list[SupplierRead] = []
    for one in suppliers:
        place = next((index for index, other in enumerate(found) if one.is_same(other)), None)
        if place is None:
            found.append(one)
        else:
            told = {name: value for name, value in asdict(one).items() if value}
            found[place] = SupplierRead(**{**asdict(found[place]), **told})
    return found


def _numbers(key: str, reference: Any, party: Any) -> list[tuple[str, str]]:
    """Return (scheme, number) of all identifiers, the main one first."""
    found = []
    for node in (party, reference):
        scheme, number = _text(node, "identifier", "scheme"), _text(node, "identifier", "id")
        if scheme and number:
            found.append((scheme.upper(), number))
        for one in rows(node, "additionalIdentifiers").values():
            found.append((_text(one, "scheme").upper(), _text(one, "id")))
    for scheme in (*COMPANY_SCHEMES, *CHARITY_SCHEMES):
        for text in (key, _text(reference, "id")):
            if text.upper().startswith(f"{scheme}-"):
                found.append((scheme, text[len(scheme) + 1 :]))
    return found


def supplier_text(suppliers: list[SupplierRead]) -> str:
    """Return the names as one text that fits the contract: all of them, or the first and how many more."""
    names = [one.name for one in suppliers]
    text = "; ".join(names)
    shown = len(names)
    while len(text) > 500 and shown > 1:
        shown -= 1
        text = f"{'; '.join(names[:shown])}; and {len(names) - shown} more"
    return cut(text, 500)


def together(answers: list[str]) -> str:
    """Return what all suppliers' answers come to: one of them where all agree, else not known."""
    return answers[0] if answers and all(one == answers[0] for one in answers) else ""
