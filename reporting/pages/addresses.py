"""Addresses by name, for lists that link to many floors."""

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """Return the address of a named page, or "" where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
