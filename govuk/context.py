"""Gives every template the council's name, the service's name and the mark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def brand(request: HttpRequest) -> dict[str, Any]:
    """Return council_name, service_name, brand_mark and demo from settings."""
    return {
        "council_name": settings.COUNCIL_NAME,
        "service_name": settings.SERVICE_NAME,
        "brand_mark": settings.BRAND_MARK,
        "demo": settings.DEMO,
    }
