"""How every verb of this room begins: the contract locked, the person and the version checked."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from accounts.permissions import Answer
from accounts.verbs.recipe import Invalid, check_version, lock, require
from contracts.models import Contract, Stage


def opened(
    contract: Contract, *, by: Person, may: Callable[[Person, Contract], Answer], version: int | None
) -> Contract:
    """Return the contract, locked, where this person may do this to the copy they saw."""
    contract = lock(Contract, contract.pk)
    require(may(by, contract))
    check_version(contract, version, "this contract")
    return contract


def refuse_unsigned(contract: Contract, field: str, done: str) -> None:
    """Raise Invalid where the contract is not signed yet: nothing can happen to it then but an edit."""
    if contract.stage in {Stage.COMMISSIONING, Stage.TENDER}:
        raise Invalid(
            [
                (
                    field,
                    f"This contract is at the stage “{contract.get_stage_display()}”, so it can't be {done} "
                    "yet. Change its facts instead",
                )
            ]
        )
