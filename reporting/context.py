"""What every page knows of the person: the one line of navigation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest

from reporting.pages.addresses import address

# Pages under a contract that belong to another word of the navigation.
_UNDER_A_CONTRACT = (
    (re.compile(r"^/contracts/\d+/returns/"), "Returns"),
    (re.compile(r"^/contracts/\d+/kpi-sets/\d+/decide/"), "Approvals"),
)
_PREFIXES = (
    ("Contracts", ("/contracts/",)),
    ("Returns", ("/returns/", "/verify/", "/evidence/")),
    ("Approvals", ("/approvals/", "/delegations/")),
    ("Reports", ("/reports/",)),
    ("Library", ("/library/",)),
    ("Administration", ("/administration/", "/people/")),
)


@dataclass(frozen=True)
class Navigation:
    """The line under the header: (label, url, is this where I am), and who I am."""

    items: tuple[tuple[str, str, bool], ...]
    person_name: str
    account_url: str
    sign_out_url: str


def navigation(request: HttpRequest) -> dict[str, Navigation]:
    """Return `navigation` for signed-in people, nothing for others."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    here = where(request.path)
    items = tuple((label, url, label == here) for label, url in _offered(person.authority) if url)
    return {
        "navigation": Navigation(
            items=items,
            person_name=str(person),
            account_url=address("accounts:my-account"),
            sign_out_url=address("account_logout"),
        )
    }


def where(path: str) -> str:
    """Return the word of the navigation a path belongs to, or "" for none."""
    if path == "/":
        return "Home"
    for pattern, label in _UNDER_A_CONTRACT:
        if pattern.match(path):
            return label
    return next((label for label, starts in _PREFIXES if path.startswith(starts)), "")


def _offered(held) -> list[tuple[str, str]]:
    """Return the words this person has something behind."""
    works = bool(held.commissions or held.leads or held.is_contract_manager or held.sees_everything)
    return [
        ("Home", "/"),
        ("Contracts", address("contracts:contract-list") if held.holds_anything else ""),
        ("Returns", address("kpis:return-list") if works else ""),
        ("Approvals", address("kpis:approval-list") if works or held.delegated else ""),
        ("Reports", address("reporting:report-index") if held.holds_anything else ""),
        ("Library", address("kpis:library") if held.holds_anything else ""),
        ("Administration", address("accounts:administration") if held.is_administrator else ""),
    ]
