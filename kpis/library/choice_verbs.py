"""Chooses for one contract which editions its measures come from, instead of what its date offers."""

from collections.abc import Iterable

from django.db import transaction

from accounts.history import record
from accounts.models import HistoryRow, Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from contracts.models import Contract
from contracts.permissions import may_edit
from kpis.library.choosing import in_words
from kpis.library.models import Framework, FrameworkChoice

CHOSEN = "library.choose_frameworks"


def choose_frameworks(
    contract: Contract,
    *,
    by: Person,
    frameworks: Iterable[Framework],
    note: str,
    seen: int | None = None,
) -> list[Framework]:
    """Return the editions now chosen for the contract; none at all means what its date offers.

    It says only what may be proposed from now on: KPIs already in a set, draft or approved, stay. Raises
    Stale for a call-off, which follows its parent, and Invalid for an edition that can't be used (one that
    is chosen already may stay).
    """
    require(may_edit(by, contract))
    if not note.strip():
        raise Invalid([("note", "Enter a reason")])
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        refuse_call_off(contract)
        check_seen(contract, CHOSEN, seen, "the frameworks of this contract")
        wanted = sorted(set(frameworks), key=str)
        held = list(Framework.objects.filter(choices__contract=contract))
        unusable = [one for one in wanted if one not in held and not _may_be_chosen(one)]
        if unusable:
            raise Invalid([("frameworks", f"{in_words(unusable)} can’t be used. Choose another")])
        if set(wanted) == set(held):
            return held
        contract.framework_choices.exclude(framework__in=wanted).delete()
        FrameworkChoice.objects.bulk_create(
            [
                FrameworkChoice(contract=contract, framework=one, chosen_by=by)
                for one in wanted
                if one not in held
            ]
        )
        as_offered = "What the day its procurement began offers"
        record(
            action=CHOSEN,
            subject=contract,
            by=by,
            contract_number=contract.pk,
            note=note.strip(),
            summary="Chose the frameworks its KPIs may come from"
            if wanted
            else "Went back to the frameworks its procurement date offers",
            before={"Frameworks": in_words(held, quotes=False) if held else as_offered},
            after={"Frameworks": in_words(wanted, quotes=False) if wanted else as_offered},
        )
    return wanted


def _may_be_chosen(framework: Framework) -> bool:
    """Return whether contracts may choose it: what holds contracts' own words is nobody's choice."""
    return framework.is_usable and framework.offered != Framework.Offered.NEVER


def refuse_call_off(contract: Contract) -> None:
    """Raise Stale for a contract whose parent decides."""
    if contract.governing.pk != contract.pk:
        raise Stale(
            "A call-off follows the agreement it is called off from. Frameworks are chosen there, for "
            f"“{contract.governing}”."
        )


def carry_choices(contract: Contract, to: Iterable[Contract]) -> None:
    """Let contracts that were part of this one go on with the frameworks chosen for it."""
    choices = list(contract.framework_choices.all())
    FrameworkChoice.objects.bulk_create(
        [
            FrameworkChoice(
                contract=other,
                framework=one.framework,
                chosen_by_id=one.chosen_by_id,
                chosen_at=one.chosen_at,
            )
            for other in to
            for one in choices
        ]
    )


def last_choice(contract: Contract) -> HistoryRow | None:
    """Return the last time frameworks were chosen for the contract, with its person and reason."""
    return (
        HistoryRow.objects.of(contract).filter(action=CHOSEN).select_related("actor").order_by("-pk").first()
    )
