"""Finds the supplier a name or a company number means, or makes it: one rule by hand and by import."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import F

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


def named(name: str, same_name: Sequence[Supplier]) -> Supplier | None:
    """Return which supplier a name means among those recorded under its key; None where there are none.

    One of exactly this name before others, one that stands by itself before one that was merged; a merged
    one means the supplier it was merged into.
    """
    found = min(same_name, key=lambda one: (one.name != name, one.merged_into_id is not None), default=None)
    return found.standing if found is not None else None


def give_number(same_name: Sequence[Supplier], number: str, charity_number: str) -> Supplier | None:
    """Give a company number to the first supplier of the name that has none, and return it, unsaved.

    None where every one has a number already: then it is somebody else.
    """
    # No set or dictionary of them: those an import has only prepared have no key yet and can't be in one.
    unnumbered = next((one for one in (each.standing for each in same_name) if not one.company_key), None)
    if unnumbered is not None:
        unnumbered.company_number, unnumbered.company_key = number.strip()[:40], company_key(number)
        unnumbered.charity_number = unnumbered.charity_number or charity_number.strip()[:40]
        unnumbered.version += 1
    return unnumbered


class SupplierIndex:
    """All suppliers in memory, for work on many rows: two dictionaries instead of a query a row.

    Only for one worker inside its own transaction; suppliers made through it are added to it.
    """

    def __init__(self):
        self.by_company: dict[str, Supplier] = {}
        self.by_name: dict[str, list[Supplier]] = {}
        every = {supplier.pk: supplier for supplier in Supplier.objects.order_by("pk")}
        for supplier in every.values():
            if supplier.merged_into_id is not None:
                # The very row in memory, so that following a merge asks the database nothing.
                supplier.merged_into = every[supplier.merged_into_id]
        for supplier in every.values():
            self.add(supplier)

    def add(self, supplier: Supplier) -> None:
        """Make a supplier findable."""
        if supplier.company_key:
            standing = self.by_company.get(supplier.company_key)
            if standing is None or (standing.merged_into_id and not supplier.merged_into_id):
                self.by_company[supplier.company_key] = supplier
        same = self.by_name.setdefault(supplier.name_key, [])
        if not any(one is supplier for one in same):
            same.append(supplier)

    def with_company(self, key: str) -> Supplier | None:
        """Return the supplier this company key stands for, if any."""
        found = self.by_company.get(key)
        return found.standing if found is not None else None

    def with_name(self, key: str) -> list[Supplier]:
        """Return suppliers recorded under this name key, merged ones too, oldest first."""
        return self.by_name.get(key, [])


class _Table:
    """The same two questions put to the database."""

    def add(self, supplier: Supplier) -> None:
        """Do nothing: the table knows."""

    def with_company(self, key: str) -> Supplier | None:
        """Return the supplier this company key stands for, if any."""
        rows = Supplier.objects.filter(company_key=key).order_by(F("merged_into").asc(nulls_first=True), "pk")
        found = rows.first()
        return found.standing if found is not None else None

    def with_name(self, key: str) -> list[Supplier]:
        """Return suppliers recorded under this name key, merged ones too, oldest first."""
        return list(Supplier.objects.filter(name_key=key).select_related("merged_into").order_by("pk"))


def find_or_make(
    name: str, company_number: str = "", charity_number: str = "", *, index: SupplierIndex | None = None
) -> Supplier:
    """Return the supplier of this name or number, made where nobody has it yet.

    A company number decides; a supplier of the same name without a number is given it, one with another
    number is somebody else. Without a number the same name is the same supplier. A supplier that was merged
    means the one it was merged into. Raises ValueError where the name is blank.
    """
    name = " ".join(name.split())[:500]
    if not name:
        raise ValueError("A supplier needs a name.")
    known = index or _Table()
    number, key = company_number.strip()[:40], company_key(company_number)
    if key and (found := known.with_company(key)):
        return found
    same_name = known.with_name(name_key(name))
    if not key and (found := named(name, same_name)):
        return found
    given = give_number(same_name, company_number, charity_number) if key else None
    if given is not None:
        given.save(update_fields=["company_number", "company_key", "charity_number", "version"])
        known.add(given)
        return given
    made = Supplier.objects.create(
        name=name,
        name_key=name_key(name),
        company_number=number,
        company_key=key,
        charity_number=charity_number.strip()[:40],
    )
    known.add(made)
    return made


def held(suppliers: Iterable[Supplier]) -> dict[int, Supplier]:
    """Return, by key, the supplier each of these stands for now, held until the transaction ends.

    Whoever merges two suppliers locks both: without this a contract could be given one that is merged away in
    the same moment, and would be on no supplier's page.
    """
    stands = {supplier.pk: supplier.pk for supplier in suppliers}
    while True:
        rows = Supplier.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        found = {row.pk: row for row in rows.filter(pk__in=set(stands.values()))}
        merged = {pk: row.merged_into_id for pk, row in found.items() if row.merged_into_id is not None}
        if not merged:
            return {pk: found[now] for pk, now in stands.items()}
        stands = {pk: merged.get(now, now) for pk, now in stands.items()}


def link(contract: Contract, suppliers: Sequence[Supplier]) -> bool:
    """Make these the contract's suppliers of today, in this order; return whether anything changed.

    Past suppliers (before a novation) stay as they are, and so do the links of those that remain. One that
    takes another's place is a correction: it stands for the same time.
    """
    wanted = list(dict.fromkeys(held(suppliers).values()))
    standing = list(contract.supplier_links.current().order_by("position", "pk"))
    if [row.supplier_id for row in standing] == [supplier.pk for supplier in wanted]:
        return False
    kept = {row.supplier_id: row for row in standing if row.supplier_id in {one.pk for one in wanted}}
    gone = [row for row in standing if row.supplier_id not in kept]
    since = gone[0].since if len(gone) == 1 and len(wanted) == len(standing) else None
    contract.supplier_links.filter(pk__in=[row.pk for row in gone]).delete()
    for place, supplier in enumerate(wanted, start=1):
        row = kept.get(supplier.pk)
        if row is None:
            ContractSupplier.objects.create(contract=contract, supplier=supplier, position=place, since=since)
        elif row.position != place:
            row.position = place
            row.save(update_fields=["position"])
    return True
