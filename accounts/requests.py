"""The request as views of the service get it: from a person who has signed in."""

from django.http import HttpRequest

from accounts.models import Person


class SignedInRequest(HttpRequest):
    """A request whose user is a Person: the middleware turns everybody else away before a view is reached."""

    # django-stubs says that anybody may be anonymous; behind LoginRequiredMiddleware nobody is.
    user: Person  # type: ignore[assignment]
