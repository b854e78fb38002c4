"""Where a page of a KPI set stands: the breadcrumbs above it."""

from django.urls import reverse


def contract_trail(contract, *more):
    """Return the trail of (label, address) to a contract's page and on through `more`."""
    contracts = reverse("contracts:contract-list")
    return [("Home", "/"), ("Contracts", contracts), (contract.title, contract.get_absolute_url()), *more]


def set_trail(kpi_set, *more):
    """Return the trail to a KPI set and on through `more`."""
    return contract_trail(
        kpi_set.contract, (f"KPI set {kpi_set.number}", kpi_set.get_absolute_url() if more else ""), *more
    )
