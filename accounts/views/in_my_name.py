"""What was decided in a director's name by those they delegated to, on a page and as a file."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.calendar import today
from accounts.filters import InMyNameFilter
from accounts.models import Delegation, HistoryRow, Person
from accounts.requests import SignedInRequest
from accounts.subjects import OUTCOMES, Subject, subjects_of
from accounts.verbs.recipe import require
from accounts.views.trail import delegations, trail
from govuk.formats import day as show_day
from spreadsheets.writing import csv_response, xlsx_response

PAGE = 50
HEADERS = (
    "Contract number", "Contract", "What", "Outcome", "In full", "Decided by", "When", "Delegated to",
    "Reference in the scheme", "Note",
)  # fmt: skip
KINDS = ("whole", "text", "text", "text", "text", "text", "datetime", "text", "text", "text")


@require_safe
def in_my_name(request: SignedInRequest) -> HttpResponseBase:
    """Show every decision made in this person's name, newest first, by delegation and time."""
    require(permissions.may_read_in_my_name(request.user))
    rows = decisions_in_the_name_of(request.user)
    given = Delegation.objects.filter(Q(given_by=request.user) | Q(under__given_by=request.user))
    found = InMyNameFilter(request.GET, queryset=rows, given=given.with_people())
    shown = found.qs if found.is_valid() else rows.none()
    kind = request.GET.get("format", "")
    if kind in {"csv", "xlsx"}:
        return _file(request.user, shown, kind)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    name_subjects(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "accounts/in_my_name.html",
        {
            "filter": found,
            "filtered": any(value for name, value in query.items() if name != "format"),
            "page_obj": page,
            "query": query.urlencode(),
            "trail": trail(delegations(), "Decided in my name"),
        },
    )


def decisions_in_the_name_of(person: Person):
    """Return the history of what others did in a person's name under a delegation, newest first."""
    return (
        HistoryRow.objects.filter(acting_for=person)
        .exclude(delegation=None)
        .select_related("actor", "delegation__given_to", "delegation__post")
        .order_by("-at", "-pk")
    )


def name_subjects(rows) -> None:
    """Give each row `what` (a Subject) and `outcome` ("Approved", or "" where the act is no decision)."""
    rows = list(rows)
    known = subjects_of(rows)
    for row in rows:
        row.what = known.get((row.subject_type, row.subject_id), Subject(""))
        row.outcome = OUTCOMES.get(row.action, "")


def _file(person: Person, rows, kind: str) -> HttpResponseBase:
    everything = list(rows)
    name_subjects(everything)
    lines = (
        (
            row.contract_number, row.what.contract, row.what.words, row.outcome, row.summary, str(row.actor),
            row.at, str(row.delegation.holder), row.delegation.scheme_reference, row.note,
        )
        for row in everything
    )  # fmt: skip
    name = f"Decided in my name {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, HEADERS, lines)
    notes = [f"As at {show_day(today())}. What was decided in the name of {person} under a delegation."]
    return xlsx_response(name, "Decisions", HEADERS, lines, kinds=KINDS, notes=notes)
