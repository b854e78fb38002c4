"""Posting letters: each is claimed, handed to the mail system and marked as sent."""

from __future__ import annotations

import datetime as dt
import logging
from email.utils import format_datetime

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import permissions
from accounts.history import record
from accounts.letters import KINDS, unknown_placeholders
from accounts.models import Letter, LetterTemplate, Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require

log = logging.getLogger("socialvalue.letters")

# After the last attempt, about a day after the first, the letter is shown to the administrator.
MOST_ATTEMPTS = 12
LONGEST_WAIT = dt.timedelta(hours=6)
BATCH = 50
TURN = "letters-turn-to-post"


def post_waiting(connection=None) -> int:
    """Post every letter whose turn it is and return how many left.

    Each letter is claimed for LETTER_CLAIM_SECONDS by one short UPDATE, sent outside any transaction, then
    marked. Two workers at once never hold the same claim; the claim of a worker that died runs out and
    another sends the letter again under the same Message-ID. One poster works at a time, so that a kill
    repeats one letter at most. Where the mail system can't be reached the sweep stops after the first letter
    and leaves the rest untouched for the next one.
    """
    posted = 0
    # A letter written while we put the turn down would wait for the next sweep: look once more.
    while cache.add(TURN, True, settings.LETTER_CLAIM_SECONDS):
        try:
            left = _post_all(connection)
        finally:
            cache.delete(TURN)
        posted += left
        if not left:
            break
    return posted


def _post_all(connection=None) -> int:
    """Post every letter whose turn it is, in the order written, and return how many left."""
    posted = 0
    passed = 0
    connection = connection or mail.get_connection()
    try:
        while True:
            waiting = list(
                _due(timezone.now()).filter(pk__gt=passed).order_by("pk").values_list("pk", flat=True)[:BATCH]
            )
            if not waiting:
                return posted
            for pk in waiting:
                passed = pk
                cache.touch(TURN, settings.LETTER_CLAIM_SECONDS)
                claim = _claim(pk)
                if claim is None:
                    continue
                try:
                    connection.open()
                except Exception as error:
                    _failed(pk, claim, error)
                    return posted
                posted += _post(pk, claim, connection)
    finally:
        connection.close()


def _due(now):
    return Letter.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lte=now), sent_at=None, given_up_at=None
    )


def _claim(pk: int) -> dt.datetime | None:
    """Take the letter for a while and return until when; None where another worker was first."""
    now = timezone.now()
    until = now + dt.timedelta(seconds=settings.LETTER_CLAIM_SECONDS)
    taken = _due(now).filter(pk=pk).update(claimed_until=until, attempts=F("attempts") + 1)
    return until if taken else None


def _post(pk: int, claim: dt.datetime, connection) -> int:
    letter = Letter.objects.select_related("to").get(pk=pk)
    try:
        connection.send_messages([message_of(letter)])
    except Exception as error:
        _failed(pk, claim, error)
        return 0
    done = {"sent_at": timezone.now(), "claimed_until": None, "last_error": ""}
    if letter.is_secret:
        done["body"] = ""
    # Whoever handed it over may say so, even when the claim ran out meanwhile: it has left.
    return Letter.objects.filter(pk=pk, sent_at=None).update(**done)


def _failed(pk: int, claim: dt.datetime, error: Exception) -> None:
    """Note why the letter stayed, and when to try again or that nobody will."""
    mine = Letter.objects.filter(pk=pk, claimed_until=claim, sent_at=None)
    letter = mine.first()
    if letter is None:
        return
    log.warning("Letter %s did not leave (attempt %s): %s", pk, letter.attempts, type(error).__name__)
    facts = {
        "last_error": f"{type(error).__name__}: {error}"[:300],
        "claimed_until": next_try(letter.attempts),
    }
    if letter.attempts >= MOST_ATTEMPTS:
        facts |= {"given_up_at": timezone.now(), "claimed_until": None}
        if letter.is_secret:
            facts["body"] = ""
    mine.update(**facts)


def next_try(attempts: int) -> dt.datetime:
    """Return when to try again: after 1, 2, 4, 8 … minutes, at most six hours."""
    return timezone.now() + min(dt.timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_WAIT)


def message_of(letter: Letter) -> mail.EmailMessage:
    """Return the letter as a plain text message, the same bytes each time it is made."""
    return mail.EmailMessage(
        letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.to.email],
        headers={
            "Message-ID": letter.message_id,
            "Date": format_datetime(timezone.localtime(letter.written_at)),
            "Auto-Submitted": "auto-generated",
        },
    )


def send_again(letter: Letter, *, by: Person) -> Letter:
    """Put a letter that was given up back into the outbox, with all its attempts before it."""
    with transaction.atomic():
        letter = lock(Letter, letter.pk)
        require(permissions.may_administer(by))
        if letter.sent_at:
            raise Stale("This letter has left meanwhile.")
        if not letter.given_up_at:
            raise Stale("This letter is waiting in the outbox already.")
        if letter.is_secret:
            raise Invalid(
                "This letter held a secret link, and its text was removed. Invite the person again, or ask "
                "them to reset their password again."
            )
        letter.given_up_at = None
        letter.claimed_until = None
        letter.attempts = 0
        letter.save(update_fields=["given_up_at", "claimed_until", "attempts"])
        record(
            action="letters.send-again",
            subject=letter,
            by=by,
            summary=f"Letter to {letter.to} put back into the outbox",
            contract_number=letter.contract_number,
        )
    return letter


def reword(kind: str, *, by: Person, subject: str, body: str, seen: int | None = None) -> LetterTemplate:
    """Give one kind of letter the council's own words and return them."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip() + "\n"
    with transaction.atomic():
        require(permissions.may_administer(by))
        check_words(kind, subject=subject, body=body)
        was = LetterTemplate.objects.select_for_update().filter(kind=kind).first()
        if was is not None:
            check_seen(was, "letters.reword", seen, "this text")
        old = was or KINDS[kind]
        before = {"Subject": old.subject, "Text": old.body}
        words, _ = LetterTemplate.objects.update_or_create(
            kind=kind, defaults={"subject": subject, "body": body, "changed_by": by}
        )
        record(
            action="letters.reword",
            subject=words,
            by=by,
            summary=f"Text of the letter “{KINDS[kind].purpose}” changed",
            before=before,
            after={"Subject": subject, "Text": body},
        )
    return words


def restore_default(kind: str, *, by: Person) -> None:
    """Use the text that came with the service again."""
    with transaction.atomic():
        require(permissions.may_administer(by))
        own = LetterTemplate.objects.select_for_update().filter(kind=kind).first()
        if own is None:
            raise Stale("This letter already has the text that came with the service.")
        record(
            action="letters.restore-default",
            subject=own,
            by=by,
            summary=f"Text of the letter “{KINDS[kind].purpose}” restored",
            before={"Subject": own.subject, "Text": own.body},
            after={"Subject": KINDS[kind].subject, "Text": KINDS[kind].body},
        )
        own.delete()


def check_words(kind: str, *, subject: str, body: str) -> None:
    """Raise Invalid where a text names a placeholder this letter has not, or lost the link it is for."""
    errors = []
    for field, text in (("subject", subject), ("body", body)):
        try:
            unknown = unknown_placeholders(kind, text)
        except ValueError as error:
            errors.append((field, str(error)))
            continue
        if unknown:
            named = ", ".join(f"${name}" for name in unknown)
            errors.append((field, f"This letter has no {named}. Use only the placeholders listed below"))
    carries_link = KINDS[kind].is_secret and "link" in KINDS[kind].placeholders
    if carries_link and not errors and "$link" not in body and "${link}" not in body:
        errors.append(("body", "Keep $link in the text: without it the letter is of no use"))
    if carries_link and ("$link" in subject or "${link}" in subject):
        errors.append(("subject", "Do not put $link into the subject: subjects are kept"))
    if errors:
        raise Invalid(errors)
