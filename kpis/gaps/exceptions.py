"""The list of exceptions: contracts without KPIs by approval, until when, and what is to be reviewed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.calendar import first_of_month, today
from accounts.models import Person
from accounts.requests import SignedInRequest
from contracts.models import Stage
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.approvals.models import Decision
from kpis.gaps.files import as_file
from kpis.gaps.forms import ListForm, all_of
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.permissions import may_propose
from kpis.proposals.reading import short_waiting

PAGE = 25
NOBODY = "with nobody who can decide it"
REVIEW, STANDS, LATER, WAITS = "review", "stands", "later", "waits"
# What an exception can be, what is to be done first; each with its word and mark.
STATES = {
    REVIEW: ("To be reviewed", "behind"),
    WAITS: ("Waiting for approval", "watch"),
    STANDS: ("In force", "on_track"),
    LATER: ("Approved for later", "not_due"),
}


@dataclass(frozen=True)
class Row:
    """One exception, as this person may read it."""

    kpi_set: KPISet
    state: str
    # By whom and when it was approved, or with whom it waits.
    who: str
    may_propose: bool

    @property
    def word(self) -> str:
        """Return the word of its state."""
        return STATES[self.state][0]

    @property
    def mark(self) -> str:
        """Return the mark of its state."""
        return STATES[self.state][1]

    @property
    def since(self) -> str:
        """Return "since April 2026", "from April 2027", or "sent 3 May 2026" where it waits."""
        if self.state == WAITS:
            return f"sent {show_day(self.kpi_set.submitted_at)}"
        return f"{'from' if self.state == LATER else 'since'} {show_month(self.kpi_set.effective_month)}"


COLUMNS: tuple[tuple[str, str, Callable[[Row], object]], ...] = (
    ("Number", "whole", lambda row: row.kpi_set.contract_id),
    ("Reference", "text", lambda row: row.kpi_set.contract.reference),
    ("Contract", "text", lambda row: row.kpi_set.contract.title),
    ("Directorate", "text", lambda row: row.kpi_set.contract.directorate),
    ("Value (£)", "money", lambda row: row.kpi_set.contract.value),
    ("Exception", "whole", lambda row: row.kpi_set.number),
    ("State", "text", lambda row: row.word),
    ("Why", "text", lambda row: row.kpi_set.get_reason_display()),
    ("In their words", "text", lambda row: row.kpi_set.why),
    ("No KPIs from", "date", lambda row: row.kpi_set.effective_month),
    ("To be reviewed on", "date", lambda row: row.kpi_set.review_on),
    ("Who", "text", lambda row: row.who),
)


@require_safe
def exception_list(request: SignedInRequest) -> HttpResponseBase:
    """Show the exceptions a person may read that hold, wait or are to be reviewed; download them."""
    every = rows_of(request.user, today())
    form = _filters(request, every)
    rows = [row for row in every if _fits(row, form.asked)]
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file("Exceptions", COLUMNS, rows, request.GET["format"])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "count": plural(len(rows), "exception"),
        "any": bool(every),
        "sentence": sentence(every),
        "reasons": by_reason(every),
        "query": query.urlencode(),
        "trail": [("Home", "/"), ("Contracts", "/contracts/"), ("Exceptions", "")],
    }
    return render(request, "kpis/exception_list.html", context)


def rows_of(person: Person, day: dt.date) -> list[Row]:
    """Return the exceptions a person may read, what is to be reviewed first: eight queries at most."""
    month = first_of_month(day)
    status = KPISet.Status
    held = KPISet.objects.in_force(month).exceptions().order_by().values("pk")
    later = Q(status=status.APPROVED, effective_month__gt=month)
    sets = list(
        KPISet.objects.visible_to(person)
        .exceptions()
        .filter(Q(pk__in=held) | later | Q(status=status.SUBMITTED))
        .exclude(contract__stage=Stage.ENDED)
        .with_contract()
        .prefetch_related("editors", "contract__deputies", "contract__partner_directorates")
        .order_by("review_on", "contract__title", "pk")
    )
    states = {one.pk: _state(one, day) for one in sets}
    approved = _approved_by([one for one in sets if states[one.pk] != WAITS])
    waiting = [one for one in sets if states[one.pk] == WAITS]
    seats = seats_of_many(waiting) if waiting else {}
    rows = [
        Row(
            one,
            states[one.pk],
            f"Waiting {short_waiting(seats[one.pk], NOBODY)}"
            if one.pk in seats
            else approved.get(one.pk, ""),
            bool(may_propose(person, one.contract)),
        )
        for one in sets
    ]
    order = list(STATES)
    return sorted(rows, key=lambda row: order.index(row.state))


def _state(kpi_set: KPISet, day: dt.date) -> str:
    if kpi_set.status == KPISet.Status.SUBMITTED:
        return WAITS
    if kpi_set.is_to_be_reviewed_on(day):
        return REVIEW
    assert kpi_set.effective_month
    return LATER if kpi_set.effective_month > first_of_month(day) else STANDS


def _approved_by(sets: list[KPISet]) -> dict[int, str]:
    """Return by whom, for whom and when each set was approved: one query."""
    said: dict[int, list[str]] = {}
    decisions = (
        Decision.objects.filter(
            submission__kpi_set__in=[one.pk for one in sets], outcome=Decision.Outcome.APPROVED
        )
        .select_related("decided_by", "acting_for", "submission")
        .order_by("decided_at", "pk")
    )
    for one in decisions:
        acting = f", for {one.acting_for}," if one.acting_for else ""
        words = f"Approved by {one.decided_by}{acting} on {show_day(timezone.localdate(one.decided_at))}"
        said.setdefault(one.submission.kpi_set_id, []).append(words)
    return {key: "; ".join(words) for key, words in said.items()}


def _filters(request: SignedInRequest, every: list[Row]) -> ListForm:
    directorates = {
        row.kpi_set.contract.directorate_id: str(row.kpi_set.contract.directorate) for row in every
    }
    return ListForm(
        request.GET,
        directorate=("Directorate", all_of(directorates)),
        reason=("Why", [("", "Any reason"), *KPISet.Reason.choices]),
        state=("State", [("", "Any"), *((key, word) for key, (word, _) in STATES.items())]),
    )


def _fits(row: Row, asked: dict[str, str]) -> bool:
    return (
        asked["directorate"] in ("", str(row.kpi_set.contract.directorate_id))
        and asked["reason"] in ("", row.kpi_set.reason)
        and asked["state"] in ("", row.state)
    )


def by_reason(every: list[Row]) -> list[tuple[str, int, str]]:
    """Return (reason, how many exceptions give it, address) of the reasons given, the most common first."""
    count = Counter(row.kpi_set.reason for row in every)
    return [
        (str(KPISet.Reason(reason).label), many, "?" + urlencode({"reason": reason}) + "#exceptions")
        for reason, many in count.most_common()
        if reason
    ]


def sentence(every: list[Row]) -> str:
    """Return in words how things stand."""
    count = Counter(row.state for row in every)
    if not every:
        return "No contract you can see has an exception."
    held = count[STANDS]
    parts = [f"{plural(held, 'contract has', 'contracts have')} no KPIs under an approved exception."]
    if many := count[REVIEW]:
        parts.append(f"{plural(many, 'exception is', 'exceptions are')} to be reviewed, and counts as a gap.")
        if many > 1:
            parts[-1] = parts[-1].replace("counts as a gap", "count as gaps")
    if many := count[WAITS]:
        parts.append(f"{plural(many, 'waits', 'wait')} for approval.")
    if many := count[LATER]:
        parts.append(f"{plural(many, 'holds', 'hold')} from a later month.")
    return " ".join(parts)
