"""The list of monthly returns: mine for a contract manager, what I oversee for others."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar import parse_month, today
from accounts.models import Directorate
from accounts.requests import SignedInRequest
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.returns.models import MonthlyReturn, MonthlyReturnQuerySet
from kpis.returns.rows import list_rows, with_progress

PAGE = 50
STATES = {
    "to-do": "To do",
    "late": "Late",
    "awaiting-supplier": "Awaiting supplier",
    "sent-back": "Sent back or reopened",
    "submitted": "Submitted",
    "checked": "Verified or closed",
    "excused": "Excused",
}


@require_safe
def return_list(request: SignedInRequest) -> HttpResponse:
    """Show returns, what needs doing first."""
    person = request.user
    held = person.authority
    oversees = held.sees_all_directorates or bool(held.directorates_seen)
    mine = MonthlyReturn.objects.to_fill_in_by(person)
    only_mine = not oversees or (request.GET.get("whose") == "mine")
    seen = mine if only_mine else MonthlyReturn.objects.visible_to(person)
    found, chosen = _narrowed(seen, request)
    ordered = (
        with_progress(found.with_contract())
        .prefetch_related("contract__deputies")
        .order_by(
            Case(When(status__in=MonthlyReturn.UNFINISHED, then=Value(0)), default=Value(1)),
            Case(
                When(status__in=MonthlyReturn.UNFINISHED, then=Coalesce("due_again_on", "due_on")),
                default=Value(None),
                output_field=DateField(),
            ).asc(nulls_last=True),
            F("month").desc(),
            "contract__title",
        )
    )
    # The count must not carry the progress along.
    page = Paginator(ordered, PAGE)
    page.count = found.count()
    page_obj = page.get_page(request.GET.get("page"))
    months = seen.order_by("-month").values_list("month", flat=True).distinct()[:36]
    late = seen.filter(_late())
    context = {
        "rows": list_rows(list(page_obj.object_list), person),
        "page_obj": page_obj,
        "only_mine": only_mine,
        "may_choose_whose": oversees and held.is_contract_manager,
        "oversees": oversees,
        "months": [(f"{month:%Y-%m}", show_month(month)) for month in months],
        "states": STATES.items(),
        "directorates": Directorate.objects.filter(pk__in=seen.order_by().values("directorate").distinct())
        if oversees
        else [],
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "count": plural(page.count, "return"),
        "late_count": late.count(),
        "trail": [("Home", "/"), ("Returns", "")],
    }
    return render(request, "kpis/return_list.html", context)


def _late() -> Q:
    """Return the condition "somebody should have submitted it before today"."""
    day = today()
    return Q(status__in=MonthlyReturn.UNFINISHED) & (
        Q(due_again_on__lt=day) | Q(due_again_on=None, due_on__lt=day)
    )


def _narrowed(
    seen: MonthlyReturnQuerySet, request: SignedInRequest
) -> tuple[MonthlyReturnQuerySet, dict[str, str]]:
    """Return the returns the filters leave, and the filters chosen; nonsense narrows nothing."""
    chosen = {
        name: request.GET.get(name, "").replace("\x00", "").strip()
        for name in ("month", "state", "directorate")
    }
    found = seen
    try:
        found = found.covering(parse_month(chosen["month"])) if chosen["month"] else found
    except ValueError:
        chosen["month"] = ""
    if chosen["directorate"]:
        found = found.filter(directorate__slug=chosen["directorate"])
    status = MonthlyReturn.Status
    wanted = {
        "to-do": found.filter(status__in=MonthlyReturn.UNFINISHED),
        "late": found.filter(_late()),
        "awaiting-supplier": found.filter(
            status__in=MonthlyReturn.UNFINISHED, awaiting_supplier_since__isnull=False
        ),
        "sent-back": found.filter(status__in=[status.SENT_BACK, status.REOPENED]),
        "submitted": found.filter(status=status.SUBMITTED),
        "checked": found.filter(status__in=MonthlyReturn.LOCKED),
        "excused": found.filter(status=status.EXCUSED),
    }
    if chosen["state"] in wanted:
        return wanted[chosen["state"]], chosen
    return found, {**chosen, "state": ""}
