"""Pages of the statement for suppliers: the draft, keeping it, each one kept, and it as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.models import Contract, SupplierStatement
from contracts.stages import permissions, statements
from contracts.stages.forms import StatementForm
from contracts.stages.views import seen_contract, trail_of

FORMATS = {"txt": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}


@require_safe
def statement_draft(request: SignedInRequest, number: int) -> HttpResponse:
    """Show the statement as today's answers give it, what it leaves open, and those kept so far."""
    contract = seen_contract(request, number)
    require(permissions.may_read_answers(request.user, contract))
    draft = statements.draft_of(contract)
    form = StatementForm(
        initial={"introduction": statements.first_introduction(contract), "seen": draft.mark}
    )
    return _draft(request, contract, draft, form)


@require_POST
def statement_keep(request: SignedInRequest, number: int) -> HttpResponse:
    """Keep the statement as published; where an answer changed meanwhile show it anew, the typed kept."""
    contract = seen_contract(request, number)
    require(permissions.may_answer(request.user, contract))
    form, stale = StatementForm(request.POST), ""
    if form.is_valid():
        try:
            kept = statements.keep(contract, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as overtaken:
            stale = str(overtaken)
        else:
            messages.success(request, f"Statement {kept.number} is kept as it was published.")
            return redirect("contracts:statement-page", number, kept.number)
    draft = statements.draft_of(contract)
    if stale:
        # Keeping it again is then a choice made with the new text in view.
        data = request.POST.copy()
        data["seen"] = draft.mark
        form = StatementForm(data)
    return _draft(request, contract, draft, form, stale)


def _draft(
    request: SignedInRequest,
    contract: Contract,
    draft: statements.Draft,
    form: StatementForm,
    stale: str = "",
) -> HttpResponse:
    context = {
        "contract": contract,
        "draft": draft,
        "form": form,
        "stale": stale,
        "has_errors": bool(stale),
        "kept": contract.supplier_statements.select_related("made_by"),
        "may": permissions.may_answer(request.user, contract),
        "trail": trail_of(contract, ("Statement for suppliers", "")),
    }
    return render(request, "contracts/statement_draft.html", context, status=409 if stale else 200)


@require_safe
def statement_page(request: SignedInRequest, number: int, statement: int) -> HttpResponse:
    """Show a kept statement word for word; whoever sees the contract may read what was published."""
    contract = seen_contract(request, number)
    kept = _kept(contract, statement)
    context = {
        "contract": contract,
        "kept": kept,
        "content": kept.content,
        "others": contract.supplier_statements.exclude(pk=kept.pk),
        "may_read_draft": permissions.may_read_answers(request.user, contract),
        "trail": trail_of(contract, (f"Statement {kept.number} for suppliers", "")),
    }
    return render(request, "contracts/statement_page.html", context)


@require_safe
def statement_download(request: SignedInRequest, number: int, statement: int) -> HttpResponse:
    """Return a kept statement as plain text or as a bare HTML page, to be published with a tender."""
    contract = seen_contract(request, number)
    kept = _kept(contract, statement)
    kind = request.GET.get("format", "html")
    if kind not in FORMATS:
        raise Http404
    text = as_text(kept) if kind == "txt" else as_html(kept)
    response = HttpResponse(text, content_type=FORMATS[kind])
    name = slugify(kept.content["title"])[:60] or f"contract-{number}"
    response["Content-Disposition"] = f'attachment; filename="{name}-statement-{kept.number}.{kind}"'
    return response


def as_html(kept: SupplierStatement) -> str:
    """Return the statement as a page of its own, without anything from elsewhere."""
    return render_to_string("contracts/statement_download.html", _words(kept))


def as_text(kept: SupplierStatement) -> str:
    """Return the statement as plain text, which nothing in it can be more than."""
    return render_to_string("contracts/statement_download.txt", _words(kept))


def _words(kept: SupplierStatement) -> dict[str, Any]:
    return {"kept": kept, "content": kept.content}


def _kept(contract: Contract, statement: int) -> SupplierStatement:
    return get_object_or_404(contract.supplier_statements.select_related("made_by"), number=statement)
