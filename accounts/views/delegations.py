"""Pages about delegations: those in force and past, giving one, handing one on, taking one back."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import permissions, warnings
from accounts.calendar import today
from accounts.forms.delegations import DelegationForm, HandOnForm
from accounts.forms.people import NoteForm
from accounts.models import Delegation
from accounts.requests import SignedInRequest
from accounts.standing import reasons_against
from accounts.verbs import delegations as verbs
from accounts.verbs.recipe import Invalid, Refused, require
from accounts.views.trail import delegation_crumb, delegations, trail
from govuk.formats import day as show_day

# Giving, handing on and revoking carry the delegation too; what was decided under it is all else.
ABOUT_ITSELF = ("delegations.give", "delegations.hand-on", "delegations.revoke")
# A delegation that ends within so many days is named on its director's list.
SOON = dt.timedelta(days=30)


def _with_use():
    """Return delegations with their people, and how often and when last they were used: three queries."""
    used = ~Q(history__action__in=ABOUT_ITSELF) & Q(history__pk__isnull=False)
    return Delegation.objects.with_people().annotate(
        times_used=Count("history", filter=used), last_used=Max("history__at", filter=used)
    )


def delegation_list(request: SignedInRequest):
    """Show the delegations this person may read, those that hold first, and which end soon."""
    person = request.user
    found = _with_use()
    if not permissions.may_see_all_delegations(person):
        # By key: a join on the holders of posts would count each use once for each of them.
        found = found.filter(pk__in=Delegation.objects.seen_by(person).values("pk"))
    in_force = set(Delegation.objects.in_force().values_list("pk", flat=True))
    now, ahead, past = [], [], []
    for delegation in found:
        if delegation.pk in in_force:
            now.append(delegation)
        elif delegation.state == "not yet begun":
            ahead.append(delegation)
        else:
            # Its own dates run, but not the authority it came from, or nobody is in the post.
            delegation.without_effect = delegation.state == "in force"
            past.append(delegation)
    mine = [
        one for one in now if person.pk == one.given_by_id or one.directorate_id in person.authority.directs
    ]
    return render(
        request,
        "accounts/delegation_list.html",
        {
            "now": now,
            "ahead": ahead,
            "past": past,
            "ending": sorted(
                (one for one in mine if one.ends_on and one.ends_on <= today() + SOON),
                key=lambda one: one.ends_on,
            ),
            "may_give": bool(person.authority.directs),
            "may_read_in_my_name": permissions.may_read_in_my_name(person),
            "may_see_posts": permissions.may_see_posts(person),
            "sees_all": permissions.may_see_all_delegations(person),
            "trail": trail("Delegations"),
        },
    )


def delegation_page(request: SignedInRequest, pk):
    """Show one delegation: how it stands and why, and what was decided under it."""
    person = request.user
    delegation = get_object_or_404(_with_use(), pk=pk)
    require(permissions.may_see_delegation(person, delegation))
    rows = delegation.history.exclude(action__in=ABOUT_ITSELF).select_related("actor")
    parent = delegation.under
    return render(
        request,
        "accounts/delegation_page.html",
        {
            "delegation": delegation,
            "against": reasons_against(delegation),
            "used": rows[:200],
            "handed_on": Delegation.objects.filter(under=delegation).with_people(),
            "parent": parent,
            "may_see_parent": parent and permissions.may_see_delegation(person, parent),
            "may_see_post": delegation.post and permissions.may_see_post(person, delegation.post),
            "may_hand_on": permissions.may_hand_on(person, delegation),
            "says_why_not": settings.ONWARD_DELEGATION,
            "may_revoke": permissions.may_revoke(person, delegation)
            and delegation.state in ("in force", "not yet begun"),
            "trail": trail(delegations(), str(delegation.holder)),
        },
    )


@require_http_methods(["GET", "POST"])
def delegation_give(request: SignedInRequest):
    """Delegate approvals; what such a delegation meets is told once, and confirmed."""
    if not request.user.authority.directs:
        raise Refused("Only a Strategic Director can delegate the approvals of a directorate.")
    form = DelegationForm(request.POST if request.method == "POST" else None, by=request.user)
    found: list[str] = []
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        found = _warnings(request, facts, facts["directorate"])
        if warnings.seal(found) == request.POST.get("although", ""):
            try:
                delegation = verbs.give(by=request.user, **facts)
            except Invalid as invalid:
                found = []
                invalid.put_on(form)
            else:
                messages.success(request, _given(delegation))
                return redirect("accounts:delegation-list")
    crumbs = trail(delegations(), "Give a delegation")
    context = {"form": form, "warnings": found, "seal": warnings.seal(found), "trail": crumbs}
    return render(request, "accounts/delegation_give.html", context)


@require_http_methods(["GET", "POST"])
def delegation_hand_on(request: SignedInRequest, pk):
    """Hand on a delegation one holds, where the council allows that."""
    parent = get_object_or_404(Delegation.objects.with_people(), pk=pk)
    require(permissions.may_see_delegation(request.user, parent))
    require(permissions.may_hand_on(request.user, parent))
    form = HandOnForm(request.POST if request.method == "POST" else None, by=request.user, parent=parent)
    found: list[str] = []
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        found = _warnings(request, facts, parent.directorate)
        if warnings.seal(found) == request.POST.get("although", ""):
            try:
                delegation = verbs.hand_on(parent, by=request.user, **facts)
            except Invalid as invalid:
                found = []
                invalid.put_on(form)
            else:
                messages.success(request, _given(delegation))
                return redirect("accounts:delegation-page", delegation.pk)
    crumbs = trail(delegations(), delegation_crumb(parent), "Hand on")
    context = {
        "form": form,
        "parent": parent,
        "warnings": found,
        "seal": warnings.seal(found),
        "trail": crumbs,
    }
    return render(request, "accounts/delegation_hand_on.html", context)


def _warnings(request: SignedInRequest, facts: dict, directorate) -> list[str]:
    names = ("given_to", "post", "starts_on", "ends_on")
    return warnings.of_delegation(
        by=request.user, directorate=directorate, **{name: facts[name] for name in names}
    )


def _given(delegation: Delegation) -> str:
    """Return what is said once it is given: who may approve, and who gets a letter."""
    holders = delegation.holders
    name = delegation.in_the_name_of
    if not holders:
        return (
            f"Whoever comes to hold the post of {delegation.post} can approve in the name of {name}. "
            "They get a letter then."
        )
    who = " and ".join(str(person) for person in holders)
    since = "now" if delegation.starts_on <= today() else f"from {show_day(delegation.starts_on)}"
    return f"{who} can approve in the name of {name} {since}. They get a letter."


@require_http_methods(["GET", "POST"])
def delegation_revoke(request: SignedInRequest, pk):
    """Take a delegation back."""
    delegation = get_object_or_404(Delegation.objects.with_people(), pk=pk)
    require(permissions.may_see_delegation(request.user, delegation))
    require(permissions.may_revoke(request.user, delegation))
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.revoke(delegation, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"The delegation to {delegation.holder} is revoked.")
        return redirect("accounts:delegation-list")
    crumbs = trail(delegations(), delegation_crumb(delegation), "Revoke")
    context = {
        "form": form,
        "delegation": delegation,
        "handed_on": Delegation.objects.running_between(today()).filter(under=delegation).with_people(),
        "trail": crumbs,
    }
    return render(request, "accounts/delegation_revoke.html", context)
