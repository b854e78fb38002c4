"""The page of the log of approvals, and its files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.models import Person
from accounts.requests import SignedInRequest
from contracts.models import Contract
from govuk import formats
from govuk.forms import GovukForm
from kpis.approvals.log import (
    Asked,
    Entry,
    directorates_for,
    entries_of,
    submissions_for,
    summary_of,
    with_everything,
    years_for,
)
from kpis.approvals.outcomes import Outcome
from spreadsheets.writing import csv_response, xlsx_response

PAGE = 50
# Header, kind of column, what stands in it.
COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("Contract number", "whole", lambda one: one.contract.pk),
    ("Contract", "text", lambda one: one.contract.title),
    ("Reference", "text", lambda one: one.contract.reference),
    ("Directorates", "text", lambda one: one.directorates),
    ("KPI set or exception", "text", lambda one: str(one.submission.kpi_set)),
    ("Submission", "whole", lambda one: one.submission.ordinal),
    ("Sent by", "text", lambda one: one.submission.submitted_by),
    ("Sent at", "datetime", lambda one: one.submission.submitted_at),
    ("Questions", "whole", lambda one: one.questions),
    ("Not answered", "whole", lambda one: one.unanswered if one.questions is not None else None),
    ("Outcome", "text", lambda one: one.outcome),
    ("Decided by", "text", lambda one: one.deciders),
    ("Authority", "text", lambda one: one.authority),
    ("Decided or ended at", "datetime", lambda one: None if one.waiting else one.closed_at),
    ("Waiting", "text", lambda one: one.waiting),
    ("Working days", "whole", lambda one: one.days),
    ("Not waited for an answer because", "text", lambda one: one.override),
    ("Version", "text", lambda one: one.submission.content_hash),
)


class LogForm(GovukForm):
    """What narrows the log; a value nobody offered counts as none."""

    mark_optional = False
    q = forms.CharField(label="Contract, supplier or reference", required=False, max_length=200)
    directorate = forms.ChoiceField(label="Directorate", required=False)
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "All"), *Outcome.choices])
    year = forms.ChoiceField(label="Sent in", required=False)
    mine = forms.BooleanField(label="Sent by me", required=False)
    contract = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data)
        directorate: Any = self.fields["directorate"]
        directorate.choices = [
            ("", "All"), *((str(one.pk), one.name) for one in directorates_for(person))
        ]  # fmt: skip
        year: Any = self.fields["year"]
        year.choices = [("", "Any year"), *years_for(person)]
        self.data = {name: text for name, text in self._known(data).items() if text}

    def _known(self, data: Any) -> dict[str, str]:
        """Return what was asked for, without what nobody offered."""
        known = {}
        for name, field in self.fields.items():
            text = str(data.get(name, "")).strip()[:200].replace("\x00", "")
            choices = {str(key) for key, _ in getattr(field, "choices", [])}
            known[name] = text if not choices or text in choices else ""
        if not (known["contract"].isascii() and known["contract"].isdigit() and len(known["contract"]) < 18):
            known["contract"] = ""
        return known

    @property
    def asked(self) -> Asked:
        """Return what was asked for."""
        said: Any = self.data
        return Asked(
            directorate=said.get("directorate", ""),
            q=said.get("q", ""),
            outcome=said.get("outcome", ""),
            year=said.get("year", ""),
            mine="mine" in said,
            contract=int(said["contract"]) if "contract" in said else None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the contract was asked for."""
        return bool(set(self.data) - {"contract"})


@require_safe
def approval_log(request: SignedInRequest) -> HttpResponseBase:
    """Show all that was sent for approval and what became of it, narrowed, by page or as a file."""
    person = request.user
    form = LogForm(request.GET, person=person)
    asked = form.asked
    contract = None
    if asked.contract is not None:
        contract = get_object_or_404(Contract.objects.visible_to(person), pk=asked.contract)
    rows = submissions_for(person, asked)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _file(entries_of(with_everything(rows), person), request.GET["format"])
    page = Paginator(with_everything(rows), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    summary = summary_of(rows)
    context = {
        "form": form,
        "contract": contract,
        "page_obj": page,
        "entries": entries_of(page.object_list, person),
        "summary": summary,
        "query": query.urlencode(),
        "trail": [("Home", "/"), ("Approvals", "/approvals/"), ("Log", "")],
    }
    return render(request, "kpis/approval_log.html", context)


def _file(entries: list[Entry], kind: str) -> HttpResponseBase:
    headers = [header for header, _, _ in COLUMNS]
    lines = ([cell(one) for _, _, cell in COLUMNS] for one in entries)
    name = f"Approval log {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, lines)
    kinds = [column for _, column, _ in COLUMNS]
    notes = [f"As at {formats.day(today())}."]
    return xlsx_response(name, "Approval log", headers, lines, kinds=kinds, notes=notes)
