"""A person's own pages: what they hold, how they sign in, the letters they got."""

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from accounts import permissions
from accounts.models import Delegation, PostHolding
from accounts.requests import SignedInRequest
from accounts.views.trail import trail


def my_account(request: SignedInRequest):
    """Show what this person holds and how they sign in."""
    person = request.user
    types = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return render(
        request,
        "accounts/my_account.html",
        {
            "posts": person.authority.appointments,
            "held": person.authority.delegations,
            "named_posts": PostHolding.objects.in_force()
            .filter(person=person)
            .select_related("post__directorate"),
            "given": Delegation.objects.in_force().filter(given_by=person).with_people(),
            "may_read_in_my_name": permissions.may_read_in_my_name(person),
            "second_step": Authenticator.Type.TOTP in types,
            "has_password": person.has_usable_password(),
            "trail": trail("My account"),
        },
    )


def my_letters(request: SignedInRequest):
    """Show the letters this person got, newest first."""
    page = Paginator(request.user.letters.defer("body"), 50).get_page(request.GET.get("page"))
    return render(request, "accounts/my_letters.html", {"page_obj": page, "trail": trail("My letters")})


def letter_page(request: SignedInRequest, pk):
    """Show one of this person's own letters."""
    letter = get_object_or_404(request.user.letters, pk=pk)
    crumbs = trail(("My letters", "/letters/"), letter.subject)
    return render(request, "accounts/letter_page.html", {"letter": letter, "trail": crumbs})
