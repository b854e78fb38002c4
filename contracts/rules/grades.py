"""Keeping value bands and tiers: add, change and remove them, each with its history."""

from decimal import Decimal
from typing import TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from accounts.history import changes, record, record_many
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from contracts.models import Contract, ContractTier, Proportionate, ValueBand
from contracts.rules.permissions import may_keep
from govuk.formats import money, plural

T = TypeVar("T", bound=models.Model)
BAND_CHANGED, TIER_CHANGED = "rules.change_band", "rules.change_tier"


def where_used(grade: ValueBand | ContractTier) -> list[str]:
    """Return what is drawn for the band or tier, counted: ["2 proportionate rules", "1 KPI template"]."""
    link = "band" if isinstance(grade, ValueBand) else "tier"
    found = []
    for model in apps.get_models():
        if issubclass(model, Proportionate):
            count = model._default_manager.filter(**{link: grade}).count()
            names = model._meta.verbose_name, model._meta.verbose_name_plural
            if count:
                found.append(plural(count, str(names[0]), str(names[1])))
    if isinstance(grade, ContractTier):
        count = _of_tier(grade.name).count()
        if count:
            found.append(plural(count, "contract"))
    return found


def add_band(*, by: Person, name: str, at_least: Decimal) -> ValueBand:
    """Return the new band, from this whole-life value in £ up to the next band's. Raises Invalid."""
    require(may_keep(by))
    band = ValueBand(name=name.strip(), at_least=at_least)
    _check_band(band)
    try:
        with transaction.atomic():
            band.save()
            record(
                action="rules.add_band",
                subject=band,
                by=by,
                summary=f"Added the value band {band}, from {money(band.at_least)}",
            )
    except IntegrityError:
        raise Invalid([("name", "Somebody has just added this band or one from the same value")]) from None
    return band


def change_band(
    band: ValueBand, *, by: Person, name: str, at_least: Decimal, seen: int | None = None
) -> ValueBand:
    """Return the changed band; contracts fall into bands by their value, so some may move. Raises Invalid."""
    require(may_keep(by))
    facts = {"name": name.strip(), "at_least": at_least}
    try:
        with transaction.atomic():
            band = _locked(ValueBand, band, "value band")
            check_seen(band, BAND_CHANGED, seen, "this value band")
            was, now = changes(band, facts, facts)
            before = band.name
            band.name, band.at_least = name.strip(), at_least
            _check_band(band)
            if now:
                band.save()
                record(
                    action=BAND_CHANGED,
                    subject=band,
                    by=by,
                    summary=f"Changed the value band {before}",
                    before=was,
                    after=now,
                )
    except IntegrityError:
        raise Invalid([("name", "Somebody has just added this band or one from the same value")]) from None
    return band


def remove_band(band: ValueBand, *, by: Person, note: str = "") -> None:
    """Take the band away: its contracts fall into the one below. Refused with Stale while it is used."""
    require(may_keep(by))
    with transaction.atomic():
        band = _locked(ValueBand, band, "value band")
        _refuse_in_use(band)
        record(
            action="rules.remove_band",
            subject=band,
            by=by,
            summary=f"Removed the value band {band}, from {money(band.at_least)}",
            note=note,
        )
        band.delete()


def add_tier(*, by: Person, name: str, position: int) -> ContractTier:
    """Return the new tier at this place, 1 for the highest; those from there on move down. Raises Invalid."""
    require(may_keep(by))
    tier = ContractTier(name=name.strip(), position=position)
    _check_tier(tier)
    try:
        with transaction.atomic():
            tier.save()
            _put_in_order(tier, position)
            record(action="rules.add_tier", subject=tier, by=by, summary=f"Added the tier {tier}")
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a tier called {tier}")]) from None
    return tier


def change_tier(
    tier: ContractTier, *, by: Person, name: str, position: int, seen: int | None = None
) -> ContractTier:
    """Return the changed tier. A new name goes to every contract of the tier, with its history."""
    require(may_keep(by))
    name = name.strip()
    try:
        with transaction.atomic():
            tier = _locked(ContractTier, tier, "tier")
            check_seen(tier, TIER_CHANGED, seen, "this tier")
            facts = {"name": name, "position": position}
            was, now = changes(tier, facts, facts)
            old, tier.name = tier.name, name
            _check_tier(tier)
            if not now:
                return tier
            renamed = _rename_on_contracts(old, name, by) if old != name else 0
            tier.save()
            if tier.position != position:
                _put_in_order(tier, position)
            record(
                action=TIER_CHANGED,
                subject=tier,
                by=by,
                summary=f"Changed the tier {old}"
                + (f", and {plural(renamed, 'contract')} with it" if renamed else ""),
                before=was,
                after=now,
            )
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a tier called {name}")]) from None
    return tier


def remove_tier(tier: ContractTier, *, by: Person, note: str = "") -> None:
    """Take the tier away. Refused with Stale while contracts, rules or anything else is of that tier."""
    require(may_keep(by))
    with transaction.atomic():
        tier = _locked(ContractTier, tier, "tier")
        _refuse_in_use(tier)
        record(action="rules.remove_tier", subject=tier, by=by, summary=f"Removed the tier {tier}", note=note)
        tier.delete()
        _put_in_order()


def _locked(model: type[T], row: T, noun: str) -> T:
    try:
        return lock(model, row.pk)
    except model.DoesNotExist:  # type: ignore[attr-defined]
        raise Stale(f"Somebody removed this {noun} while you had it open.") from None


def _refuse_in_use(grade: ValueBand | ContractTier) -> None:
    used = where_used(grade)
    if used:
        listed = f"{', '.join(used[:-1])} and {used[-1]}" if len(used) > 1 else used[0]
        raise Stale(f"“{grade}” is still used by {listed}. Change those first, then remove it.")


def _check_band(band: ValueBand) -> None:
    errors = []
    others = ValueBand.objects.exclude(pk=band.pk)
    if band.at_least < 0:
        errors.append(("at_least", "The value it begins at must be £0 or more"))
    same = others.filter(at_least=band.at_least).first()
    if same:
        errors.append(("at_least", f"“{same}” begins at {money(band.at_least)} already. Enter another value"))
    if others.filter(name__iexact=band.name).exists():
        errors.append(("name", f"There is already a band called {band}. Enter another name"))
    if errors:
        raise Invalid(errors)


def _check_tier(tier: ContractTier) -> None:
    if ContractTier.objects.filter(name__iexact=tier.name).exclude(pk=tier.pk).exists():
        raise Invalid([("name", f"There is already a tier called {tier}. Enter another name")])


def _of_tier(name: str):
    return Contract.objects.filter(tier__iexact=name)


def _rename_on_contracts(old: str, new: str, by: Person) -> int:
    """Give every contract of the tier its new name, in one statement; return how many there were."""
    contracts = list(_of_tier(old).select_for_update(of=("self",)).order_by("pk"))
    _of_tier(old).update(tier=new, version=F("version") + 1)
    record_many(
        {
            "action": "contracts.edit",
            "subject": contract,
            "by": by,
            "summary": f"The tier {old} is now called {new}",
            "before": {"Tier": contract.tier},
            "after": {"Tier": new},
            "contract_number": contract.pk,
        }
        for contract in contracts
    )
    return len(contracts)


def _put_in_order(moved: ContractTier | None = None, position: int = 1) -> None:
    """Number the tiers from 1 without gaps, this one at its new place."""
    order = [tier for tier in ContractTier.objects.select_for_update() if moved is None or tier != moved]
    if moved is not None:
        order.insert(max(position, 1) - 1, moved)
    for place, tier in enumerate(order, 1):
        if tier.position != place:
            tier.position = place
            ContractTier.objects.filter(pk=tier.pk).update(position=place)
