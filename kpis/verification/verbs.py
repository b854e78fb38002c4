"""Checking returns: verify, send back, reopen, draw a sample, close what was not sampled."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import letters
from accounts.calendar import add_working_days, first_of_month, today
from accounts.history import record
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from kpis.library.models import Kind
from kpis.readings.models import Reading, ReadingVersion
from kpis.returns.models import Evidence, MonthlyReturn
from kpis.returns.moves import MOVES
from kpis.returns.permissions import people_who_fill_in
from kpis.returns.verbs.figures import LARGEST, as_text
from kpis.returns.verbs.opening import keys_of
from kpis.returns.verbs.submitting import add_versions, readings_of
from kpis.totals import verbs as totals
from kpis.verification import permissions
from kpis.verification.models import SampleDraw

# Working days after submission at which a return that was not sampled closes.
CLOSES_AFTER = 10
# Working days a manager has to answer what was sent back or reopened.
ANSWER_WITHIN = 5
Errors = list[tuple[str, str]]


def verify(
    monthly_return: MonthlyReturn,
    *,
    by,
    amounts: Mapping[int, tuple[Any, str]] | None = None,
    verdicts: Mapping[int, str] | None = None,
    version: int | None = None,
    note: str = "",
) -> MonthlyReturn:
    """Verify the return as a whole; its figures become the verified ones, and it locks.

    `amounts`: reading's key -> (verified amount, reason) where it differs from what was reported; for a
    percentage the amount is (numerator, denominator). `verdicts`: evidence's key -> "accepted" or "rejected".
    Errors are named "amount_<reading>" and "reason_<reading>". Whoever saved a figure in it can't verify it.
    """
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_verify(by, monthly_return))
        MOVES.check(monthly_return, "verify")
        check_version(monthly_return, version, "this return")
        readings = readings_of(monthly_return)
        reasons, errors = _amounts(readings, amounts or {})
        if errors:
            raise Invalid(errors)
        now = timezone.now()
        for reading in readings:
            reading.verified_at = now
            reading.verification_note = reasons.get(reading.pk, "")
        Reading.objects.bulk_update(
            readings,
            [
                "verified_value",
                "verified_numerator",
                "verified_denominator",
                "verified_at",
                "verification_note",
            ],
        )
        _judge(monthly_return, verdicts or {}, by)
        MOVES.apply(monthly_return, "verify")
        monthly_return.checked_at, monthly_return.checked_by = now, by
        monthly_return.version += 1
        monthly_return.save()
        add_versions(readings, ReadingVersion.Act.VERIFIED, by=by, at=now, reasons=reasons)
        totals.recompute(keys_of(readings))
        differ = [reading for reading in readings if reading.pk in reasons]
        record(
            action="verification.verify",
            subject=monthly_return,
            by=by,
            note=note,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return verified",
            before={f"{reading.terms.title}, reported": as_text(reading, "reported_") for reading in differ},
            after={
                f"{reading.terms.title}, verified": f"{as_text(reading, 'verified_')}: {reasons[reading.pk]}"
                for reading in differ
            },
        )
    return monthly_return


def _amounts(
    readings: list[Reading], amounts: Mapping[int, tuple[Any, str]]
) -> tuple[dict[int, str], Errors]:
    """Put the verified figures on the readings; return reasons of those that differ, and errors."""
    reasons: dict[int, str] = {}
    errors: Errors = []
    strangers = set(amounts) - {reading.pk for reading in readings}
    if strangers:
        errors.append(("", "One of the figures doesn't belong to this return."))
    for reading in readings:
        for name in ("value", "numerator", "denominator"):
            setattr(reading, f"verified_{name}", getattr(reading, f"reported_{name}"))
        if reading.pk not in amounts:
            continue
        amount, reason = amounts[reading.pk]
        reason = reason.strip()
        parts: dict[str, Decimal] = (
            {"numerator": amount[0], "denominator": amount[1]}
            if reading.measure.is_percentage
            else {"value": amount}
        )
        if reading.measure.kind in {Kind.TEXT, Kind.MILESTONE}:
            errors.append((f"amount_{reading.pk}", "This KPI has no amount to verify."))
            continue
        if any(part is None or not part.is_finite() or abs(part) >= LARGEST for part in parts.values()):
            errors.append((f"amount_{reading.pk}", f"“{reading.terms.title}”: enter the verified figure."))
            continue
        if any(part < 0 for part in parts.values()) and not reading.measure.allows_negative:
            errors.append(
                (f"amount_{reading.pk}", f"“{reading.terms.title}”: the verified figure must be 0 or more.")
            )
            continue
        if reading.measure.is_percentage and parts["numerator"] > parts["denominator"]:
            errors.append(
                (
                    f"amount_{reading.pk}",
                    f"“{reading.terms.title}”: the first number can't be more than the number it is out of.",
                )
            )
            continue
        if all(part == getattr(reading, f"reported_{name}") for name, part in parts.items()):
            continue
        if not reason:
            errors.append(
                (f"reason_{reading.pk}", f"“{reading.terms.title}”: say why the verified figure differs.")
            )
            continue
        for name, part in parts.items():
            setattr(reading, f"verified_{name}", part)
        reasons[reading.pk] = reason
    return reasons, errors


def _judge(monthly_return: MonthlyReturn, verdicts: Mapping[int, str], by) -> None:
    """Keep what the lead made of each piece of evidence."""
    for evidence in monthly_return.evidence.filter(pk__in=verdicts, withdrawn_at=None):
        verdict = verdicts[evidence.pk]
        if verdict not in Evidence.Verdict.values or verdict == evidence.verdict:
            continue
        before, evidence.verdict = evidence.get_verdict_display(), verdict
        evidence.save(update_fields=["verdict"])
        record(
            action="verification.judge_evidence",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return: evidence "
            f"{evidence.get_verdict_display().lower()}",
            before={"Verdict": before},
            after={"File": evidence.file_name, "Verdict": evidence.get_verdict_display()},
        )


def send_back(
    monthly_return: MonthlyReturn,
    *,
    by,
    reason: str,
    version: int | None = None,
    verdicts: Mapping[int, str] | None = None,
) -> MonthlyReturn:
    """Send a submitted return back with the reason; it is due again five working days on.

    Reminders start anew. What was reported stands until it is submitted again.
    """
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_send_back(by, monthly_return))
        MOVES.check(monthly_return, "send_back")
        check_version(monthly_return, version, "this return")
        reason = _reason(reason, "Say what has to be put right.")
        _judge(monthly_return, verdicts or {}, by)
        _give_back(monthly_return, "send_back", reason)
        record(
            action="verification.send_back",
            subject=monthly_return,
            by=by,
            note=reason,
            contract_number=monthly_return.contract_id,
            summary=f"{monthly_return.period_words} return sent back, due again "
            f"{show_day(monthly_return.due_again_on)}",
        )
        _write(monthly_return, "return-sent-back", by, reason)
    return monthly_return


def reopen(monthly_return: MonthlyReturn, *, by, reason: str, version: int | None = None) -> MonthlyReturn:
    """Unlock a verified or closed return for correction; the old figures stand until they are replaced."""
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_reopen(by, monthly_return))
        MOVES.check(monthly_return, "reopen")
        check_version(monthly_return, version, "this return")
        reason = _reason(reason, "Say why the return is reopened.")
        was = monthly_return.get_status_display()
        _give_back(monthly_return, "reopen", reason)
        readings = readings_of(monthly_return)
        add_versions(
            readings,
            ReadingVersion.Act.REOPENED,
            by=by,
            at=timezone.now(),
            reasons={reading.pk: reason for reading in readings},
        )
        record(
            action="verification.reopen",
            subject=monthly_return,
            by=by,
            note=reason,
            contract_number=monthly_return.contract_id,
            before={"Status": was},
            after={"Status": monthly_return.get_status_display()},
            summary=f"{monthly_return.period_words} return reopened for correction",
        )
        _write(monthly_return, "return-reopened", by, reason)
    return monthly_return


def _reason(reason: str, sentence: str) -> str:
    if not reason.strip():
        raise Invalid([("reason", sentence)])
    return reason.strip()


def _give_back(monthly_return: MonthlyReturn, verb: str, reason: str) -> None:
    """Hand the return to its manager again: a new cycle, a new due date, the reason on it."""
    MOVES.apply(monthly_return, verb)
    monthly_return.sent_back_reason = reason
    monthly_return.sent_back_at = timezone.now()
    monthly_return.cycle += 1
    monthly_return.due_again_on = add_working_days(today(), ANSWER_WITHIN)
    monthly_return.checked_at = monthly_return.checked_by = None
    monthly_return.version += 1
    monthly_return.save()


def _write(monthly_return: MonthlyReturn, kind: str, by, reason: str) -> None:
    for person in people_who_fill_in(monthly_return):
        letters.write(
            kind,
            to=person,
            contract_number=monthly_return.contract_id,
            values={
                "contract": monthly_return.contract.title,
                "month": monthly_return.period_words,
                "by": str(by),
                "reason": reason,
                "due": show_day(monthly_return.due_again_on),
                "link": letters.link(monthly_return.get_absolute_url()),
            },
        )


def close_unsampled(now: dt.datetime | None = None) -> int:
    """Close returns nobody sampled ten working days after their submission; return how many.

    They are closed as "not sampled", never as verified. A return that was verified once and corrected since
    waits for the lead.
    """
    day = timezone.localdate(now) if now else today()
    waiting = (
        MonthlyReturn.objects.filter(status=MonthlyReturn.Status.SUBMITTED, sampled_at=None)
        .exclude(readings__verified_at__isnull=False)
        .values_list("pk", "submitted_at")
        .order_by("pk")
    )
    closed = 0
    for pk, submitted_at in waiting:
        if add_working_days(timezone.localdate(submitted_at), CLOSES_AFTER) > day:
            continue
        with transaction.atomic():
            monthly_return = lock(MonthlyReturn, pk)
            # Somebody may have sampled, checked or sent it back since the list was made.
            if monthly_return.sampled_at or not MOVES.allows(monthly_return.status, "close"):
                continue
            MOVES.apply(monthly_return, "close")
            monthly_return.checked_at = timezone.now()
            monthly_return.version += 1
            monthly_return.save()
            record(
                action="verification.close",
                subject=monthly_return,
                by=None,
                contract_number=monthly_return.contract_id,
                summary=f"{monthly_return.period_words} return closed, not sampled",
            )
        closed += 1
    return closed


def draw_order(seed: str, number: int) -> str:
    """Return what a return is ordered by in a draw: the SHA-256 of "seed:number"."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def draw_sample(month: dt.date, *, by, seed: str, share: Decimal | int = 10) -> SampleDraw:
    """Draw that share (%) of the month's submitted returns, at least one, by a seed anybody can repeat.

    The returns are ordered by `draw_order`; the first ones are drawn. Drawn returns are marked and won't
    close by themselves. Raises Stale where nothing is waiting.
    """
    month, seed, share = first_of_month(month), seed.strip(), Decimal(share)
    require(permissions.may_check(by))
    if not seed or len(seed) > 64:
        raise Invalid([("seed", "Enter a seed of 64 characters or fewer, such as today's date.")])
    if not 0 < share <= 100:
        raise Invalid([("share", "The share must be above 0 and up to 100 per cent.")])
    with transaction.atomic():
        among = list(
            MonthlyReturn.objects.filter(
                month=month, status=MonthlyReturn.Status.SUBMITTED, before_system=False
            )
            .order_by("pk")
            .select_for_update(of=("self",))
        )
        if not among:
            raise Stale(f"No submitted returns for {show_month(month)} are waiting to be checked.")
        size = math.ceil(len(among) * share / 100)
        drawn = sorted(among, key=lambda item: draw_order(seed, item.pk))[:size]
        draw = SampleDraw.objects.create(
            month=month,
            seed=seed,
            share=share,
            drawn_by=by,
            among=[item.pk for item in among],
            drawn=[item.pk for item in drawn],
        )
        for item in drawn:
            _mark(item, f"Drawn at random, {share.normalize():f}% of {show_month(month)}", by)
    return draw


def mark_for_checking(monthly_return: MonthlyReturn, *, by, reason: str) -> MonthlyReturn:
    """Put a submitted return into the sample because of what it says, such as its value or a sudden jump."""
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_check(by))
        MOVES.check(monthly_return, "verify")
        if monthly_return.before_system:
            raise Stale("These figures were reported before this system, so they are not sampled.")
        reason = _reason(reason, "Say why this return should be checked.")
        if len(reason) > 150:
            raise Invalid([("reason", "The reason must be 150 characters or fewer.")])
        _mark(monthly_return, reason, by)
    return monthly_return


def _mark(monthly_return: MonthlyReturn, reason: str, by) -> None:
    if monthly_return.sampled_at is None:
        monthly_return.sampled_at = timezone.now()
        monthly_return.sample_reason = reason
        monthly_return.version += 1
        monthly_return.save()
    record(
        action="verification.sample",
        subject=monthly_return,
        by=by,
        note=reason,
        contract_number=monthly_return.contract_id,
        summary=f"{monthly_return.period_words} return picked for checking",
    )
