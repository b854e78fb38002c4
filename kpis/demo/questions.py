"""The demo council's harder approvals: a joint contract half approved, questions of the social value group."""

from __future__ import annotations

import datetime as dt

from accounts.calendar import add_working_days
from accounts.models import Directorate, HistoryRow, Role
from kpis.approvals.models import Challenge, Decision
from kpis.demo.cast import Cast, at
from kpis.proposals.deciders import Decider
from kpis.proposals.models import KPISet

# Contract -> the directorate that shares it, for which its director has approved already.
SHARED = {"Leisure centres operation": "Public Health"}
# Contract -> question, answer ("" while it waits).
ASKED = {
    "Grounds maintenance": (
        "Two wards with the highest unemployment aren't served by this contract. Where will the jobs be advertised?",
        "Through the employment service in all wards, and at the two depots. The supplier has agreed to it.",
    ),
    "Highways reactive maintenance": (
        "The last set promised work placements for care leavers. Why are there none in this one?",
        "",
    ),
}  # fmt: skip


def ask_and_share(cast: Cast, day: dt.date) -> None:
    """Share some waiting sets between two directorates, one of which has approved; ask about others."""
    waiting = KPISet.objects.pending().select_related("contract", "contract__directorate")
    by_title = {one.contract.title: one for one in waiting}
    history = []
    for title, name in SHARED.items():
        history.append(_approve_for_partner(by_title[title], Directorate.objects.get(name=name), day))
    for title, (question, answer) in ASKED.items():
        history += _ask(by_title[title], cast, day, question, answer)
    HistoryRow.objects.bulk_create(history)


def _approve_for_partner(kpi_set: KPISet, partner: Directorate, day: dt.date) -> HistoryRow:
    kpi_set.contract.partner_directorates.add(partner)
    director = next(one.person for one in partner.appointments.all() if one.role == Role.DIRECTOR)
    assert kpi_set.submitted_at
    decided = min(at(add_working_days(kpi_set.submitted_at.date(), 2), 14, 5), at(day, 8))
    Decision.objects.create(
        submission=kpi_set.submissions.get(), directorate=partner, outcome=Decision.Outcome.APPROVED,
        content_hash=kpi_set.content_hash, decided_by=director, decided_at=decided,
        authority=Decider(director, Role.DIRECTOR, partner).authority,
    )  # fmt: skip
    lead = kpi_set.contract.directorate
    return _note(
        kpi_set, "approvals.approve", director, decided,
        f"Approved {kpi_set} for {partner}; {lead} still to decide",
    )  # fmt: skip


def _ask(kpi_set: KPISet, cast: Cast, day: dt.date, question: str, answer: str) -> list[HistoryRow]:
    assert kpi_set.submitted_at and kpi_set.submitted_by
    asked = min(at(add_working_days(kpi_set.submitted_at.date(), 1), 9, 40), at(day, 8))
    challenge = Challenge.objects.create(
        kpi_set=kpi_set, submission=kpi_set.submissions.get(), comment=question, asked_by=cast.lead,
        asked_at=asked,
    )  # fmt: skip
    rows = [_note(kpi_set, "approvals.challenge", cast.lead, asked, f"Asked about {kpi_set}", question)]
    if answer:
        challenge.answer, challenge.answered_by = answer, kpi_set.submitted_by
        challenge.answered_at = min(at(add_working_days(asked.date(), 1), 16, 15), at(day, 8, 10))
        challenge.save()
        rows.append(
            _note(kpi_set, "approvals.answer", kpi_set.submitted_by, challenge.answered_at,
                  f"Answered a question about {kpi_set}", answer)
        )  # fmt: skip
    return rows


def _note(kpi_set: KPISet, action: str, by, when: dt.datetime, summary: str, note: str = "") -> HistoryRow:
    return HistoryRow(
        at=when, actor=by, action=action, subject_type="kpis.kpiset", subject_id=kpi_set.pk,
        contract_number=kpi_set.contract_id, summary=summary, note=note,
    )  # fmt: skip
