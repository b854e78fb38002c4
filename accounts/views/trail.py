"""Breadcrumbs of this floor."""

from django.urls import reverse


def trail(*crumbs):
    """Return [(label, address), ...] from Home to this page; a crumb without an address is this page."""
    return [("Home", "/"), *((crumb, "") if isinstance(crumb, str) else crumb for crumb in crumbs)]


def administration():
    """Return the crumb of the administration page."""
    return ("Administration", reverse("accounts:administration"))


def people():
    """Return the crumb of the list of people."""
    return ("People", reverse("accounts:people-list"))


def person_crumb(person):
    """Return the crumb of a person's page."""
    return (str(person), reverse("accounts:person-page", args=[person.pk]))


def delegations():
    """Return the crumb of the list of delegations."""
    return ("Delegations", reverse("accounts:delegation-list"))


def delegation_crumb(delegation):
    """Return the crumb of a delegation's page."""
    return (str(delegation.holder), reverse("accounts:delegation-page", args=[delegation.pk]))


def posts():
    """Return the crumb of the list of named posts."""
    return ("Named posts", reverse("accounts:post-list"))


def post_crumb(post):
    """Return the crumb of a post's page."""
    return (str(post), reverse("accounts:post-page", args=[post.pk]))
