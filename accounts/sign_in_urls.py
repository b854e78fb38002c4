"""Addresses of signing in: those of django-allauth we use, the others closed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import include, path, re_path

from accounts.views import sign_in


@login_not_required
def closed(request, **_):
    """Answer 404: people are invited by an administrator, who also keeps their address."""
    raise Http404


urlpatterns = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed, name="account_confirm_email"),
    path("password/set/", closed, name="account_set_password"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
    path("", include("allauth.urls")),
]
