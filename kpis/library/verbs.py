"""Keeping the library: add, edit, put live, retire and bring back measures, each with its history."""

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from kpis.library.measure_checks import (
    FIXED_ONCE_USED,
    check_changes,
    check_code,
    check_replacement,
    check_together,
    is_used,
    usual_across,
)
from kpis.library.models import Kind, Measure
from kpis.library.permissions import may_keep

__all__ = [
    "FIELDS", "FIXED_ONCE_USED", "add_measure", "bring_back", "edit_measure", "is_used", "make_live",
    "retire",
]  # fmt: skip

FIELDS = (
    "theme",
    "outcome",
    "code",
    "title",
    "kind",
    "unit",
    "numerator_name",
    "denominator_name",
    "direction",
    "roll_up",
    "across",
    "can_be_negative",
    "counting_rule",
    "evidence_expected",
    "cohort",
    "cohort_splits",
    "record_only",
    "priorities",
    "also_under",
)
MANY = ("cohort_splits", "priorities", "also_under")
Status = Measure.Status


def add_measure(*, by, note="", status=Status.LIVE, **facts):
    """Return the new measure, live or a draft, of its theme's edition.

    Raises Invalid where the facts don't go together or the code is taken there.
    """
    require(may_keep(by))
    framework = facts["theme"].framework
    facts.setdefault("across", usual_across(facts.get("kind", Kind.COUNT)))
    errors = check_code(facts.get("code", ""), framework) + check_together(facts)
    if status not in (Status.DRAFT, Status.LIVE):
        errors.append(("status", "Add it as a draft, or so that it can be proposed at once"))
    if errors:
        raise Invalid(errors)
    many = {name: facts.pop(name, ()) for name in MANY}
    try:
        with transaction.atomic():
            measure = Measure.objects.create(framework=framework, status=status, **facts)
            for name, rows in many.items():
                getattr(measure, name).set(rows)
            record(
                action="library.add_measure",
                subject=measure,
                by=by,
                note=note,
                summary=f"Added {measure.code} {measure.title} to the library"
                + (" as a draft" if status == Status.DRAFT else ""),
            )
    except IntegrityError:
        raise Invalid([("code", "Another measure has taken this code meanwhile. Choose another")]) from None
    return measure


def edit_measure(measure, *, by, note="", seen=None, **facts):
    """Return the changed measure; KPI sets keep the words they copied. Raises Invalid.

    What a figure means stays once contracts count by it, and what a £ value needs while it is offered.
    """
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        check_seen(measure, "library.edit_measure", seen, "this measure")
        after = {
            name: facts[name]
            if name in facts
            else list(getattr(measure, name).all())
            if name in MANY
            else getattr(measure, name)
            for name in FIELDS
        }
        errors = check_changes(measure, facts)
        theme = facts.get("theme", measure.theme)
        errors += check_code(facts.get("code", measure.code), theme.framework, measure)
        # What is fixed can't be put right any more, whatever an import once let through.
        stuck = FIXED_ONCE_USED if is_used(measure) else ()
        errors += [(name, words) for name, words in check_together(after) if name not in stuck]
        if errors:
            raise Invalid(errors)
        was, now = changes(measure, facts, facts)
        many = {name: facts.pop(name) for name in MANY if name in facts}
        for name, value in facts.items():
            setattr(measure, name, value)
        measure.framework = measure.theme.framework
        measure.save()
        for name, rows in many.items():
            getattr(measure, name).set(rows)
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


def make_live(measure, *, by, note=""):
    """Return the draft as a measure that may be proposed."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        if measure.status != Status.DRAFT:
            raise Stale(f"{measure.code} is not a draft any more.")
        measure.status = Status.LIVE
        measure.save()
        record(
            action="library.make_live",
            subject=measure,
            by=by,
            note=note,
            summary=f"Let {measure.code} {measure.title} be proposed",
        )
    return measure


def retire(measure, *, by, replaced_by=None, note=""):
    """Return the measure, no longer to be proposed; KPIs that use it carry on, and past figures stand.

    Raises Invalid where what is to take its place can't be proposed, or was itself replaced by it.
    """
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        if measure.status == Status.RETIRED:
            raise Stale(f"{measure.code} is retired already.")
        errors = check_replacement(measure, lock(Measure, replaced_by.pk) if replaced_by else None)
        if errors:
            raise Invalid(errors)
        measure.status, measure.replaced_by = Status.RETIRED, replaced_by
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
    """Return the measure, live again; what took its place does so no longer."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        if measure.status != Status.RETIRED:
            raise Stale(f"{measure.code} is not retired.")
        was = measure.replaced_by
        measure.status, measure.replaced_by = Status.LIVE, None
        measure.save()
        record(
            action="library.bring_back",
            subject=measure,
            by=by,
            note=note,
            summary=f"Brought back {measure.code} {measure.title}",
            before={"Replaced by": was} if was else None,
        )
    return measure
