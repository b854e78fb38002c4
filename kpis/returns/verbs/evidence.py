"""Evidence: added with what it supports, withdrawn with a reason, opened only by those who may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.verbs.recipe import Invalid, lock, require
from kpis.readings.models import Reading
from kpis.returns import permissions
from kpis.returns.files import facts_of
from kpis.returns.models import Evidence, MonthlyReturn
from kpis.returns.verbs.saving import open_return


def add_evidence(
    monthly_return: MonthlyReturn,
    *,
    by,
    file,
    kind: str,
    readings: Iterable[Reading],
    description: str = "",
    is_restricted: bool = False,
    restricted_reason: str = "",
    keep_until=None,
) -> Evidence:
    """Keep a file with the figures of this return it supports.

    What the file is comes from its content. The same file on another contract is noted in the history and
    shown to whoever checks. Raises Invalid by field.
    """
    readings = list(readings)
    errors = []
    if kind not in Evidence.Kind.values:
        errors.append(("kind", "Select what the file is."))
    if not readings or any(reading.monthly_return_id != monthly_return.pk for reading in readings):
        errors.append(("readings", "Select the KPIs of this return that the file supports."))
    if is_restricted and not restricted_reason.strip():
        errors.append(("restricted_reason", "Say why the file is restricted."))
    facts = None
    if file is None:
        errors.append(("file", "Select a file."))
    else:
        try:
            facts = facts_of(file)
        except Invalid as wrong:
            errors += wrong.errors
    if errors or facts is None:
        raise Invalid(errors)
    with transaction.atomic():
        monthly_return = open_return(monthly_return.pk, by=by)
        # Stored under a name of ours: the name it came with is for people only.
        file.name = f"{uuid.uuid4().hex}.{facts.ending}"
        evidence = Evidence.objects.create(
            monthly_return=monthly_return,
            kind=kind,
            description=description.strip()[:250],
            file=file,
            file_name=facts.name,
            content_type=facts.content_type,
            size=facts.size,
            sha256=facts.sha256,
            is_restricted=is_restricted,
            restricted_reason=restricted_reason.strip()[:250],
            added_by=by,
            keep_until=keep_until,
        )
        evidence.readings.set(readings)
        elsewhere = used_elsewhere([evidence]).get(evidence.pk, [])
        record(
            action="returns.add_evidence",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            # Names of files may name people: they stand among the changes, which fewer may read.
            summary=f"{monthly_return.period_words} return: evidence added",
            after={
                "File": facts.name,
                "What it is": evidence.get_kind_display(),
                "Supports": [reading.terms.title for reading in readings],
                "Restricted": is_restricted,
            },
            note=f"The same file was given for {', '.join(str(item.monthly_return) for item in elsewhere)}."
            if elsewhere
            else "",
        )
    return evidence


def used_elsewhere(evidence: Iterable[Evidence]) -> dict[int, list[Evidence]]:
    """Return, for each piece of evidence given also for another contract, those others; two queries."""
    items = list(evidence)
    hashes = {item.sha256 for item in items}
    if not hashes:
        return {}
    same: dict[str, list[Evidence]] = {}
    for other in Evidence.objects.filter(sha256__in=hashes).select_related("monthly_return__contract"):
        same.setdefault(other.sha256, []).append(other)
    contract_of = {other.pk: other.monthly_return.contract_id for others in same.values() for other in others}
    found = {
        item.pk: [
            other
            for other in same.get(item.sha256, [])
            if contract_of[other.pk] != contract_of.get(item.pk, item.monthly_return.contract_id)
        ]
        for item in items
    }
    return {pk: others for pk, others in found.items() if others}


def withdraw_evidence(evidence: Evidence, *, by, reason: str) -> Evidence:
    """Withdraw a file: it stays, marked, and supports nothing any more."""
    reason = reason.strip()
    if not reason:
        raise Invalid([("reason", "Say why the file is withdrawn.")])
    with transaction.atomic():
        monthly_return = open_return(evidence.monthly_return_id, by=by)
        evidence = lock(Evidence, evidence.pk)
        if evidence.is_withdrawn:
            return evidence
        evidence.withdrawn_at, evidence.withdrawn_by = timezone.now(), by
        evidence.withdrawn_reason = reason[:250]
        evidence.save()
        record(
            action="returns.withdraw_evidence",
            subject=monthly_return,
            by=by,
            note=reason,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return: evidence withdrawn",
            before={"File": evidence.file_name},
        )
    return evidence


def open_evidence(evidence: Evidence, *, by):
    """Return the stored file, opened for reading; for restricted evidence leave a row of history."""
    require(permissions.may_open_evidence(by, evidence))
    if evidence.is_restricted:
        with transaction.atomic():
            record(
                action="returns.open_evidence",
                subject=evidence.monthly_return,
                by=by,
                contract_number=evidence.monthly_return.contract_id,
                summary=f"{evidence.monthly_return.period_words} return: restricted evidence opened",
                after={"File": evidence.file_name},
            )
    return evidence.file.open("rb")
