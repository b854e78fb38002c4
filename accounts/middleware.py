"""What happens around every page: the time-out, and plain pages for what a verb refused."""

import logging
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.db import DataError, IntegrityError, OperationalError
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.verbs.recipe import Refused, Stale
from govuk.refusals import refuse, stale

log = logging.getLogger("socialvalue.refusals")
# https://www.postgresql.org/docs/15/errcodes-appendix.html
DEADLOCK_DETECTED = "40P01"
MET = (
    "Somebody else saved the same thing in the same moment, so nothing of yours was saved. "
    "Look at what stands now, then try again."
)


class TimeOutMiddleware:
    """Signs a person out who has opened no page for `TIME_OUT_MINUTES`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Sign out where too long has passed; note the time at most once a minute (writes are dear)."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        seen = request.session.get("last_seen", now)
        if now - seen > settings.TIME_OUT_MINUTES * 60:
            logout(request)
            # Only a page that was being read can be opened again after signing in.
            back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
            return redirect(f"{reverse('account_login')}?{urlencode({'timed-out': 1, 'next': back})}")
        if now - seen >= 60 or "last_seen" not in request.session:
            request.session["last_seen"] = now
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # What one person saw must not come back from a shared computer's memory after signing out.
            response["Cache-Control"] = "private, no-store"
        return response


def _each_waited_for_the_other(exception):
    """Return whether PostgreSQL gave this change up to let another one through; nothing of it was kept."""
    return (
        isinstance(exception, OperationalError)
        and getattr(exception.__cause__, "pgcode", None) == DEADLOCK_DETECTED
    )


class RefusalMiddleware:
    """Turns a verb's refusal into a plain page instead of a server error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return 403 for Refused, 409 for Stale and what the database won't hold twice; leave the rest.

        A number no database column holds, which only a forged form sends, is a request one can't read: 400.
        """
        if isinstance(exception, Refused):
            return refuse(request, str(exception))
        if isinstance(exception, Stale):
            return stale(request, str(exception), request.path)
        if isinstance(exception, IntegrityError) or _each_waited_for_the_other(exception):
            # What a verb looked for was not there yet, or two verbs took the same rows in another order.
            log.error("Two changes met at %s", request.path, exc_info=exception)
            return stale(request, MET, request.path)
        if isinstance(exception, OverflowError | DataError):
            log.error("A number out of bounds came to %s", request.path, exc_info=exception)
            return render(request, "400.html", status=400)
        return None
