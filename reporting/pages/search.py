"""One search over contracts, suppliers, measures and people, within what the person may see."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.requests import SignedInRequest
from contracts.filters import matching
from contracts.models import Contract, ContractSupplier, Supplier
from kpis.library.models import Framework, Measure
from reporting.pages.addresses import address

SHOWN = 10
LONGEST = 200


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Show what matches the words; a number leads straight to its contract."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    held = request.user.authority
    context = {
        "q": words,
        "searches_people": held.sees_everything,
        "trail": [("Home", "/"), ("Search", "")],
    }
    if words and held.holds_anything:
        seen = Contract.objects.visible_to(request.user)
        contracts: Any = matching(seen, words)
        groups: dict[str, Any] = {
            "exact": _by_number(seen, words),
            "contracts": list(
                contracts.with_names().with_suppliers().order_by("title", "number")[: SHOWN + 1]
            ),
            "suppliers": list(_suppliers(seen, words)[: SHOWN + 1]),
            "measures": list(_measures(words)[: SHOWN + 1]),
            "people": list(_people(words)[: SHOWN + 1]) if held.sees_everything else [],
        }
        more_contracts = len(groups["contracts"]) > SHOWN
        context |= {
            name: found[:SHOWN] if isinstance(found, list) else found for name, found in groups.items()
        }
        context |= {
            "found": any(groups.values()),
            "more_contracts": contracts.count() if more_contracts else 0,
            "contracts_url": address("contracts:contract-list"),
        }
    return render(request, "reporting/search.html", context)


def _by_number(seen, words: str) -> Contract | None:
    """Return the contract of this number, if the person sees it."""
    if words.isascii() and words.isdigit() and len(words) < 18:
        return seen.with_names().filter(pk=int(words)).first()
    return None


def _suppliers(seen, words: str):
    """Return suppliers of contracts the person sees, with how many of those."""
    found = Supplier.objects.standing()
    for word in words.split()[:8]:
        merged = Supplier.objects.filter(merged_into=OuterRef("pk"), name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(company_number__iexact=word) | Exists(merged))
    links = ContractSupplier.objects.current().filter(contract__in=seen.order_by().values("number"))
    counted = Count("contract_links", filter=Q(contract_links__in=links))
    return found.filter(pk__in=links.values("supplier")).annotate(seen=counted).order_by("name", "pk")


def _measures(words: str):
    """Return live measures of editions that may be proposed from, by code or title."""
    found = Measure.objects.live().filter(framework__in=Framework.objects.usable())
    found = found.select_related("framework", "theme", "unit")
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(code__icontains=word))
    return found.order_by("code")


def _people(words: str):
    """Return people by name or email address."""
    found = Person.objects.active()
    for word in words.split()[:8]:
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    return found
