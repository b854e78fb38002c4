"""What can be done to contracts by hand: add, change, say who answers for them, say whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.history import changes, record, record_many
from accounts.models import Department, Directorate, Person
from accounts.verbs.recipe import Invalid, Refused, Stale, check_version, lock, require
from contracts import permissions
from contracts.checks import FACTS, LISTS, MOVED_ELSEWHERE, PEOPLE, problems
from contracts.models import Contract, DirectorateMapping, Supplier
from contracts.suppliers import finding as supplier_finding
from spreadsheets.mapping import normal

# Stands for "leave it as it is", where None means "nobody".
UNCHANGED: Any = object()


def add(*, by: Person, suppliers: Sequence[Supplier | str] = (), note: str = "", **facts: Any) -> Contract:
    """Add a contract with these facts and return it; suppliers are rows or names (found or made).

    Raises Refused where the person may not add to that directorate, Invalid with sentences by field.
    """
    _know(facts)
    require(permissions.may_add(by))
    require(permissions.may_add_in(by, facts.get("directorate")))
    with transaction.atomic():
        contract = Contract()
        lists = _put(contract, facts)
        _check(contract, lists, facts)
        contract.save()
        for name, items in lists.items():
            getattr(contract, name).set(items)
        _name_suppliers(contract, suppliers or _names(contract.supplier_text))
        record(
            action="contracts.add",
            subject=contract,
            by=by,
            summary=f"Added {contract.title}",
            after={_label(name): _shown(contract, name, facts) for name in facts if facts[name]},
            note=note,
            contract_number=contract.number,
        )
    return contract


def edit(
    contract: Contract,
    *,
    by: Person,
    version: int | None = None,
    note: str = "",
    suppliers: Sequence[Supplier | str] | None = None,
    **facts: Any,
) -> Contract:
    """Change the facts given, leave the others, return the contract; history names each field that differs.

    Nothing changes (no version, no history) where nothing differs. Directorate, stage, extension and
    termination are changed by verbs of their own. Raises Refused, Stale where somebody else changed it since
    `version`, Invalid with sentences by field.
    """
    _know(facts)
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(permissions.may_edit(by, contract))
        check_version(contract, version, "this contract")
        before, after = changes(contract, facts, facts)
        changed = [name for name in facts if _label(name) in before or _label(name) in after]
        if PEOPLE.intersection(changed):
            require(permissions.may_assign(by, contract))
        elsewhere = [(name, MOVED_ELSEWHERE[name]) for name in changed if name in MOVED_ELSEWHERE]
        if elsewhere:
            raise Invalid(elsewhere)
        lists = _put(contract, {name: facts[name] for name in changed})
        _check(contract, lists, changed)
        for name, items in lists.items():
            getattr(contract, name).set(items)
        wanted = suppliers if suppliers is not None else _names(contract.supplier_text)
        relinked = (
            _name_suppliers(contract, wanted)
            if suppliers is not None or "supplier_text" in changed
            else False
        )
        if not changed and not relinked:
            return contract
        contract.version += 1
        contract.save()
        record(
            action="contracts.edit",
            subject=contract,
            by=by,
            summary=f"Changed {_listed(before, after) or 'the suppliers'}",
            before=before,
            after=after,
            note=note,
            contract_number=contract.number,
        )
    return contract


def assign(
    contract: Contract,
    *,
    by: Person,
    manager: Person | None = UNCHANGED,
    commissioner: Person | None = UNCHANGED,
    deputies: Iterable[Person] = UNCHANGED,
    note: str = "",
) -> Contract:
    """Say who answers for the contract and return it; what is not named stays as it is.

    Raises Refused where the person may not, Invalid where somebody does not hold the post.
    """
    named = {"manager": manager, "commissioner": commissioner, "deputies": deputies}
    who: dict[str, Any] = {name: value for name, value in named.items() if value is not UNCHANGED}
    if "deputies" in who:
        who["deputies"] = list(who["deputies"])
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(permissions.may_assign(by, contract))
        if who.get("manager") and "deputies" not in who:
            # A deputy who becomes its manager stops being a deputy.
            standing = list(contract.deputies.all())
            if who["manager"] in standing:
                who["deputies"] = [person for person in standing if person != who["manager"]]
        before, after = changes(contract, who, who)
        if not before and not after:
            return contract
        changed = [name for name in who if _label(name) in before or _label(name) in after]
        lists = _put(contract, {name: who[name] for name in changed})
        found = problems(contract, {"deputies": contract.deputies.all(), **lists}, changed)
        if found:
            raise Invalid(found)
        for name, items in lists.items():
            getattr(contract, name).set(items)
        contract.version += 1
        contract.save()
        record(
            action="contracts.assign",
            subject=contract,
            by=by,
            summary=f"Changed {_listed(before, after)}",
            before=before,
            after=after,
            note=note,
            contract_number=contract.number,
        )
    return contract


def assign_many(
    contracts: Iterable[Contract], *, by: Person, note: str = "", **who: Any
) -> list[tuple[Contract, str]]:
    """Assign each contract by itself; return (contract, why it did not work or ""). None stops another."""
    results = []
    for contract in contracts:
        try:
            results.append((assign(contract, by=by, note=note, **who), ""))
        except (Refused, Stale, Invalid) as reason:
            results.append((contract, str(reason)))
    return results


def set_directorate(
    text: str, directorate: Directorate, *, by: Person, department: Department | None = None, note: str = ""
) -> int:
    """Say what a department text of the register means; return how many contracts it gave a directorate.

    The meaning is kept for every later import. Contracts that already have a directorate stay where they are.
    """
    require(permissions.may_map(by))
    key = normal(text)[:250]
    if not key:
        raise Invalid("Contracts whose register names no department are moved one by one.")
    if department is not None and department.directorate_id != directorate.pk:
        raise Invalid([("department", f"Select a department of {directorate.name}")])
    with transaction.atomic():
        mapping, _made = DirectorateMapping.objects.update_or_create(
            key=key,
            defaults={
                "text": text[:250], "directorate": directorate, "department": department, "made_by": by,
            },
        )  # fmt: skip
        texts = [one for one in texts_without_directorate() if normal(one)[:250] == key]
        waiting = list(
            Contract.objects.unmapped()
            .select_for_update(of=("self",))
            .filter(directorate_text__in=texts)
            .order_by("number")
        )
        facts = {"directorate": directorate, "department": department}
        rows = []
        for contract in waiting:
            before, after = changes(contract, facts, facts)
            contract.directorate, contract.department = directorate, department
            contract.version += 1
            contract.save(update_fields=["directorate", "department", "version", "changed_at"])
            rows.append(
                {
                    "action": "contracts.set_directorate",
                    "subject": contract,
                    "by": by,
                    "summary": f"Put into {directorate.name}, because the register says “{text[:150]}”",
                    "before": before,
                    "after": after,
                    "note": note,
                    "contract_number": contract.number,
                }
            )
        record_many(rows)
        record(
            action="contracts.map_directorate",
            subject=mapping,
            by=by,
            summary=f"“{text[:150]}” in a register means {directorate.name}",
            note=note,
        )
    return len(waiting)


def texts_without_directorate() -> list[str]:
    """Return the department texts of contracts whose directorate is not known."""
    return list(Contract.objects.unmapped().order_by().values_list("directorate_text", flat=True).distinct())


def _know(facts: Mapping[str, Any]) -> None:
    """Refuse a fact nobody may change by hand: a mistake in the code."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"Contracts have no such facts: {', '.join(sorted(unknown))}.")


def _put(contract: Contract, facts: Mapping[str, Any]) -> dict[str, list]:
    """Put single facts on the contract, unsaved, and return the many-to-many ones as lists."""
    lists = {}
    for name, value in facts.items():
        if name in LISTS:
            lists[name] = list(value or [])
        else:
            setattr(contract, name, value)
    if "reference" in facts:
        contract.reference_key = normal(contract.reference)[:200]
    return lists


def _check(contract: Contract, lists: dict[str, list], changed: Iterable[str]) -> None:
    """Raise Invalid with every sentence that applies."""
    standing = {name: list(getattr(contract, name).all()) for name in LISTS} if contract.pk else {}
    found = problems(contract, {**standing, **lists}, changed)
    spoken = {field for field, _ in found}
    try:
        relations = [field.name for field in Contract._meta.fields if field.is_relation]
        contract.clean_fields(exclude=[*relations, *spoken])
    except ValidationError as error:
        found += [(name, " ".join(sentences)) for name, sentences in error.message_dict.items()]
    if found:
        raise Invalid(found)


def _names(text: str) -> list[str]:
    """Return the supplier names of a text with one name a line."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _name_suppliers(contract: Contract, wanted: Sequence[Supplier | str]) -> bool:
    """Link the contract with these suppliers; return whether that changed anything."""
    rows = [one if isinstance(one, Supplier) else supplier_finding.find_or_make(one) for one in wanted]
    return supplier_finding.link(contract, rows)


def _label(name: str) -> str:
    label = str(getattr(Contract._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def _listed(before: Mapping, after: Mapping) -> str:
    """Return "title, start date and value" for a summary."""
    names = [name[:1].lower() + name[1:] for name in dict.fromkeys([*before, *after])]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _shown(contract: Contract, name: str, facts: Mapping[str, Any]) -> Any:
    """Return a fact as history shows it: choices by their label."""
    label = getattr(contract, f"get_{name}_display", None)
    return label() if label else facts[name]
