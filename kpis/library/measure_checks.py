"""What goes together in a measure, and what may still change once contracts count by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from kpis.library.models import Across, Kind, Measure, RollUp

Errors = list[tuple[str, str]]
# What a figure means: fixed once a contract has used the measure, so that past figures never change.
FIXED_ONCE_USED = (
    "code",
    "unit",
    "kind",
    "direction",
    "roll_up",
    "across",
    "numerator_name",
    "denominator_name",
    "cohort",
)
WHY_FIXED = (
    "Contracts already count by this. Retire the measure and add another instead, so that past figures keep "
    "their meaning"
)
PARTS = (
    ("numerator_name", "what is counted (above the line)"),
    ("denominator_name", "what it is out of (below the line)"),
)
# Units that say what kind of figure theirs is.
ONLY_FOR = {"pounds": Kind.MONEY, "percent": Kind.PERCENTAGE, "yes-no": Kind.YES_NO, "dates": Kind.MILESTONE}


def is_used(measure: Measure) -> bool:
    """Return whether any contract ever took the measure into a KPI set."""
    return bool(measure.pk) and measure.kpis.exists()


def usual_across(kind: str) -> str:
    """Return how contracts' figures of a kind usually come to one."""
    if kind == Kind.PERCENTAGE:
        return Across.AVERAGE
    return Across.SUM if kind in {Kind.COUNT, Kind.MONEY} else Across.NONE


def check_together(facts: Mapping[str, Any]) -> Errors:
    """Return what is wrong with a measure's facts as they would stand, as (field, sentence)."""
    kind, roll_up, across = facts.get("kind"), facts.get("roll_up"), facts.get("across")
    errors: Errors = []
    if kind == Kind.PERCENTAGE:
        errors += [(field, f"Enter {words}") for field, words in PARTS if not facts.get(field)]
        if roll_up == RollUp.SUM:
            errors.append(("roll_up", "Percentages can't be summed: select latest month or weighted average"))
        if across == Across.SUM:
            errors.append(
                ("across", "Percentages can't be added up: select weighted, the highest or not combined")
            )
    elif kind in {Kind.YES_NO, Kind.MILESTONE, Kind.TEXT}:
        if roll_up != RollUp.LATEST:
            errors.append(
                ("roll_up", "Select latest month: only numbers can be summed, averaged or compared")
            )
        if across != Across.NONE:
            errors.append(("across", "Select not combined: only numbers come to one figure"))
    else:
        if roll_up == RollUp.AVERAGE:
            errors.append(
                ("roll_up", "A weighted average needs a percentage: select sum, latest or highest month")
            )
        if across == Across.AVERAGE:
            errors.append(
                (
                    "across",
                    "Only percentages are weighted by cases: select added up, the highest or not combined",
                )
            )
    return errors + _check_unit(facts) + _check_people(facts) + _check_headings(facts)


def _check_unit(facts: Mapping[str, Any]) -> Errors:
    unit, kind = facts.get("unit"), facts.get("kind")
    needed = ONLY_FOR.get(unit.code) if unit else None
    if unit and needed and kind and kind != needed:
        return [("unit", f"“{unit}” goes with “{needed.label}” only. Select the unit that is counted")]
    return []


def _check_people(facts: Mapping[str, Any]) -> Errors:
    errors: Errors = []
    kind = facts.get("kind")
    if facts.get("can_be_negative") and kind not in {Kind.COUNT, Kind.MONEY}:
        errors.append(("can_be_negative", "Only a number can be below 0"))
    elif facts.get("can_be_negative") and facts.get("cohort"):
        errors.append(
            (
                "can_be_negative",
                "A count of the people of one group can't be below 0: select one or the other",
            )
        )
    if facts.get("cohort_splits") and kind not in {Kind.COUNT, Kind.PERCENTAGE}:
        errors.append(
            ("cohort_splits", "Groups of people can only be counted within a number or a percentage")
        )
    return errors


def _check_headings(facts: Mapping[str, Any]) -> Errors:
    errors: Errors = []
    theme, outcome = facts.get("theme"), facts.get("outcome")
    if theme and outcome and outcome.theme_id != theme.pk:
        errors.append(("outcome", f"Select an outcome of “{theme}”, or none"))
    own = [one for one in facts.get("also_under") or () if theme and one.framework_id == theme.framework_id]
    if own:
        errors.append(
            (
                "also_under",
                f"“{own[0]}” is of the measure’s own edition. It counts under one theme there: select themes "
                "of other editions only",
            )
        )
    return errors


def check_code(code: str, framework, measure: Measure | None = None) -> Errors:
    """Return an error where another measure of the edition has the code, whatever its capitals."""
    others = Measure.objects.filter(framework=framework, code__iexact=code)
    if measure:
        others = others.exclude(pk=measure.pk)
    if others.exists():
        return [("code", f"{code} is the code of another measure of {framework}. Choose another")]
    return []


def check_changes(measure: Measure, facts: Mapping[str, Any]) -> Errors:
    """Return what of these changes would alter what figures and £ values already mean."""
    errors: Errors = []
    if is_used(measure):
        errors += [
            (name, WHY_FIXED)
            for name in FIXED_ONCE_USED
            if name in facts and facts[name] != getattr(measure, name)
        ]
        theme = facts.get("theme")
        if theme and theme.framework_id != measure.framework_id:
            errors.append(("theme", WHY_FIXED))
    if measure.can_be_negative and not facts.get("can_be_negative", True) and has_negatives(measure):
        errors.append(
            ("can_be_negative", "Figures below 0 have been recorded. They stand, so leave this ticked")
        )
    return errors + _check_values(measure, facts)


def has_negatives(measure: Measure) -> bool:
    """Return whether a figure or a baseline below 0 stands."""
    below = Q(value__lt=0) | Q(reported_value__lt=0) | Q(verified_value__lt=0)
    return measure.readings.filter(below).exists() or measure.kpis.filter(terms__baseline__lt=0).exists()


def _check_values(measure: Measure, facts: Mapping[str, Any]) -> Errors:
    """Return an error where the measure would have no £ value any more, or one of another unit."""
    after = Measure(
        kind=facts.get("kind", measure.kind),
        roll_up=facts.get("roll_up", measure.roll_up),
        across=facts.get("across", measure.across),
        record_only=facts.get("record_only", measure.record_only),
    )
    unit = facts.get("unit", measure.unit)
    if after.can_be_priced and unit.pk == measure.unit_id:
        return []
    if measure.kpis.filter(terms__proxy__isnull=False).exists():
        why = "KPI sets carry a £ value of it, and theirs must stand. Retire it and add another instead"
    elif measure.proxies.filter(withdrawn_at=None).exists():
        why = "A £ value of it is offered. Withdraw the £ value first"
    else:
        return []
    if unit.pk != measure.unit_id and after.can_be_priced:
        return [("unit", why)]
    changed = [
        name
        for name in ("record_only", "kind", "roll_up", "across")
        if getattr(after, name) != getattr(measure, name)
    ]
    return [(changed[0], why)] if changed else []


def check_replacement(measure: Measure, other: Measure | None) -> Errors:
    """Return what is wrong with naming another measure to use instead."""
    if other is None:
        return []
    if other.pk == measure.pk:
        return [("replaced_by", "A measure can't take its own place. Select another, or none")]
    if other.contract_id:
        return [("replaced_by", f"{other.code} was written for one contract. Select another, or none")]
    if other.status != Measure.Status.LIVE:
        return [("replaced_by", f"{other.code} can't be proposed. Select a measure that can be, or none")]
    if measure.pk in {one.pk for one in chain_of(other)}:
        return [
            ("replaced_by", f"{other.code} was itself replaced by {measure.code}. Select another, or none")
        ]
    return []


def chain_of(measure: Measure) -> list[Measure]:
    """Return what took the measure's place, what took that one's, and so on to the last."""
    found: list[Measure] = []
    seen = {measure.pk}
    now = measure
    while now.replaced_by_id and now.replaced_by_id not in seen:
        now = Measure.objects.select_related("framework").get(pk=now.replaced_by_id)
        seen.add(now.pk)
        found.append(now)
    return found
