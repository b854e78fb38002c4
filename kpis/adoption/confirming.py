"""Confirming a directorate's part of a batch, or returning it: contract by contract, in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import letters
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Refused, Stale, lock, require
from contracts.journey import Journey
from govuk import formats
from kpis.adoption import permissions, results
from kpis.adoption.applying import hash_of_part
from kpis.adoption.models import AdoptedSet, AdoptionPart
from kpis.approvals import verbs as approvals
from kpis.approvals.permissions import may_decide, may_decide_many
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES

JOURNEY = Journey(
    AdoptionPart, noun="batch of signed KPIs", prefix="adoption", lines="lines", total="total", done="done",
    to_write=("chosen", "leaving"),
)  # fmt: skip
Status, Outcome = AdoptionPart.Status, AdoptedSet.Outcome
# Contracts up to which a confirmation is carried out while the page waits.
AT_ONCE = 25


def waiting_lines(part: AdoptionPart) -> Any:
    """Return the part's contracts that are not decided yet, with what deciding them needs."""
    return (
        part.lines.filter(is_applied=False, outcome__in=[Outcome.WAITING, *JOURNEY.to_write])
        .select_related("kpi_set__contract__directorate", "kpi_set__started_by", "contract")
        .prefetch_related("kpi_set__editors")
        .order_by("row_number")
    )


def answers_of(person: Person, lines: list[AdoptedSet]) -> dict[int, Any]:
    """Return for each line's key whether this person may decide its set, and why not; a few queries."""
    sets = [line.kpi_set for line in lines]
    found = may_decide_many(person, sets, seats_of_many(sets))
    return {line.pk: found[line.kpi_set_id] for line in lines}


def leave_out(line: AdoptedSet, *, by: Person, reason: str) -> AdoptedSet:
    """Return the contract, marked to be returned with its part's confirmation; a blank reason takes it in."""
    with transaction.atomic():
        part = lock(AdoptionPart, line.part_id)
        require(permissions.may_confirm(by, part))
        line = lock(AdoptedSet, line.pk)
        require(may_decide(by, line.kpi_set))
        if not part.can_be_decided or line.outcome != Outcome.WAITING:
            raise Stale(
                f"{line.contract} is now “{line.get_outcome_display().lower()}”, so that can’t be changed."
            )
        if line.leave_reason != reason.strip():
            line.leave_reason = reason.strip()
            line.save(update_fields=["leave_reason"])
            record(
                action="adoption.leave_out", subject=part, by=by, contract_number=line.contract_id,
                note=line.leave_reason,
                summary=f"{'Left out' if line.leave_reason else 'Took in again'} contract "
                f"{line.contract_id} of {part}",
            )  # fmt: skip
    return line


def confirm(
    part: AdoptionPart, *, by: Person, content_hash: str, left_out: int | None = None, note: str = ""
) -> AdoptionPart:
    """Return the part, being confirmed as a whole; contracts marked to be left out are returned instead.

    `content_hash` is that of the part the person read: another one is Stale, and so is another number left
    out than `left_out`. Contracts this person may not decide (above a delegate's limit, say) are left for the
    director, each with the reason.
    """
    with transaction.atomic():
        part = _to_decide(part, by, content_hash)
        let_go_of_moved(part)
        lines = list(waiting_lines(part))
        given = {line.pk: line.leave_reason for line in lines if line.leave_reason}
        if left_out is not None and left_out != len(given):
            raise Stale(
                "Somebody left out other contracts since you opened this. Open the page again to see which."
            )
        answers = answers_of(by, lines)
        for line in lines:
            answer = answers[line.pk]
            line.outcome = Outcome.LEAVING if line.pk in given else Outcome.CHOSEN
            line.said = given.get(line.pk, "")
            if not answer:
                line.outcome, line.said = Outcome.WAITING, answer.reason
        chosen = [line for line in lines if line.outcome != Outcome.WAITING]
        if not chosen:
            raise Refused(lines[0].said if lines else "Nothing of this is left to decide.")
        AdoptedSet.objects.bulk_update(lines, ["outcome", "said"], batch_size=500)
        authority = answers[chosen[0].pk].authority
        part.reason = ""
        _begin(part, by, authority, note.strip(), len(chosen))
        adopted = sum(line.outcome == Outcome.CHOSEN for line in chosen)
        record(
            action="adoption.confirm", subject=part, by=by, note=part.note,
            acting_for=answers[chosen[0].pk].acting_for, delegation=answers[chosen[0].pk].delegation,
            summary=f"Confirmed {formats.plural(adopted, 'contract')} of {part} as signed"
            + (f", left out {formats.plural(len(given), 'contract')}" if given else ""),
            after={"Content hash": content_hash, "Authority": authority},
        )  # fmt: skip
    return part


def give_back(part: AdoptionPart, *, by: Person, content_hash: str, reason: str) -> AdoptionPart:
    """Return the whole part to its uploader: its sets are withdrawn, so that a better file can come."""
    if not reason.strip():
        raise Invalid([("reason", "Say why, so that the workbook can be put right")])
    with transaction.atomic():
        part = _to_decide(part, by, content_hash)
        lines = list(waiting_lines(part))
        answers = answers_of(by, lines)
        refused = next((answers[line.pk].reason for line in lines if not answers[line.pk]), "")
        if refused or not lines:
            raise Refused(refused or "Nothing of this is left to decide.")
        for line in lines:
            line.outcome, line.said = Outcome.LEAVING, reason.strip()
        AdoptedSet.objects.bulk_update(lines, ["outcome", "said"], batch_size=500)
        part.reason = reason.strip()
        _begin(part, by, answers[lines[0].pk].authority, "", len(lines))
        record(
            action="adoption.give_back", subject=part, by=by, note=part.reason,
            acting_for=answers[lines[0].pk].acting_for, delegation=answers[lines[0].pk].delegation,
            summary=f"Returned {part}", after={"Content hash": content_hash, "Authority": part.authority},
        )  # fmt: skip
    return part


def let_go_of_moved(part: AdoptionPart) -> int:
    """Let contracts that are another directorate's by now, or joint ones, be decided by themselves."""
    moved = [
        line
        for line in waiting_lines(part).prefetch_related("contract__partner_directorates")
        if line.contract.directorate_id != part.directorate_id or line.contract.partner_directorates.all()
    ]
    for line in moved:
        line.outcome = Outcome.ORDINARY
        line.said = "Its directorate changed since it came in, or another joined: it is decided by itself."
    AdoptedSet.objects.bulk_update(moved, ["outcome", "said"], batch_size=500)
    KPISet.objects.filter(pk__in=[line.kpi_set_id for line in moved]).update(adoption=None)
    return len(moved)


def _to_decide(part: AdoptionPart, by: Person, content_hash: str) -> AdoptionPart:
    """Return the part locked; refuse a stranger, a second decision, and one on something else than stands."""
    part = lock(AdoptionPart, part.pk)
    require(permissions.may_confirm(by, part))
    if not part.can_be_decided:
        raise Stale(
            f"{part} is now “{part.get_status_display().lower()}”. Somebody may have been there before you."
        )
    if content_hash != part.content_hash or hash_of_part(part) != part.content_hash:
        raise Stale("This is not what you read: it has changed since. Open the page again, then decide.")
    return part


def _begin(part: AdoptionPart, by: Person, authority: str, note: str, total: int) -> None:
    part.status, part.worker_until, part.message = Status.CONFIRMING, None, ""
    part.confirmed_by, part.authority, part.note = by, authority[:400], note
    part.total, part.done = total, 0
    part.save()


def wake(part: AdoptionPart) -> None:
    """Ask a worker to carry it out; where no broker answers, the minute's sweep will."""
    from kpis.adoption.tasks import confirm_adoption_part

    JOURNEY.wake(part, confirm_adoption_part)


def stop(part: AdoptionPart, *, by: Person) -> AdoptionPart:
    """Stop after the contract at work; what was confirmed stays, the rest waits."""
    require(permissions.may_confirm(by, part))
    return JOURNEY.stop(part, by=by)


def carry_on(part_id: int) -> AdoptionPart | None:
    """Carry a confirmation on until done or stopped, a transaction a contract; None where one is at it."""
    return JOURNEY.carry_on(part_id, check=lambda part: part, applier=_Confirmer, finish=_finish, batch=1)


def carry_on_abandoned() -> int:
    """Take up confirmations nobody is at work on, and settle sets decided by themselves; return how many."""
    done = sum(carry_on(pk) is not None for pk in JOURNEY.waiting())
    for part in AdoptionPart.objects.filter(status__in=[Status.WAITING, Status.STOPPED]):
        with transaction.atomic():
            done += let_go_of_moved(lock(AdoptionPart, part.pk))
    return done + settle_decided()


class _Confirmer:
    """Carries out what one person confirmed, line by line."""

    def __init__(self, part: AdoptionPart) -> None:
        assert part.confirmed_by is not None
        self.part, self.by, self.whole = part, part.confirmed_by, bool(part.reason)
        self.note = f"Adopted as signed, batch {part.adoption_import_id}."
        if part.note:
            self.note += f" {part.note}"

    def apply(self, lines: list[AdoptedSet]) -> None:
        """Adopt or leave out each; what can't be is kept with the reason."""
        for given in lines:
            line = AdoptedSet.objects.select_related("kpi_set__contract", "contract").get(pk=given.pk)
            # What they hold is asked anew for each: a long batch outlives midnight, or a delegation.
            self.by = Person.objects.get(pk=self.by.pk)
            try:
                with transaction.atomic():
                    self._one(line)
            except Refused as reason:
                # Their authority ended meanwhile, or never reached so far: it waits for somebody else.
                line.outcome, line.said, line.is_applied = Outcome.WAITING, str(reason), False
            except (Stale, Invalid) as reason:
                line.outcome, line.said, line.is_applied = Outcome.REFUSED, str(reason), True
                KPISet.objects.filter(pk=line.kpi_set_id).update(adoption=None)
            line.save()

    def _one(self, line: AdoptedSet) -> None:
        if line.outcome == Outcome.LEAVING:
            self._leave(line)
        else:
            approvals.approve(
                line.kpi_set, by=self.by, content_hash=line.content_hash, note=self.note, with_batch=True
            )
            line.kpi_set.refresh_from_db()
            if line.kpi_set.status == KPISet.Status.APPROVED:
                if results.hash_of_results(line.results) != line.results_hash:
                    raise Stale(
                        "Its past results are not those that were confirmed, so nothing was recorded."
                    )
                results.write(line, by=self.by)
                line.outcome = Outcome.ADOPTED
            else:
                line.outcome, line.said = Outcome.ORDINARY, "Another directorate has to approve it too."
        line.is_applied = True

    def _leave(self, line: AdoptedSet) -> None:
        if self.whole:
            kpi_set = lock(KPISet, line.kpi_set_id)
            require(may_decide(self.by, kpi_set))
            MOVES.apply(kpi_set, "withdraw")
            kpi_set.adoption = None
            kpi_set.version += 1
            kpi_set.save()
            record(
                action="adoption.withdraw", subject=kpi_set, by=self.by, contract_number=kpi_set.contract_id,
                note=line.said, summary=f"Withdrew {kpi_set}: its batch was returned",
            )  # fmt: skip
        else:
            positions = [
                one["position"] for one in line.kpi_set.submissions.order_by("-ordinal")[0].content["kpis"]
            ]
            approvals.send_back(
                line.kpi_set, by=self.by, content_hash=line.content_hash,
                reasons=dict.fromkeys(positions, line.said), note=f"Left out of {self.part}.",
                with_batch=True,
            )  # fmt: skip
            KPISet.objects.filter(pk=line.kpi_set_id).update(adoption=None)
        line.outcome = Outcome.LEFT_OUT


def _finish(part: AdoptionPart) -> None:
    """Say how it ended: confirmed, returned, or with some contracts left for somebody else to decide."""
    left = part.lines.filter(outcome=Outcome.WAITING).count()
    if left:
        part.status = Status.WAITING
        said = "contract is" if left == 1 else "contracts are"
        part.message = f"{left:,} {said} left to be decided: the reasons stand beside them."
    elif part.reason:
        part.status = Status.RETURNED
    adopted = part.lines.filter(outcome=Outcome.ADOPTED).count()
    outcome = (
        f"returned it: {part.reason}" if part.reason and not left
        else f"confirmed it: {formats.plural(adopted, 'contract')} adopted"
    )  # fmt: skip
    if permissions.may_see(part.uploaded_by, part):
        letters.write(
            "adoption-decided",
            to=part.uploaded_by,
            values={
                "directorate": part.directorate.name,
                "file": part.adoption_import.file_name,
                "who": str(part.confirmed_by),
                "outcome": outcome,
                "link": letters.link(part.get_absolute_url()),
            },
        )


def settle_decided() -> int:
    """Record past results of sets that were approved by themselves just as they came in; return how many."""
    done = 0
    open_lines = AdoptedSet.objects.filter(
        outcome=Outcome.ORDINARY, results_written_at=None, kpi_set__status=KPISet.Status.APPROVED
    )
    for key in list(open_lines.values_list("pk", flat=True)):
        with transaction.atomic():
            line = lock(AdoptedSet, key)
            if line.results_written_at is not None:
                continue
            submission = line.kpi_set.submissions.order_by("-ordinal")[0]
            line.results_written_at = timezone.now()
            if submission.content_hash == line.content_hash:
                line.results_written_at = None
                decision = submission.decisions.order_by("-decided_at", "-pk").first()
                results.write(line, by=decision.decided_by if decision else None)
                line.results_written_at = line.results_written_at or timezone.now()
                line.outcome = Outcome.ADOPTED
            else:
                line.said = "It was changed before it was approved, so its past results were not recorded."
            line.save()
            done += 1
    return done
