"""Keeping templates: add and change ready KPI sets, and switch them off, each with its history."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts.history import changes, readable, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from kpis.library.models import Kind, KPITemplate, Measure, TemplateItem
from kpis.library.permissions import may_keep
from kpis.library.template_use import successors

FIELDS = ("name", "about", "tier", "category", "band", "is_active")
CHANGED = "library.change_template"
WITHOUT_TARGET = {Kind.MILESTONE, Kind.TEXT}
# A measure, the suggestion for it (None for none) and why it is in the template.
Item = tuple[Measure, Decimal | None, str]


def add_template(*, by: Person, items: Sequence[Item], note: str = "", **facts: Any) -> KPITemplate:
    """Return the new template with these measures in this order. Raises Invalid."""
    require(may_keep(by))
    template = KPITemplate(**facts)
    _check(template, items)
    try:
        with transaction.atomic():
            template.save()
            _write(template, items)
            record(
                action="library.add_template",
                subject=template,
                by=by,
                summary=f"Added the template {template}",
                after={"Measures": _in_words(items)},
                note=note,
            )
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a template called {template}")]) from None
    return template


def change_template(
    template: KPITemplate,
    *,
    by: Person,
    items: Sequence[Item],
    seen: int | None = None,
    **facts: Any,
) -> KPITemplate:
    """Return the changed template; KPI sets begun from it stay as they are. Raises Invalid and Stale."""
    require(may_keep(by))
    try:
        with transaction.atomic():
            template = lock(KPITemplate, template.pk)
            check_seen(template, CHANGED, seen, "this template")
            before = [
                (item.measure, item.suggested_target, item.why)
                for item in template.items.select_related("measure")
            ]
            was, now = changes(template, facts, facts)
            for name, value in facts.items():
                setattr(template, name, value)
            _check(template, items)
            if _normal(before) != _normal(items):
                was["Measures"], now["Measures"] = _in_words(before), _in_words(items)
                template.items.all().delete()
                _write(template, items)
            if was or now:
                template.version += 1
                template.save()
                record(
                    action=CHANGED, subject=template, by=by, summary=f"Changed the template {template}",
                    before=was, after=now,
                )  # fmt: skip
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a template called {template}")]) from None
    return template


def replace_retired(
    template: KPITemplate, *, by: Person, measure: Measure, seen: int | None = None
) -> tuple[KPITemplate, TemplateItem]:
    """Put the measure that replaces a retired one into its place; return the template and the new item.

    The suggestion stays only where the two count the same. Raises Stale where there is nothing to replace.
    """
    require(may_keep(by))
    with transaction.atomic():
        template = lock(KPITemplate, template.pk)
        check_seen(template, CHANGED, seen, "this template")
        items = list(template.items.select_related("measure__unit", "measure__framework"))
        item = next((one for one in items if one.measure_id == measure.pk), None)
        if item is None:
            raise Stale(f"{measure} is no longer in this template.")
        successor = successors([item.measure]).get(item.measure_id)
        if successor is None:
            raise Stale(f"{measure} is not retired, or no live measure replaces it.")
        if any(one.measure_id == successor.pk for one in items):
            raise Stale(f"{successor} is in this template already: take {measure} out instead.")
        before = _in_words([(one.measure, one.suggested_target, one.why) for one in items])
        if not _counts_alike(item.measure, successor):
            item.suggested_target = None
        item.measure = successor
        item.save()
        template.version += 1
        template.save()
        record(
            action=CHANGED, subject=template, by=by,
            summary=f"Put {successor.code} in place of {measure.code} in the template {template}",
            before={"Measures": before},
            after={"Measures": _in_words([(one.measure, one.suggested_target, one.why) for one in items])},
        )  # fmt: skip
    return template, item


def _counts_alike(one: Measure, other: Measure) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("kind", "unit_id", "roll_up"))


def _write(template: KPITemplate, items: Sequence[Item]) -> None:
    TemplateItem.objects.bulk_create(
        [
            TemplateItem(
                template=template,
                measure=measure,
                position=position,
                suggested_target=None if measure.kind in WITHOUT_TARGET else suggested,
                why=why,
            )
            for position, (measure, suggested, why) in enumerate(items, 1)
        ]
    )


def _normal(items: Sequence[Item]) -> list[tuple[int, Decimal | None, str]]:
    return [(measure.pk, suggested, why) for measure, suggested, why in items]


def _in_words(items: Sequence[Item]) -> str:
    """Return "SV-09 52, SV-29" for history."""
    return ", ".join(f"{measure.code} {readable(suggested)}".strip() for measure, suggested, _why in items)


def _check(template: KPITemplate, items: Sequence[Item]) -> None:
    """Refuse what does not go together; "measure-2" is the measure of the second item."""
    errors = []
    if KPITemplate.objects.filter(name__iexact=template.name).exclude(pk=template.pk).exists():
        errors.append(("name", f"There is already a template called {template}. Enter another name"))
    if not items:
        errors.append(("measure-1", "Choose at least one measure"))
    taken = set()
    for number, (measure, suggested, _why) in enumerate(items, 1):
        if measure.pk in taken:
            errors.append((f"measure-{number}", f"{measure.code} is there twice. Take one of them out"))
        taken.add(measure.pk)
        if measure.contract_id:
            errors.append(
                (f"measure-{number}", f"{measure.code} was written for one contract. Choose another")
            )
        if suggested is None:
            continue
        about = f"The suggestion for {measure.code} must be"
        if suggested < 0:
            errors.append((f"suggested-{number}", f"{about} 0 or more"))
        if measure.is_percentage and suggested > 100:
            errors.append((f"suggested-{number}", f"{about} a percentage from 0 to 100"))
        if measure.kind == Kind.YES_NO and suggested != 1:
            errors.append((f"suggested-{number}", f"{about} 1, which stands for yes"))
    if errors:
        raise Invalid(errors)
