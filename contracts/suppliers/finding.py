"""Finds the supplier a name or a company number means, or makes it: one rule by hand and by import."""

import re
import unicodedata
from collections.abc import Sequence

from contracts.models import Contract, ContractSupplier, Supplier
from spreadsheets.values import company_key as padded_number

# Legal forms say nothing about who somebody is: "Fellside Works Ltd" is "FELLSIDE WORKS LIMITED".
_FORMS = frozenset(
    ("limited", "ltd", "plc", "llp", "lp", "cic", "cio", "inc", "incorporated", "company", "co", "gmbh")
)
_LONG_FORMS = (("public", "limited", "company"), ("community", "interest", "company"))


def name_key(name: str) -> str:
    """Return lower-case letters and digits of a name without accents and legal form."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    words = re.findall(r"[^\W_]+", plain.lower().replace("&", " and ").replace("'", "").replace(".", ""))
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    kept = list(words)
    for form in _LONG_FORMS:
        if len(kept) > len(form) and tuple(kept[-len(form) :]) == form:
            kept = kept[: -len(form)]
    while len(kept) > 1 and kept[-1] in _FORMS:
        kept.pop()
    return "".join(kept)[:500]


def company_key(number: str) -> str:
    """Return a company number as it is matched (padded to eight, without spaces); "" where there is none."""
    return padded_number(number)[:40] if number.strip() else ""


class SupplierIndex:
    """All suppliers in memory, for work on many rows: two dictionaries instead of a query a row.

    Only for one worker inside its own transaction; suppliers made through it are added to it.
    """

    def __init__(self):
        self.by_company: dict[str, Supplier] = {}
        self.by_name: dict[str, list[Supplier]] = {}
        for supplier in Supplier.objects.order_by("pk"):
            self.add(supplier)

    def add(self, supplier: Supplier) -> None:
        """Make a supplier findable."""
        if supplier.company_key:
            self.by_company.setdefault(supplier.company_key, supplier)
        same = self.by_name.setdefault(supplier.name_key, [])
        if supplier not in same:
            same.append(supplier)

    def with_company(self, key: str) -> Supplier | None:
        """Return the supplier with this company key, if any."""
        return self.by_company.get(key)

    def with_name(self, key: str) -> list[Supplier]:
        """Return suppliers with this name key, oldest first."""
        return self.by_name.get(key, [])


class _Table:
    """The same two questions put to the database."""

    def add(self, supplier: Supplier) -> None:
        """Do nothing: the table knows."""

    def with_company(self, key: str) -> Supplier | None:
        """Return the supplier with this company key, if any."""
        return Supplier.objects.filter(company_key=key).order_by("pk").first()

    def with_name(self, key: str) -> list[Supplier]:
        """Return suppliers with this name key, oldest first."""
        return list(Supplier.objects.filter(name_key=key).order_by("pk"))


def find_or_make(
    name: str, company_number: str = "", charity_number: str = "", *, index: SupplierIndex | None = None
) -> Supplier:
    """Return the supplier of this name or number, made where nobody has it yet.

    A company number decides; a supplier of the same name without a number is given it, one with another
    number is somebody else. Without a number the same name is the same supplier. Raises ValueError where
    the name is blank.
    """
    name = " ".join(name.split())[:500]
    if not name:
        raise ValueError("A supplier needs a name.")
    known = index or _Table()
    number, key = company_number.strip()[:40], company_key(company_number)
    if key and (found := known.with_company(key)):
        return found
    same_name = known.with_name(name_key(name))
    if not key and same_name:
        return next((one for one in same_name if one.name == name), same_name[0])
    unnumbered = next((one for one in same_name if not one.company_key), None)
    if unnumbered is not None:
        unnumbered.company_number, unnumbered.company_key = number, key
        unnumbered.charity_number = unnumbered.charity_number or charity_number.strip()[:40]
        unnumbered.save(update_fields=["company_number", "company_key", "charity_number"])
        known.add(unnumbered)
        return unnumbered
    made = Supplier.objects.create(
        name=name,
        name_key=name_key(name),
        company_number=number,
        company_key=key,
        charity_number=charity_number.strip()[:40],
    )
    known.add(made)
    return made


def link(contract: Contract, suppliers: Sequence[Supplier]) -> bool:
    """Make these the contract's suppliers, in this order; return whether anything changed."""
    wanted = list(dict.fromkeys(suppliers))
    standing = [row.supplier_id for row in contract.supplier_links.order_by("position", "pk")]
    if standing == [supplier.pk for supplier in wanted]:
        return False
    contract.supplier_links.all().delete()
    ContractSupplier.objects.bulk_create(
        ContractSupplier(contract=contract, supplier=supplier, position=place)
        for place, supplier in enumerate(wanted, start=1)
    )
    return True
