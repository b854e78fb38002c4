"""Plain pages for what cannot be done: not allowed, or no longer as it was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse(request: HttpRequest, reason: str, status: int = 403) -> HttpResponse:
    """Return a page with that status which gives the reason, one plain sentence."""
    return render(request, "govuk/refused.html", {"reason": reason, "status": status}, status=status)


def stale(request: HttpRequest, reason: str, back_url: str) -> HttpResponse:
    """Return a 409 page saying what changed meanwhile, with a link to the page as it is now.

    The sentences the person had typed stand on it, to be copied: going back may not bring them back.
    """
    context = {"reason": reason, "back_url": back_url, "typed": typed_in(request)}
    return render(request, "409.html", context, status=409)


def typed_in(request: HttpRequest) -> list[str]:
    """Return the texts of more than one word that were sent, each once; never a password."""
    texts = [
        text.strip()
        for name, values in request.POST.lists()
        if "password" not in name and "csrf" not in name
        for text in values
    ]
    return list(dict.fromkeys(text for text in texts if " " in text))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return a plain page for a form whose safety token is missing or old (CSRF_FAILURE_VIEW)."""
    return refuse(
        request,
        "This form was open for too long, or was sent from another page. Go back, reload the page and send "
        "it again.",
    )
