"""Pages of monthly returns."""

from kpis.returns.views.evidence import evidence_add, evidence_open, evidence_withdraw
from kpis.returns.views.filling import reading_edit, return_grid
from kpis.returns.views.listing import return_list
from kpis.returns.views.page import (
    return_await_supplier,
    return_benefits,
    return_page,
    return_supplier_answered,
)
from kpis.returns.views.submitting import return_check, return_submitted

__all__ = [
    "evidence_add",
    "evidence_open",
    "evidence_withdraw",
    "reading_edit",
    "return_await_supplier",
    "return_benefits",
    "return_check",
    "return_grid",
    "return_list",
    "return_page",
    "return_submitted",
    "return_supplier_answered",
]
