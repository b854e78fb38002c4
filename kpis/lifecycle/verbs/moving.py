"""Moving a contract to another directorate: who answers changes now, what was reported stays where it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.calendar import add_months, first_of_month, today
from accounts.history import record
from accounts.models import Department, Directorate, Person, Role
from accounts.verbs.recipe import Invalid
from contracts.models import Contract
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.approvals.verbs import take_effect_where_all_approved
from kpis.lifecycle import permissions
from kpis.lifecycle.verbs.opening_up import hold_sets, opened
from kpis.proposals import letters
from kpis.proposals.deciders import deciders_of
from kpis.proposals.models import KPISet
from kpis.readings.models import Reading
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs.opening import hold_still, keys_of
from kpis.totals import verbs as totals


def move(
    contract: Contract,
    *,
    by: Person,
    directorate: Directorate,
    department: Department | None = None,
    from_month: dt.date,
    note: str = "",
    version: int | None = None,
) -> Contract:
    """Return the contract as one of another directorate, which answers for it from now on.

    Returns from a month on that were never submitted count there, with the totals of both directorates made
    right; submitted ones stay where they were reported. A KPI set that waits is decided by the new
    directorate's director. A commissioner who is none there is taken off. Raises Invalid by field.
    """
    from_month = first_of_month(from_month)
    with transaction.atomic():
        hold_sets(contract)
        contract = opened(contract, by=by, may=permissions.may_move, version=version)
        _check(contract, directorate, department, from_month)
        waiting = contract.kpi_sets.pending().first()
        old = contract.directorate
        before: dict[str, Any] = {"Directorate": old}
        after: dict[str, Any] = {"Directorate": directorate}
        if contract.department != department:
            before["Department"], after["Department"] = contract.department, department
        commissioner = contract.commissioner
        posts = Person.objects.appointed(Role.COMMISSIONER, directorate=directorate)
        if commissioner is not None and not posts.filter(pk=commissioner.pk).exists():
            before["Commissioner"], after["Commissioner"] = commissioner, ""
            contract.commissioner = None
        contract.directorate, contract.department = directorate, department
        contract.partner_directorates.remove(directorate)
        contract.version += 1
        contract.save()
        moved = _move_returns(contract, from_month)
        record(
            action="contracts.move",
            subject=contract,
            by=by,
            contract_number=contract.pk,
            summary=f"Moved {f'from {old.name} ' if old else ''}to {directorate.name}, returns from "
            f"{show_month(from_month)}" + (f" ({plural(moved, 'open return')} moved)" if moved else ""),
            before=before,
            after=after,
            note=note.strip(),
        )
        if waiting is not None:
            _ask_again(waiting.pk, contract, by, directorate)
    return contract


def _check(
    contract: Contract, directorate: Directorate, department: Department | None, from_month: dt.date
) -> None:
    errors = []
    if directorate.pk == contract.directorate_id:
        errors.append(("directorate", f"The contract belongs to {directorate.name} already"))
    elif not directorate.is_active:
        errors.append(("directorate", f"{directorate.name} is closed. Select another directorate"))
    if department is not None and department.directorate_id != directorate.pk:
        errors.append(("department", f"Select a department of {directorate.name}, or none"))
    latest = latest_from_month(contract)
    if from_month > latest:
        errors.append(
            ("from_month", f"The month must be {show_month(latest)} or earlier: returns that open later "
             "count in the new directorate anyway")
        )  # fmt: skip
    if errors:
        raise Invalid(errors)


def latest_from_month(contract: Contract) -> dt.date:
    """Return the latest month the new directorate's returns may begin with: the first not opened yet."""
    this_month = first_of_month(today())
    last = contract.monthly_returns.order_by("-month").values_list("month", flat=True).first()
    if last is None or last < add_months(this_month, -2):
        return this_month
    return min(this_month, add_months(last, 1))


def _move_returns(contract: Contract, from_month: dt.date) -> int:
    """Put never-submitted returns from a month on under the contract's directorate; return how many."""
    hold_still(contract)
    returns = MonthlyReturn.objects.filter(
        contract=contract, month__gte=from_month, first_submitted_at=None
    ).exclude(directorate=contract.directorate)
    moving = list(returns.values_list("pk", flat=True))
    readings = list(Reading.objects.filter(monthly_return__in=moving))
    keys = keys_of(readings)
    Reading.objects.filter(pk__in=[reading.pk for reading in readings]).update(
        directorate=contract.directorate
    )
    MonthlyReturn.objects.filter(pk__in=moving).update(
        directorate=contract.directorate, version=F("version") + 1
    )
    keys |= {(contract.directorate_id, month, measure) for _, month, measure in keys}  # type: ignore[misc]
    totals.recompute(keys)
    return len(moving)


def _ask_again(pk: int, contract: Contract, by: Person, directorate: Directorate) -> None:
    """Tell those who can't decide a waiting set any more, ask those who can now, and say so in its history.

    A set that all the directorates left have approved takes effect.
    """
    kpi_set = KPISet.objects.select_related("contract", "submitted_by").get(pk=pk)
    words = f"The contract moved to {directorate.name}, whose director decides now."
    record(
        action="proposals.passed_on",
        subject=kpi_set,
        by=by,
        contract_number=contract.pk,
        summary=f"{kpi_set} now waits with the director of {directorate.name}",
        note=words,
    )
    able = {one.person.pk for one in deciders_of(kpi_set)}
    submission = kpi_set.submissions.order_by("-ordinal").first()
    if submission is not None:
        able |= set(submission.decisions.values_list("decided_by", flat=True))
    letters.set_taken_back(kpi_set, by, f"The contract moved to {directorate.name}.", but=able)
    if not take_effect_where_all_approved(kpi_set):
        letters.set_waiting(kpi_set, words)
