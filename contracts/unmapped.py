"""Pages for contracts whose directorate is not known: grouped by what the register calls their department."""

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.verbs.recipe import Invalid, require
from contracts import permissions, verbs
from contracts.forms import DirectorateTextForm
from contracts.models import Contract, DirectorateMapping
from govuk.formats import plural
from spreadsheets.mapping import normal

SHOWN = 10


@require_safe
def unmapped_list(request) -> HttpResponse:
    """Show the department texts nobody has given a meaning, most contracts first."""
    require(permissions.may_map(request.user))
    counts: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    for text in Contract.objects.unmapped().order_by("number").values_list("directorate_text", flat=True):
        key = normal(text)
        counts[key] += 1
        spellings.setdefault(key, text)
    groups = [(spellings[key], count) for key, count in counts.most_common()]
    context = {
        "groups": [(text, count) for text, count in groups if normal(text)],
        "without_text": counts.get("", 0),
        "total": plural(counts.total(), "contract"),
        "texts": len(groups),
        "mappings": DirectorateMapping.objects.select_related("directorate", "department", "made_by"),
        "trail": _trail(),
    }
    return render(request, "contracts/unmapped_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unmapped_map(request) -> HttpResponse:
    """Ask which directorate a department text means, and move its contracts there."""
    require(permissions.may_map(request.user))
    text = (request.POST if request.method == "POST" else request.GET).get("text", "")[:250]
    if not normal(text):
        raise Http404
    texts = [one for one in verbs.texts_without_directorate() if normal(one) == normal(text)]
    waiting = Contract.objects.unmapped().filter(directorate_text__in=texts).order_by("title", "number")
    count = waiting.count()
    standing = DirectorateMapping.objects.filter(key=normal(text)[:250]).first()
    if not count and standing is None:
        raise Http404
    start = {"directorate": standing.directorate, "department": standing.department} if standing else None
    form = DirectorateTextForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            moved = verbs.set_directorate(
                text,
                form.cleaned_data["directorate"],
                by=request.user,
                department=form.cleaned_data["department"],
            )
        except Invalid as refusal:
            for field, sentence in refusal.errors:
                form.add_error(field or None, sentence)
        else:
            directorate = form.cleaned_data["directorate"]
            messages.success(
                request, f"“{text}” means {directorate}. {plural(moved, 'contract')} moved there."
            )
            return redirect("contracts:unmapped-list")
    context = {
        "form": form,
        "text": text,
        "count": count,
        "contracts": waiting[:SHOWN],
        "more": max(count - SHOWN, 0),
        "trail": _trail(text),
    }
    return render(request, "contracts/unmapped_map.html", context)


def _trail(text: str = "") -> list[tuple[str, str]]:
    trail = [("Home", "/"), ("Contracts", reverse("contracts:contract-list"))]
    if not text:
        return [*trail, ("Without a directorate", "")]
    return [*trail, ("Without a directorate", reverse("contracts:unmapped-list")), (text, "")]
