"""Pages about delegations: those in force and past, giving one, taking one back."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import permissions
from accounts.forms.delegations import DelegationForm
from accounts.forms.people import NoteForm
from accounts.models import Delegation
from accounts.requests import SignedInRequest
from accounts.verbs import delegations as verbs
from accounts.verbs.recipe import Invalid, Refused, require
from accounts.views.trail import trail

# Giving and revoking carry the delegation too; what was decided under it is all else.
ABOUT_ITSELF = ("delegations.give", "delegations.revoke")


def _with_use():
    """Return delegations with how often and when last they were used: one query."""
    used = ~Q(history__action__in=ABOUT_ITSELF) & Q(history__pk__isnull=False)
    return Delegation.objects.select_related("given_by", "given_to", "directorate", "revoked_by").annotate(
        times_used=Count("history", filter=used), last_used=Max("history__at", filter=used)
    )


def delegation_list(request: SignedInRequest):
    """Show the delegations this person may read, those that hold first."""
    person = request.user
    delegations = _with_use()
    if not permissions.may_see_all_delegations(person):
        delegations = delegations.filter(
            Q(given_by=person) | Q(given_to=person) | Q(directorate__in=person.authority.directs)
        )
    in_force = set(Delegation.objects.in_force().values_list("pk", flat=True))
    now, ahead, past = [], [], []
    for delegation in delegations:
        if delegation.pk in in_force:
            now.append(delegation)
        elif delegation.state == "not yet begun":
            ahead.append(delegation)
        else:
            past.append(delegation)
    return render(
        request,
        "accounts/delegation_list.html",
        {
            "now": now,
            "ahead": ahead,
            "past": past,
            "may_give": bool(person.authority.directs),
            "sees_all": permissions.may_see_all_delegations(person),
            "trail": trail("Delegations"),
        },
    )


def delegation_page(request: SignedInRequest, pk):
    """Show one delegation and what was decided under it."""
    delegation = get_object_or_404(_with_use(), pk=pk)
    require(permissions.may_see_delegation(request.user, delegation))
    rows = delegation.history.exclude(action__in=ABOUT_ITSELF).select_related("actor")
    return render(
        request,
        "accounts/delegation_page.html",
        {
            "delegation": delegation,
            "holds": Delegation.objects.in_force().filter(pk=pk).exists(),
            "used": rows[:200],
            "may_revoke": permissions.may_revoke(request.user, delegation)
            and delegation.state in ("in force", "not yet begun"),
            "trail": trail(("Delegations", "/delegations/"), f"{delegation.given_to}"),
        },
    )


@require_http_methods(["GET", "POST"])
def delegation_give(request: SignedInRequest):
    """Delegate approvals; warn once where the same two people share such a delegation already."""
    if not request.user.authority.directs:
        raise Refused("Only a Strategic Director can delegate the approvals of a directorate.")
    form = DelegationForm(request.POST if request.method == "POST" else None, by=request.user)
    overlaps = []
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        which = {name: facts[name] for name in ("given_to", "directorate", "starts_on", "ends_on")}
        overlaps = list(verbs.overlapping(by=request.user, **which))
        if not overlaps or request.POST.get("although") == "yes":
            try:
                delegation = verbs.give(by=request.user, **facts)
            except Invalid as invalid:
                overlaps = []
                invalid.put_on(form)
            else:
                messages.success(
                    request, f"{delegation.given_to} can now approve in your name. They get a letter."
                )
                return redirect("accounts:delegation-list")
    crumbs = trail(("Delegations", "/delegations/"), "Give a delegation")
    return render(
        request, "accounts/delegation_give.html", {"form": form, "overlaps": overlaps, "trail": crumbs}
    )


@require_http_methods(["GET", "POST"])
def delegation_revoke(request: SignedInRequest, pk):
    """Take a delegation back."""
    delegation = get_object_or_404(
        Delegation.objects.select_related("given_by", "given_to", "directorate"), pk=pk
    )
    require(permissions.may_see_delegation(request.user, delegation))
    require(permissions.may_revoke(request.user, delegation))
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.revoke(delegation, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"The delegation to {delegation.given_to} is revoked.")
        return redirect("accounts:delegation-list")
    crumbs = trail(("Delegations", "/delegations/"), "Revoke")
    return render(
        request, "accounts/delegation_revoke.html", {"form": form, "delegation": delegation, "trail": crumbs}
    )
