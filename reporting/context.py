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
    (
        "Contracts",
        (
            "/contracts/",
            "/exceptions/",
            "/funds/",
            "/section-52/",
            "/stock-takes/",
            "/suppliers/",
        ),
    ),
    ("Returns", ("/returns/", "/verification/", "/evidence/")),
    ("Approvals", ("/approvals/", "/delegations/")),
    ("Reports", ("/reports/",)),
    ("Library", ("/library/", "/guidance/")),
    ("Reminders", ("/administration/reminders/",)),
    ("Administration", ("/administration/", "/people/", "/posts/", "/post-holdings/")),
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
    offered = [(label, url) for label, url in _offered(person.authority) if url]
    here = where(request.path, [label for label, _ in offered])
    items = tuple((label, url, label == here) for label, url in offered)
    return {
        "navigation": Navigation(
            items=items,
            person_name=str(person),
            account_url=address("accounts:my-account"),
            sign_out_url=address("account_logout"),
        )
    }


def where(path: str, offered: list[str]) -> str:
    """Return the first of the words offered that a path belongs to, or "" for none."""
    if path == "/":
        return "Home"
    belongs = [label for pattern, label in _UNDER_A_CONTRACT if pattern.match(path)]
    belongs += [label for label, starts in _PREFIXES if path.startswith(starts)]
    return next((label for label in belongs if label in offered), "")


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
        # Administrators find reminders under Administration.
        ("Reminders", address("kpis:reminder-list") if held.is_lead and not held.is_administrator else ""),
        ("Administration", address("accounts:administration") if held.is_administrator else ""),
    ]
