"""The arithmetic of £: what amounts of units are worth by their proxies, exact, with no query in it.

£ of an amount = units x £ per unit in the amount's calendar year x the proxy's factor; a harm that is counted
(lower is better) takes the minus sign. Each figure has a range of its own, so the parts add up to the whole.
Nothing is rounded here except by `pennies`, once, where it is shown.
"""

from kpis.valuation.worth.amounts import (
    LOCAL,
    SOCIAL,
    STREAM_WORDS,
    STREAMS,
    Amount,
    Line,
    MeasureFacts,
    ProxyFacts,
    Unpriced,
    YearValue,
    value,
    worth_in_money,
)
from kpis.valuation.worth.money import Money, pennies, plain, summed
from kpis.valuation.worth.totals import FourFigures, Worth, worth_of

__all__ = [
    "LOCAL",
    "SOCIAL",
    "STREAMS",
    "STREAM_WORDS",
    "Amount",
    "FourFigures",
    "Line",
    "MeasureFacts",
    "Money",
    "ProxyFacts",
    "Unpriced",
    "Worth",
    "YearValue",
    "pennies",
    "plain",
    "summed",
    "value",
    "worth_in_money",
    "worth_of",
]
