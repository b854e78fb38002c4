"""The moves of a monthly return, those of its checking included; `apply` is where its status is assigned."""

from accounts.verbs.recipe import Move, Moves
from kpis.returns.models import MonthlyReturn

OPEN, SUBMITTED, SENT_BACK, VERIFIED, CLOSED, REOPENED, EXCUSED = (
    status.value for status in MonthlyReturn.Status
)
UNFINISHED = frozenset(MonthlyReturn.UNFINISHED)

MOVES = Moves(
    "return",
    [
        Move("submit", UNFINISHED, SUBMITTED, "Submit", "contract manager or deputy"),
        Move(
            "verify",
            frozenset({SUBMITTED}),
            VERIFIED,
            "Verify",
            "social value lead who saved no figure in it",
        ),
        Move(
            "send_back",
            frozenset({SUBMITTED}),
            SENT_BACK,
            "Send back",
            "social value lead",
            letter="return-sent-back",
        ),
        Move(
            "close", frozenset({SUBMITTED}), CLOSED, "Close", "the clock, ten working days after submission"
        ),
        Move(
            "reopen",
            frozenset({VERIFIED, CLOSED}),
            REOPENED,
            "Reopen",
            "social value lead",
            letter="return-reopened",
        ),
        Move(
            "excuse",
            frozenset({OPEN}),
            EXCUSED,
            "Excuse",
            "whoever records that nothing was owed for the month (suspension or termination)",
        ),
        Move(
            "owe",
            frozenset({EXCUSED}),
            OPEN,
            "Ask for after all",
            "whoever records that the month is owed after all",
        ),
    ],
)
