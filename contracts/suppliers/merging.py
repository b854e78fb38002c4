"""One supplier recorded twice: merging the duplicate into the one that is kept, and taking that back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.history import record, record_many
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Contract, ContractSupplier, DistinctSuppliers, Supplier, SupplierMerge
from contracts.suppliers import permissions

# What a person corrects, and what a merge fills in where the kept supplier has none.
FACTS = ("name", "company_number", "charity_number")
NUMBERS = ("company_number", "charity_number")


def merge(
    keep: Supplier,
    merged: Supplier,
    *,
    by: Person,
    reason: str,
    versions: tuple[int, int] | None = None,
) -> SupplierMerge:
    """Merge one supplier into another and return the record of it, from which it can be undone.

    Its contracts, present and past, move; a contract that has both keeps one. Numbers are filled in where the
    kept one has none; statuses stay where they were said and count for the kept one. Later imports of the
    merged name or number go to the kept supplier. `versions` are those the person saw, kept first. Raises
    Refused, Stale where either was changed or merged meanwhile, Invalid for a supplier and itself.
    """
    require(permissions.may_merge(by))
    reason = " ".join(reason.split())
    if keep.pk == merged.pk:
        raise Invalid("A supplier can’t be merged into itself. Choose two different suppliers.")
    if not reason:
        raise Invalid([("reason", "Enter how you know that they are the same")])
    if len(reason) > 250:
        raise Invalid([("reason", "How you know must be 250 characters or fewer")])
    with transaction.atomic():
        contracts = _lock_contracts([keep.pk, merged.pk])
        first, second = (lock(Supplier, pk) for pk in sorted((keep.pk, merged.pk)))
        keep, merged = (first, second) if first.pk == keep.pk else (second, first)
        for one in (keep, merged):
            if one.merged_into is not None:
                raise Stale(
                    f"{one.name} was merged into {one.merged_into.name} meanwhile. Nothing was changed."
                )
        if versions is not None:
            check_version(keep, versions[0], "one of these suppliers")
            check_version(merged, versions[1], "one of these suppliers")
        links, dropped = _move_links(keep, merged)
        numbers = _fill_numbers(keep, merged)
        merged.merged_into = keep
        for one in (keep, merged):
            one.version += 1
            one.save()
        made = SupplierMerge.objects.create(
            kept=keep,
            merged=merged,
            reason=reason,
            made_by=by,
            moved={"links": links, "dropped": dropped, "numbers": numbers},
        )
        touched = {contract for _, contract in links} | {one["contract"] for one in dropped}
        _tell(made, contracts, touched, by=by, action="contracts.supplier_merge", note=reason)
    return made


def undo_merge(made: SupplierMerge, *, by: Person, note: str = "") -> list[str]:
    """Take a merge back: what it moved is as it was, whatever else was done since; return what could not be.

    Contracts whose supplier was changed since are left as they are, each with a sentence. Raises Refused, and
    Stale where it was undone already or where the kept supplier was itself merged since.
    """
    require(permissions.may_merge(by))
    with transaction.atomic():
        contracts = _lock_contracts([made.kept_id, made.merged_id])
        first, second = (lock(Supplier, pk) for pk in sorted((made.kept_id, made.merged_id)))
        made = lock(SupplierMerge, made.pk)
        keep, merged = (first, second) if first.pk == made.kept_id else (second, first)
        if made.undone_at is not None:
            raise Stale(f"This merge was undone already, by {made.undone_by or 'somebody'}.")
        if keep.merged_into is not None:
            raise Stale(
                f"{keep.name} was itself merged into {keep.merged_into.name} since. "
                f"Undo the merge of {keep.name} into {keep.merged_into.name} first."
            )
        skipped = _put_back(made, keep, merged)
        for name, value in made.moved.get("numbers", {}).items():
            if getattr(keep, name) == value:
                setattr(keep, name, "")
                if name == "company_number":
                    keep.company_key = ""
        merged.merged_into = None
        for one in (keep, merged):
            one.version += 1
            one.save()
        made.undone_by, made.undone_at = by, timezone.now()
        made.save()
        touched = {contract for _, contract in made.moved.get("links", [])}
        touched |= {one["contract"] for one in made.moved.get("dropped", [])}
        _tell(made, contracts, touched, by=by, action="contracts.supplier_merge_undo", note=note)
    return skipped


def say_distinct(one: Supplier, other: Supplier, *, by: Person) -> DistinctSuppliers:
    """Say that two suppliers that look alike are not the same: they are not listed as duplicates again."""
    require(permissions.may_merge(by))
    if one.pk == other.pk:
        raise Invalid("A supplier can’t be distinct from itself. Choose two different suppliers.")
    first, second = sorted((one, other), key=lambda supplier: supplier.pk)
    with transaction.atomic():
        said, made = DistinctSuppliers.objects.get_or_create(
            first=first, second=second, defaults={"said_by": by}
        )
        if made:
            _record_pair("contracts.suppliers_distinct", first, second, by, "Not the same as")
    return said


def take_back_distinct(one: Supplier, other: Supplier, *, by: Person) -> None:
    """Take back that two suppliers are not the same: they may be listed as likely duplicates again."""
    require(permissions.may_merge(by))
    first, second = sorted((one, other), key=lambda supplier: supplier.pk)
    with transaction.atomic():
        gone, _ = DistinctSuppliers.objects.filter(first=first, second=second).delete()
        if gone:
            _record_pair(
                "contracts.suppliers_distinct_undo", first, second, by, "Taken back: not the same as"
            )


def overlap(one: Supplier, other: Supplier) -> set[int]:
    """Return the numbers of contracts that both supply today: after a merge each keeps one link."""
    mine = one.contract_links.current().values("contract")
    return set(other.contract_links.current().filter(contract__in=mine).values_list("contract", flat=True))


def _lock_contracts(suppliers: Iterable[int]) -> dict[int, Contract]:
    """Return the contracts of these suppliers, locked: before the suppliers, as whoever edits one does."""
    numbers = ContractSupplier.objects.filter(supplier__in=list(suppliers)).values("contract")
    rows = Contract.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    return {contract.pk: contract for contract in rows}


def _move_links(keep: Supplier, merged: Supplier) -> tuple[list[list[int]], list[dict[str, Any]]]:
    """Point the merged supplier's links at the kept one; return (moved, dropped because both were there)."""
    own = dict(keep.contract_links.current().values_list("contract", "pk"))
    links: list[list[int]] = []
    dropped: list[dict[str, Any]] = []
    for link in merged.contract_links.order_by("contract", "pk"):
        if link.until is None and link.contract_id in own:
            dropped.append(
                {
                    "contract": link.contract_id,
                    "position": link.position,
                    "since": link.since.isoformat() if link.since else None,
                    "beside": own[link.contract_id],
                }
            )
        else:
            links.append([link.pk, link.contract_id])
    ContractSupplier.objects.filter(pk__in=[pk for pk, _ in links]).update(supplier=keep)
    merged.contract_links.all().delete()
    return links, dropped


def _fill_numbers(keep: Supplier, merged: Supplier) -> dict[str, str]:
    """Give the kept supplier the numbers it lacks; return those it was given."""
    given = {
        name: getattr(merged, name) for name in NUMBERS if getattr(merged, name) and not getattr(keep, name)
    }
    for name, value in given.items():
        setattr(keep, name, value)
    if "company_number" in given:
        keep.company_key = merged.company_key
    return given


def _put_back(made: SupplierMerge, keep: Supplier, merged: Supplier) -> list[str]:
    """Restore the links a merge moved or dropped; return a sentence for each that has gone since."""
    skipped: list[str] = []
    links: dict[int, int] = dict(made.moved.get("links", []))
    standing = {link.pk: link for link in ContractSupplier.objects.filter(pk__in=[*links, *_beside(made)])}
    for pk, contract in links.items():
        link = standing.get(pk)
        if link is None or link.supplier_id != keep.pk:
            skipped.append(_gone(contract, keep, merged))
    back = [pk for pk in links if pk in standing and standing[pk].supplier_id == keep.pk]
    ContractSupplier.objects.filter(pk__in=back).update(supplier=merged)
    _keep_for_later_merges(made, keep, set(back))
    made_again = []
    for one in made.moved.get("dropped", []):
        link = standing.get(one["beside"])
        if link is None or link.supplier_id != keep.pk:
            skipped.append(_gone(one["contract"], keep, merged))
            continue
        made_again.append(
            ContractSupplier(
                contract_id=one["contract"],
                supplier=merged,
                position=one["position"],
                since=one["since"],
                # Where the contract was novated away from both meanwhile, from both on the same day.
                until=link.until,
            )
        )
    ContractSupplier.objects.bulk_create(made_again)
    return skipped


def _keep_for_later_merges(made: SupplierMerge, keep: Supplier, back: set[int]) -> None:
    """Leave the kept supplier on contracts where a later merge relied on a link that now goes back.

    That merge dropped its own link because this one was there: it is made again, as moved by that merge.
    """
    if not back:
        return
    later = SupplierMerge.objects.select_for_update(of=("self",)).filter(
        kept=keep, undone_at=None, pk__gt=made.pk
    )
    taken: dict[int, int] = {}
    for other in later.order_by("pk"):
        dropped = []
        for one in other.moved.get("dropped", []):
            if one["beside"] not in back:
                dropped.append(one)
            elif one["contract"] in taken:
                dropped.append({**one, "beside": taken[one["contract"]]})
            else:
                link = ContractSupplier.objects.create(
                    contract_id=one["contract"], supplier=keep, position=one["position"], since=one["since"],
                    until=ContractSupplier.objects.get(pk=one["beside"]).until,
                )  # fmt: skip
                taken[one["contract"]] = link.pk
                other.moved["links"].append([link.pk, one["contract"]])
        if dropped != other.moved.get("dropped", []):
            other.moved["dropped"] = dropped
            other.save(update_fields=["moved"])


def _beside(made: SupplierMerge) -> list[int]:
    return [one["beside"] for one in made.moved.get("dropped", [])]


def _gone(contract: int, keep: Supplier, merged: Supplier) -> str:
    return (
        f"The supplier of contract {contract} was changed since, away from {keep.name}: that stays, and "
        f"{merged.name} was not put back there."
    )


def _tell(
    made: SupplierMerge,
    contracts: dict[int, Contract],
    touched: set[int],
    *,
    by: Person,
    action: str,
    note: str,
) -> None:
    """Write the history of both suppliers and each contract, and count the contracts' versions up."""
    undone = made.undone_at is not None
    keep, merged = made.kept, made.merged
    words = (
        f"Undid the merge of {merged.name} into {keep.name}"
        if undone
        else f"Merged {merged.name} into {keep.name}: they are the same supplier"
    )
    for subject in (keep, merged):
        record(action=action, subject=subject, by=by, summary=words, note=note)
    names = current_names(touched)
    was, now = (keep.name, merged.name) if undone else (merged.name, keep.name)
    record_many(
        {
            "action": action,
            "subject": contracts[number],
            "by": by,
            "summary": words,
            "before": {"Supplier": was},
            "after": {"Supplier": names.get(number, now)},
            "note": note,
            "contract_number": number,
        }
        for number in sorted(touched)
        if number in contracts
    )
    Contract.objects.filter(pk__in=touched).update(version=F("version") + 1, changed_at=timezone.now())


def current_names(contracts: Iterable[int]) -> dict[int, str]:
    """Return the names of each contract's suppliers today, joined: one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = ContractSupplier.objects.current().filter(contract__in=list(contracts))
    for contract, name in rows.order_by("position", "pk").values_list("contract", "supplier__name"):
        found[contract].append(name)
    return {contract: "; ".join(names) for contract, names in found.items()}


def _record_pair(action: str, first: Supplier, second: Supplier, by: Person, words: str) -> None:
    for one, other in ((first, second), (second, first)):
        record(action=action, subject=one, by=by, summary=f"{words} {other.name}")
