"""Which suppliers were merged into which, and what is said of each under all its names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from contracts.models import Supplier, SupplierStatus

Kind = SupplierStatus.Kind
ANSWERS = {"yes": "Yes", "no": "No", "": "Not known"}


class Families:
    """All merges that stand, read once: one query."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._into: dict[int, int] = {}
        self._from: dict[int, list[int]] = defaultdict(list)
        merged = Supplier.objects.filter(merged_into__isnull=False).order_by("name", "pk")
        for pk, into, name in merged.values_list("pk", "merged_into", "name"):
            self.names[pk] = name
            if into is not None:
                self._into[pk] = into
                self._from[into].append(pk)

    def standing(self, pk: int) -> int:
        """Return the key of the supplier this one stands for now."""
        while pk in self._into:
            pk = self._into[pk]
        return pk

    def members(self, pk: int) -> list[int]:
        """Return the supplier's key and those of all that were merged into it, chains followed."""
        found, waiting = [], [pk]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting += self._from.get(one, [])
        return found

    def other_names(self, pk: int) -> list[str]:
        """Return the names of the suppliers merged into this one, each once."""
        return sorted({self.names[one] for one in self.members(pk) if one in self.names}, key=str.casefold)


def latest_statuses(
    families: Families, suppliers: Iterable[int] | None = None
) -> dict[tuple[int, str], SupplierStatus]:
    """Return (supplier, kind) -> what holds: what was said with the latest date; one query.

    What was said of a merged supplier counts for the one that was kept. `suppliers` narrows it to these and
    what was merged into them.
    """
    rows = SupplierStatus.objects.order_by("-as_at", "-pk").select_related("supplier", "said_by")
    if suppliers is not None:
        rows = rows.filter(supplier__in=[member for pk in suppliers for member in families.members(pk)])
    found: dict[tuple[int, str], SupplierStatus] = {}
    for row in rows:
        found.setdefault((families.standing(row.supplier_id), row.kind), row)
    return found


def answer_of(statuses: dict[tuple[int, str], SupplierStatus], supplier: int, kind: str) -> str:
    """Return "yes", "no" or "" (not known)."""
    row = statuses.get((supplier, kind))
    return row.answer if row is not None else ""
