"""Keeping the headings of an edition: themes and outcomes are added, changed, put in order and removed."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from govuk.formats import plural
from kpis.library.models import Framework, Outcome, Theme
from kpis.library.permissions import may_keep

T = TypeVar("T", bound=Theme | Outcome)
THEME_FIELDS = ("code", "title", "heading", "about", "position")
OUTCOME_FIELDS = ("code", "title", "about", "position")
THEME_CHANGED, OUTCOME_CHANGED = "library.change_theme", "library.change_outcome"


def uses_of(row: Theme | Outcome) -> list[str]:
    """Return what would lose the theme or outcome, counted: ["3 measures", "1 outcome"]; [] for nothing."""
    found = [(row.measures.count(), "measure")]
    if isinstance(row, Theme):
        found.append((row.also_measures.count(), "measure of another heading"))
        found.append((row.outcomes.count(), "outcome"))
    many = {"measure of another heading": "measures of other headings"}
    return [plural(count, word, many.get(word, "")) for count, word in found if count]


def add_theme(framework: Framework, *, by: Person, position: int | None = None, **facts: Any) -> Theme:
    """Return the edition's new theme at this place (the last where none is said). Raises Invalid."""
    require(may_keep(by))
    theme = Theme(framework=framework, position=position or framework.themes.count() + 1, **_tidy(facts))
    _check(theme)
    try:
        with transaction.atomic():
            lock(Framework, framework.pk)
            theme.save()
            _put_in_order(theme)
            record(
                action="library.add_theme",
                subject=theme,
                by=by,
                summary=f"Added the theme {_named(theme)} to {framework}",
            )
            _tell_the_framework(theme, by, f"Added the theme {_named(theme)}")
    except IntegrityError:
        raise Invalid([_taken(theme)]) from None
    return theme


def add_outcome(theme: Theme, *, by: Person, position: int | None = None, **facts: Any) -> Outcome:
    """Return the theme's new outcome at this place (the last where none is said). Raises Invalid."""
    require(may_keep(by))
    outcome = Outcome(theme=theme, position=position or theme.outcomes.count() + 1, **_tidy(facts))
    _check(outcome)
    with transaction.atomic():
        lock(Theme, theme.pk)
        outcome.save()
        _put_in_order(outcome)
        record(
            action="library.add_outcome",
            subject=outcome,
            by=by,
            summary=f"Added the outcome {_named(outcome)} to {theme}",
        )
        _tell_the_framework(outcome, by, f"Added the outcome {_named(outcome)}")
    return outcome


def change_theme(theme: Theme, *, by: Person, seen: int | None = None, **facts: Any) -> Theme:
    """Return the changed theme; `seen` is the mark of what was read. Raises Invalid and Stale."""
    return _change(theme, THEME_CHANGED, "this theme", by, seen, facts)


def change_outcome(outcome: Outcome, *, by: Person, seen: int | None = None, **facts: Any) -> Outcome:
    """Return the changed outcome; `seen` is the mark of what was read. Raises Invalid and Stale."""
    return _change(outcome, OUTCOME_CHANGED, "this outcome", by, seen, facts)


def _change(row: T, action: str, what: str, by: Person, seen: int | None, facts: dict[str, Any]) -> T:
    require(may_keep(by))
    try:
        with transaction.atomic():
            row = _locked(row)
            check_seen(row, action, seen, what)
            facts = _tidy(facts)
            was, now = changes(row, facts, facts)
            for name, value in facts.items():
                setattr(row, name, value)
            _check(row)
            if was or now:
                row.save()
                _put_in_order(row)
                record(action=action, subject=row, by=by, before=was, after=now,
                       summary=f"Changed the {_noun(row)} {_named(row)}")  # fmt: skip
                _tell_the_framework(row, by, f"Changed the {_noun(row)} {_named(row)}", was, now)
    except IntegrityError:
        raise Invalid([_taken(row)]) from None
    return row


def remove(row: Theme | Outcome, *, by: Person, note: str = "") -> Framework:
    """Take away a theme or outcome that nothing uses; return its edition. Refused with Stale while used."""
    require(may_keep(by))
    with transaction.atomic():
        row = _locked(row)
        used = uses_of(row)
        if used:
            raise Stale(
                f"{_named(row)} can’t be removed: it has {' and '.join(used)}. Move or remove those first."
            )
        framework = _framework(row)
        record(
            action=f"library.remove_{_noun(row)}",
            subject=row,
            by=by,
            note=note,
            summary=f"Removed the {_noun(row)} {_named(row)}",
        )
        _tell_the_framework(row, by, f"Removed the {_noun(row)} {_named(row)}", note=note)
        others = _others(row)
        row.delete()
        _number(list(others))
    return framework


def _locked(row: T) -> T:
    try:
        return lock(type(row), row.pk)
    except type(row).DoesNotExist:
        raise Stale(f"Somebody removed this {_noun(row)} while you had it open.") from None


def _noun(row: Theme | Outcome) -> str:
    return "theme" if isinstance(row, Theme) else "outcome"


def _named(row: Theme | Outcome) -> str:
    return f"“{row.code} {row.title}”" if row.code else f"“{row.title}”"


def _framework(row: Theme | Outcome) -> Framework:
    return row.framework if isinstance(row, Theme) else row.theme.framework


def _tell_the_framework(
    row: Theme | Outcome, by: Person, summary: str, was: dict | None = None, now: dict | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Put the change into the history of the edition too, where people look for it."""
    record(action="library.change_headings", subject=_framework(row), by=by, summary=summary, before=was,
           after=now, note=note)  # fmt: skip


def _tidy(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: " ".join(value.split()) if isinstance(value, str) and name != "about" else value
        for name, value in facts.items()
    }


def _taken(row: Theme | Outcome) -> tuple[str, str]:
    return "code", f"“{row.code}” is the code of another {_noun(row)} here. Enter another code"


def _check(row: Theme | Outcome) -> None:
    errors = []
    if not row.title:
        errors.append(("title", "Enter a title"))
    if isinstance(row, Theme) and not row.code:
        errors.append(("code", "Enter a code"))
    if row.code and _others(row).filter(code__iexact=row.code).exclude(pk=row.pk).exists():
        errors.append(_taken(row))
    if errors:
        raise Invalid(errors)


def _others(row: Theme | Outcome):
    """Return those it stands among, itself included."""
    return row.framework.themes.all() if isinstance(row, Theme) else row.theme.outcomes.all()


def _put_in_order(row: Theme | Outcome) -> None:
    """Number those it stands among 1, 2, 3 with this one at the place it was given."""
    rest = list(_others(row).exclude(pk=row.pk))
    place = min(max(row.position, 1), len(rest) + 1)
    rest.insert(place - 1, row)
    _number(rest)
    row.position = place


def _number(rows: list[Any]) -> None:
    for place, one in enumerate(rows, start=1):
        if one.position != place or one._state.adding:
            type(one).objects.filter(pk=one.pk).update(position=place)
