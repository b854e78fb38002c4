"""The contract page: what it is, who answers for it, what was promised and what came of it; its history."""

from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.calendar import first_of_month, today
from accounts.permissions import Answer
from accounts.requests import SignedInRequest
from contracts import permissions
from contracts.models import Contract
from govuk import formats
from kpis.lifecycle.settling import span_of
from kpis.proposals.exceptions import standing_words
from kpis.proposals.models import KPISet
from kpis.proposals.permissions import may_propose
from kpis.returns.permissions import is_close_to
from reporting.pages import contract_facts as facts
from reporting.pages.addresses import address
from reporting.pages.contract_summary import summary
from reporting.pages.sections import sections
from reporting.pages.worth import contract_worth

LATEST = 10
PAGE = 50


@dataclass(frozen=True)
class Act:
    """Something one could do here: where it leads, or the sentence why not."""

    text: str
    url: str
    answer: Answer


def _seen(request: SignedInRequest, number: int) -> Contract:
    """Return the contract, or 404 where the person may not know of it."""
    seen = Contract.objects.visible_to(request.user).with_names().select_related("parent", "split_from")
    return get_object_or_404(
        seen.prefetch_related("deputies", "partner_directorates", "wards", "supplier_links__supplier"),
        pk=number,
    )


@require_safe
def contract_page(request: SignedInRequest, number: int) -> HttpResponse:
    """Show one contract as far as this person may see it."""
    person = request.user
    contract = _seen(request, number)
    held = facts.set_in_force(contract)
    exception = held if held and held.is_exception else None
    kpi_set = None if exception else held
    rows, month = facts.kpi_rows(held, person) if held else ([], None)
    worth = contract_worth(contract, held, month, person) if held and month else None
    pending = facts.pending_set(contract, person)
    marks = facts.return_marks(contract)
    history = facts.history_seen_by(person, contract)
    latest = list(history[: LATEST + 1])
    bare = contract.is_live and held is None and contract.is_mapped
    close = is_close_to(person, contract)
    acts = _acts(contract, person, held, pending)
    edit_url = address("contracts:contract-edit", number) if permissions.may_edit(person, contract) else ""
    context = {
        "contract": contract,
        "facts_line": facts_line(contract),
        "sentence": _sentence(contract, held, rows, marks),
        "bare": bare and not contract.kpi_exemption,
        "summary": summary(contract, person, edit_url),
        "kpi_set": kpi_set,
        "exception": exception,
        "is_overdue": bool(exception and contract.is_live and exception.is_to_be_reviewed_on(today())),
        "kpi_rows": [replace(row, worth=worth.by_kpi.get(row.kpi_id) if worth else None) for row in rows],
        "worth": worth.block if worth else None,
        "shares": worth.shares if worth else [],
        "month": month,
        "pending": pending,
        "earlier_sets": _earlier(contract, held),
        "marks": marks,
        "sections": sections(contract, person),
        "documents": facts.latest_evidence(contract),
        "opens_documents": close or person.authority.is_administrator,
        "close": close,
        "history": facts.history_lines(latest[:LATEST], person, contract),
        "more_history": len(latest) > LATEST,
        "can": [act for act in acts if act.answer and act.url],
        "cannot": [act for act in acts if not act.answer],
        "assign_url": f"{address('contracts:contract-assign')}?contract={number}"
        if permissions.may_assign(person, contract)
        else "",
        "trail": [("Home", "/"), ("Contracts", address("contracts:contract-list")), (contract.title, "")],
    }
    return render(request, "reporting/contract_page.html", context)


def facts_line(contract: Contract) -> str:
    """Return the contract in one line: supplier, value, dates, stage."""
    last = contract.last_day
    if contract.starts_on and last:
        dates = f"{formats.day(contract.starts_on)} to {formats.day(last)}"
    elif last:
        dates = f"to {formats.day(last)}"
    else:
        dates = f"from {formats.day(contract.starts_on)}" if contract.starts_on else "no dates given"
    value = formats.money_short(contract.value) or "value not given"
    if contract.value is not None and contract.value_basis == "annual":
        value += " a year"
    parts = [contract.supplier_names or "supplier not given", value, dates, contract.get_stage_display()]
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def _sentence(contract: Contract, kpi_set, rows, marks) -> str:
    """Return how the contract stands, in words."""
    if kpi_set is None:
        return "No KPIs are approved yet." if contract.is_live else "It has no approved KPIs."
    if kpi_set.is_exception:
        if kpi_set.effective_month > first_of_month(today()):
            return f"No KPIs; an approved exception holds from {formats.month(kpi_set.effective_month)}."
        return f"No KPIs: {standing_words(kpi_set)}."
    suspended = next(
        (one for one in contract.suspensions.standing() if one.covers(first_of_month(today()))), None
    )
    words = f"Suspended {span_of(suspended)}: no return is owed. " if suspended else ""
    since = "from" if kpi_set.effective_month > first_of_month(today()) else "since"
    words += f"{formats.plural(len(rows), 'KPI')} in force {since} {formats.month(kpi_set.effective_month)}"
    rated = [row for row in rows if row.rating in {"on_track", "watch", "behind"}]
    if rated:
        on_track = sum(row.rating == "on_track" for row in rated)
        words += f", {formats.n_of(on_track, len(rated))} with figures on track"
    overdue = sum(mark.mark == "behind" for mark in marks)
    if overdue:
        words += f"; {formats.plural(overdue, 'return is', 'returns are')} overdue"
    return f"{words}."


def _earlier(contract: Contract, kpi_set) -> list[KPISet]:
    """Return the contract's other approved sets, newest first."""
    approved = contract.kpi_sets.filter(status=KPISet.Status.APPROVED)
    return list(approved.exclude(pk=kpi_set.pk).order_by("-number")) if kpi_set else []


def _acts(contract: Contract, person, kpi_set, pending) -> list[Act]:
    """Return what can be done to a contract, each with its answer."""
    number = contract.number
    propose = may_propose(person, contract)
    acts = [
        Act(
            "Change its facts",
            address("contracts:contract-edit", number),
            permissions.may_edit(person, contract),
        ),
        Act(
            "Name people",
            f"{address('contracts:contract-assign')}?contract={number}",
            permissions.may_assign(person, contract),
        ),
    ]
    if not (pending and propose):
        excepted = kpi_set is not None and kpi_set.is_exception
        acts[:0] = [
            Act(
                "Propose a new KPI set" if kpi_set and not excepted else "Propose KPIs",
                address("kpis:kpi-set-start", number),
                propose,
            ),
            Act(
                "Propose the exception again" if excepted else "Ask for an exception: no KPIs",
                address("kpis:exception-start", number),
                propose,
            ),
        ]
    return acts


@require_safe
def contract_history(request: SignedInRequest, number: int) -> HttpResponse:
    """Show all that was done to a contract and everything under it."""
    contract = _seen(request, number)
    kind = request.GET.get("kind", "")
    page = Paginator(facts.history_seen_by(request.user, contract, kind), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "contract": contract,
        "page_obj": page,
        "lines": facts.history_lines(page, request.user, contract),
        "kinds": [(key, label) for key, (label, _) in facts.KINDS.items()],
        "kind": kind,
        "works": permissions.may_see_drafts(request.user, contract),
        "count": formats.plural(page.paginator.count, "entry", "entries"),
        "trail": [
            ("Home", "/"),
            ("Contracts", address("contracts:contract-list")),
            (contract.title, contract.get_absolute_url()),
            ("History", ""),
        ],
    }
    return render(request, "reporting/contract_history.html", context)


@require_safe
def contracts_without_kpis(request: SignedInRequest) -> HttpResponse:
    """Lead on to the gap register, which took this list's place."""
    return redirect(f"{address('kpis:gap-register')}?kind=gap", permanent=True)
