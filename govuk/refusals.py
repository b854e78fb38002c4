"""Plain pages for what cannot be done: not allowed, or no longer as it was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse(request: HttpRequest, reason: str, status: int = 403) -> HttpResponse:
    """Return a page with that status which gives the reason, one plain sentence."""
    return render(request, "govuk/refused.html", {"reason": reason, "status": status}, status=status)


def stale(request: HttpRequest, reason: str, back_url: str) -> HttpResponse:
    """Return a 409 page saying what changed meanwhile, with a link to the page as it is now."""
    return render(request, "409.html", {"reason": reason, "back_url": back_url}, status=409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return a plain page for a form whose safety token is missing or old (CSRF_FAILURE_VIEW)."""
    return refuse(
        request,
        "This form was open for too long, or was sent from another page. Go back, reload the page and send "
        "it again.",
    )
