"""Preparing a KPI set: start, add, change and remove KPIs, describe, send, take back, withdraw."""

from kpis.proposals.verbs.exceptions import change_exception, propose_exception
from kpis.proposals.verbs.own import write_measure
from kpis.proposals.verbs.sending import submit, take_back, withdraw
from kpis.proposals.verbs.sets import describe, start_set
from kpis.proposals.verbs.terms import (
    FIELDS,
    add_kpi,
    change_kpi,
    hold_measures,
    remove_kpi,
    take_usual_value,
)

__all__ = [
    "FIELDS",
    "add_kpi",
    "change_exception",
    "change_kpi",
    "describe",
    "hold_measures",
    "propose_exception",
    "remove_kpi",
    "start_set",
    "submit",
    "take_back",
    "take_usual_value",
    "withdraw",
    "write_measure",
]
