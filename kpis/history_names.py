"""How this floor's subjects of history are named where another floor lists what was done."""

from django.urls import reverse

from accounts.subjects import Subject, names_for
from kpis.models import KPISet


def kpi_sets(keys: list[int]) -> dict[int, Subject]:
    """Return each set's words ("KPI set 3", "Exception 4"), the address of its record, and its contract."""
    return {
        one.pk: Subject(
            str(one),
            reverse("kpis:kpi-set-record", args=[one.contract_id, one.number]),
            one.contract.title,
        )
        for one in KPISet.objects.filter(pk__in=keys).select_related("contract")
    }


names_for(
    "kpis.kpiset",
    kpi_sets,
    {"approvals.approve": "Approved", "approvals.send_back": "Returned"},
)
