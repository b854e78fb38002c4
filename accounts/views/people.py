"""Pages about people: the list, one person, inviting, changing, deactivating."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions
from accounts.filters import PersonFilter
from accounts.forms.people import InviteForm, NoteForm, PersonForm
from accounts.history import history_of
from accounts.models import Appointment, Delegation, Person
from accounts.requests import SignedInRequest
from accounts.verbs import people as verbs
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from accounts.views.trail import administration, people, person_crumb, trail

PAGE = 50


def people_list(request: SignedInRequest):
    """Show people with the posts they hold today."""
    require(permissions.may_see_people(request.user))
    posts = Appointment.objects.in_force().select_related("directorate")
    found = PersonFilter(
        request.GET,
        queryset=Person.objects.select_related("invitation").prefetch_related(
            Prefetch("appointments", queryset=posts, to_attr="posts")
        ),
    )
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/people_list.html",
        {
            "filter": found,
            "page_obj": page,
            "filtered": any(request.GET.get(name) for name in found.filters),
            "may_administer": bool(permissions.may_administer(request.user)),
            "trail": trail(administration(), "People"),
        },
    )


def person_page(request: SignedInRequest, pk):
    """Show a person: details, posts past and present, delegations, history."""
    require(permissions.may_see_people(request.user))
    person = get_object_or_404(Person.objects.select_related("invitation"), pk=pk)
    posts = list(person.appointments.select_related("directorate", "made_by").order_by("-starts_on", "-pk"))
    in_posts = list(person.posts_held.select_related("post__directorate").order_by("-starts_on", "-pk"))
    in_now = [one.post_id for one in in_posts if one.is_in_force]
    delegations = Delegation.objects.filter(Q(given_to=person) | Q(given_by=person) | Q(post__in=in_now))
    may_administer = bool(permissions.may_administer(request.user))
    return render(
        request,
        "accounts/person_page.html",
        {
            "person": person,
            "invitation": getattr(person, "invitation", None),
            "posts_now": [post for post in posts if post.ends_on is None or not _is_over(post)],
            "posts_past": [post for post in posts if _is_over(post)],
            "named_posts_now": [one for one in in_posts if one.is_in_force or one.is_ahead],
            "named_posts_past": [one for one in in_posts if not one.is_in_force and not one.is_ahead],
            "delegations": delegations.with_people(),
            "history": history_of(person)[:100],
            "may_administer": may_administer,
            "may_appoint": permissions.may_appoint(request.user, person),
            "may_deactivate": permissions.may_deactivate(request.user, person),
            "may_reset_second_step": may_administer
            and permissions.may_reset_second_step(request.user, person)
            and verbs.has_second_step(person),
            "trail": trail(administration(), people(), str(person)),
        },
    )


def _is_over(post):
    return not post.is_in_force and not post.is_ahead


@require_http_methods(["GET", "POST"])
def person_invite(request: SignedInRequest):
    """Invite a person with their first post."""
    require(permissions.may_administer(request.user))
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = verbs.invite(by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(
                request, f"{person} is invited. The letter with the link goes to {person.email}."
            )
            return redirect("accounts:person-page", person.pk)
    context = {"form": form, "trail": trail(administration(), people(), "Invite a person")}
    return render(request, "accounts/person_invite.html", context)


@require_http_methods(["GET", "POST"])
def person_edit(request: SignedInRequest, pk):
    """Change a person's name, address or job title."""
    require(permissions.may_administer(request.user))
    person = get_object_or_404(Person, pk=pk)
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        instance=person,
        initial={"seen": mark_of(person, "people.edit")},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(person, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, mark_of(person, "people.edit"))
        else:
            messages.success(request, "The details are saved.")
            return redirect("accounts:person-page", person.pk)
    crumbs = trail(administration(), people(), person_crumb(person), "Change details")
    context = {"form": form, "person": person, "trail": crumbs}
    return render(request, "accounts/person_edit.html", context, status=status)


@require_POST
def person_invite_again(request: SignedInRequest, pk):
    """Send the invitation again."""
    require(permissions.may_administer(request.user))
    person = get_object_or_404(Person, pk=pk)
    try:
        verbs.invite_again(person, by=request.user)
    except Invalid as invalid:
        messages.error(request, str(invalid))
    else:
        messages.success(request, f"A new link goes to {person.email}. The old one no longer works.")
    return redirect("accounts:person-page", person.pk)


@require_POST
def person_reset_second_step(request: SignedInRequest, pk):
    """Take the second step off the account of somebody who lost phone and codes."""
    person = get_object_or_404(Person, pk=pk)
    verbs.reset_second_step(person, by=request.user)
    messages.success(request, f"{person} can now sign in with the password alone, and is told so by letter.")
    return redirect("accounts:person-page", person.pk)


@require_http_methods(["GET", "POST"])
def person_deactivate(request: SignedInRequest, pk):
    """Show what stops with a deactivation, and do it."""
    person = get_object_or_404(Person, pk=pk)
    require(permissions.may_deactivate(request.user, person))
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.deactivate(person, by=request.user, note=form.cleaned_data["note"])
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"{person} is deactivated and signed out.")
            return redirect("accounts:person-page", person.pk)
    crumbs = trail(administration(), people(), person_crumb(person), "Deactivate")
    context = {"form": form, "person": person, "stops": verbs.answers_for(person), "trail": crumbs}
    return render(request, "accounts/person_deactivate.html", context)


@require_http_methods(["GET", "POST"])
def person_reactivate(request: SignedInRequest, pk):
    """Let a person sign in again."""
    person = get_object_or_404(Person, pk=pk)
    require(permissions.may_deactivate(request.user, person))
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.reactivate(person, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"{person} can sign in again.")
        return redirect("accounts:person-page", person.pk)
    crumbs = trail(administration(), people(), person_crumb(person), "Reactivate")
    return render(
        request, "accounts/person_reactivate.html", {"form": form, "person": person, "trail": crumbs}
    )
