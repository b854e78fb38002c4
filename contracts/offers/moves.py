"""Where an offer can go: promised, then received or withdrawn."""

from accounts.verbs.recipe import Move, Moves
from contracts.models import Offer

Status = Offer.Status
KEEPERS = "whoever may change the contract"

MOVES = Moves(
    "offer",
    [
        Move("change", frozenset({Status.PROMISED}), Status.PROMISED, "Change", KEEPERS),
        Move("receive", frozenset({Status.PROMISED}), Status.RECEIVED, "Mark as received", KEEPERS),
        # One marked received by mistake is withdrawn and recorded again: what was said stays in the history.
        Move(
            "withdraw", frozenset({Status.PROMISED, Status.RECEIVED}), Status.WITHDRAWN, "Withdraw", KEEPERS
        ),
    ],
)
