"""Pages about section 52: one contract's answer and working, its notices, and the list of contracts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts import verbs as contract_verbs
from contracts.models import Contract
from govuk import formats
from kpis.notices import permissions, verbs
from kpis.notices.forms import ListForm, NoticeForm, PublicationForm, Section52Form, WithdrawForm
from kpis.notices.listing import Line, last_published, lines
from kpis.notices.models import Notice
from kpis.notices.section52 import ANSWERS, duty, set_in_force
from kpis.notices.yearly import next_assessment_due
from kpis.proposals.exceptions import in_force_of
from spreadsheets.writing import csv_response, xlsx_response

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 50


def _contract(request: SignedInRequest, number: int) -> Contract:
    seen = Contract.objects.visible_to(request.user).with_names().select_related("parent")
    return get_object_or_404(seen.prefetch_related("partner_directorates", "deputies"), pk=number)


def _notice(request: SignedInRequest, contract: Contract, number: int) -> Notice:
    """Return a notice; one not published yet does not exist for those who don't work on the contract."""
    notice = get_object_or_404(
        contract.notices.select_related("made_by").prefetch_related("kpis"), number=number
    )
    notice.contract = contract
    if not permissions.may_read(request.user, notice):
        raise Http404
    return notice


def _trail(contract: Contract, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    listed = ("Contracts", reverse("contracts:contract-list"))
    crumbs = [("Home", "/"), listed, (contract.title, contract.get_absolute_url()), *rest]
    return [*crumbs[:-1], (crumbs[-1][0], "")]


def _page_of(contract: Contract) -> str:
    return reverse("kpis:section-52", args=[contract.pk])


@require_http_methods(FORM_METHODS)
def section_52(request: SignedInRequest, number: int) -> HttpResponse:
    """Show what section 52 asks of a contract, why, and what was published; take the facts it turns on."""
    contract = _contract(request, number)
    may_keep = permissions.may_keep(request.user, contract)
    if request.method == "POST":
        require(may_keep)
    exception = in_force_of(contract)
    # Its words are only ever offered: what section 52 is answered with is for a person to save.
    offered = exception.why if exception and request.GET.get("words") == "exception" else ""
    form = Section52Form(request.POST if request.method == "POST" else None, contract=contract, words=offered)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            contract_verbs.edit(
                contract,
                by=request.user,
                version=form.cleaned_data["version"],
                note=form.cleaned_data["note"],
                **form.facts,
            )
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            contract = _contract(request, number)
            status = form.overtaken(stale, contract.version)
        else:
            messages.success(request, "The facts about section 52 are saved.")
            return redirect(_page_of(contract))
    answer = duty(contract)
    kpi_set = set_in_force(contract)
    published = last_published([contract]).get(contract.pk, {})
    performance = published.get(Notice.Kind.PERFORMANCE)
    context = {
        "contract": contract,
        "duty": answer,
        "sentence": _sentence(answer),
        "tag": ANSWERS[answer.answer],
        "edit_url": reverse("contracts:contract-edit", args=[number]) if may_keep else "",
        "kpi_set": kpi_set,
        "exception": exception,
        "terms": list(kpi_set.terms.all()) if kpi_set else [],
        "notices": permissions.readable(request.user, contract),
        "assessment_due": next_assessment_due(contract, performance) if answer.applies else None,
        "last_performance": performance,
        "today": today(),
        "form": form if may_keep else None,
        "stale": status == 409,
        "why_not": may_keep.reason,
        "trail": _trail(contract, ("Section 52", "")),
    }
    return render(request, "kpis/section52_page.html", context, status=status)


def _sentence(answer: Any) -> str:
    """Return the answer in one sentence."""
    if answer.applies is None:
        return "What is recorded does not tell whether section 52 asks this contract for KPIs."
    if not answer.applies:
        return "Section 52 does not ask this contract for KPIs."
    needed = "Section 52 asks this contract for at least three KPIs"
    if answer.is_met is None:
        return f"{needed}; nobody has recorded how many it has elsewhere."
    has = formats.plural(answer.total, "KPI") if answer.total else "none"
    return f"{needed}, and it has {has}." if answer.is_met else f"{needed}, but it has {has}."


@require_http_methods(FORM_METHODS)
def notice_add(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask which KPIs a notice names and draw it up."""
    contract = _contract(request, number)
    require(permissions.may_keep(request.user, contract))
    form = NoticeForm(request.POST if request.method == "POST" else None, contract=contract)
    if request.method == "POST" and form.is_valid():
        try:
            notice = verbs.draw_up(contract, by=request.user, picks=form.picks, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"Notice {notice.number} is kept.")
            return redirect("kpis:notice-page", contract.pk, notice.number)
    context = {
        "form": form, "contract": contract, "heading": "Draw up a notice", "button": "Keep the notice",
        "back": _page_of(contract),
        "trail": _trail(contract, ("Section 52", _page_of(contract)), ("Draw up a notice", "")),
    }  # fmt: skip
    return render(request, "kpis/notice_edit.html", context)


@require_safe
def notice_page(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show a notice in the words of its day."""
    contract = _contract(request, contract_number)
    notice = _notice(request, contract, number)
    context = {
        "notice": notice,
        "contract": contract,
        "may_keep": permissions.may_keep(request.user, contract) and not notice.withdrawn_at,
        "trail": _trail(contract, ("Section 52", _page_of(contract)), (f"Notice {number}", "")),
    }
    return render(request, "kpis/notice_page.html", context)


@require_http_methods(FORM_METHODS)
def notice_edit(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask for changes to a notice: all of one not yet published, day and number of one that is."""
    contract = _contract(request, contract_number)
    notice = _notice(request, contract, number)
    require(permissions.may_keep(request.user, contract))
    posted = request.POST if request.method == "POST" else None
    # A form with KPIs in it was opened before the notice was published, whatever it is by now.
    whole = "kind" in posted if posted is not None else notice.published_on is None
    form: NoticeForm | PublicationForm
    if whole:
        form = NoticeForm(posted, contract=contract, notice=notice)
    else:
        names = ("published_on", "reference", "version")
        form = PublicationForm(posted, initial={name: getattr(notice, name) for name in names})
    status = 200
    if posted is None and notice.withdrawn_at:
        raise Stale("This notice has been withdrawn.")
    if posted is not None and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            if isinstance(form, NoticeForm):
                verbs.change(notice, by=request.user, version=version, picks=form.picks, **form.facts)
            else:
                facts = {name: form.cleaned_data[name] for name in ("published_on", "reference")}
                verbs.correct(notice, by=request.user, version=version, **facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            notice = _notice(request, contract, number)
            status = form.overtaken(stale, notice.version)
        else:
            messages.success(request, f"Notice {number} is saved.")
            return redirect("kpis:notice-page", contract.pk, number)
    here = reverse("kpis:notice-page", args=[contract.pk, number])
    context = {
        "form": form, "contract": contract, "notice": notice, "heading": f"Change notice {number}",
        "button": "Save the notice", "stale": status == 409, "back": here, "whole": whole,
        "trail": _trail(
            contract, ("Section 52", _page_of(contract)), (f"Notice {number}", here), ("Change", "")
        ),
    }  # fmt: skip
    return render(request, "kpis/notice_edit.html", context, status=status)


@require_http_methods(FORM_METHODS)
def notice_withdraw(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask why a notice is withdrawn and withdraw it."""
    contract = _contract(request, contract_number)
    notice = _notice(request, contract, number)
    require(permissions.may_keep(request.user, contract))
    form = WithdrawForm(
        request.POST if request.method == "POST" else None, initial={"version": notice.version}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw(notice, by=request.user, **form.cleaned_data)
        except Stale as stale:
            notice = _notice(request, contract, number)
            status = form.overtaken(stale, notice.version)
        else:
            messages.success(request, f"Notice {number} is withdrawn.")
            return redirect(_page_of(contract))
    here = reverse("kpis:notice-page", args=[contract.pk, number])
    context = {
        "form": form, "contract": contract, "notice": notice, "back": here, "stale": status == 409,
        "trail": _trail(
            contract, ("Section 52", _page_of(contract)), (f"Notice {number}", here), ("Withdraw", "")
        ),
    }  # fmt: skip
    return render(request, "kpis/notice_withdraw.html", context, status=status)


@require_safe
def section_52_list(request: SignedInRequest) -> HttpResponseBase:
    """Show the contracts section 52 asks for KPIs, or may: met, not met, unknown; as a file on request."""
    every = lines(request.user)
    form = ListForm(
        request.GET,
        directorates={one.contract.directorate_id for one in every if one.contract.directorate_id},
    )
    found = every
    if form.is_valid():
        answer, directorate = form.cleaned_data["answer"], form.cleaned_data["directorate"]
        found = [
            one
            for one in every
            if (not answer or one.duty.answer == answer)
            and (directorate is None or one.contract.directorate_id == directorate.pk)
        ]
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _as_file(found, request.GET["format"])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "count": formats.plural(len(found), "contract"),
        "sums": [
            (words, sum(one.duty.answer == key for one in every))
            for key, (words, _) in ANSWERS.items()
            if key != "not_asked"
        ],
        "any": bool(every),
        "is_narrowed": len(found) != len(every) or bool(request.GET.get("answer")),
        "query": query.urlencode(),
        "today": today(),
        "trail": [("Home", "/"), ("Contracts", reverse("contracts:contract-list")), ("Section 52", "")],
    }
    return render(request, "kpis/section52_list.html", context)


HEADERS = (
    ("Number", "whole"), ("Contract", "text"), ("Directorate", "text"), ("Answer", "text"), ("Why", "text"),
    ("Estimated value including VAT (£)", "money"), ("KPIs here", "whole"), ("KPIs elsewhere", "whole"),
    ("Last contract details notice (UK7)", "date"), ("Last performance notice (UK9)", "date"),
    ("Next assessment due", "date"),
)  # fmt: skip


def _as_file(found: list[Line], kind: str) -> HttpResponseBase:
    rows = [
        [
            one.contract.number, one.contract.title, one.contract.directorate, one.words, one.duty.reason,
            one.contract.estimated_value_inc_vat, one.duty.kpis_here, one.duty.kpis_elsewhere,
            one.last_details, one.last_performance, one.assessment_due,
        ]
        for one in found
    ]  # fmt: skip
    name = f"Section 52 {today():%Y-%m-%d}"
    headers = [header for header, _ in HEADERS]
    if kind == "csv":
        return csv_response(name, headers, rows)
    kinds = [column for _, column in HEADERS]
    notes = [f"As at {formats.day(today())}. Contracts that have not ended."]
    return xlsx_response(name, "Section 52", headers, rows, kinds=kinds, notes=notes)
