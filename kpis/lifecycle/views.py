"""Pages on which is recorded what happens to a contract; each is one form and says what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar import add_months, first_of_month
from accounts.models import Person
from accounts.permissions import Answer
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract, Suspension
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from govuk.refusals import stale as stale_page
from kpis.lifecycle import permissions, verbs
from kpis.lifecycle.forms import (
    SHOWN,
    ActForm,
    ExtendForm,
    MoveForm,
    NovateForm,
    ResumeForm,
    SplitForm,
    SuspendForm,
    TerminateForm,
)
from kpis.lifecycle.settling import span_of
from kpis.lifecycle.verbs.moving import latest_from_month
from kpis.proposals.months import latest_approved
from kpis.proposals.permissions import may_propose
from kpis.proposals.trails import contract_trail


def _contract(request: SignedInRequest, number: int, may: Callable[[Person, Contract], Answer]) -> Contract:
    """Return the contract where this person may do this to it; 404 where they may not know of it."""
    seen = Contract.objects.visible_to(request.user).with_names()
    contract = get_object_or_404(seen.prefetch_related("deputies", "supplier_links__supplier"), pk=number)
    require(may(request.user, contract))
    return contract


def _posted(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _do(
    request: SignedInRequest, form: ActForm, contract: Contract, act: Callable[[dict[str, Any]], str]
) -> tuple[HttpResponse | None, int]:
    """Run a verb on what the form holds: return where it leads, or None and the status to show it with.

    `act` is given the cleaned data with the version seen, and returns the sentence that tells of it.
    """
    if request.method != "POST" or not form.is_valid():
        return None, 200
    try:
        said = act(form.cleaned_data)
    except Invalid as refusal:
        refusal.put_on(form)
        return None, 200
    except Stale as late:
        contract.refresh_from_db()
        return None, form.keep(late, contract)
    messages.success(request, said)
    return redirect(contract), 200


def _page(
    request: SignedInRequest,
    form: ActForm,
    contract: Contract,
    *,
    title: str,
    button: str,
    points: list[str],
    status: int = 200,
    template: str = "kpis/lifecycle_form.html",
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "contract": contract,
        "title": title,
        "button": button,
        "points": [point for point in points if point],
        "trail": contract_trail(contract, (title, "")),
        **more,
    }
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_extend(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask to when the contract is extended."""
    contract = _contract(request, contract_number, permissions.may_extend)
    latest, last = contract.last_extension_to, contract.last_day
    form = ExtendForm(
        _posted(request),
        initial={"version": contract.version, "to": latest if latest and last and latest > last else None},
    )

    def act(data: dict[str, Any]) -> str:
        done = verbs.extend(contract, by=request.user, **data)
        return f"The contract is extended to {show_day(done.last_day)}."

    done, status = _do(request, form, contract, act)
    if done is not None:
        ending = verbs.kpis_ending_before(contract, form.cleaned_data["to"])
        if ending and may_propose(request.user, contract):
            messages.info(
                request,
                "Some KPIs end before the contract does now. Propose a new KPI set to carry them on.",
            )
        return done
    # Where nobody knows how far it will be extended, what would end before any later month.
    beyond = latest or (add_months(first_of_month(last), 1) if last else None)
    ending = verbs.kpis_ending_before(contract, beyond)
    points = [
        f"It runs to {show_day(last)} now." if last else "It has no end date now.",
        f"The contract allows extensions to {show_day(latest)}." if latest else "",
        "Returns go on opening for as long as its KPIs run.",
    ]
    return _page(
        request,
        form,
        contract,
        title="Extend this contract",
        button="Extend this contract",
        points=points,
        status=status,
        ending=ending,
        may_propose=may_propose(request.user, contract),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contract_terminate(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask for the last day of a contract that ends early, and why."""
    contract = _contract(request, contract_number, permissions.may_terminate)
    if contract.terminated_on and request.method != "POST":
        said = f"This contract was terminated on {show_day(contract.terminated_on)} already."
        return stale_page(request, said, contract.get_absolute_url())
    form = TerminateForm(_posted(request), initial={"version": contract.version})

    def act(data: dict[str, Any]) -> str:
        done = verbs.terminate(contract, by=request.user, **data)
        return f"The contract is terminated, its last day is {show_day(done.terminated_on)}."

    done, status = _do(request, form, contract, act)
    if done is not None:
        return done
    pending = contract.kpi_sets.open_or_waiting().first()
    points = [
        f"It runs to {show_day(contract.last_day)} now." if contract.last_day else "",
        "The month it ends in still has its return. Returns of later months that were never submitted are "
        "taken away; what was entered in them is kept in case you undo this.",
        "Everything that was submitted stands.",
        f"KPI set {pending.number}, which is being prepared, is withdrawn for good." if pending else "",
    ]
    return _page(
        request, form, contract, title="Terminate this contract", button="Terminate this contract",
        points=points, status=status, is_warning=True,
    )  # fmt: skip


@require_POST
def contract_termination_undo(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Undo a termination."""
    contract = _contract(request, contract_number, permissions.may_terminate)
    try:
        verbs.undo_termination(contract, by=request.user, version=_version(request))
    except Stale as late:
        return stale_page(request, str(late), contract.get_absolute_url())
    messages.success(request, "The termination is undone. Returns that are owed are there again.")
    return redirect(contract)


def _version(request: SignedInRequest) -> int:
    """Return the version the button was shown with; without one, or with nonsense, 0: none that stands."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def contract_suspend(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask for which months the contract is suspended, and why."""
    contract = _contract(request, contract_number, permissions.may_suspend)
    form = SuspendForm(_posted(request), initial={"version": contract.version})

    def act(data: dict[str, Any]) -> str:
        done = verbs.suspend(contract, by=request.user, **data)
        return f"The contract is suspended {span_of(done)}. No return is owed for it."

    done, status = _do(request, form, contract, act)
    if done is not None:
        return done
    submitted = contract.monthly_returns.filter(first_submitted_at__isnull=False).order_by("-month").first()
    points = [
        "A contract is suspended for whole months. No return is owed for them: those that are open are "
        "excused, what was entered in them is set aside, and none is opened.",
        f"The last return submitted is that of {show_month(submitted.month)}; what was submitted stands."
        if submitted
        else "",
    ]
    return _page(
        request, form, contract, title="Suspend this contract", button="Suspend this contract",
        points=points, status=status,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contract_resume(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask for the last suspended month."""
    contract = _contract(request, contract_number, permissions.may_suspend)
    suspension = contract.suspensions.standing().order_by("-from_month").first()
    if suspension is None and request.method != "POST":
        return stale_page(request, "This contract is not suspended.", contract.get_absolute_url())
    form = ResumeForm(
        _posted(request),
        initial={"version": contract.version, "last_month": suspension and suspension.to_month},
    )

    def act(data: dict[str, Any]) -> str:
        done = verbs.resume(contract, by=request.user, **data)
        return f"The suspension runs {span_of(done)}. Returns are owed again for the months after that."

    done, status = _do(request, form, contract, act)
    if done is not None:
        return done
    points = [
        f"It is suspended {span_of(suspension)}." if suspension else "",
        "Returns of later months are owed again: what had been entered in them is put back, and they are due "
        "ten working days from today.",
    ]
    return _page(
        request, form, contract, title="Take this contract up again", button="Take it up again",
        points=points, status=status,
    )  # fmt: skip


@require_POST
def suspension_withdraw(request: SignedInRequest, contract_number: int, suspension: int) -> HttpResponse:
    """Withdraw a suspension that was recorded by mistake."""
    contract = _contract(request, contract_number, permissions.may_suspend)
    found = get_object_or_404(Suspension, pk=suspension, contract=contract)
    try:
        verbs.withdraw_suspension(found, by=request.user, version=_version(request))
    except Stale as late:
        return stale_page(request, str(late), contract.get_absolute_url())
    messages.success(request, "The suspension is withdrawn. The returns of its months are owed after all.")
    return redirect(contract)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_novate(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask who takes the contract over, and from which day."""
    contract = _contract(request, contract_number, permissions.may_novate)
    form = NovateForm(_posted(request), initial={"version": contract.version})

    def act(data: dict[str, Any]) -> str:
        done = verbs.novate(contract, by=request.user, **data)
        return (
            f"The contract is novated to {done.supplier_text}. Check among its facts whether it is still "
            "with a small or voluntary organisation."
        )

    done, status = _do(request, form, contract, act)
    if done is not None:
        return done
    points = [
        f"Its supplier is {contract.supplier_text} now." if contract.supplier_text else "",
        "KPIs, returns and figures go on as they are. The page of the contract says until when each supplier "
        "had it.",
    ]
    return _page(
        request, form, contract, title="Novate this contract", button="Novate this contract", points=points,
        status=status,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contract_split(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask for the lots a contract is split into."""
    contract = _contract(request, contract_number, permissions.may_split)
    may_copy = bool(may_propose(request.user, contract)) and latest_approved(contract) is not None
    form = SplitForm(
        _posted(request), contract=contract, may_copy=may_copy, initial={"version": contract.version}
    )

    def act(data: dict[str, Any]) -> str:
        lots = verbs.split_into_lots(
            contract,
            by=request.user,
            lots=form.lots,
            on=data["on"],
            note=data["note"],
            copy_kpis=bool(data.get("copy_kpis")),
            version=data["version"],
        )
        named = ", ".join(f"{one.title} (contract {one.pk})" for one in lots[1:])
        return f"The contract is split. New in the register: {named}."

    done, status = _do(request, form, contract, act)
    if done is not None:
        return done
    points = [
        "This contract goes on as lot 1, with its number, KPIs, returns and figures. Each other lot becomes "
        "a contract of its own, with the same people, dates and rules.",
        "Nothing is counted twice: what was promised and reported stays with lot 1 until new KPI sets are "
        "approved.",
    ]
    return _page(
        request, form, contract, title="Split this contract into lots", button="Split this contract",
        points=points, status=status, template="kpis/lifecycle_split.html", shown=SHOWN,
        more_open=form.more_is_open,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contract_move(request: SignedInRequest, contract_number: int) -> HttpResponse:
    """Ask which directorate answers for the contract, and from which month."""
    contract = _contract(request, contract_number, permissions.may_move)
    begin = {
        "version": contract.version,
        "from_month": latest_from_month(contract),
    }
    form = MoveForm(_posted(request), contract=contract, initial=begin)

    def act(data: dict[str, Any]) -> str:
        done = verbs.move(contract, by=request.user, **data)
        return f"{done.title} belongs to {done.directorate} now."

    done, status = _do(request, form, contract, act)
    if done is not None:
        # Who moved it away may not see it any more.
        seen = Contract.objects.visible_to(request.user).filter(pk=contract.pk).exists()
        return done if seen else redirect("contracts:contract-list")
    pending = contract.kpi_sets.pending().first()
    points = [
        f"It belongs to {contract.directorate} now."
        if contract.directorate
        else "Nobody has said which directorate it belongs to.",
        "The new directorate answers for it from now on. Its present commissioner is taken off unless they "
        "are one there too; its contract manager and deputies stay.",
        "Returns that were never submitted, from the month you give, count in the new directorate. Submitted "
        "ones stay where they were reported.",
        f"KPI set {pending.number} waits for a decision: the new directorate’s director will decide it."
        if pending
        else "",
    ]
    return _page(
        request, form, contract, title="Move this contract to another directorate",
        button="Move this contract", points=points, status=status,
    )  # fmt: skip
