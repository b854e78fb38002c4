"""Whom a KPI set's letters go to and what they carry; the words are in `kpis.letter_kinds`."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts import letters
from accounts.history import record
from accounts.models import HistoryRow, Person, Role
from govuk import formats
from kpis.proposals.deciders import Decider, Seat, seats_of, seats_of_many, told_by_seats
from kpis.proposals.differences import in_sentences
from kpis.proposals.models import DecisionAsked, KPISet, SetSubmission

# In history: the lead was told that nobody can decide this submission.
NOBODY = "proposals.nobody_can_decide"


def _about(kpi_set):
    return {
        "contract": kpi_set.contract.title,
        "set": str(kpi_set),
        "set_number": str(kpi_set.number),
        "month": formats.month(kpi_set.effective_month),
        "link": letters.link(kpi_set.get_absolute_url()),
    }


def _waiting(kpi_set, note):
    return {
        **_about(kpi_set),
        "proposer": str(kpi_set.submitted_by),
        "differences": "\n".join(f"- {line}" for line in in_sentences(kpi_set)),
        "note": note or "No note was given.",
    }


def set_waiting(kpi_set, note):
    """Ask those who may decide and were not asked yet; where nobody may, tell the lead so, once.

    Returns how many letters were owed. Must be called with the set's row locked: each person is asked once
    about a submission, also by two at the same moment.
    """
    submission = kpi_set.submissions.order_by("-ordinal").first()
    if submission is None:
        return 0
    seats = seats_of_many([kpi_set])[kpi_set.pk]
    stuck = [seat for seat in seats if seat.is_stuck]
    asked = set(submission.asked.values_list("person", flat=True))
    new = [one for one in told_by_seats(seats) if one.person.pk not in asked]
    DecisionAsked.objects.bulk_create(
        [DecisionAsked(submission=submission, person=one.person) for one in new]
    )
    owed = len(new)
    if new:
        ask(kpi_set, new, note)
    if (stuck or not seats) and not _lead_was_told(kpi_set, submission):
        owed += _tell_the_lead(kpi_set, submission, stuck, note)
    return owed


def ask(kpi_set: KPISet, deciders: Iterable[Decider], note: str) -> None:
    """Write each of them the letter that asks for a decision, saying on whose authority."""
    values = _waiting(kpi_set, note)
    decide = letters.link(reverse("kpis:kpi-set-decide", args=[kpi_set.contract_id, kpi_set.number]))
    is_joint = len(seats_of(kpi_set.contract)) > 1
    for decider in deciders:
        authority = authority_line(decider.delegation)
        if is_joint:
            authority += (
                f" {decider.directorate.name} is one of the directorates that must approve it: "
                "it takes effect once all have."
            )
        letters.write(
            "set-waiting",
            to=decider.person,
            contract_number=kpi_set.contract_id,
            values={**values, "link": decide, "authority": authority},
        )


def _lead_was_told(kpi_set: KPISet, submission: SetSubmission) -> bool:
    told = HistoryRow.objects.of(kpi_set).filter(action=NOBODY)
    return any(row.after.get("Submission") == str(submission.ordinal) for row in told)


def _tell_the_lead(kpi_set: KPISet, submission: SetSubmission, stuck: list[Seat], note: str) -> int:
    names = " and ".join(seat.directorate.name for seat in stuck) or str(kpi_set.contract.directorate or "")
    record(
        action=NOBODY,
        subject=kpi_set,
        by=None,
        contract_number=kpi_set.contract_id,
        summary=f"Nobody in {names or 'the council'} can decide {kpi_set}: the social value lead is told",
        after={"Submission": submission.ordinal},
    )
    values = {**_waiting(kpi_set, note), "directorate": names, "director": settings.WORDS["director"]}
    leads = list(Person.objects.appointed(Role.LEAD))
    for lead in leads:
        letters.write("set-without-decider", to=lead, contract_number=kpi_set.contract_id, values=values)
    return len(leads)


def authority_line(delegation):
    """Return on whose authority a letter asks for a decision."""
    if delegation is None:
        return "You decide in your own right."
    root = delegation.root
    post = f" as {delegation.post}" if delegation.post else ""
    return (
        f"You decide for {delegation.in_the_name_of}{post}, under the delegation of "
        f"{formats.day(root.starts_on)}, {root.scheme_reference}."
    )


def set_taken_back(kpi_set, by, note, but: Iterable[int] = ()):
    """Tell those who were asked that there is nothing to decide for now; not those whose keys are in `but`.

    Whoever is told so can be asked about the same submission again.
    """
    submission = kpi_set.submissions.order_by("-ordinal").first()
    if submission is None:
        return
    asked = submission.asked.exclude(person__in=list(but)).select_related("person").order_by("pk")
    for row in list(asked):
        letters.write(
            "set-taken-back",
            to=row.person,
            contract_number=kpi_set.contract_id,
            values={**_about(kpi_set), "who": str(by), "note": note or "No reason was given."},
        )
    asked.delete()
