"""What the social value group asks about a waiting set, and the proposers' answer: ask, answer, withdraw.

None of it changes what was sent for approval: its content and hash stay. Every verb takes the set's row
first, as the decisions do: a question asked while somebody decides either comes before it or is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk import formats
from kpis.approvals import challenge_letters as letters
from kpis.approvals import challenge_permissions as permissions
from kpis.approvals.models import Challenge
from kpis.proposals.models import KPI, KPISet

LONGEST = 2000
Status = KPISet.Status
# A question stays with a set that was taken back or returned; it ends with the set.
ANSWERABLE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED})


def challenge(
    kpi_set: KPISet, *, by: Person, comment: str, kpi: KPI | None = None, content_hash: str | None = None
) -> Challenge:
    """Return the question put about a waiting set, or about one KPI of it.

    Proposer, manager and commissioner are asked to answer; those who can decide are told that it waits.
    `content_hash` is that of what was read: Stale where the set was changed and sent again. Raises Invalid.
    """
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(permissions.may_ask(by))
        submission = kpi_set.submissions.first()
        if kpi_set.status != Status.SUBMITTED or submission is None:
            raise Stale(
                f"{kpi_set} is now “{kpi_set.get_status_display().lower()}”, so nothing was asked. "
                "Questions are asked while a set waits for a decision."
            )
        if content_hash is not None and content_hash != submission.content_hash:
            raise Stale(
                f"{kpi_set} was changed and sent again since you opened it, so nothing was asked. "
                "Read it as it is now, then ask."
            )
        words = _words("comment", comment, "your question")
        if kpi is not None and not kpi_set.terms.filter(kpi=kpi).exists():
            raise Invalid([("kpi", "Select a KPI of this set, or the set as a whole")])
        asked = Challenge.objects.create(
            kpi_set=kpi_set, submission=submission, kpi=kpi, comment=words, asked_by=by
        )
        _record(asked, "challenge", by, f"Asked about {kpi_set}", after={title_of(asked): words})
        letters.asked(asked)
    return asked


def answer(one: Challenge, *, by: Person, answer: str) -> Challenge:
    """Return the question with its answer; whoever asked and those who can decide have a letter.

    The content stays as it was sent. Whoever answers speaks for the set and can't decide it.
    """
    with transaction.atomic():
        one = _open(one)
        require(permissions.may_answer(by, one))
        words = _words("answer", answer, "your answer")
        one.answer, one.answered_by, one.answered_at = words, by, timezone.now()
        one.save()
        one.kpi_set.editors.add(by)
        _record(one, "answer", by, f"Answered a question about {one.kpi_set}", after={title_of(one): words})
        letters.answered(one)
    return one


def withdraw_challenge(one: Challenge, *, by: Person, note: str = "") -> Challenge:
    """Return the question, withdrawn: it stays to be read, and no longer waits for an answer."""
    with transaction.atomic():
        one = _open(one)
        require(permissions.may_withdraw(by, one))
        one.withdrawn_at, one.withdrawn_by = timezone.now(), by
        one.save()
        _record(
            one,
            "withdraw_challenge",
            by,
            f"Withdrew a question about {one.kpi_set}",
            before={title_of(one): one.comment},
            note=note,
        )
        letters.withdrawn(one, note)
    return one


def why_not_open(one: Challenge, kpi_set: KPISet) -> str:
    """Return why a question can be neither answered nor withdrawn any more, or "" where it can."""
    if one.answered_at:
        return f"{one.answered_by} answered this question on {formats.day_time(one.answered_at)}."
    if one.withdrawn_at:
        return (
            f"{one.withdrawn_by} withdrew this question on {formats.day_time(one.withdrawn_at)}, "
            "so it needs no answer."
        )
    if kpi_set.status not in ANSWERABLE:
        return (
            f"{kpi_set} is now “{kpi_set.get_status_display().lower()}”, so nothing can be done about the "
            "question any more. It stays in the record as it was then."
        )
    return ""


def _open(one: Challenge) -> Challenge:
    """Return the question read under the set's lock; Stale where nothing is left to be done with it."""
    kpi_set = lock(KPISet, one.kpi_set_id)
    found = Challenge.objects.select_related("answered_by", "withdrawn_by", "asked_by", "kpi__measure").get(
        pk=one.pk
    )
    found.kpi_set = kpi_set
    late = why_not_open(found, kpi_set)
    if late:
        raise Stale(late)
    return found


def _words(field: str, text: str, noun: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid([(field, f"Enter {noun}")])
    if len(words) > LONGEST:
        raise Invalid([(field, f"{noun.capitalize()} must be 2,000 characters or fewer")])
    return words


def _record(one: Challenge, verb: str, by: Person, summary: str, **more) -> None:
    record(
        action=f"approvals.{verb}",
        subject=one.kpi_set,
        by=by,
        contract_number=one.kpi_set.contract_id,
        summary=summary,
        **more,
    )


def title_of(one: Challenge) -> str:
    """Return the title of the KPI it is about in the words that were read, or "The set as a whole"."""
    if one.kpi_id is None:
        return "The exception" if one.kpi_set.is_exception else "The set as a whole"
    titles = {kpi["kpi"]: kpi["title"] for kpi in one.submission.content["kpis"]}
    return titles.get(one.kpi_id) or str(one.kpi)


def unanswered_of(kpi_set: KPISet):
    """Return the set's questions that still wait for an answer."""
    return kpi_set.challenges.unanswered()


def unanswered_of_many(kpi_sets: Iterable[KPISet]) -> dict[int, int]:
    """Return how many questions wait for an answer by set key, sets without any left out: one query."""
    keys = [one.pk for one in kpi_sets]
    if not keys:
        return {}
    found = Challenge.objects.unanswered().filter(kpi_set__in=keys).order_by()
    return dict(found.values("kpi_set").annotate(how_many=Count("pk")).values_list("kpi_set", "how_many"))
