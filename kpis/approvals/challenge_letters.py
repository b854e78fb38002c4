"""Whom the letters about a question go to and what they carry; the words are in `kpis.letter_kinds`."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts import letters
from accounts.models import Person, Role
from govuk import formats
from kpis.approvals.models import Challenge, Decision
from kpis.proposals.deciders import told_of
from kpis.proposals.models import KPISet
from kpis.proposals.permissions import readers_among


def _values(one: Challenge) -> dict[str, str]:
    kpi_set = one.kpi_set
    titles = {kpi["kpi"]: kpi["title"] for kpi in one.submission.content["kpis"]}
    return {
        "contract": kpi_set.contract.title,
        "set": str(kpi_set),
        "about": titles.get(one.kpi_id, "") if one.kpi_id else "the set as a whole",
        "question": one.comment,
        "asker": str(one.asked_by),
        "when": formats.day_time(one.asked_at),
        "link": letters.link(kpi_set.get_absolute_url()),
    }


def _write(kind: str, people: Iterable[Person | None], one: Challenge, **more: str) -> None:
    values = {**_values(one), **more}
    for person in readers_among(one.kpi_set, people):
        letters.write(kind, to=person, values=values, contract_number=one.kpi_set.contract_id)


def _answerable(kpi_set: KPISet) -> list[Person | None]:
    """Return proposer, manager and commissioner."""
    return [kpi_set.submitted_by, kpi_set.contract.manager, kpi_set.contract.commissioner]


def _deciding(kpi_set: KPISet) -> list[Person]:
    """Return those a letter asks to decide, while there is something to decide."""
    if kpi_set.status != KPISet.Status.SUBMITTED:
        return []
    return [decider.person for decider in told_of(kpi_set)]


def asked(one: Challenge) -> None:
    """Ask proposer, manager and commissioner to answer; tell those who can decide that it waits."""
    address = reverse("kpis:challenge-answer", args=[one.kpi_set.contract_id, one.kpi_set.number, one.pk])
    answerable = _answerable(one.kpi_set)
    _write("set-question", answerable, one, link=letters.link(address))
    asked_already = {each.pk for each in answerable if each}
    decide = reverse("kpis:kpi-set-decide", args=[one.kpi_set.contract_id, one.kpi_set.number])
    others = [each for each in _deciding(one.kpi_set) if each.pk not in asked_already]
    _write("set-question-waits", others, one, link=letters.link(decide))


def answered(one: Challenge) -> None:
    """Tell whoever asked, the leads, and those who can decide what was answered."""
    people = [one.asked_by, *Person.objects.appointed(Role.LEAD), *_deciding(one.kpi_set)]
    _write("set-question-answered", people, one, answer=one.answer, who=str(one.answered_by))


def withdrawn(one: Challenge, note: str) -> None:
    """Tell those who were asked and those who can decide that no answer is needed."""
    people = [*_answerable(one.kpi_set), *_deciding(one.kpi_set)]
    _write(
        "set-question-withdrawn", people, one, who=str(one.withdrawn_by), note=note or "No reason was given."
    )


def passed_over(kpi_set: KPISet, decision: Decision) -> None:
    """Tell whoever asked that their question was not waited for, and why; each one letter a question."""
    for one in kpi_set.challenges.unanswered().select_related("asked_by", "submission"):
        one.kpi_set = kpi_set
        acting = f", for {decision.acting_for}" if decision.acting_for else ""
        _write(
            "set-question-passed-over",
            [one.asked_by],
            one,
            who=f"{decision.decided_by}{acting}",
            reason=decision.override_reason,
        )
