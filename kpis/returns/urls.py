"""Addresses of this room."""

import datetime as dt

from django.urls import path, register_converter

from accounts.calendar import parse_month
from kpis.returns import views


class ReturnMonth:
    """A month in an address: 2026-05."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the first of the month; what is no month is no page."""
        return parse_month(value)

    def to_url(self, value: dt.date | str) -> str:
        """Return the month as the address has it."""
        return value if isinstance(value, str) else f"{value:%Y-%m}"


register_converter(ReturnMonth, "return_month")
ONE = "contracts/<int:number>/returns/<return_month:month>/"

urlpatterns = [
    path("returns/", views.return_list, name="return-list"),
    path(ONE, views.return_page, name="return-page"),
    path(f"{ONE}kpis/<int:kpi>/", views.reading_edit, name="reading-edit"),
    path(f"{ONE}all-kpis/", views.return_grid, name="return-grid"),
    path(f"{ONE}additional-benefits/", views.return_benefits, name="return-benefits"),
    path(f"{ONE}supplier/", views.return_await_supplier, name="return-await-supplier"),
    path(f"{ONE}supplier/answered/", views.return_supplier_answered, name="return-supplier-answered"),
    path(f"{ONE}evidence/new/", views.evidence_add, name="evidence-add"),
    path(f"{ONE}check/", views.return_check, name="return-check"),
    path(f"{ONE}submitted/", views.return_submitted, name="return-submitted"),
    path("evidence/<int:evidence>/", views.evidence_open, name="evidence-open"),
    path("evidence/<int:evidence>/withdraw/", views.evidence_withdraw, name="evidence-withdraw"),
]
