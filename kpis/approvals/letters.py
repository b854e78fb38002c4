"""Whom the letters of a decision go to and what they carry; the words are in `kpis.letter_kinds`."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts import letters
from accounts.models import Person
from govuk import formats
from kpis.approvals.models import Decision
from kpis.proposals.deciders import Seat, told_by_seats
from kpis.proposals.models import KPISet
from kpis.proposals.permissions import readers_among
from kpis.proposals.reading import waiting_words


def _values(kpi_set: KPISet, decision: Decision) -> dict[str, str]:
    acting = f", for {decision.acting_for}" if decision.acting_for else ""
    return {
        "contract": kpi_set.contract.title,
        "set": str(kpi_set),
        "set_number": str(kpi_set.number),
        "decider": f"{decision.decided_by}{acting}",
        "when": formats.day_time(decision.decided_at),
        "note": decision.note or "No note was given.",
        "month": formats.month(kpi_set.effective_month),
        "link": letters.link(kpi_set.get_absolute_url()),
        "record": letters.link(reverse("kpis:kpi-set-record", args=[kpi_set.contract_id, kpi_set.number])),
    }


def _answerable(kpi_set: KPISet) -> list[Person]:
    """Return proposer, manager and commissioner, as far as they still may read the set."""
    contract = kpi_set.contract
    return readers_among(kpi_set, [kpi_set.submitted_by, contract.manager, contract.commissioner])


def _before(kpi_set: KPISet, made: Sequence[Decision]) -> list[Person]:
    """Return those who approved the submission for other directorates, and in whose names."""
    ours = [one.pk for one in made]
    others = Decision.objects.filter(submission=made[0].submission_id).exclude(pk__in=ours)
    found: list[Person | None] = []
    for one in others.select_related("decided_by", "acting_for").order_by("pk"):
        found += [one.decided_by, one.acting_for]
    return readers_among(kpi_set, found)


def _in_whose_name(made: Sequence[Decision]) -> list[Person]:
    return [one.acting_for for one in made if one.acting_for]


def _each_once(people: Sequence[Person], but: Sequence[Person] = ()) -> list[Person]:
    left_out = {person.pk for person in but}
    return list({person.pk: person for person in people if person.pk not in left_out}.values())


def approved(kpi_set: KPISet, made: Sequence[Decision]) -> None:
    """Tell proposer, manager and commissioner, who approved before, and delegators what was done for them."""
    values = _values(kpi_set, made[0])
    in_name = _each_once(_in_whose_name(made))
    answerable = _each_once(_answerable(kpi_set))
    earlier = _each_once(_before(kpi_set, made), but=[made[0].decided_by, *in_name])
    for person in _each_once([*answerable, *earlier]):
        letters.write("set-approved", to=person, values=values, contract_number=kpi_set.contract_id)
    for person in in_name:
        letters.write(
            "set-approved-in-your-name", to=person, values=values, contract_number=kpi_set.contract_id
        )


def approved_in_part(kpi_set: KPISet, made: Sequence[Decision], seats: list[Seat]) -> None:
    """Tell the proposers, those who decide for the other directorates, and delegators."""
    values = {
        **_values(kpi_set, made[0]),
        "directorates": " and ".join(one.directorate.name for one in made if one.directorate),
        "waiting": waiting_words([seat for seat in seats if seat.is_open]),
    }
    people = [
        *_answerable(kpi_set),
        *(one.person for one in told_by_seats(seats)),
        *_before(kpi_set, made),
        *_in_whose_name(made),
    ]
    for person in _each_once(people, but=[made[0].decided_by]):
        letters.write("set-approved-in-part", to=person, values=values, contract_number=kpi_set.contract_id)


def returned(kpi_set: KPISet, made: Sequence[Decision], reasons: Sequence[str]) -> None:
    """Tell proposer, manager and commissioner why, KPI by KPI; delegators and who approved before too."""
    values = {**_values(kpi_set, made[0]), "reasons": "\n".join(f"- {line}" for line in reasons)}
    earlier = _each_once(_before(kpi_set, made), but=[made[0].decided_by])
    for person in _each_once([*_answerable(kpi_set), *_in_whose_name(made), *earlier]):
        letters.write("set-returned", to=person, values=values, contract_number=kpi_set.contract_id)
