"""Keeping the rules: add, change and remove what is asked of contracts, each with its history."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from contracts.models import ProportionateRule
from contracts.rules.permissions import may_keep

WHICH = ("tier", "category", "band")
FIELDS = (
    *WHICH,
    "weighting_at_least",
    "kpis_at_least",
    "kpis_at_most",
    "returns_every",
    "offer_instead",
    "note",
)
CHANGED = "rules.change_rule"
GONE = "Somebody removed this rule while you had it open."


def add_rule(*, by: Person, **facts: Any) -> ProportionateRule:
    """Return the new rule. Raises Invalid where another is drawn for the same contracts already.

    How often returns open for sets begun before does not change: a set keeps what held when it was begun.
    """
    require(may_keep(by))
    rule = ProportionateRule(**facts)
    _check(rule)
    try:
        with transaction.atomic():
            rule.save()
            record(
                action="rules.add_rule",
                subject=rule,
                by=by,
                summary=f"Added the rule for {_named(rule)}",
                after=changes(ProportionateRule(kpis_at_least=0), FIELDS, facts)[1],
            )
    except IntegrityError:
        raise Invalid(_taken(rule)) from None
    return rule


def change_rule(
    rule: ProportionateRule, *, by: Person, seen: int | None = None, **facts: Any
) -> ProportionateRule:
    """Return the changed rule; `seen` is the mark of the rule as it was read. Raises Invalid and Stale."""
    require(may_keep(by))
    try:
        with transaction.atomic():
            rule = _locked(rule)
            check_seen(rule, CHANGED, seen, "this rule")
            was, now = changes(rule, facts, facts)
            for name, value in facts.items():
                setattr(rule, name, value)
            _check(rule)
            if was or now:
                rule.version += 1
                rule.save()
                record(
                    action=CHANGED,
                    subject=rule,
                    by=by,
                    summary=f"Changed the rule for {_named(rule)}",
                    before=was,
                    after=now,
                )
    except IntegrityError:
        raise Invalid(_taken(rule)) from None
    return rule


def remove_rule(rule: ProportionateRule, *, by: Person, note: str = "") -> None:
    """Take the rule away: its contracts fall to the next that fits. What it asked stays in the history."""
    require(may_keep(by))
    with transaction.atomic():
        rule = _locked(rule)
        facts = {name: getattr(rule, name) for name in FIELDS}
        record(
            action="rules.remove_rule",
            subject=rule,
            by=by,
            summary=f"Removed the rule for {_named(rule)}",
            before=changes(ProportionateRule(kpis_at_least=0), FIELDS, facts)[1],
            note=note,
        )
        rule.delete()


def _locked(rule: ProportionateRule) -> ProportionateRule:
    try:
        return lock(ProportionateRule, rule.pk)
    except ProportionateRule.DoesNotExist:
        raise Stale(GONE) from None


def _named(rule: ProportionateRule) -> str:
    """Return the rule's name in the middle of a sentence."""
    name = str(rule)
    return "every other contract" if name == "Every other contract" else name


def _check(rule: ProportionateRule) -> None:
    errors = []
    if rule.weighting_at_least is not None and not Decimal(0) <= rule.weighting_at_least <= 100:
        errors.append(("weighting_at_least", "Social value weighting must be a percentage from 0 to 100"))
    if rule.kpis_at_most is not None and rule.kpis_at_most < rule.kpis_at_least:
        errors.append(
            (
                "kpis_at_most",
                f"The largest number of KPIs must be {rule.kpis_at_least} or more, or blank",
            )
        )
    same = {name: getattr(rule, f"{name}_id") for name in WHICH}
    if ProportionateRule.objects.filter(**same).exclude(pk=rule.pk).exists():
        errors += _taken(rule)
    if errors:
        raise Invalid(errors)


def _taken(rule: ProportionateRule) -> list[tuple[str, str]]:
    return [
        (
            "tier",
            f"There is already a rule for {_named(rule)}. Change that one, or choose another tier, category "
            "or value band",
        )
    ]
