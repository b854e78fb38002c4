"""Keeping frameworks: add and change editions, make them live, retire them, confirm a licence."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from kpis.library.models import Framework
from kpis.library.permissions import may_keep

FIELDS = (
    "name",
    "edition",
    "about",
    "source",
    "source_url",
    "licence",
    "licence_url",
    "needs_licence",
    "offered",
    "procured_from",
    "procured_until",
    "previous",
)
REQUIRED = (
    ("name", "Enter a name"),
    ("edition", "Enter an edition"),
    ("source", "Enter a source"),
    ("licence", "Enter a licence"),
)
WHAT = "this framework"
Status = Framework.Status


def add_framework(*, by: Person, **facts: Any) -> Framework:
    """Return the new edition, a draft until it is made live. Raises Invalid."""
    require(may_keep(by))
    framework = Framework(status=Status.DRAFT, **facts)
    tidy(framework)
    check(framework)
    try:
        with transaction.atomic():
            framework.save()
            record(
                action="library.add_framework",
                subject=framework,
                by=by,
                summary=f"Added {framework}",
                after=changes(Framework(), facts, {name: getattr(framework, name) for name in facts})[1],
            )
    except IntegrityError:
        raise Invalid([taken(framework)]) from None
    return framework


def change_framework(
    framework: Framework, *, by: Person, version: int | None = None, **facts: Any
) -> Framework:
    """Return the changed edition. Raises Invalid and Stale.

    KPIs that use its measures stay as they were approved; who is offered it changes from now on.
    """
    require(may_keep(by))
    try:
        with transaction.atomic():
            framework = lock(Framework, framework.pk)
            refuse_own_words(framework)
            check_version(framework, version, WHAT)
            before = Framework.objects.get(pk=framework.pk)
            for name, value in facts.items():
                setattr(framework, name, value)
            tidy(framework)
            check(framework)
            was, now = changes(before, FIELDS, {name: getattr(framework, name) for name in FIELDS})
            if was or now:
                framework.version += 1
                framework.save()
                record(
                    action="library.change_framework",
                    subject=framework,
                    by=by,
                    summary=f"Changed {framework}",
                    before=was,
                    after=now,
                )
    except IntegrityError:
        raise Invalid([taken(framework)]) from None
    return framework


def refuse_own_words(framework: Framework) -> None:
    """Raise Stale for what holds contracts' own words: it stands as it is, and is offered to nobody."""
    if framework.offered == Framework.Offered.NEVER and framework.pk:
        raise Stale(
            f"{framework} holds what contracts wrote in their own words, so it can’t be changed. Add a "
            "measure to another framework instead, and retire the contract’s own."
        )


def tidy(framework: Framework) -> None:
    """Take stray blanks off its words, and the dates off an edition that is not offered by date."""
    for name in ("name", "edition", "source", "licence"):
        setattr(framework, name, " ".join((getattr(framework, name) or "").split()))
    if framework.offered != Framework.Offered.BY_DATE:
        framework.procured_from = framework.procured_until = None


def check(framework: Framework) -> None:
    """Raise Invalid, by field, where the edition's facts are missing, taken or don't go together."""
    errors = [(name, words) for name, words in REQUIRED if not getattr(framework, name)]
    same = Framework.objects.filter(name__iexact=framework.name, edition__iexact=framework.edition)
    if same.exclude(pk=framework.pk).exists():
        errors.append(taken(framework))
    if framework.offered == Framework.Offered.NEVER:
        errors.append(("offered", "Select which contracts may propose its measures"))
    start, end = framework.procured_from, framework.procured_until
    if framework.offered == Framework.Offered.BY_DATE and start is None and end is None:
        errors.append(("procured_from", "Enter the first day, the last day or both"))
    if start and end and end < start:
        errors.append(("procured_until", "The last day must be the same as or after the first day"))
    if _comes_before_itself(framework):
        errors.append(("previous", "Select an edition that does not itself come after this one"))
    if errors:
        raise Invalid(errors)


def taken(framework: Framework) -> tuple[str, str]:
    """Return the error of an edition that is there already."""
    return "edition", f"There is already {framework}. Enter another edition or name"


def _comes_before_itself(framework: Framework) -> bool:
    """Return whether the chain of editions before it comes round to itself."""
    one, seen = framework.previous, set()
    while one is not None and one.pk not in seen:
        if one.pk == framework.pk:
            return True
        seen.add(one.pk)
        one = one.previous
    return False


def make_live(framework: Framework, *, by: Person, version: int | None = None, note: str = "") -> Framework:
    """Return the draft edition, live: contracts may use it once its licence is confirmed, if it needs one."""
    return _move(framework, Status.DRAFT, Status.LIVE, "make_live", "Made {} live", by, version, note)


def retire(framework: Framework, *, by: Person, version: int | None = None, note: str = "") -> Framework:
    """Return the edition, retired: no more of its measures are proposed; KPIs that use them carry on."""
    return _move(framework, Status.LIVE, Status.RETIRED, "retire", "Retired {}", by, version, note)


def bring_back(framework: Framework, *, by: Person, version: int | None = None, note: str = "") -> Framework:
    """Return the retired edition, live again."""
    return _move(framework, Status.RETIRED, Status.LIVE, "bring_back", "Brought back {}", by, version, note)


def _move(
    framework: Framework,
    source: str,
    target: str,
    verb: str,
    summary: str,
    by: Person,
    version: int | None,
    note: str,
) -> Framework:
    require(may_keep(by))
    with transaction.atomic():
        framework = lock(Framework, framework.pk)
        refuse_own_words(framework)
        if framework.status != source:
            raise Stale(
                f"{framework} is now “{framework.get_status_display().lower()}”. Somebody may have been "
                "there before you."
            )
        check_version(framework, version, WHAT)
        framework.status = target
        framework.version += 1
        framework.save()
        record(
            action=f"library.{verb}_framework",
            subject=framework,
            by=by,
            note=note,
            summary=summary.format(framework),
        )
    return framework


def confirm_licence(
    framework: Framework, *, by: Person, licence_note: str, version: int | None = None
) -> Framework:
    """Return the edition with the council's licence confirmed in this person's name. Raises Invalid.

    `licence_note` is what can be looked up later: the licence's number, its holder, until when.
    """
    require(may_keep(by))
    if not licence_note.strip():
        raise Invalid([("licence_note", "Enter the licence’s number, or who granted it and when")])
    with transaction.atomic():
        framework = lock(Framework, framework.pk)
        if not framework.needs_licence:
            raise Stale(f"{framework} needs no licence of the council’s own.")
        check_version(framework, version, WHAT)
        was = framework.licence_note if framework.licence_confirmed_at else ""
        framework.licence_note = licence_note.strip()
        framework.licence_confirmed_by, framework.licence_confirmed_at = by, timezone.now()
        framework.version += 1
        framework.save()
        record(
            action="library.confirm_licence",
            subject=framework,
            by=by,
            summary=f"Confirmed the council’s licence for {framework}",
            before={"The council’s licence": was},
            after={"The council’s licence": framework.licence_note},
        )
    return framework


def withdraw_licence(framework: Framework, *, by: Person, note: str, version: int | None = None) -> Framework:
    """Return the edition without a confirmed licence: it can't be proposed from until one is confirmed."""
    require(may_keep(by))
    if not note.strip():
        raise Invalid([("note", "Enter a reason")])
    with transaction.atomic():
        framework = lock(Framework, framework.pk)
        if framework.licence_confirmed_at is None:
            raise Stale(f"The licence for {framework} is not confirmed.")
        check_version(framework, version, WHAT)
        was, framework.licence_note = framework.licence_note, ""
        framework.licence_confirmed_by = framework.licence_confirmed_at = None
        framework.version += 1
        framework.save()
        record(
            action="library.withdraw_licence",
            subject=framework,
            by=by,
            note=note.strip(),
            summary=f"Took back the confirmation of the council’s licence for {framework}",
            before={"The council’s licence": was},
            after={"The council’s licence": ""},
        )
    return framework
