"""Pages on which a director confirms, or returns, what their directorate has of a batch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from contracts.import_views import REFRESH_SECONDS
from contracts.models import Contract
from kpis.adoption import confirming, permissions, presenting
from kpis.adoption.forms import ConfirmForm, LeaveOutForm, ReturnPartForm
from kpis.adoption.models import AdoptedSet, AdoptionPart

LINES_PAGE = 50
Status = AdoptionPart.Status


def _part(request: SignedInRequest, part_id: int) -> AdoptionPart:
    parts = AdoptionPart.objects.select_related(
        "adoption_import", "directorate", "uploaded_by", "confirmed_by"
    )
    part = get_object_or_404(parts, pk=part_id)
    require(permissions.may_see(request.user, part))
    return part


def _trail(part: AdoptionPart, *more: tuple[str, str]) -> list[tuple[str, str]]:
    own = (f"As signed, {part.directorate.name}", part.get_absolute_url() if more else "")
    return [("Home", "/"), ("Approvals", "/approvals/"), own, *more]


@require_safe
def adoption_part_page(request: SignedInRequest, part_id: int) -> HttpResponse:
    """Show the part: totals, what is in it, and how to decide it."""
    part = _part(request, part_id)
    if part.status == Status.CONFIRMING:
        response = render(request, "kpis/adoption_part_progress.html", {"part": part, "trail": _trail(part)})
        response["Refresh"] = REFRESH_SECONDS
        return response
    answer = permissions.may_confirm(request.user, part)
    search, shown = request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    seen = presenting.lines_of(part, search, shown).filter(contract__in=_contracts_seen_by(request.user))
    page = Paginator(seen, LINES_PAGE).get_page(request.GET.get("page"))
    decidable = part.can_be_decided
    beyond: list[AdoptedSet] = []
    count = left_out = 0
    authority = ""
    if decidable and answer:
        waiting = confirming.waiting_lines(part).filter(contract__in=_contracts_seen_by(request.user))
        lines = list(waiting)
        answers = confirming.answers_of(request.user, lines)
        mine = [line for line in lines if answers[line.pk]]
        beyond = [line for line in lines if not answers[line.pk]]
        for line in beyond:
            line.said = answers[line.pk].reason
        left_out = sum(bool(line.leave_reason) for line in lines)
        count = sum(not line.leave_reason for line in mine)
        authority = answers[mine[0].pk].reason if mine else ""
    form = ConfirmForm(initial={"content_hash": part.content_hash, "left_out": left_out})
    context = {
        "part": part,
        "tag": (part.get_status_display(), presenting.TAGS[part.status]),
        "counts": part.counts,
        "measures": presenting.measures_of(part),
        "lines": [(line, presenting.OUTCOME_TAGS[line.outcome]) for line in page.object_list],
        "page_obj": page,
        "search": search,
        "shown": shown,
        "may_confirm": decidable and bool(answer),
        "refusal": "" if answer or not decidable else answer.reason,
        "authority": authority,
        "count": count,
        "left_out": left_out,
        "beyond": beyond[:10],
        "beyond_count": len(beyond),
        "form": form,
        "trail": _trail(part),
    }
    return render(request, "kpis/adoption_part_page.html", context)


def _carry_out(part: AdoptionPart) -> HttpResponse:
    """Carry a short one out while the page waits; hand a long one to a worker."""
    if part.total <= confirming.AT_ONCE:
        confirming.carry_on(part.pk)
    else:
        confirming.wake(part)
    return redirect(part)


@require_POST
def adoption_part_confirm(request: SignedInRequest, part_id: int) -> HttpResponse:
    """Confirm the part as a whole."""
    part = _part(request, part_id)
    require(permissions.may_confirm(request.user, part))
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Nothing was decided. Read the page, then confirm again.")
        return redirect(part)
    given = form.cleaned_data
    part = confirming.confirm(
        part,
        by=request.user,
        content_hash=given["content_hash"],
        left_out=given["left_out"],
        note=given["note"],
    )
    return _carry_out(part)


@require_http_methods(["GET", "HEAD", "POST"])
def adoption_part_return(request: SignedInRequest, part_id: int) -> HttpResponse:
    """Ask why the part is returned as a whole, and do it."""
    part = _part(request, part_id)
    require(permissions.may_confirm(request.user, part))
    form = ReturnPartForm(
        request.POST if request.method == "POST" else None, initial={"content_hash": part.content_hash}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        part = confirming.give_back(
            part, by=request.user, content_hash=given["content_hash"], reason=given["reason"]
        )
        return _carry_out(part)
    context = {"part": part, "form": form, "trail": _trail(part, ("Return it", ""))}
    return render(request, "kpis/adoption_part_return.html", context)


@require_POST
def adoption_part_stop(request: SignedInRequest, part_id: int) -> HttpResponse:
    """Stop after the contract at work."""
    part = _part(request, part_id)
    confirming.stop(part, by=request.user)
    return redirect(part)


@require_POST
def adoption_part_carry_on(request: SignedInRequest, part_id: int) -> HttpResponse:
    """Do here what no worker has taken up."""
    part = _part(request, part_id)
    require(permissions.may_confirm(request.user, part))
    confirming.carry_on(part.pk)
    return redirect(part)


def _line(part: AdoptionPart, line_id: int, person: Person) -> AdoptedSet:
    lines = part.lines.select_related("part__directorate", "contract__directorate", "kpi_set")
    return get_object_or_404(lines.filter(contract__in=_contracts_seen_by(person)), pk=line_id)


def _contracts_seen_by(person: Person) -> QuerySet[Any]:
    """Return the contracts the person may read: one that was moved away is no longer theirs."""
    return Contract.objects.visible_to(person).order_by().values("pk")


@require_http_methods(["GET", "HEAD", "POST"])
def adoption_line_page(request: SignedInRequest, part_id: int, line_id: int) -> HttpResponse:
    """Show one contract's KPIs and past results as they will be adopted; leave it out with a reason."""
    part = _part(request, part_id)
    line = _line(part, line_id, request.user)
    may = part.can_be_decided and line.outcome == line.Outcome.WAITING
    may = may and bool(permissions.may_confirm(request.user, part))
    if request.method == "POST":
        require(permissions.may_confirm(request.user, part))
    form = LeaveOutForm(
        request.POST if request.method == "POST" else None, initial={"reason": line.leave_reason}
    )
    if request.method == "POST" and form.is_valid():
        confirming.leave_out(line, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"{line.contract} is left out when the others are confirmed")
        return redirect(part)
    submission = line.kpi_set.submissions.filter(content_hash=line.content_hash).first()
    results = presenting.results_of(line)
    context = {
        "part": part,
        "line": line,
        "tag": (line.get_outcome_display(), presenting.OUTCOME_TAGS[line.outcome]),
        "content": submission.content if submission else {},
        "kpis": [
            (one, presenting.months_of(one), results.get(one["kpi"], []))
            for one in (submission.content["kpis"] if submission else [])
        ],
        "form": form,
        "may_leave": may,
        "trail": _trail(part, (line.contract.title, "")),
    }
    return render(request, "kpis/adoption_line_page.html", context)


@require_POST
def adoption_line_take_in(request: SignedInRequest, part_id: int, line_id: int) -> HttpResponse:
    """Take a contract in again that was to be left out."""
    part = _part(request, part_id)
    line = _line(part, line_id, request.user)
    confirming.leave_out(line, by=request.user, reason="")
    messages.success(request, f"{line.contract} is confirmed with the others")
    return redirect(part)
