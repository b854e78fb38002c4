"""The administrators' hub, and what was done lately."""

from django.core.paginator import Paginator
from django.shortcuts import render

from accounts import permissions
from accounts.filters import HistoryFilter
from accounts.models import HistoryRow, Invitation, Letter, Person
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from accounts.views.trail import administration as hub
from accounts.views.trail import trail


def administration(request: SignedInRequest):
    """Show where everything is kept, and what went wrong with letters."""
    require(permissions.may_administer(request.user))
    return render(
        request,
        "accounts/administration.html",
        {
            "people": Person.objects.active().count(),
            "invited": Invitation.objects.filter(accepted_at=None, person__is_active=True).count(),
            "failed": Letter.objects.filter(sent_at=None).exclude(given_up_at=None).count(),
            "waiting": Letter.objects.waiting().count(),
            "retrying": Letter.objects.waiting().exclude(last_error="").count(),
            "trail": trail("Administration"),
        },
    )


def history_list(request: SignedInRequest):
    """Show the latest acts; what changed is shown only for matters of this floor, not of contracts."""
    require(permissions.may_administer(request.user))
    rows = HistoryRow.objects.select_related("actor", "acting_for")
    found = HistoryFilter(request.GET, queryset=rows)
    page = Paginator(found.qs if found.is_valid() else rows.none(), 50).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.is_ours = row.subject_type.startswith("accounts.") and row.contract_number is None
    context = {"filter": found, "page_obj": page, "trail": trail(hub(), "History")}
    return render(request, "accounts/history_list.html", context)
