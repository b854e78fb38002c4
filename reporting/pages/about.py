"""The pages about this service: accessibility, cookies, privacy. Open to everybody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def _page(request: HttpRequest, template: str, title: str) -> HttpResponse:
    context = {
        "trail": [("Home", "/"), (title, "")],
        "contact": settings.CONTACT_EMAIL,
        "site": settings.SITE_URL,
        "minutes": settings.TIME_OUT_MINUTES,
        "small_number": settings.SMALL_NUMBER,
    }
    return render(request, template, context)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return _page(request, "reporting/accessibility.html", "Accessibility statement")


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Show which cookies are set."""
    return _page(request, "reporting/cookies.html", "Cookies")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is kept about people."""
    return _page(request, "reporting/privacy.html", "Privacy")
