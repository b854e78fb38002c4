"""What a row changes on its contract: only what the file now says differently; hand edits stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from accounts.calendar import today
from accounts.history import readable
from contracts.models import AgreementType, Contract, Stage
from contracts.register.fields import BY_NAME, CONTRACT_FIELDS, DERIVED, SUPPLIER_FIELDS
from contracts.register.values import as_text, from_text
from govuk.formats import money

# What a contract holds where nobody has said anything; blank for all others.
UNSAID = {"agreement_type": AgreementType.CONTRACT.value}


@dataclass
class Merged:
    """Field -> new text of what changes, and what the file would change but a person already has."""

    changes: dict[str, str] = field(default_factory=dict)
    conflicts: list[dict[str, str]] = field(default_factory=list)


@cache
def label_of(name: str) -> str:
    """Return what pages and history call a field."""
    if name in SUPPLIER_FIELDS:
        return BY_NAME[name].label
    return str(getattr(Contract._meta.get_field(name), "verbose_name", name)).capitalize()


@cache
def _choices_of(name: str) -> dict[str, str]:
    """Key -> label of a field of choices; empty for others."""
    if name in SUPPLIER_FIELDS:
        return {}
    flat = getattr(Contract._meta.get_field(name), "flatchoices", ())
    return {str(key): str(label) for key, label in flat}


def current_text(contract: Contract, name: str) -> str:
    """Return what the contract holds now, in the form rows are read in."""
    if name in DERIVED:
        held = getattr(contract, DERIVED[name])
        return "" if held is None else str(held)
    return as_text(name, getattr(contract, name))


def merge(
    contract: Contract,
    read: Mapping[str, str],
    last: Mapping[str, str] | None,
    fields: Sequence[str] = CONTRACT_FIELDS,
) -> Merged:
    """Return what the row (or another published source of these fields) changes on the contract.

    A field changes where the file differs from what it last said and the contract still holds that. Where the
    contract holds something else, a person put it there: it is kept and returned as a conflict. A field that
    the file never spoke of before is filled only where it is blank.
    """
    result, before = Merged(), last or {}
    for name in fields:
        if name not in read:
            continue
        new, now = read[name], current_text(contract, name)
        if new == now or new == before.get(name):
            continue
        if name == "ends_on" and (contract.extended_to or contract.terminated_on):
            _merge_end(contract, new, now, before.get(name, ""), result)
        elif now == before.get(name, UNSAID.get(name, "")):
            result.changes[name] = new
        elif new:
            result.conflicts.append(_conflict(name, now, new))
    _merge_derived(contract, read, before, result)
    supplier_kept = any(one["field"] == "supplier_text" for one in result.conflicts)
    if last is not None and not supplier_kept:
        for name in SUPPLIER_FIELDS:
            if name in read and read[name] and read[name] != last.get(name, ""):
                result.changes[name] = read[name]
    _merge_stage(contract, result)
    return result


def _merge_derived(
    contract: Contract, read: Mapping[str, str], before: Mapping[str, str], result: Merged
) -> None:
    for name in DERIVED:
        new, now, said = read.get(name, ""), current_text(contract, name), before.get(name, "")
        if not new or new in (now, said):
            continue
        if name == "department" and _stays_elsewhere(contract, read, result):
            continue
        if now in ("", said) or (name == "department" and "directorate" in result.changes):
            result.changes[name] = new
        else:
            result.conflicts.append(_conflict(name, now, new))
    if "directorate" in result.changes and "department" not in result.changes and contract.department_id:
        result.changes["department"] = ""


def _stays_elsewhere(contract: Contract, read: Mapping[str, str], result: Merged) -> bool:
    """Whether the contract stays in another directorate than the department's."""
    after = result.changes.get("directorate", current_text(contract, "directorate"))
    return after != read.get("directorate", "")


def _merge_stage(contract: Contract, result: Merged) -> None:
    """Move the stage with the dates, unless a person has set one the dates don't give."""
    if not {"starts_on", "ends_on"} & set(result.changes):
        return
    if contract.stage != stage_of(contract.starts_on, contract.last_day):
        return
    start = from_text("starts_on", result.changes.get("starts_on", as_text("starts_on", contract.starts_on)))
    end = from_text("ends_on", result.changes.get("ends_on", as_text("ends_on", contract.ends_on)))
    moved = Contract(ends_on=end, extended_to=contract.extended_to, terminated_on=contract.terminated_on)
    stage = stage_of(start, moved.last_day)
    if stage == Stage.MOBILISATION and contract.signed_on:
        # Signature made it live: a start the file moves into the future does not undo that.
        result.conflicts.append(_conflict("stage", contract.stage, stage))
    elif stage != contract.stage:
        result.changes["stage"] = stage


def _merge_end(contract: Contract, new: str, now: str, said: str, result: Merged) -> None:
    """Take a new end date only where it does not undo an extension or a termination made here.

    An end that agrees with the contract's last day needs no change; a later one than an extension is the
    register's news, where the contract holds what the register last said.
    """
    last_day = as_text("ends_on", contract.last_day)
    if new in ("", last_day):
        return
    holds_what_was_said = said in (now, last_day)
    if contract.terminated_on is None and new > last_day and holds_what_was_said:
        result.changes["ends_on"] = new
    else:
        result.conflicts.append(_conflict("ends_on", last_day, new))


def stage_of(start: dt.date | None, last_day: dt.date | None) -> str:
    """Return the stage dates give today: mobilisation before the start, ended past the last day, or live."""
    day = today()
    if start and start > day:
        return Stage.MOBILISATION
    return Stage.ENDED if last_day and last_day < day else Stage.LIVE


def put(contract: Contract, name: str, text: str) -> None:
    """Set one field of the contract from its text (not saved)."""
    if name in DERIVED:
        setattr(contract, DERIVED[name], int(text) if text else None)
    elif name not in SUPPLIER_FIELDS:
        setattr(contract, name, from_text(name, text))


def _conflict(name: str, kept: str, file: str) -> dict[str, str]:
    return {"field": name, "label": label_of(name), "kept": kept, "file": file}


class Wording:
    """Field texts in the words pages and history use."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self.names = names

    def say(self, name: str, text: str) -> str:
        """Return the text as a person reads it: dates, amounts, names for keys, labels for choices."""
        if not text:
            return ""
        if name in DERIVED:
            return self.names.get(name, {}).get(text, text)
        value: Any = from_text(name, text)
        if name in ("value", "irrecoverable_vat", "estimated_value_inc_vat"):
            return money(value)
        return readable(_choices_of(name).get(text, value))
