"""Coming in: the sign-in page, an invitation's link, and one click in the demo."""

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.demo import demo_people, is_demo
from accounts.forms.people import FirstPasswordForm
from accounts.verbs import people
from accounts.verbs.recipe import Invalid

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignInView(LoginView):
    """allauth's sign-in page, with the demo's people and the reason after a time-out."""

    def get_context_data(self, **kwargs):
        """Add what our template shows besides the form."""
        return {
            **super().get_context_data(**kwargs),
            "timed_out": "timed-out" in self.request.GET,
            "minutes": settings.TIME_OUT_MINUTES,
            "demo_people": demo_people(),
            "next": self.request.GET.get("next", "") or self.request.POST.get("next", ""),
        }


sign_in = SignInView.as_view()


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest):
    """Sign in as one of the demo council's people; does not exist outside the demo."""
    if not is_demo():
        raise Http404
    offered = {str(person.pk): person for person, _ in demo_people()}
    person = offered.get(request.POST.get("person", ""))
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return redirect(back)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token):
    """Let an invited person choose their password; opening the link uses nothing up."""
    invitation = people.invitation_of(token)
    if invitation is None:
        return render(request, "accounts/invitation_closed.html", status=410)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.accept(token, password=form.cleaned_data["password1"])
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            login(request, person, backend=BACKEND)
            messages.success(request, f"Welcome, {person.first_name}. Your password is set.")
            return redirect("/")
    return render(request, "accounts/invitation_accept.html", {"form": form, "person": invitation.person})
