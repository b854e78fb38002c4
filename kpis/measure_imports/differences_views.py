"""Pages of what an edition says otherwise than the one before."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import require
from kpis.library.models import Framework
from kpis.library.permissions import may_read
from kpis.measure_imports.differences import DOWNLOAD, differences
from spreadsheets.writing import csv_response


def _framework(request: SignedInRequest, pk: int) -> Framework:
    require(may_read(request.user))
    return get_object_or_404(Framework.objects.select_related("previous"), pk=pk)


@require_safe
def framework_differences(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is new, gone, reworded, revalued or counted otherwise since the edition before."""
    framework = _framework(request, pk)
    before = framework.previous
    context = {
        "framework": framework,
        "differences": differences(framework, before) if before else None,
        "trail": [
            ("Home", reverse("reporting:home")),
            ("Library", reverse("kpis:library")),
            (str(framework), framework.get_absolute_url()),
            ("What is different", ""),
        ],
    }
    return render(request, "kpis/framework_differences.html", context)


@require_safe
def framework_differences_download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download the differences, one line each."""
    framework = _framework(request, pk)
    found = differences(framework, framework.previous) if framework.previous else None
    return csv_response(f"{framework} differences", DOWNLOAD, found.lines() if found else [])
