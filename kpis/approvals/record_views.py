"""The record of what was sent for approval and decided, to print: exactly what, by whom, by what right."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from kpis.approvals.challenge_permissions import may_read
from kpis.approvals.outcomes import COLOURS, Outcome, seen_by
from kpis.approvals.records import record_of
from kpis.proposals.models import KPISet, SetSubmission
from kpis.proposals.reading import waiting_with
from kpis.proposals.trails import set_trail, stale_leads_to_the_set


@require_safe
@stale_leads_to_the_set
def kpi_set_record(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show, to print, who approved exactly what, when and on whose authority."""
    submission = _seen(request, contract_number, number).filter(outcome=Outcome.APPROVED).first()
    if submission is None:
        raise Http404
    return _show(request, submission, "kpis/kpi_set_record.html")


@require_safe
@stale_leads_to_the_set
def submission_record(
    request: SignedInRequest, contract_number: int, number: int, ordinal: int
) -> HttpResponse:
    """Show, to print, what was sent and what became of it: approved, returned, taken back, waiting."""
    submission = get_object_or_404(_seen(request, contract_number, number), ordinal=ordinal)
    return _show(request, submission, "kpis/submission_record.html")


def _seen(request: SignedInRequest, contract_number: int, number: int):
    """Return the set's submissions this person may read, those of sets they may not see left out."""
    return (
        seen_by(request.user)
        .filter(kpi_set__contract=contract_number, kpi_set__number=number)
        .select_related("submitted_by", "kpi_set__contract__directorate", "kpi_set__submitted_by")
    )


def _show(request: SignedInRequest, submission: SetSubmission, template: str) -> HttpResponse:
    kpi_set: KPISet = submission.kpi_set
    outcome = submission.outcome  # type: ignore[attr-defined]  # annotated
    waiting = waiting_with(kpi_set) if outcome == Outcome.WAITING else ""
    insider = bool(may_read(request.user, kpi_set))
    context = {
        "record": record_of(submission, waiting=waiting, insider=insider),
        "submission": submission,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "insider": insider,
        "outcome": Outcome(outcome).label,
        "colour": COLOURS[Outcome(outcome)],
        "as_at": today(),
        "trail": set_trail(
            kpi_set, ("Approval record" if outcome == Outcome.APPROVED else "Record of what was sent", "")
        ),
    }
    return render(request, template, context)
