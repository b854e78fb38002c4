"""What happens to a contract while it runs, with its KPIs, returns and totals kept right."""

from kpis.lifecycle.verbs.ending import end_what_is_over, terminate, undo_termination
from kpis.lifecycle.verbs.extending import extend, kpis_ending_before
from kpis.lifecycle.verbs.moving import move
from kpis.lifecycle.verbs.novating import novate
from kpis.lifecycle.verbs.splitting import Lot, split_into_lots
from kpis.lifecycle.verbs.suspending import resume, suspend, withdraw_suspension

__all__ = [
    "Lot",
    "end_what_is_over",
    "extend",
    "kpis_ending_before",
    "move",
    "novate",
    "resume",
    "split_into_lots",
    "suspend",
    "terminate",
    "undo_termination",
    "withdraw_suspension",
]
