"""Pages about named posts: who holds which, what is delegated to them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions, warnings
from accounts.calendar import today
from accounts.forms.people import AppointmentEndForm
from accounts.forms.posts import PlaceForm, PostForm, PostNameForm
from accounts.history import history_of
from accounts.models import Delegation, Directorate, Post, PostHolding
from accounts.requests import SignedInRequest
from accounts.verbs import posts as verbs
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from accounts.views.trail import administration, post_crumb, posts, trail


def post_list(request: SignedInRequest):
    """Show posts with who holds them today, those in use first."""
    require(permissions.may_see_posts(request.user))
    in_force = Q(delegations__in=Delegation.objects.in_force())
    rows = (
        Post.objects.select_related("directorate")
        .with_holders()
        .annotate(delegated=Count("delegations", filter=in_force, distinct=True))
        .order_by("-is_active", "directorate__name", "title")
    )
    context = {
        "posts": rows,
        "may_keep": permissions.may_keep_posts(request.user),
        "trail": _trail(request, ("Named posts", "")),
    }
    return render(request, "accounts/post_list.html", context)


def post_page(request: SignedInRequest, pk):
    """Show a post: who held it when, the delegations it holds, its history."""
    person = request.user
    post = get_object_or_404(Post.objects.select_related("directorate").with_holders(), pk=pk)
    require(permissions.may_see_post(person, post))
    holdings = list(post.holdings.select_related("person", "made_by").order_by("-starts_on", "-pk"))
    for one in holdings:
        one.may_change = permissions.may_place(person, one.person)
    delegations = Delegation.objects.filter(post=post)
    if not permissions.may_see_all_delegations(person):
        delegations = delegations.filter(pk__in=Delegation.objects.seen_by(person).values("pk"))
    in_force = set(Delegation.objects.in_force().filter(post=post).values_list("pk", flat=True))
    readable = list(delegations.with_people())
    may_keep = permissions.may_keep_posts(person)
    return render(
        request,
        "accounts/post_page.html",
        {
            "post": post,
            "now": [one for one in holdings if one.is_in_force or one.is_ahead],
            "before": [one for one in holdings if not one.is_in_force and not one.is_ahead],
            "delegations_now": [one for one in readable if one.pk in in_force],
            "delegations_other": [one for one in readable if one.pk not in in_force],
            "may_keep": may_keep,
            "may_place": may_keep,
            "history": history_of(post)[:100] if may_keep else None,
            "trail": _trail(request, posts(), (str(post), "")),
        },
    )


@require_http_methods(["GET", "POST"])
def post_add(request: SignedInRequest):
    """Add a post."""
    require(permissions.may_keep_posts(request.user))
    # The directorate's page says which one.
    chosen = Directorate.objects.open().filter(slug=request.GET.get("directorate", "")).first()
    form = PostForm(request.POST if request.method == "POST" else None, initial={"directorate": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            post = verbs.add_post(by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"The post of {post} is added. Say who holds it.")
            return redirect("accounts:post-page", post.pk)
    context = {"form": form, "trail": _trail(request, posts(), ("Add a post", ""))}
    return render(request, "accounts/post_add.html", context)


@require_http_methods(["GET", "POST"])
def post_rename(request: SignedInRequest, pk):
    """Give a post another title."""
    require(permissions.may_keep_posts(request.user))
    post = get_object_or_404(Post, pk=pk)
    form = PostNameForm(
        request.POST if request.method == "POST" else None,
        initial={"title": post.title, "seen": mark_of(post, "posts.rename")},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.rename_post(post, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, mark_of(post, "posts.rename"))
        else:
            messages.success(request, "The title is saved.")
            return redirect("accounts:post-page", post.pk)
    crumbs = _trail(request, posts(), post_crumb(post), ("Rename", ""))
    return render(
        request, "accounts/post_rename.html", {"form": form, "post": post, "trail": crumbs}, status=status
    )


@require_POST
def post_close(request: SignedInRequest, pk):
    """Close a post nobody holds."""
    require(permissions.may_keep_posts(request.user))
    post = get_object_or_404(Post, pk=pk)
    try:
        verbs.close_post(post, by=request.user)
    except Invalid as invalid:
        messages.error(request, str(invalid))
    else:
        messages.success(request, f"The post of {post} is closed.")
    return redirect("accounts:post-page", pk)


@require_POST
def post_reopen(request: SignedInRequest, pk):
    """Take a closed post into use again."""
    require(permissions.may_keep_posts(request.user))
    post = verbs.reopen_post(get_object_or_404(Post, pk=pk), by=request.user)
    messages.success(request, f"The post of {post} is in use again.")
    return redirect("accounts:post-page", pk)


@require_http_methods(["GET", "POST"])
def post_place(request: SignedInRequest, pk):
    """Place a person in a post; that somebody else holds it is told once, and confirmed."""
    require(permissions.may_keep_posts(request.user))
    post = get_object_or_404(Post.objects.select_related("directorate").with_holders(), pk=pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, by=request.user)
    also: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            also = _also_held(post, form.cleaned_data)
            although = bool(also) and warnings.seal(also) == request.POST.get("although")
            holding = verbs.place(post, by=request.user, although=although, **form.cleaned_data)
        except verbs.HeldAlready:
            pass
        except Invalid as invalid:
            also = []
            invalid.put_on(form)
        else:
            messages.success(request, f"{holding.person} is placed in the post of {post}.")
            return redirect("accounts:post-page", post.pk)
    return render(
        request,
        "accounts/post_place.html",
        {
            "form": form,
            "post": post,
            "brings": Delegation.objects.running_between(today()).filter(post=post).with_people(),
            "warnings": also,
            "seal": warnings.seal(also),
            "trail": _trail(request, posts(), post_crumb(post), ("Place somebody", "")),
        },
    )


def _also_held(post: Post, facts: dict) -> list[str]:
    """Return who else holds the post in that time, in sentences."""
    meeting = PostHolding.objects.between(facts["starts_on"], facts["ends_on"]).filter(post=post)
    others = meeting.exclude(person=facts["person"]).select_related("person")
    return [f"{one.person} holds the post of {post} {verbs.span(one)}." for one in others]


@require_http_methods(["GET", "POST"])
def post_holding_end(request: SignedInRequest, pk):
    """Set the last day of somebody in a post, and say what they lose with it."""
    holding = get_object_or_404(PostHolding.objects.select_related("person", "post__directorate"), pk=pk)
    require(permissions.may_place(request.user, holding.person))
    form = AppointmentEndForm(
        request.POST if request.method == "POST" else None, initial={"ends_on": holding.ends_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.end_holding(holding, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"The last day of {holding.person} as {holding.post} is set.")
            return redirect("accounts:post-page", holding.post_id)
    others = [one for one in holding.post.holders if one.pk != holding.person_id]
    return render(
        request,
        "accounts/post_holding_end.html",
        {
            "form": form,
            "holding": holding,
            "lost": verbs.lost_with(holding),
            "others": others,
            "trail": _trail(request, posts(), post_crumb(holding.post), ("End", "")),
        },
    )


@require_POST
def post_holding_take_back(request: SignedInRequest, pk):
    """Undo a placing that begins today or later."""
    holding = get_object_or_404(PostHolding.objects.select_related("person", "post"), pk=pk)
    require(permissions.may_place(request.user, holding.person))
    verbs.take_back(holding, by=request.user)
    messages.success(request, f"{holding.person} is not placed in the post of {holding.post} after all.")
    return redirect("accounts:post-page", holding.post_id)


def _trail(request: SignedInRequest, *crumbs):
    """Return the trail: by Administration for who keeps posts, straight from Home for who only reads."""
    may_keep = permissions.may_keep_posts(request.user)
    first = [administration()] if may_keep else []
    # Who only holds one has no list to go back to.
    listed = [] if permissions.may_see_posts(request.user) else [posts()]
    return trail(*first, *(crumb for crumb in crumbs if crumb not in listed))
