"""What is done to monthly returns: opened by the clock, filled in, supported with evidence, submitted."""

from kpis.returns.verbs.evidence import add_evidence, open_evidence, withdraw_evidence
from kpis.returns.verbs.opening import (
    Opened,
    catch_up,
    hold_still,
    open_due_months,
    open_month,
    opens_on,
)
from kpis.returns.verbs.rebuilding import rebuild_open_returns
from kpis.returns.verbs.saving import (
    SavedMeanwhile,
    await_supplier,
    note_additional_benefits,
    save_reading,
    supplier_answered,
)
from kpis.returns.verbs.submitting import CONFIRMATIONS, problems, submit

__all__ = [
    "CONFIRMATIONS",
    "Opened",
    "SavedMeanwhile",
    "add_evidence",
    "await_supplier",
    "catch_up",
    "hold_still",
    "note_additional_benefits",
    "open_due_months",
    "open_evidence",
    "open_month",
    "opens_on",
    "problems",
    "rebuild_open_returns",
    "save_reading",
    "submit",
    "supplier_answered",
    "withdraw_evidence",
]
