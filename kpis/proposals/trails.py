"""Where a page of a KPI set stands: the breadcrumbs above it."""

from django.urls import NoReverseMatch, reverse


def contract_trail(contract, *more):
    """Return the trail of (label, address) to a contract's page and on through `more`; the last has no address."""
    try:
        page = contract.get_absolute_url()
    except NoReverseMatch:
        page = f"/contracts/{contract.pk}/"
    return [("Home", "/"), ("Contracts", reverse("contracts:contract-list")), (contract.title, page), *more]


def set_trail(kpi_set, *more):
    """Return the trail to a KPI set and on through `more`."""
    return contract_trail(
        kpi_set.contract, (f"KPI set {kpi_set.number}", kpi_set.get_absolute_url() if more else ""), *more
    )
