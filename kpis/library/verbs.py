"""Keeping the library: add, edit, retire and bring back measures, each with its history."""

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from kpis.library.models import Kind, Measure
from kpis.library.permissions import may_keep

FIELDS = (
    "theme",
    "code",
    "title",
    "unit",
    "kind",
    "direction",
    "roll_up",
    "numerator_name",
    "denominator_name",
    "counting_rule",
    "evidence_expected",
    "cohort",
    "cohort_splits",
    "record_only",
)
# What a figure means: fixed once a contract has used the measure, so that past figures never change.
FIXED_ONCE_USED = (
    "code",
    "unit",
    "kind",
    "direction",
    "roll_up",
    "numerator_name",
    "denominator_name",
    "cohort",
)


def is_used(measure: Measure) -> bool:
    """Return whether any contract ever took the measure into a KPI set."""
    return bool(measure.pk) and measure.kpis.exists()


def _check(facts, errors):
    if facts.get("kind") == Kind.PERCENTAGE:
        for field, words in (
            ("numerator_name", "what is counted (above the line)"),
            ("denominator_name", "out of what (below the line)"),
        ):
            if not facts.get(field):
                errors.append((field, f"Enter {words}"))
        if facts.get("roll_up") == "sum":
            errors.append(("roll_up", "Percentages can't be summed: select latest month or weighted average"))
    elif facts.get("kind") in {Kind.YES_NO, Kind.MILESTONE, Kind.TEXT} and facts.get("roll_up") != "latest":
        errors.append(("roll_up", "Select latest month: only numbers can be summed, averaged or compared"))
    elif facts.get("roll_up") == "average":
        errors.append(
            ("roll_up", "A weighted average needs a percentage: select sum, latest or highest month")
        )
    if errors:
        raise Invalid(errors)


def add_measure(*, by, **facts):
    """Return the new measure, live. Raises Invalid where the facts don't go together or the code is taken."""
    require(may_keep(by))
    errors = []
    if Measure.objects.filter(code__iexact=facts.get("code", "")).exists():
        errors.append(("code", f"{facts['code']} is the code of another measure. Choose another"))
    _check(facts, errors)
    splits = facts.pop("cohort_splits", ())
    try:
        with transaction.atomic():
            measure = Measure.objects.create(framework=facts["theme"].framework, **facts)
            measure.cohort_splits.set(splits)
            record(
                action="library.add_measure",
                subject=measure,
                by=by,
                summary=f"Added {measure.code} {measure.title} to the library",
            )
    except IntegrityError:
        raise Invalid([("code", "Another measure has taken this code meanwhile. Choose another")]) from None
    return measure


def edit_measure(measure, *, by, note="", seen=None, **facts):
    """Return the changed measure; KPI sets keep the words they copied. Raises Invalid."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        check_seen(measure, "library.edit_measure", seen, "this measure")
        errors = []
        if is_used(measure):
            for name in FIXED_ONCE_USED:
                if name in facts and facts[name] != getattr(measure, name):
                    errors.append(
                        (
                            name,
                            "Contracts already count by this. Retire the measure and add another "
                            "instead, so that past figures keep their meaning",
                        )
                    )
        code = facts.get("code", measure.code)
        if Measure.objects.filter(code__iexact=code).exclude(pk=measure.pk).exists():
            errors.append(("code", f"{code} is the code of another measure. Choose another"))
        _check(
            {name: facts.get(name, getattr(measure, name)) for name in FIELDS if name != "cohort_splits"},
            errors,
        )
        was, now = changes(measure, facts, facts)
        splits = facts.pop("cohort_splits", None)
        for name, value in facts.items():
            setattr(measure, name, value)
        measure.framework = measure.theme.framework
        measure.save()
        if splits is not None:
            measure.cohort_splits.set(splits)
        if was or now:
            record(
                action="library.edit_measure",
                subject=measure,
                by=by,
                before=was,
                after=now,
                note=note,
                summary=f"Changed {measure.code} {measure.title}",
            )
    return measure


def retire(measure, *, by, replaced_by=None, note=""):
    """Return the measure, no longer to be proposed; KPIs that use it carry on, and past figures stand."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        if measure.status == Measure.Status.RETIRED:
            raise Stale(f"{measure.code} is retired already.")
        measure.status, measure.replaced_by = Measure.Status.RETIRED, replaced_by
        measure.save()
        record(
            action="library.retire",
            subject=measure,
            by=by,
            note=note,
            summary=f"Retired {measure.code} {measure.title}",
            after={"Replaced by": replaced_by} if replaced_by else None,
        )
    return measure


def bring_back(measure, *, by, note=""):
    """Return the measure, live again."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        if measure.status != Measure.Status.RETIRED:
            raise Stale(f"{measure.code} is not retired.")
        measure.status, measure.replaced_by = Measure.Status.LIVE, None
        measure.save()
        record(
            action="library.bring_back",
            subject=measure,
            by=by,
            note=note,
            summary=f"Brought back {measure.code} {measure.title}",
        )
    return measure
