"""What can be done with notices: draw one up, change it before it is published, correct, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.calendar import today
from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Contract
from govuk import formats
from kpis.notices import permissions
from kpis.notices.models import Notice, NoticeKPI
from kpis.notices.section52 import NEEDED
from kpis.proposals.models import KPI

FACTS = ("kind", "published_on", "reference", "why_these", "why_none")
PLACES = ("first", "second", "third")
WHAT = "this notice"


@dataclass(frozen=True)
class Pick:
    """A KPI a notice names: one of ours, or (without `kpi`) one held elsewhere, in words."""

    title: str
    description: str = ""
    kpi: KPI | None = None


def draw_up(
    contract: Contract,
    *,
    by: Person,
    kind: str,
    picks: Sequence[Pick],
    why_these: str = "",
    why_none: str = "",
    published_on: dt.date | None = None,
    reference: str = "",
) -> Notice:
    """Add a notice that names these KPIs, the most material first, in these words; return it.

    Raises Refused, or Invalid: fewer than three need a sentence why, none the sentence the notice gives.
    """
    facts = _clean(
        kind=kind, published_on=published_on, reference=reference, why_these=why_these, why_none=why_none
    )
    with transaction.atomic():
        # The contract's row is the lock: numbers follow each other without a gap.
        contract = lock(Contract, contract.pk)
        require(permissions.may_keep(by, contract))
        _check(contract, facts, picks, [])
        _check_new(contract, facts, picks)
        last = contract.notices.aggregate(last=Max("number"))["last"] or 0
        notice = Notice.objects.create(contract=contract, number=last + 1, made_by=by, **facts)
        _put(notice, picks)
        _, after = changes(Notice(), FACTS, facts)
        _record("add", notice, by, f"Drew up {_called(notice)}", after={**after, **_named(picks)})
    return notice


def change(
    notice: Notice, *, by: Person, picks: Sequence[Pick], version: int | None = None, **facts: Any
) -> Notice:
    """Change a notice that is not published yet and return it; nothing happens where nothing differs."""
    with transaction.atomic():
        notice = _locked(notice, by)
        check_version(notice, version, WHAT)
        if notice.published_on is not None:
            raise Stale(
                f"This notice was published on {formats.day(notice.published_on)}: its KPIs stand as named."
            )
        facts = _clean(**facts)
        standing = list(notice.kpis.select_related("kpi"))
        _check(notice.contract, facts, picks, standing)
        before, after = changes(notice, FACTS, facts)
        were = [Pick(one.title, one.description, one.kpi) for one in standing]
        if list(picks) != were:
            before, after = {**before, **_named(were)}, {**after, **_named(picks)}
        if not before and not after:
            return notice
        for name, value in facts.items():
            setattr(notice, name, value)
        _save(notice)
        notice.kpis.all().delete()
        _put(notice, picks)
        _record("change", notice, by, f"Changed {_called(notice)}", before=before, after=after)
    return notice


def correct(
    notice: Notice, *, by: Person, published_on: dt.date | None, reference: str, version: int | None = None
) -> Notice:
    """Correct the day or number of a published notice and return it; the KPIs it named stand."""
    with transaction.atomic():
        notice = _locked(notice, by)
        check_version(notice, version, WHAT)
        if notice.published_on is None:
            raise Stale("This notice is not published yet: change the whole of it.")
        facts = {"published_on": published_on, "reference": reference.strip()}
        errors = _wrong_day(published_on)
        if published_on is None:
            errors.append(("published_on", "Enter the day it was published: a notice can’t be unpublished"))
        if errors:
            raise Invalid(errors)
        before, after = changes(notice, facts, facts)
        if not before and not after:
            return notice
        notice.published_on, notice.reference = published_on, reference.strip()
        _save(notice)
        _record("correct", notice, by, f"Corrected {_called(notice)}", before=before, after=after)
    return notice


def withdraw(notice: Notice, *, by: Person, reason: str, version: int | None = None) -> Notice:
    """Mark a notice as withdrawn: it stays readable where it was published, and counts nowhere."""
    with transaction.atomic():
        notice = _locked(notice, by)
        check_version(notice, version, WHAT)
        if not reason.strip():
            raise Invalid([("reason", "Enter why the notice is withdrawn")])
        notice.withdrawn_at = timezone.now()
        _save(notice)
        _record("withdraw", notice, by, f"Withdrew {_called(notice)}", note=reason.strip())
    return notice


def _locked(notice: Notice, by: Person) -> Notice:
    notice = lock(Notice, notice.pk)
    require(permissions.may_keep(by, notice.contract))
    if notice.withdrawn_at:
        raise Stale("This notice has been withdrawn.")
    return notice


def _clean(**facts: Any) -> dict[str, Any]:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"Notices have no such facts: {', '.join(sorted(unknown))}.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}


def _wrong_day(published_on: dt.date | None) -> list[tuple[str, str]]:
    if published_on is not None and published_on > today():
        return [("published_on", "The day it was published must be today or in the past")]
    return []


def _check(
    contract: Contract, facts: dict[str, Any], picks: Sequence[Pick], standing: Sequence[NoticeKPI]
) -> None:
    errors = _wrong_day(facts["published_on"])
    if facts["kind"] not in Notice.Kind.values:
        errors.append(("kind", "Select which notice it is"))
    if len(picks) > NEEDED:
        errors.append(("", f"A notice names {NEEDED} KPIs at most"))
    if not picks and not facts["why_none"]:
        errors.append(("why_none", "Choose KPIs, or enter why there are none, as the notice says it"))
    elif picks and facts["why_none"]:
        errors.append(("why_none", "This notice names KPIs: leave the reason for having none blank"))
    elif picks and len(picks) < NEEDED and not facts["why_these"]:
        errors.append(("why_these", "Enter why fewer than three KPIs are named"))
    errors += _wrong_picks(contract, picks, {one.kpi_id for one in standing})
    if errors:
        raise Invalid(errors)


def _check_new(contract: Contract, facts: dict[str, Any], picks: Sequence[Pick]) -> None:
    """Raise Invalid where the last notice says the very same: a form that was sent twice."""
    last = contract.notices.filter(withdrawn_at=None).order_by("-number").first()
    if last is None or any(getattr(last, name) != value for name, value in facts.items()):
        return
    named = [Pick(one.title, one.description, one.kpi) for one in last.kpis.select_related("kpi")]
    if named == [Pick(one.title.strip(), one.description.strip(), one.kpi) for one in picks]:
        raise Invalid(f"It says the same as notice {last.number}, which is kept already")


def _wrong_picks(contract: Contract, picks: Sequence[Pick], kept: set) -> list[tuple[str, str]]:
    errors = []
    seen: set = set()
    # Any approved set of the contract: what was in force when the page was opened may have been followed.
    own = set(
        KPI.objects.filter(contract=contract, terms__kpi_set__status="approved").values_list("pk", flat=True)
    )
    for place, pick in zip(PLACES, picks, strict=False):
        key = pick.kpi.pk if pick.kpi else pick.title.strip().casefold()
        if not pick.title.strip():
            errors.append((f"{place}_title", "Enter the title of the KPI held elsewhere"))
        elif len(pick.title) > 200:
            errors.append((f"{place}_title", "The title must be 200 characters or fewer"))
        elif key in seen:
            errors.append((place, f"“{pick.title}” is chosen twice: choose another"))
        elif pick.kpi and pick.kpi.pk not in own | kept:
            errors.append((place, "Choose a KPI of this contract"))
        seen.add(key)
    return errors


def _put(notice: Notice, picks: Sequence[Pick]) -> None:
    NoticeKPI.objects.bulk_create(
        NoticeKPI(
            notice=notice,
            kpi=pick.kpi,
            position=position,
            title=pick.title.strip(),
            description=pick.description.strip(),
        )
        for position, pick in enumerate(picks, start=1)
    )


def _named(picks: Sequence[Pick]) -> dict[str, str]:
    return {"KPIs named": "; ".join(pick.title for pick in picks) or "none"}


def _called(notice: Notice) -> str:
    return f"notice {notice.number}: {notice.kind_words}"


def _save(notice: Notice) -> None:
    notice.version += 1
    notice.save()


def _record(verb: str, notice: Notice, by: Person, summary: str, **more: Any) -> None:
    record(
        action=f"notices.{verb}",
        subject=notice,
        by=by,
        summary=summary,
        contract_number=notice.contract_id,
        **more,
    )
