"""Writing one batch of checked rows: contracts, suppliers, history and what the register last said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.history import record_many
from contracts.models import Contract, ContractSupplier, ImportedRow, RegisterImport, RegisterRow
from contracts.register.fields import CONTRACT_FIELDS, DERIVED, SUPPLIER_FIELDS
from contracts.register.merging import Merged, Wording, label_of, merge, put, stage_of
from contracts.register.plan import Lookups, before_text, match_key_of
from contracts.register.supplying import SupplierBatch, relink
from contracts.register.values import values_hash
from contracts.suppliers.finding import SupplierIndex
from spreadsheets.mapping import normal

Outcome = RegisterRow.Outcome
SUPPLIED = frozenset(("supplier_text", *SUPPLIER_FIELDS))


class Applier:
    """Applies batches of one import; what all batches need is read once."""

    def __init__(self, register_import: RegisterImport) -> None:
        self.register_import = register_import
        self.by = register_import.uploaded_by
        self.lookups = Lookups()
        self.wording = Wording(self.lookups.names)
        self.index = SupplierIndex()

    def apply(self, rows: list[RegisterRow]) -> None:
        """Write these rows (created, updated or unchanged); all in the caller's transaction.

        The number of queries does not grow with the rows.
        """
        suppliers = SupplierBatch(self.index)
        history: list[dict[str, Any]] = []
        created = [row for row in rows if row.outcome == Outcome.CREATED]
        matched = [row for row in rows if row.outcome != Outcome.CREATED and row.contract_id]
        links = self._create(created, suppliers, history)
        planned = {row.pk: (row.outcome, row.conflicts, row.changes) for row in matched}
        kept = self._update(matched, suppliers, history, links)
        moved = [row for row in matched if planned[row.pk] != (row.outcome, row.conflicts, row.changes)]
        suppliers.save()
        relink(links)
        self._remember([*created, *matched], kept)
        record_many(history)
        RegisterRow.objects.bulk_update(moved, ["outcome", "conflicts", "changes"])
        self._link_rows(created)
        RegisterRow.objects.filter(pk__in=[row.pk for row in matched]).update(is_applied=True)

    def _link_rows(self, created: list[RegisterRow]) -> None:
        """Note on the rows which contract each became: one statement, far quicker than a value a row."""
        if not created:
            return
        pairs = ", ".join(f"({int(row.pk)}, {int(row.contract_id or 0)})" for row in created)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE contracts_registerrow SET contract_id = made.column2, is_applied = %s "
                f"FROM (VALUES {pairs}) AS made WHERE contracts_registerrow.id = made.column1",
                [True],
            )

    def _create(
        self, rows: list[RegisterRow], suppliers: SupplierBatch, history: list[dict[str, Any]]
    ) -> list[tuple[Contract, Any]]:
        contracts, links = [], []
        for row in rows:
            read = self._read(row)
            contract = Contract()
            for name in (*CONTRACT_FIELDS, *DERIVED):
                if name in read:
                    put(contract, name, read[name])
            contract.reference_key = normal(contract.reference)[:200]
            contract.stage = stage_of(contract.starts_on, contract.last_day)
            contracts.append(contract)
            links.append((contract, suppliers.find(*_supplier_of(read))))
        Contract.objects.bulk_create(contracts)
        for row, contract in zip(rows, contracts, strict=True):
            row.contract = contract
            read = row.values["read"]
            history.append(
                {
                    **self._act("register.create", contract, f"Added from the register {self._place(row)}"),
                    "after": {
                        label_of(name): self.wording.say(name, read[name])
                        for name in (*CONTRACT_FIELDS, *DERIVED)
                        if read.get(name) and name != "description"
                    },
                }
            )
        return [(contract, supplier) for contract, supplier in links if supplier is not None]

    def _update(
        self,
        rows: list[RegisterRow],
        suppliers: SupplierBatch,
        history: list[dict[str, Any]],
        links: list[tuple[Contract, Any]],
    ) -> dict[int, ImportedRow]:
        """Change the contracts whose rows differ; return what the register last said of each."""
        numbers = [row.contract_id for row in rows if row.contract_id]
        contracts = {
            one.pk: one for one in Contract.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
        }
        said = {one.contract_id: one for one in ImportedRow.objects.filter(contract__in=numbers)}
        linked: dict[int, list[ContractSupplier]] = {}
        current = ContractSupplier.objects.current().filter(contract__in=numbers)
        for link in current.order_by("position", "pk"):
            linked.setdefault(link.contract_id, []).append(link)
        touched: set[str] = set()
        changed: list[Contract] = []
        for row in rows:
            contract = contracts[row.contract_id or 0]
            last = said[contract.pk].values if contract.pk in said else None
            read = self._read(row)
            merged = merge(contract, read, last)
            self._say(row, contract, merged, last)
            if not merged.changes:
                continue
            changes = {change[0]: (change[1], change[2]) for change in row.changes}
            for name, text in merged.changes.items():
                put(contract, name, text)
                if name not in SUPPLIED or name == "supplier_text":
                    touched.add(DERIVED.get(name, name).removesuffix("_id"))
            contract.reference_key = normal(contract.reference)[:200]
            contract.version += 1
            contract.changed_at = timezone.now()
            changed.append(contract)
            if SUPPLIED & set(merged.changes):
                before = suppliers.known(*_supplier_of(last or {}))
                standing = linked.get(contract.pk, [])
                # Suppliers a person named, or a novation brought in, are not the register's to change.
                after = suppliers.known(*_supplier_of({**(last or {}), **read}))
                ours = [[one.pk] for one in (before, after) if one is not None]
                if not standing or [link.supplier_id for link in standing] in ours:
                    links.append((contract, suppliers.find(*_supplier_of({**(last or {}), **read}))))
            names = ", ".join(name[:1].lower() + name[1:] for name in changes)
            act = self._act(
                "register.update", contract, f"Changed {names} from the register {self._place(row)}"
            )
            history.append(
                {
                    **act,
                    "before": {name: was for name, (was, _) in changes.items()},
                    "after": {name: now for name, (_, now) in changes.items()},
                }
            )
        if changed:
            Contract.objects.bulk_update(
                changed, sorted(touched | {"reference_key", "version", "changed_at"})
            )
        return said

    def _say(
        self, row: RegisterRow, contract: Contract, merged: Merged, last: Mapping[str, str] | None
    ) -> None:
        """Put on the row what came of it: a hand edit since the check may have changed that."""
        say = self.wording.say
        row.outcome = Outcome.UPDATED if merged.changes else Outcome.UNCHANGED
        row.conflicts = [
            {**one, "kept": say(one["field"], one["kept"]), "file": say(one["field"], one["file"])}
            for one in merged.conflicts
        ]
        row.changes = [
            [label_of(name), say(name, before_text(contract, name, last)), say(name, text)]
            for name, text in merged.changes.items()
        ]

    def _remember(self, rows: list[RegisterRow], said: Mapping[int, ImportedRow]) -> None:
        """Keep what the register now says of each contract; what it no longer mentions stays remembered."""
        remembered = []
        for row in rows:
            read = row.values["read"]
            before = said.get(row.contract_id or 0)
            values = {
                **(before.values if before else {}),
                **{name: text for name, text in read.items() if text or name not in DERIVED},
            }
            if before and before.row_hash == row.row_hash and before.values == values:
                continue
            plain = {name: text for name, text in read.items() if name not in DERIVED}
            remembered.append(
                ImportedRow(
                    contract_id=row.contract_id or 0,
                    register_import=self.register_import,
                    row_number=row.row_number,
                    row_hash=row.row_hash,
                    values_hash=values_hash(plain),
                    match_key=match_key_of(values),
                    values=values,
                    imported_at=timezone.now(),
                )
            )
        ImportedRow.objects.bulk_create(
            remembered,
            update_conflicts=True,
            unique_fields=["contract"],
            update_fields=[
                "register_import",
                "row_number",
                "row_hash",
                "values_hash",
                "match_key",
                "values",
                "imported_at",
            ],
        )

    def _read(self, row: RegisterRow) -> dict[str, str]:
        """The row's texts, with what the mappings say now."""
        read = row.values["read"]
        self.lookups.derive(read)
        return read

    def _act(self, action: str, contract: Contract, summary: str) -> dict[str, Any]:
        return {
            "action": action,
            "subject": contract,
            "by": self.by,
            "summary": summary,
            "contract_number": contract.pk,
        }

    def _place(self, row: RegisterRow) -> str:
        return f"{self.register_import.file_name}, row {row.row_number}"


def _supplier_of(read: Mapping[str, str]) -> tuple[str, str, str]:
    return read.get("supplier_text", ""), read.get("company_number", ""), read.get("charity_number", "")
