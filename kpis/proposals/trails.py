"""Where a page of a KPI set stands, and where it leads when what it asked for is no longer to be had."""

from functools import wraps

from django.urls import reverse

from accounts.verbs.recipe import Stale
from govuk.refusals import stale


def contract_trail(contract, *more):
    """Return the trail of (label, address) to a contract's page and on through `more`."""
    contracts = reverse("contracts:contract-list")
    return [("Home", "/"), ("Contracts", contracts), (contract.title, contract.get_absolute_url()), *more]


def set_trail(kpi_set, *more):
    """Return the trail to a KPI set and on through `more`."""
    return contract_trail(kpi_set.contract, (str(kpi_set), kpi_set.get_absolute_url() if more else ""), *more)


def stale_leads_to_the_set(view):
    """Return the view with its 409 page linking to the set: its own address may have nothing to show."""

    @wraps(view)
    def guarded(request, contract_number, number, *args, **kwargs):
        try:
            return view(request, contract_number, number, *args, **kwargs)
        except Stale as late:
            return stale(request, str(late), reverse("kpis:kpi-set-page", args=[contract_number, number]))

    return guarded
