"""Suppliers for hundreds of rows at once: the rule of `contracts.suppliers`, two writes a batch."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.models import Contract, ContractSupplier, Supplier
from contracts.register.values import is_junk_supplier
from contracts.suppliers.finding import SupplierIndex, company_key, name_key


class SupplierBatch:
    """Finds or prepares suppliers; `save` writes those that are new or were given a number."""

    def __init__(self, index: SupplierIndex) -> None:
        self.index = index
        self.new: list[Supplier] = []
        self.numbered: list[Supplier] = []

    def known(self, name: str, company_number: str = "", charity_number: str = "") -> Supplier | None:
        """Return the supplier a name or number means where there is one; makes none."""
        if is_junk_supplier(name):
            return None
        same_name = self.index.with_name(name_key(name))
        by_name = next((one for one in same_name if one.name == name), same_name[0] if same_name else None)
        key = company_key(company_number)
        return (self.index.with_company(key) or by_name) if key else by_name

    def find(self, name: str, company_number: str = "", charity_number: str = "") -> Supplier | None:
        """Return the supplier a name or number means (perhaps unsaved yet), or None where no name is given.

        The same rule as `contracts.suppliers.find_or_make`: a company number decides, then the name.
        """
        name = " ".join(name.split())[:500]
        if is_junk_supplier(name) or not name_key(name):
            return None
        key = company_key(company_number)
        if key and (found := self.index.with_company(key)):
            return found
        same_name = self.index.with_name(name_key(name))
        if not key and same_name:
            return next((one for one in same_name if one.name == name), same_name[0])
        unnumbered = next((one for one in same_name if not one.company_key), None)
        if unnumbered is not None:
            unnumbered.company_number, unnumbered.company_key = company_number[:40], key
            unnumbered.charity_number = unnumbered.charity_number or charity_number[:40]
            self.index.add(unnumbered)
            if unnumbered.pk is not None:
                self.numbered.append(unnumbered)
            return unnumbered
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
                update_fields=["company_number", "company_key", "charity_number"],
            )
        self.new, self.numbered = [], []


def relink(links: Iterable[tuple[Contract, Supplier | None]]) -> None:
    """Make each supplier its contract's only one; None unlinks. Two queries for all."""
    links = list(links)
    if not links:
        return
    ContractSupplier.objects.filter(contract__in=[contract.pk for contract, _ in links]).delete()
    ContractSupplier.objects.bulk_create(
        ContractSupplier(contract=contract, supplier=supplier)
        for contract, supplier in links
        if supplier is not None
    )
