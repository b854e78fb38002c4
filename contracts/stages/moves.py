"""The table of moves from stage to stage: which there are, what each asks for, who may make it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from contracts.models import Stage

WHO = "commissioner of its directorate, contract manager or deputy, social value lead, administrator"
ORDER: tuple[Stage, ...] = tuple(Stage)
# From here on a contract is signed.
SIGNED = (Stage.MOBILISATION, Stage.LIVE)


@dataclass(frozen=True)
class StageMove:
    """One move: from where, to where, which facts it needs known, whether it takes a reason, who may."""

    source: Stage
    target: Stage
    needs: tuple[str, ...] = ()
    takes_reason: bool = False
    who: str = WHO

    @property
    def is_back(self) -> bool:
        """Return whether it is a correction: back to the stage before."""
        return ORDER.index(self.target) < ORDER.index(self.source)


def _needs(source: Stage, target: Stage) -> tuple[str, ...]:
    """Return the facts a move forward must find known: signature makes a contract live, an end ends it.

    What was never signed ends by being given up, on a day and for a reason, unless its last day is past.
    """
    if target in SIGNED:
        return ("signed_on", "starts_on")
    if target == Stage.ENDED:
        return ("last_day",) if source in SIGNED else ("given_up_on",)
    return ()


# Forward one or more stages; back one, for a correction with a reason. There is no other move.
TABLE: tuple[StageMove, ...] = tuple(
    StageMove(source, target, _needs(source, target))
    for place, source in enumerate(ORDER)
    for target in ORDER[place + 1 :]
) + tuple(
    StageMove(source, target, ("starts_on",) if target == Stage.LIVE else (), takes_reason=True)
    for target, source in pairwise(ORDER)
)
BY_STAGES = {(move.source, move.target): move for move in TABLE}


def moves_from(stage: str) -> list[StageMove]:
    """Return the moves there are from a stage: forward first, then the correction."""
    return [move for move in TABLE if move.source == stage]
