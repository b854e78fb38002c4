"""Suppliers for hundreds of rows at once: the rule of `contracts.suppliers`, two writes a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from contracts.models import Contract, ContractSupplier, Supplier
from contracts.register.values import is_junk_supplier
from contracts.suppliers.finding import SupplierIndex, company_key, give_number, held, name_key, named


class SupplierBatch:
    """Finds or prepares suppliers; `save` writes those that are new or were given a number."""

    def __init__(self, index: SupplierIndex) -> None:
        self.index = index
        self.new: list[Supplier] = []
        self.numbered: list[Supplier] = []

    def known(self, name: str, company_number: str = "", charity_number: str = "") -> Supplier | None:
        """Return the supplier a name or number means where there is one; makes none."""
        name = " ".join(name.split())[:500]
        if is_junk_supplier(name):
            return None
        key = company_key(company_number)
        by_name = named(name, self.index.with_name(name_key(name)))
        return (self.index.with_company(key) or by_name) if key else by_name

    def find(self, name: str, company_number: str = "", charity_number: str = "") -> Supplier | None:
        """Return the supplier a name or number means (perhaps unsaved yet), or None where no name is given.

        The same rule as `contracts.suppliers.find_or_make`: a company number decides, then the name; a
        merged supplier stands for the one it was merged into.
        """
        name = " ".join(name.split())[:500]
        if is_junk_supplier(name) or not name_key(name):
            return None
        key = company_key(company_number)
        if key and (found := self.index.with_company(key)):
            return found
        same_name = self.index.with_name(name_key(name))
        if not key and same_name:
            return named(name, same_name)
        given = give_number(same_name, company_number, charity_number)
        if given is not None:
            self.index.add(given)
            if given.pk is not None:
                self.numbered.append(given)
            return given
        made = Supplier(
            name=name,
            name_key=name_key(name),
            company_number=company_number[:40],
            company_key=key,
            charity_number=charity_number[:40],
        )
        self.index.add(made)
        self.new.append(made)
        return made

    def save(self) -> None:
        """Write what `find` prepared: at most two queries."""
        Supplier.objects.bulk_create(self.new)
        if self.numbered:
            # As an insert that meets its own row: several times quicker than bulk_update's long CASE.
            Supplier.objects.bulk_create(
                self.numbered,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["company_number", "company_key", "charity_number", "version"],
            )
        self.new, self.numbered = [], []


def relink(links: Iterable[tuple[Contract, Supplier | None]]) -> None:
    """Make each supplier its contract's only one of today; None unlinks: see `relink_several`."""
    relink_several((contract, [supplier] if supplier is not None else []) for contract, supplier in links)


def relink_several(links: Iterable[tuple[Contract, Sequence[Supplier]]]) -> None:
    """Make these suppliers the contract's only ones of today; none unlinks. Four queries at most for all.

    Past suppliers stay, and so does a link that already says the same. The register corrects who supplies
    now: a new link stands for the same time as the one it replaces.
    """
    links = list(links)
    if not links:
        return
    # Somebody may have merged a supplier since the index was read.
    stands = held(supplier for _, suppliers in links for supplier in suppliers)
    now: dict[int, list[ContractSupplier]] = defaultdict(list)
    contracts = [contract.pk for contract, _ in links]
    for link in ContractSupplier.objects.current().filter(contract__in=contracts).order_by("position", "pk"):
        now[link.contract_id].append(link)
    gone: list[int] = []
    made: list[ContractSupplier] = []
    for contract, suppliers in links:
        standing = now[contract.pk]
        wanted = {one.pk: one for one in (stands[supplier.pk] for supplier in suppliers)}
        since = standing[0].since if len(standing) == 1 else None
        stays = {link.supplier_id for link in standing if link.supplier_id in wanted}
        gone += [link.pk for link in standing if link.supplier_id not in wanted]
        made += [
            ContractSupplier(contract=contract, supplier=supplier, since=since, position=place)
            for place, supplier in enumerate(wanted.values(), start=1)
            if supplier.pk not in stays
        ]
    if gone:
        ContractSupplier.objects.filter(pk__in=gone).delete()
    ContractSupplier.objects.bulk_create(made)
