"""One form, one outcome: a form sent twice, by a double click or the back button, is carried out once."""

import hashlib
import time

from django.core.cache import cache
from django.http import HttpResponseRedirect

# How long the outcome of a form is remembered, and how long a second click waits for the first.
REMEMBERED = 10 * 60
LONGEST_WAIT = 5.0
# Signing in and out, passwords and codes: nothing of them is remembered, and each attempt counts.
APART = ("/account/", "/invitation/")
AT_WORK = "at work"


class OnceMiddleware:
    """Answers the repeat of a form that was carried out with the page its first sending led to.

    A page's form carries a token of its own, so the same token with the same content from the same person is
    the same form again. Only what ended in a redirect is remembered: a form that came back with errors, or
    was refused, may be sent again as it is. Where the cache is away each sending is taken as it comes, and
    the verbs' locks and versions still hold.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Carry the form out, or lead to where its first sending led."""
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        if not cache.add(key, AT_WORK, REMEMBERED):
            led_to = outcome_of(key)
            if led_to:
                return HttpResponseRedirect(led_to)
        done = False
        try:
            response = self.get_response(request)
            done = response.status_code == 302
        finally:
            if not done:
                cache.delete(key)
        if done:
            cache.set(key, response["Location"], REMEMBERED)
        return response


def key_of(request) -> str | None:
    """Return what marks this very form of this person; None for what is not to be remembered."""
    if request.method != "POST" or request.path.startswith(APART) or not request.user.is_authenticated:
        return None
    if not request.POST.get("csrfmiddlewaretoken"):
        return None
    digest = hashlib.sha256(f"{request.user.pk} {request.get_full_path()}".encode())
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    return f"once-{digest.hexdigest()}"


def outcome_of(key: str) -> str | None:
    """Return where the first sending led, waiting a little while it is at work; None where it failed."""
    until = time.monotonic() + LONGEST_WAIT
    while (found := cache.get(key)) == AT_WORK and time.monotonic() < until:
        time.sleep(0.05)
    return None if found == AT_WORK else found
