"""The record of what was decided on a KPI set, to print: exactly what, by whom, on whose authority."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from kpis.proposals.models import KPISet
from kpis.proposals.reading import last_decision
from kpis.proposals.trails import set_trail, stale_leads_to_the_set


@require_safe
@stale_leads_to_the_set
def kpi_set_record(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show, to print, who approved exactly what, when and on whose authority."""
    kpi_set = get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )
    decision = last_decision(kpi_set)
    if decision is None or kpi_set.status != KPISet.Status.APPROVED:
        raise Http404
    content = decision.submission.content
    asked = content["effective_month"]
    context = {
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "decision": decision,
        "submission": decision.submission,
        "content": content,
        "moved": asked != f"{kpi_set.effective_month:%Y-%m}",
        "as_at": today(),
        "trail": set_trail(kpi_set, ("Approval record", "")),
    }
    return render(request, "kpis/kpi_set_record.html", context)
