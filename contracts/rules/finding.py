"""Finds the proportionate rule that holds for a contract: the closest drawn one that fits."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from contracts.models import Contract, Proportionate, ProportionateRule, ValueBand

P = TypeVar("P", bound=Proportionate)


def bands() -> list[ValueBand]:
    """Return the value bands, lowest first."""
    return list(ValueBand.objects.order_by("at_least"))


def band_among(ordered: Sequence[ValueBand], value: Decimal | None) -> ValueBand | None:
    """Return the band a value in £ falls in, of bands given lowest first; None where it is not known."""
    if value is None:
        return None
    return next((band for band in reversed(ordered) if band.at_least <= value), None)


def rule_for(contract: Contract) -> ProportionateRule | None:
    """Return the rule that holds for the contract; None where none fits."""
    return rules_for([contract])[contract.pk]


def rules_for(contracts: Iterable[Contract]) -> dict[int, ProportionateRule | None]:
    """Return {contract number: the rule that holds, or None}, in two queries however many there are."""
    rules = list(ProportionateRule.objects.select_related("tier", "category", "band"))
    ordered = bands()
    return {contract.pk: closest(contract, rules, ordered) for contract in contracts}


def closest(contract: Contract, drawn: Iterable[P], ordered: Sequence[ValueBand]) -> P | None:
    """Return what is drawn most closely to the contract; None where nothing fits."""
    return next(iter(by_closeness(contract, drawn, ordered)), None)


def by_closeness(contract: Contract, drawn: Iterable[P], ordered: Sequence[ValueBand]) -> list[P]:
    """Return what fits the contract, the closest first: of two as close the higher band, then the older.

    A tier counts most, then a category, then a value band (see `Proportionate.closeness`); `drawn` should
    come with tier and band fetched, and `ordered` holds every band, lowest first.
    """
    band = band_among(ordered, contract.whole_value)
    fitting = [
        one
        for one in drawn
        if one.fits(
            tier=contract.tier.strip(), category_id=contract.category_id, band_id=band.pk if band else None
        )
    ]
    return sorted(fitting, key=lambda one: (-one.closeness, -_from(one), one.pk))


def _from(one: Proportionate) -> Decimal:
    """Return where its band begins in £; without a band it ranks below every band."""
    return one.band.at_least if one.band else Decimal(-1)
