"""What can be done with good practice notes: write, change, withdraw, bring back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.history import changes, record
from accounts.models import Directorate, Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Contract
from kpis.library.models import Measure
from kpis.practice import permissions
from kpis.practice.models import GoodPracticeNote

WHAT = "this note"
# What history may say to everybody who reads the note: a contract's title is not for all of them.
TOLD = ("title", "text", "measure", "directorate")


def write(
    *,
    by: Person,
    title: str,
    text: str,
    measure: Measure | None = None,
    contract: Contract | None = None,
    directorate: Directorate | None = None,
) -> GoodPracticeNote:
    """Add a note on a measure, a contract or both, and return it; on a contract it is its directorate's.

    Raises Refused, or Invalid where it is about nothing, a contract of others or there word for word.
    """
    require(permissions.may_write(by))
    with transaction.atomic():
        # One person's notes are written one after the other: a form sent twice is seen.
        lock(Person, by.pk)
        facts = _checked(by, None, title=title, text=text, measure=measure, contract=contract,
                         directorate=directorate)  # fmt: skip
        if GoodPracticeNote.objects.standing().filter(written_by=by, **facts).exists():
            raise Invalid("You have written this note already: it stands in the list of notes")
        note = GoodPracticeNote.objects.create(written_by=by, **facts)
        _record("write", note, by, f"Wrote the good practice note “{note.title}”")
    return note


def change(
    note: GoodPracticeNote, *, by: Person, version: int | None = None, **facts: Any
) -> GoodPracticeNote:
    """Change a note and return it; nothing happens where nothing differs. Raises Refused, Stale, Invalid."""
    with transaction.atomic():
        note = _locked(note, by, version)
        if note.withdrawn_at:
            raise Stale("This note has been withdrawn. Bring it back to change it.")
        facts = _checked(by, note, **facts)
        before, after = changes(note, TOLD, facts)
        moved = facts["contract"] != note.contract
        if moved:
            was, now = note.contract, facts["contract"]
            before["Contract"] = f"number {was.pk}" if was else ""
            after["Contract"] = f"number {now.pk}" if now else ""
        if not before and not after:
            return note
        for name, value in facts.items():
            setattr(note, name, value)
        _save(note)
        _record(
            "change", note, by, f"Changed the good practice note “{note.title}”", before=before, after=after
        )
    return note


def withdraw(
    note: GoodPracticeNote, *, by: Person, reason: str = "", version: int | None = None
) -> GoodPracticeNote:
    """Take a note out of every list; its writer and the lead still read it and may bring it back."""
    with transaction.atomic():
        note = _locked(note, by, version)
        if note.withdrawn_at:
            raise Stale("This note has been withdrawn already.")
        note.withdrawn_at = timezone.now()
        _save(note)
        _record("withdraw", note, by, f"Withdrew the good practice note “{note.title}”", note_=reason)
    return note


def bring_back(
    note: GoodPracticeNote, *, by: Person, reason: str = "", version: int | None = None
) -> GoodPracticeNote:
    """Show a withdrawn note to everybody again."""
    with transaction.atomic():
        note = _locked(note, by, version)
        if note.withdrawn_at is None:
            raise Stale("This note is not withdrawn: everybody reads it.")
        note.withdrawn_at = None
        _save(note)
        _record("bring_back", note, by, f"Brought back the good practice note “{note.title}”", note_=reason)
    return note


def _locked(note: GoodPracticeNote, by: Person, version: int | None) -> GoodPracticeNote:
    note = lock(GoodPracticeNote, note.pk)
    require(permissions.may_change(by, note))
    check_version(note, version, WHAT)
    return note


def _checked(by: Person, note: GoodPracticeNote | None, **facts: Any) -> dict[str, Any]:
    """Return the facts, tidied; a contract and a measure the note is about already may stay."""
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    errors = [
        (name, f"Enter {words}")
        for name, words in (("title", "a title"), ("text", "what worked and why"))
        if not facts[name]
    ]
    contract, measure = facts["contract"], facts["measure"]
    if contract is None and measure is None:
        errors.append(("measure", "Select the measure it is about, or enter the number of a contract"))
    if contract is not None:
        stays = note is not None and note.contract_id == contract.pk
        if not stays and not (
            Contract.objects.visible_to(by).filter(pk=contract.pk).exists()
            and permissions.may_write_on(by, contract)
        ):
            errors.append(("contract", f"There is no contract {contract.pk} that you work on"))
        # Where it was learnt stays what it was when it was written.
        facts["directorate"] = note.directorate if note and stays else contract.directorate
    if errors:
        raise Invalid(errors)
    return facts


def _save(note: GoodPracticeNote) -> None:
    note.version += 1
    note.save()


def _record(
    verb: str, note: GoodPracticeNote, by: Person, summary: str, note_: str = "", **more: Any
) -> None:
    record(
        action=f"practice.{verb}",
        subject=note,
        by=by,
        summary=summary,
        contract_number=note.contract_id,
        note=note_.strip(),
        **more,
    )
