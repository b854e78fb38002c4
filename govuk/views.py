"""Serves the brand as a style sheet and a small picture, so that no page needs an inline style."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def brand_colour() -> str:
    """Return BRAND_COLOUR, which must be six hexadecimal digits after a #."""
    colour = str(settings.BRAND_COLOUR)
    if not HEX_COLOUR.fullmatch(colour):
        raise ImproperlyConfigured("BRAND_COLOUR must look like #0b5563.")
    return colour


def darker(colour: str) -> str:
    """Return the colour at 70% of its light, for links under the pointer."""
    channels = (int(colour[i : i + 2], 16) * 7 // 10 for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the brand's custom properties; it wants no session and may be cached by anybody."""
    colour = brand_colour()
    body = (
        ":root{"
        f"--app-brand:{colour};--app-brand-dark:{darker(colour)};"
        f"--govuk-brand-colour:{colour};--govuk-link-colour:{colour};--govuk-link-hover-colour:{darker(colour)}"
        "}\n"
    )
    return HttpResponse(body, content_type="text/css; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def brand_mark(request: HttpRequest) -> HttpResponse:
    """Return the council's letters on its colour, for the browser's tab."""
    return render(
        request,
        "govuk/mark.svg",
        {"colour": brand_colour(), "letters": str(settings.BRAND_MARK)[:3]},
        content_type="image/svg+xml",
    )
