"""The states of a KPI set and every move between them; `manage.py print_moves` prints this table."""

from accounts.verbs.recipe import Move, Moves

PROPOSERS = "commissioner of the lead directorate, or the contract's manager or deputy"
DECIDERS = "director, deputy or delegate of each of its directorates who neither edited nor submitted it"
CHALLENGERS = "social value lead"

MOVES = Moves(
    "KPI set",
    [
        Move("edit", frozenset({"draft", "returned"}), "", "Change", PROPOSERS),
        Move(
            "submit",
            frozenset({"draft", "returned"}),
            "submitted",
            "Send for approval",
            PROPOSERS,
            "set-waiting",
        ),
        Move(
            "take_back", frozenset({"submitted"}), "draft", "Take back to change", PROPOSERS, "set-taken-back"
        ),
        Move(
            "withdraw",
            frozenset({"draft", "submitted", "returned"}),
            "withdrawn",
            "Withdraw",
            PROPOSERS,
            "set-taken-back",
        ),
        Move("approve", frozenset({"submitted"}), "approved", "Approve", DECIDERS, "set-approved"),
        Move("send_back", frozenset({"submitted"}), "returned", "Return", DECIDERS, "set-returned"),
        Move("challenge", frozenset({"submitted"}), "", "Ask a question", CHALLENGERS, "set-question"),
        Move(
            "answer",
            frozenset({"draft", "submitted", "returned"}),
            "",
            "Answer a question",
            PROPOSERS,
            "set-question-answered",
        ),
    ],
)
