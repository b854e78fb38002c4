"""Writing letters: a kind has a default text in code, a council may reword it, placeholders are named."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from urllib.parse import urlparse

from django.conf import settings
from django.db import transaction

from accounts.models import Letter, LetterTemplate


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter: what it is for, its words, and the placeholders ($name) it may use."""

    kind: str
    purpose: str
    subject: str
    body: str
    placeholders: tuple[str, ...]
    is_secret: bool = False


KINDS: dict[str, LetterKind] = {}
# Placeholders every letter has.
COMMON = ("name", "service", "council", "site")


def letter_kind(
    kind: str,
    *,
    purpose: str,
    subject: str,
    body: str,
    placeholders: tuple[str, ...],
    is_secret: bool = False,
) -> LetterKind:
    """Make a kind of letter known; each floor does so in its `letter_kinds.py`."""
    KINDS[kind] = LetterKind(kind, purpose, subject, body, (*COMMON, *placeholders), is_secret)
    return KINDS[kind]


def unknown_placeholders(kind: str, text: str) -> list[str]:
    """Return names a text uses that this kind of letter does not have; raise ValueError for a stray $."""
    template = Template(text)
    if not template.is_valid():
        raise ValueError(
            "A dollar sign must be followed by a placeholder's name. Write $$ for a dollar sign."
        )
    return [name for name in template.get_identifiers() if name not in KINDS[kind].placeholders]


def words_of(kind: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return (subject, body) of a letter in the council's wording, placeholders filled."""
    known = KINDS[kind]
    own = LetterTemplate.objects.filter(kind=kind).first()
    source = own or known
    return fill(source.subject, source.body, values)


def fill(subject: str, body: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return (subject on one line, body) with the placeholders filled; never read as a template again."""
    return (
        " ".join(Template(subject).safe_substitute(values).split())[:250],
        Template(body).safe_substitute(values),
    )


def write(
    kind: str, *, to, values: Mapping[str, str] | None = None, contract_number: int | None = None
) -> Letter | None:
    """Put a letter into the outbox inside the caller's transaction and return it.

    Returns None where the person has left: leavers get no letters. The letter leaves by a sweep once the
    transaction has committed; a kill in between loses nothing.
    """
    if not to.is_active:
        return None
    everything = {
        "name": to.first_name,
        "service": settings.SERVICE_NAME,
        "council": settings.COUNCIL_NAME,
        "site": settings.SITE_URL,
        **(values or {}),
    }
    subject, body = words_of(kind, everything)
    host = urlparse(settings.SITE_URL).hostname or "localhost"
    letter = Letter.objects.create(
        to=to,
        kind=kind,
        subject=subject,
        body=body,
        is_secret=KINDS[kind].is_secret,
        contract_number=contract_number,
        message_id=f"<{uuid.uuid4().hex}@{host}>",
    )
    _wake_the_sender_once()
    return letter


def _wake_the_sender_once() -> None:
    """Ask for the sender after the commit, once for a run of letters in one transaction."""
    asked = transaction.get_connection().run_on_commit
    if not asked or asked[-1][1] is not _wake_the_sender:
        transaction.on_commit(_wake_the_sender, robust=True)


def _wake_the_sender() -> None:
    """Ask the worker to post now; a broker that is away costs at most one minute (the sweep)."""
    from accounts.tasks import post_letters

    post_letters.apply_async(retry=False, ignore_result=True)


def link(path: str) -> str:
    """Return the full address of a page for a letter."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
