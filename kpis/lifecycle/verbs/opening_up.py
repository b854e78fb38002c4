"""How every verb of this room begins: the contract locked, the person and the version checked."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from accounts.permissions import Answer
from accounts.verbs.recipe import Invalid, check_version, lock, require
from contracts.models import Contract, Stage
from kpis.proposals.models import KPISet


def opened(
    contract: Contract, *, by: Person, may: Callable[[Person, Contract], Answer], version: int | None
) -> Contract:
    """Return the contract, locked, where this person may do this to the copy they saw."""
    contract = lock(Contract, contract.pk)
    require(may(by, contract))
    check_version(contract, version, "this contract")
    return contract


def hold_sets(contract: Contract) -> None:
    """Lock the contract's KPI set in the making, before the contract itself is locked.

    Whoever decides a set locks it and then the contract: in the same order, two at once wait for each other
    instead of standing in each other's way, and a decision is made either before or after what is done here.
    """
    sets = KPISet.objects.filter(contract=contract.pk).open_or_waiting()
    list(sets.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


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
