"""Pages on which a KPI set is started, read, checked, sent, taken back and withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from kpis.proposals import permissions, verbs
from kpis.proposals.begin_views import kpi_add_own, kpi_set_copy, kpi_set_copy_from, kpi_set_start
from kpis.proposals.beginning import begun_from
from kpis.proposals.checks import problems
from kpis.proposals.deciders import deciders_of
from kpis.proposals.forms import DescribeForm, NoteForm, SubmitForm, keep_what_was_typed, put_on
from kpis.proposals.kpi_views import kpi_add, kpi_add_measure, kpi_edit, kpi_remove, kpi_take_value
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES
from kpis.proposals.reading import COLOURS, last_decision, read, sent_to, waiting_with
from kpis.proposals.steps import carry_on, steps_of
from kpis.proposals.trails import set_trail, stale_leads_to_the_set
from kpis.proposals.verbs.changing import refuse_another_kind

__all__ = [
    "kpi_add", "kpi_add_measure", "kpi_add_own", "kpi_edit", "kpi_remove", "kpi_set_copy",
    "kpi_set_copy_from", "kpi_set_start", "kpi_take_value",
]  # fmt: skip


def set_of(request: SignedInRequest, contract_number: int, number: int) -> KPISet:
    """Return the set where this person may read it; 404 where it isn't there for them."""
    return get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )


@require_safe
@stale_leads_to_the_set
def kpi_set_page(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show a set: its KPIs, what they change, where it stands; for its proposers, the builder."""
    kpi_set = set_of(request, contract_number, number)
    may_propose = permissions.may_propose(request.user, kpi_set.contract)
    insider = _works_on(request.user, kpi_set)
    may_change = bool(may_propose) and kpi_set.is_open
    reading = read(kpi_set)
    begun, begun_url = begun_from(kpi_set, request.user)
    context = {
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "reading": reading,
        "begun_from": begun,
        "begun_url": begun_url,
        **(_steps(kpi_set, reading, begun) if may_change and not kpi_set.is_exception else {}),
        "colour": COLOURS[kpi_set.status],
        "decision": last_decision(kpi_set),
        "waiting": waiting_with(kpi_set) if kpi_set.status == KPISet.Status.SUBMITTED else "",
        "may_decide": kpi_set.status == KPISet.Status.SUBMITTED
        and any(one.person.pk == request.user.pk for one in deciders_of(kpi_set)),
        "may_change": may_change,
        "may_take_back": bool(may_propose) and MOVES.allows(kpi_set.status, "take_back"),
        "may_withdraw": bool(may_propose) and MOVES.allows(kpi_set.status, "withdraw"),
        "insider": insider,
        "history": list(history_of(kpi_set)) if insider else [],
        "trail": set_trail(kpi_set),
    }
    return render(request, "kpis/kpi_set_page.html", context)


def _steps(kpi_set, reading, begun):
    """Return what the task list of a set under way shows."""
    agreement = reading.changes_promises and not kpi_set.supplier_agreed
    steps = steps_of(
        kpi_set,
        len(reading.kept),
        problems(kpi_set),
        begun=begun or "An empty set: from the library of measures",
        agreement=agreement,
    )
    return {"steps": steps, "carry_on": carry_on(steps)}


def _works_on(person, kpi_set):
    """Return whether the person proposes, decides or looks after sets here; members read without workings."""
    held, directorate = person.authority, kpi_set.contract.directorate_id
    return (
        held.sees_everything
        or directorate in held.leads | held.delegated
        or bool(permissions.may_propose(person, kpi_set.contract))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_set_describe(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask from which month, why, and what the supplier agreed."""
    kpi_set = set_of(request, contract_number, number)
    require(permissions.may_propose(request.user, kpi_set.contract))
    refuse_another_kind(kpi_set, KPISet.Kind.KPIS)
    form = DescribeForm(request.POST or None, kpi_set=kpi_set)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            verbs.describe(kpi_set, by=request.user, **given)
        except Invalid as refusal:
            put_on(form, refusal)
        except Stale as stale:
            status = keep_what_was_typed(form, stale, kpi_set)
        else:
            return redirect(kpi_set)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "trail": set_trail(kpi_set, ("From when and why", "")),
    }
    return render(request, "kpis/kpi_set_describe.html", context, status=status)


def _check_page(request: SignedInRequest, kpi_set, form, status=200):
    found = problems(kpi_set)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "reading": read(kpi_set),
        "problems": found,
        "has_errors": bool(found) and request.method == "POST",
        "sent_to": sent_to(kpi_set),
        "trail": set_trail(kpi_set, ("Check before you send", "")),
    }
    return render(request, "kpis/kpi_set_check.html", context, status=status)


@require_safe
@stale_leads_to_the_set
def kpi_set_check(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Show exactly what will be sent, with everything missing and every warning."""
    kpi_set = set_of(request, contract_number, number)
    require(permissions.may_propose(request.user, kpi_set.contract))
    MOVES.check(kpi_set, "submit")
    form = SubmitForm(label="Note to the decider", initial={"version": kpi_set.version})
    return _check_page(request, kpi_set, form)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_set_submit(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Send the set for approval; show the check page again with what keeps it back."""
    kpi_set = set_of(request, contract_number, number)
    if request.method != "POST":  # Somebody reloads the page a refused sending left them on.
        return redirect("kpis:kpi-set-check", contract_number, number)
    # A form that lacks something must not show the check page to somebody who may not send the set.
    require(permissions.may_propose(request.user, kpi_set.contract))
    form = SubmitForm(request.POST, label="Note to the decider")
    if form.is_valid():
        try:
            sent = verbs.submit(kpi_set, by=request.user, **form.cleaned_data)
        except Invalid:
            kpi_set.refresh_from_db()
        except Stale as stale:
            kpi_set.refresh_from_db()
            if not kpi_set.is_open:
                raise
            return _check_page(request, kpi_set, form, keep_what_was_typed(form, stale, kpi_set))
        else:
            messages.success(request, f"{sent} is sent for approval. It waits {waiting_with(sent)}.")
            return redirect(sent)
    return _check_page(request, kpi_set, form)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_set_take_back(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask whether to take the set back to change it, then do so."""
    return _recall(
        request,
        contract_number,
        number,
        "take_back",
        title="Take back {} to change it?",
        button="Take back",
        about=(
            "It becomes a draft again, with everything in it. Nobody can approve it until you send it again."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_set_withdraw(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """Ask whether to withdraw the set for good, then do so."""
    return _recall(
        request,
        contract_number,
        number,
        "withdraw",
        title="Withdraw {}?",
        button="Withdraw",
        about=(
            "It is kept to read, but nobody can change or approve it any more. What is in force stays "
            "as it is."
        ),
    )


def _recall(request: SignedInRequest, contract_number, number, verb, *, title, button, about):
    kpi_set = set_of(request, contract_number, number)
    require(permissions.may_propose(request.user, kpi_set.contract))
    MOVES.check(kpi_set, verb)
    form = NoteForm(request.POST or None, label="Reason")
    if request.method == "POST" and form.is_valid():
        done = getattr(verbs, verb)(kpi_set, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"{done} is now “{done.get_status_display().lower()}”.")
        return redirect(done)
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "title": title.format(kpi_set),
        "button": button,
        "about": about,
        "trail": set_trail(kpi_set, (button, "")),
        "back": reverse("kpis:kpi-set-page", args=[kpi_set.contract_id, kpi_set.number]),
    }
    return render(request, "kpis/kpi_set_recall.html", context)
