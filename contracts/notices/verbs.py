"""The journey of one import of notices: start, say who we are, check, answer, apply, stop, carry on."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.models import Directorate
from accounts.verbs.recipe import Invalid, require
from contracts.journey import Journey, bytes_of
from contracts.models import Buyer, Category, NoticeImport, NoticeItem
from contracts.notices import buyers as buyer_room
from contracts.notices import permissions, summaries
from contracts.notices.applying import Applier
from contracts.notices.package import Package, PackageError, read_package
from contracts.notices.plan import Plan, items_in, make_plan
from contracts.notices.reading import Item
from contracts.register.setting_up import keep_meanings

JOURNEY = Journey(
    NoticeImport, noun="package of notices", prefix="notices", lines="items", numbered="item_number",
    total="items_total", done="items_done",
)  # fmt: skip
Status = NoticeImport.Status
Outcome = NoticeItem.Outcome
BATCH = 100
# Contracts up to which checking and applying are done while the page waits.
AT_ONCE = 1000
TO_WRITE = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)


def allow(by: Any) -> None:
    """Refuse a person who may not import; None is the command line, which the machine's owner may use."""
    if by is not None:
        require(permissions.may_import(by))


def start(
    file: Any,
    *,
    by: Any,
    name: str,
    package: Package | None = None,
    items: list[Item] | None = None,
    answers: Mapping[str, str] | None = None,
) -> NoticeImport:
    """Keep the file and return a new import with the buyers it names.

    A caller that has read the package and its items already passes them. Raises Refused, or Invalid with a
    sentence where the file is too large, not JSON or holds no notices: then nothing is kept.
    """
    allow(by)
    name = Path(name).name[-250:]
    data = bytes_of(file)
    try:
        package = package or read_package(data)
    except PackageError as error:
        raise Invalid([("file", str(error))]) from None
    ours = buyer_room.remembered()
    named = buyer_room.counted(items if items is not None else items_in(package), ours)
    notice_import = NoticeImport(
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
        buyers=[one.key for one in named if one.is_ours],
        answers=dict(answers or {}),
        about={
            **package.about,
            "releases_read": package.releases_read,
            "errors": package.errors,
            "warnings": package.warnings,
            "buyers": [summaries.buyer_line(one) for one in named],
        },
    )
    with transaction.atomic():
        notice_import.file.save(f"{uuid.uuid4().hex}.json", ContentFile(data), save=False)
        notice_import.save()
        JOURNEY.note("start", notice_import, by, f"Uploaded the package of notices {name}")
    return notice_import


def package_of(notice_import: NoticeImport) -> tuple[Package, list[Item]]:
    """Return what the import's file holds."""
    with notice_import.file.open("rb") as file:
        package = read_package(file.read())
    return package, items_in(package)


def set_buyers(
    notice_import: NoticeImport, *, by: Any, keys: Iterable[str], and_no_others: bool = True
) -> NoticeImport:
    """Say which of the file's buyers are this council, for this import and every later one.

    Buyers of the file that are not chosen are no longer ours, unless `and_no_others` is False: then they are
    only left out of this import. Raises Invalid where none is chosen or one is not in the file.
    """
    allow(by)
    wanted = set(keys)
    with transaction.atomic():
        notice_import = JOURNEY.open_import(notice_import)
        listed = {one["key"]: one for one in notice_import.about["buyers"]}
        if not wanted:
            raise Invalid([("buyers", "Select at least one buyer that is this council")])
        if not wanted <= set(listed):
            raise Invalid([("buyers", "Select buyers from the list")])
        known = {one.key: one for one in Buyer.objects.filter(key__in=list(listed))}
        for key, one in listed.items():
            if key not in wanted and not and_no_others:
                continue
            _remember_buyer(one, key in wanted, known.get(key), by)
        notice_import.buyers = [key for key in listed if key in wanted]
        notice_import.status = Status.READING
        notice_import.save()
    return notice_import


def _remember_buyer(one: Mapping[str, Any], is_ours: bool, standing: Buyer | None, by: Any) -> None:
    """Keep whether a buyer is ours, where that is news."""
    if standing is None and not is_ours:
        return
    if standing is None:
        standing = Buyer(key=one["key"], name=one["name"])
    elif standing.is_ours == is_ours:
        return
    standing.is_ours, standing.said_by = is_ours, by
    standing.identifier = one["identifier"] or standing.identifier
    standing.save()
    record(
        action="notices.name-buyer",
        subject=standing,
        by=by,
        summary=f"“{standing.name[:150]}” in notices is {'' if is_ours else 'not '}this council",
    )


def set_meanings(
    notice_import: NoticeImport,
    *,
    by: Any,
    directorates: Mapping[str, Directorate],
    categories: Mapping[str, Category],
) -> NoticeImport:
    """Keep what texts of the notices mean, for this import and every later one, as for the register."""
    allow(by)
    with transaction.atomic():
        notice_import = JOURNEY.open_import(notice_import)
        keep_meanings(by=by, directorates=directorates, categories=categories)
        notice_import.status = Status.READING
        notice_import.save()
    return notice_import


def texts_of(notice_import: NoticeImport) -> dict[str, Counter[str]]:
    """Return the category texts, and names that stand for a directorate, of our contracts in the file."""
    _, items = package_of(notice_import)
    ours = _ours_of(notice_import)
    found: dict[str, Counter[str]] = {"category_text": Counter(), "directorate_text": Counter()}
    for item in items:
        mine = next((buyer for buyer in item.buyers if ours.has(buyer)), None)
        if mine is None or item.reasons:
            continue
        if text := item.read.get("category_text"):
            found["category_text"][text] += 1
        found["directorate_text"][mine.name] += 1
    if len(found["directorate_text"]) < 2:
        found["directorate_text"].clear()
    return found


def _ours_of(notice_import: NoticeImport) -> buyer_room.Ours:
    listed = [
        buyer_room.BuyerCount(one["key"], one["name"], one["identifier"])
        for one in notice_import.about.get("buyers", [])
    ]
    return buyer_room.of_keys(notice_import.buyers, listed)


def check(notice_import: NoticeImport, *, by: Any = None, plan: Plan | None = None) -> NoticeImport:
    """Work out what would become of every contract and keep that; nothing else changes.

    Contracts that an earlier, stopped run applied keep what became of them.
    """
    allow(by)
    if plan is None:
        # What was said of buyers and answered since the caller read it counts.
        notice_import = NoticeImport.objects.get(pk=notice_import.pk)
        try:
            package, items = package_of(notice_import)
        except (PackageError, OSError) as error:
            with transaction.atomic():
                notice_import = JOURNEY.open_import(notice_import, Status.CHECKING)
                notice_import.status, notice_import.message = Status.FAILED, str(error)
                notice_import.worker_until = None
                notice_import.save()
            return notice_import
        plan = make_plan(package, items, ours=_ours_of(notice_import), answers=notice_import.answers)
    with transaction.atomic():
        notice_import = JOURNEY.open_import(notice_import, Status.CHECKING)
        done = set(notice_import.items.filter(is_applied=True).values_list("item_number", flat=True))
        notice_import.items.filter(is_applied=False).delete()
        NoticeItem.objects.bulk_create(_items(notice_import, plan, done), batch_size=200)
        notice_import.counts = {"warnings": plan.warnings}
        waiting = notice_import.items.filter(outcome__in=TO_WRITE)
        notice_import.items_total = waiting.count()
        notice_import.items_done = waiting.filter(is_applied=True).count()
        notice_import.checked_at = timezone.now()
        notice_import.status, notice_import.message = Status.CHECKED, ""
        notice_import.worker_until = None
        _count(notice_import)
        notice_import.save()
    return notice_import


def _items(notice_import: NoticeImport, plan: Plan, done: set[int]) -> Iterator[NoticeItem]:
    for one in plan.items:
        if one.number in done:
            continue
        yield NoticeItem(
            notice_import=notice_import,
            item_number=one.number,
            ocid=one.item.ocid,
            part=one.item.part,
            releases=one.item.process.positions,
            buyer_key=one.buyer_key,
            outcome=one.outcome,
            contract_id=one.contract,
            reasons=one.reasons,
            warnings=one.warnings,
            conflicts=one.conflicts,
            changes=one.changes,
            candidates=one.candidates,
            values=one.values,
        )


def begin_checking(notice_import: NoticeImport, *, by: Any) -> NoticeImport:
    """Check it now where it is short; otherwise hand it to a worker and return it marked as being checked."""
    allow(by)
    if notice_import.about.get("releases_read", 0) <= AT_ONCE:
        return check(notice_import, by=by)
    with transaction.atomic():
        notice_import = JOURNEY.open_import(notice_import)
        notice_import.status, notice_import.worker_until = Status.CHECKING, None
        notice_import.save()
    wake(notice_import)
    return notice_import


def answer(notice_import: NoticeImport, *, by: Any, answers: Mapping[int, str]) -> NoticeImport:
    """Take answers to "is this the same contract?" ("new", "leave" or a number) and check again with them.

    Raises Invalid, by item, where two are said to be the same contract or a number was not offered.
    """
    allow(by)
    offered = dict(notice_import.items.exclude(candidates=[]).values_list("item_number", "candidates"))
    errors: list[tuple[str, str]] = []
    taken: dict[str, int] = {}
    for number, said in answers.items():
        if said in ("new", "leave"):
            continue
        if not said.isdigit() or int(said) not in offered.get(number, []):
            errors.append((f"item_{number}", f"Select what contract {number} of the file is from the list"))
        elif said in taken:
            errors.append(
                (f"item_{number}", f"Contracts {taken[said]} and {number} of the file can’t both be {said}")
            )
        taken.setdefault(said, number)
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        notice_import = JOURNEY.open_import(notice_import)
        notice_import.answers = {
            **notice_import.answers,
            **{str(number): said for number, said in answers.items()},
        }
        notice_import.save(update_fields=["answers"])
    return begin_checking(notice_import, by=by)


def begin_applying(notice_import: NoticeImport, *, by: Any) -> NoticeImport:
    """Mark the import as being applied and return it; `carry_on` then does the work.

    Raises Stale where another import of notices is being applied, or one was since this was checked.
    """
    allow(by)
    return JOURNEY.begin_applying(notice_import, by=by)


def stop(notice_import: NoticeImport, *, by: Any) -> NoticeImport:
    """Stop applying after the batch at work; what was applied stays applied, the rest waits."""
    allow(by)
    return JOURNEY.stop(notice_import, by=by)


def abandon(notice_import: NoticeImport, *, by: Any) -> NoticeImport:
    """Give the import up: what it wrote stays, nothing more will be written."""
    allow(by)
    return JOURNEY.abandon(notice_import, by=by)


def carry_on(import_id: int) -> NoticeImport | None:
    """Check or apply, whichever it waits for, until done or stopped; None where a worker is at it."""
    return JOURNEY.carry_on(import_id, check=check, applier=Applier, finish=_finish, batch=BATCH)


def _finish(notice_import: NoticeImport) -> None:
    _count(notice_import)
    counts = notice_import.counts
    JOURNEY.note(
        "applied",
        notice_import,
        notice_import.uploaded_by,
        f"Applied the package of notices {notice_import.file_name}: {counts['created']:,} added, "
        f"{counts['updated']:,} changed, {counts['rejected']:,} not used",
    )


def carry_on_abandoned() -> int:
    """Take up imports nobody is at work on; return how many. Run every minute."""
    return sum(carry_on(pk) is not None for pk in JOURNEY.waiting())


def wake(notice_import: NoticeImport) -> None:
    """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
    from contracts.notices.tasks import apply_notice_import

    JOURNEY.wake(notice_import, apply_notice_import)


def summary(notice_import: NoticeImport) -> dict[str, Any]:
    """Return what the import comes to; see `contracts.notices.summaries`."""
    return summaries.of_import(notice_import)


def _count(notice_import: NoticeImport) -> None:
    """Put the counts on the import, from its items."""
    found = summaries.of_import(notice_import)
    notice_import.counts = {**notice_import.counts, **summaries.counts_of(found)}
