"""Administrators' pages about letters: their words, and the outbox."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions
from accounts.filters import OutboxFilter
from accounts.forms.letters import LetterTextForm
from accounts.letters import KINDS, fill
from accounts.models import Letter, LetterTemplate
from accounts.requests import SignedInRequest
from accounts.verbs import letters as verbs
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from accounts.views.trail import administration, trail

TEXTS = ("Letter texts", "/administration/letters/")


def letter_text_list(request: SignedInRequest):
    """Show every kind of letter and whether its words are the council's own."""
    require(permissions.may_administer(request.user))
    own = {words.kind: words for words in LetterTemplate.objects.select_related("changed_by")}
    rows = sorted(((kind, own.get(kind.kind)) for kind in KINDS.values()), key=lambda row: row[0].purpose)
    context = {"rows": rows, "trail": trail(administration(), "Letter texts")}
    return render(request, "accounts/letter_text_list.html", context)


@require_http_methods(["GET", "POST"])
def letter_text_edit(request: SignedInRequest, kind):
    """Change the words of one kind of letter, with a preview."""
    require(permissions.may_administer(request.user))
    if kind not in KINDS:
        raise Http404
    known = KINDS[kind]
    own = LetterTemplate.objects.filter(kind=kind).select_related("changed_by").first()
    words = own or known
    form = LetterTextForm(
        request.POST if request.method == "POST" else None,
        initial={
            "subject": words.subject,
            "body": words.body,
            "seen": mark_of(own, "letters.reword") if own else 0,
        },
    )
    preview, status = None, 200
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            if "preview" in request.POST:
                verbs.check_words(kind, subject=facts["subject"], body=facts["body"])
                preview = fill(facts["subject"], facts["body"], _sample(request.user, known))
            else:
                verbs.reword(kind, by=request.user, **facts)
                messages.success(request, "The text is saved. Letters written from now on use it.")
                return redirect("accounts:letter-text-list")
        except Invalid as invalid:
            invalid.put_on(form)
        except Stale as stale:
            fresh = LetterTemplate.objects.filter(kind=kind).first()
            status = form.overtaken(stale, mark_of(fresh, "letters.reword") if fresh else 0)
    context = {
        "form": form,
        "kind": known,
        "own": own,
        "preview": preview,
        "trail": trail(administration(), TEXTS, known.purpose),
    }
    return render(request, "accounts/letter_text_edit.html", context, status=status)


def _sample(person, known):
    """Return a value for each placeholder: the real one where every letter has the same, else its name."""
    return {name: f"[{name.replace('_', ' ')}]" for name in known.placeholders} | {
        "name": person.first_name,
        "service": settings.SERVICE_NAME,
        "council": settings.COUNCIL_NAME,
        "site": settings.SITE_URL,
    }


@require_POST
def letter_text_restore(request: SignedInRequest, kind):
    """Use the text that came with the service again."""
    require(permissions.may_administer(request.user))
    if kind not in KINDS:
        raise Http404
    verbs.restore_default(kind, by=request.user)
    messages.success(request, "The letter has the text that came with the service again.")
    return redirect("accounts:letter-text-list")


def outbox(request: SignedInRequest):
    """Show letters that wait or failed, and those that left."""
    require(permissions.may_administer(request.user))
    letters = Letter.objects.select_related("to").defer("body")
    shown = OutboxFilter(request.GET, queryset=letters)
    rows = shown.qs if request.GET.get("state") and shown.is_valid() else letters.filter(sent_at=None)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"filter": shown, "page_obj": page, "trail": trail(administration(), "Outbox")}
    return render(request, "accounts/outbox.html", context)


@require_POST
def letter_send_again(request: SignedInRequest, pk):
    """Put a letter that was given up back into the outbox."""
    require(permissions.may_administer(request.user))
    letter = get_object_or_404(Letter, pk=pk)
    try:
        verbs.send_again(letter, by=request.user)
    except Invalid as invalid:
        messages.error(request, str(invalid))
    else:
        messages.success(request, f"The letter to {letter.to} is in the outbox again.")
    return redirect("accounts:outbox")
