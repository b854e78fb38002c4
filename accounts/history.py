"""The one way to write history: in the same transaction as the change it tells of."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import models, transaction

from accounts.models import HistoryRow
from govuk.formats import day as show_day


class NotInATransaction(Exception):
    """History was written apart from its change: a mistake in the code, found by the first test."""


def record(
    *,
    action: str,
    subject: models.Model,
    by,
    summary: str,
    before: Mapping | None = None,
    after: Mapping | None = None,
    note: str = "",
    acting_for=None,
    delegation=None,
    contract_number: int | None = None,
) -> HistoryRow:
    """Add one row of history and return it.

    `action` is the verb with its noun ("proposals.approve"); `by` is a person, or None for the clock;
    `before` and `after` hold only what changed, and are stored as readable text. Must be called inside the
    transaction that makes the change.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInATransaction(f"{action} must be recorded in the transaction of its change.")
    return HistoryRow.objects.create(
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=by,
        acting_for=acting_for,
        delegation=delegation,
        contract_number=contract_number,
        summary=summary[:300],
        before={name: readable(value) for name, value in (before or {}).items()},
        after={name: readable(value) for name, value in (after or {}).items()},
        note=note,
    )


def readable(value) -> str:
    """Return a value as the text a reader of history sees; blank stays blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime | dt.date):
        return show_day(value)
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return ", ".join(readable(item) for item in value)
    return str(value)


def changes(instance: models.Model, fields: Iterable[str], cleaned: Mapping) -> tuple[dict, dict]:
    """Return (before, after) of the named fields whose cleaned value differs from the instance's.

    Keys are the fields' plain labels; choice values are shown by their label.
    """
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for name in fields:
        model_field = instance._meta.get_field(name)
        label = str(getattr(model_field, "verbose_name", name))
        # Not `capitalize`: it would write KPI as kpi.
        label = label[:1].upper() + label[1:]
        old = getattr(instance, name)
        new = cleaned.get(name)
        if isinstance(model_field, models.ManyToManyField):
            old_items, new_items = set(old.all()), set(new or [])
            if old_items != new_items:
                before[label] = readable(sorted(old_items, key=str))
                after[label] = readable(sorted(new_items, key=str))
            continue
        if (old in (None, "") and new in (None, "")) or old == new:
            continue
        choices = dict(getattr(model_field, "flatchoices", ()))
        before[label] = readable(choices.get(old, old))
        after[label] = readable(choices.get(new, new))
    return before, after


def history_of(subject: models.Model):
    """Return the history of one object, newest first, with the people fetched."""
    return HistoryRow.objects.of(subject).select_related("actor", "acting_for", "delegation")


def record_many(rows: Iterable[Mapping]) -> list[HistoryRow]:
    """Add many rows of history at once, each the keyword arguments of `record`; for work on hundreds of rows.

    Must be called inside the transaction that makes the changes.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInATransaction("History must be recorded in the transaction of its changes.")
    return HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                action=row["action"],
                subject_type=row["subject"]._meta.label_lower,
                subject_id=row["subject"].pk,
                actor=row["by"],
                contract_number=row.get("contract_number"),
                summary=row["summary"][:300],
                before={name: readable(value) for name, value in row.get("before", {}).items()},
                after={name: readable(value) for name, value in row.get("after", {}).items()},
                note=row.get("note", ""),
            )
            for row in rows
        ],
        batch_size=500,
    )
