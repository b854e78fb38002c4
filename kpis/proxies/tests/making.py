"""£ values that tests of several rooms begin with."""

from decimal import Decimal

from kpis.proxies import verbs
from kpis.proxies.lines import Figure

FACTS = {
    "name": "A national value",
    "price_year": 2022,
    "geography": "England",
    "source": "A published study, table 3",
    "licence": "Open Government Licence v3.0",
}


def make_proxy(measure, by, value="100", *, low=None, high=None, **facts):
    """Return a £ value of the measure, one for all years."""
    figure = Figure(None, Decimal(value), low and Decimal(low), high and Decimal(high))
    return verbs.add_proxy(measure, by=by, values=[figure], **{**FACTS, **facts})
