"""The recipe every verb follows: in one transaction lock, check state and permission, change, record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from accounts.models import HistoryRow
from accounts.permissions import Answer

T = TypeVar("T", bound=models.Model)


class Refused(Exception):
    """This person may not do this; the message is the sentence to show. Pages answer 403."""


class Stale(Exception):
    """Somebody else was first, or the state has moved on; the message says what stands. Pages answer 409."""


class Invalid(Exception):
    """What was given can't be accepted; `errors` is a list of (field name or "", sentence)."""

    def __init__(self, errors: list[tuple[str, str]] | str):
        self.errors = [("", errors)] if isinstance(errors, str) else list(errors)
        super().__init__(" ".join(sentence for _, sentence in self.errors))

    def put_on(self, form: Any) -> None:
        """Show each sentence by its field of a bound form, or above the form where it has no such field."""
        for name, sentence in self.errors:
            form.add_error(name if name in form.fields else None, sentence)


def lock(model: type[T], pk: Any) -> T:
    """Return the row, locked until the transaction ends (on SQLite the IMMEDIATE transaction is the lock)."""
    return model._default_manager.select_for_update(of=("self",)).get(pk=pk)


def require(answer: Answer) -> Answer:
    """Return the answer where it is yes; otherwise refuse with its reason."""
    if not answer:
        raise Refused(answer.reason)
    return answer


def check_version(obj: Any, version: int | None, what: str) -> None:
    """Refuse a change made on an older copy of the row than the one that stands."""
    if version is not None and version != obj.version:
        raise Stale(
            f"Somebody else changed {what} while you had it open. Nothing of yours was saved over theirs: "
            "open it again to see what stands now."
        )


def mark_of(subject: models.Model, action: str) -> int:
    """Return a number that grows with each such change of the subject: for rows without a version."""
    row = _last_change(subject, action)
    return row.pk if row else 0


def check_seen(subject: models.Model, action: str, seen: int | None, what: str) -> None:
    """Refuse a change made on an older copy than what stands, and say what stands now and by whom."""
    row = _last_change(subject, action)
    if seen is None or row is None or row.pk == seen:
        return
    now = "; ".join(f"{name} is now “{text}”" for name, text in row.after.items())
    raise Stale(
        f"{row.actor or 'Somebody else'} changed {what} while you had it open. {now}{'. ' if now else ''}"
        "Nothing of yours was saved over it: to put yours in its place, save again."
    )


def _last_change(subject: models.Model, action: str) -> HistoryRow | None:
    rows = HistoryRow.objects.of(subject).filter(action=action).select_related("actor")
    return rows.order_by("-pk").first()


@dataclass(frozen=True)
class Move:
    """One move of a state machine: from which states, to which, by whom, with which letter."""

    verb: str
    sources: frozenset[str]
    target: str
    label: str
    who: str
    letter: str = ""


class Moves:
    """A table of moves one can print. `apply` is the only place where `status` is assigned."""

    def __init__(self, noun: str, moves: Iterable[Move]):
        self.noun = noun
        self.table = {move.verb: move for move in moves}

    def __iter__(self):
        return iter(self.table.values())

    def allows(self, status: str, verb: str) -> bool:
        """Return whether the verb exists in this state."""
        return status in self.table[verb].sources

    def check(self, obj: Any, verb: str) -> Move:
        """Return the move; raise Stale with what stands now where the state has no such move."""
        move = self.table[verb]
        if obj.status not in move.sources:
            raise Stale(
                f"This {self.noun} is now “{obj.get_status_display().lower()}”, so it can't be "
                f"{_done(verb)}. Somebody may have been there before you."
            )
        return move

    def apply(self, obj: Any, verb: str) -> Move:
        """Check the state, put the object into the move's target state (not saved) and return the move."""
        move = self.check(obj, verb)
        obj.status = move.target
        return move


def _done(verb: str) -> str:
    words = verb.replace("_", " ")
    known = {"submit": "submitted", "send back": "sent back", "withdraw": "withdrawn", "verify": "verified"}
    return known.get(words, words + ("d" if words.endswith("e") else "ed"))
