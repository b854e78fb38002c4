"""Addresses of this floor, gathered from its rooms."""

from kpis.adoption import urls as adoption
from kpis.approvals import urls as approvals
from kpis.gaps import urls as gaps
from kpis.library import urls as library
from kpis.lifecycle import urls as lifecycle
from kpis.measure_imports import urls as measure_imports
from kpis.notices import urls as notices
from kpis.practice import urls as practice
from kpis.proposals import urls as proposals
from kpis.proxies import urls as proxies
from kpis.reminders import urls as reminders
from kpis.returns import urls as returns
from kpis.verification import urls as verification

app_name = "kpis"
urlpatterns = [
    *gaps.urlpatterns,
    *practice.urlpatterns,
    *proxies.urlpatterns,
    *measure_imports.urlpatterns,
    *library.urlpatterns,
    *proposals.urlpatterns,
    *adoption.urlpatterns,
    *approvals.urlpatterns,
    *returns.urlpatterns,
    *verification.urlpatterns,
    *reminders.urlpatterns,
    *notices.urlpatterns,
    *lifecycle.urlpatterns,
]
