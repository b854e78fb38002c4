"""The gap register: live contracts with no or weak KPIs, why, who acts and the next chance."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from contracts.models import Contract
from govuk.formats import day as show_day
from govuk.formats import figure, plural
from kpis.gaps.files import as_file
from kpis.gaps.forms import ListForm, all_of
from kpis.gaps.models import GapNote
from kpis.gaps.permissions import may_start
from kpis.gaps.rows import Row, live_contracts, weak_rows
from kpis.gaps.weakness import GAP, KINDS, WEAK

PAGE = 25
# What is to be answered is shown unless something else is asked for.
SAID: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("", "All still open", lambda row: not row.is_settled),
    ("no", "Nobody has said", lambda row: row.note is None),
    ("yes", "Somebody has said", lambda row: row.note is not None and not row.is_settled),
    ("late", "Said, and the date has passed", lambda row: row.is_late and not row.is_settled),
    ("settled", "Right as they are", lambda row: row.is_settled),
)
SORTS: dict[str, Callable[[Row], object]] = {
    "title": lambda row: row.contract.title.casefold(),
    "value": lambda row: row.contract.whole_value,
    "chance": lambda row: row.chance.act_by if row.chance else None,
    "by": lambda row: row.note.by_when if row.note else None,
}
COLUMNS: tuple[tuple[str, str, Callable[[Row], object]], ...] = (
    ("Number", "whole", lambda row: row.contract.number),
    ("Reference", "text", lambda row: row.contract.reference),
    ("Contract", "text", lambda row: row.contract.title),
    ("Supplier", "text", lambda row: row.contract.supplier_names),
    ("Directorate", "text", lambda row: row.contract.directorate),
    ("Value (£)", "money", lambda row: row.contract.value),
    (
        "Value is for",
        "text",
        lambda row: row.contract.get_value_basis_display() if row.contract.value else "",
    ),
    ("Counts as", "text", lambda row: "Gap" if row.is_gap else "Weak"),
    ("What is wrong", "text", lambda row: " ".join(one.sentence for one in row.found)),
    ("Why", "text", lambda row: row.note.get_reason_display() if row.note else "Nobody has said"),
    ("In their words", "text", lambda row: row.words),
    ("Next step", "text", lambda row: row.note.get_next_step_display() if row.note else ""),
    ("Who", "text", lambda row: row.who),
    ("By", "date", lambda row: row.note.by_when if row.note else None),
    ("Said by", "text", lambda row: row.note.made_by if row.note else ""),
    ("Said at", "datetime", lambda row: row.note.made_at if row.note else None),
    ("Next chance", "text", lambda row: row.chance.kind_label if row.chance else ""),
    ("On", "date", lambda row: row.chance.on if row.chance else None),
    ("Act by", "date", lambda row: row.chance.act_by if row.chance else None),
)


@require_safe
def gap_register(request: SignedInRequest) -> HttpResponseBase:
    """Show the live contracts with a gap or weak KPIs that a person may see: narrowed, sorted, downloaded."""
    person, day = request.user, today()
    every = weak_rows(person, day)
    form = _filters(request, every)
    rows = sorted_rows([row for row in every if fits(row, form.asked)], request.GET.get("sort", ""))
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file("Gap register", COLUMNS, rows, request.GET["format"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    # Nothing to say of contracts where there are none is not the same as all being well with them.
    live = bool(every) or live_contracts(person, day).exists()
    context = {
        "form": form,
        "page_obj": page,
        "live": live,
        "sentence": sentence(every) if live else "You see no live contract with a directorate.",
        "count": plural(len(rows), "contract"),
        "any": bool(every),
        "query": query.urlencode(),
        "kinds": KINDS.values(),
        "unmapped": Contract.objects.visible_to(person).live_on(day).unmapped().count()
        if person.authority.sees_everything
        else 0,
        "may_start": may_start(person),
        "trail": [("Home", "/"), ("Contracts", "/contracts/"), ("Gap register", "")],
    }
    return render(request, "kpis/gap_register.html", context)


def _filters(request: SignedInRequest, every: list[Row]) -> ListForm:
    directorates = {row.contract.directorate_id: str(row.contract.directorate) for row in every}
    present = {one.code for row in every for one in row.found}
    return ListForm(
        request.GET,
        directorate=("Directorate", all_of(directorates)),
        kind=(
            "What is wrong",
            [
                ("", "Anything"), (GAP, "No KPIs in force"), (WEAK, "Weak KPIs"),
                *((kind.code, kind.word) for kind in KINDS.values() if kind.code in present),
            ],
        ),
        said=("Why", [(key, label) for key, label, _ in SAID]),
        step=("Next step", [("", "Any"), *GapNote.NextStep.choices]),
    )  # fmt: skip


def fits(row: Row, asked: dict[str, str]) -> bool:
    """Return whether the row is among those asked for."""
    kind = asked["kind"]
    is_kind = {"": True, GAP: row.is_gap, WEAK: not row.is_gap}.get(
        kind, any(one.code == kind for one in row.found)
    )
    said = next(test for key, _, test in SAID if key == asked["said"])
    return (
        is_kind
        and said(row)
        and asked["directorate"] in ("", str(row.contract.directorate_id))
        and (not asked["step"] or (row.note is not None and row.note.next_step == asked["step"]))
    )


def sorted_rows(rows: list[Row], asked: str) -> list[Row]:
    """Return the rows in the order asked for, blanks last; gaps first, the largest first, where none is."""
    rows = sorted(rows, key=lambda row: row.contract.number)
    key = SORTS.get(asked.removeprefix("-"))
    if key is None:
        worst = list(KINDS)
        return sorted(
            rows,
            key=lambda row: (
                not row.is_gap,
                -(row.contract.whole_value or Decimal(0)),
                worst.index(row.main.code),
            ),
        )
    known = [row for row in rows if key(row) is not None]
    known.sort(key=key, reverse=asked.startswith("-"))  # type: ignore[arg-type]
    return known + [row for row in rows if key(row) is None]


def sentence(every: list[Row]) -> str:
    """Return in words how things stand with what is still open."""
    rows = [row for row in every if not row.is_settled]
    gaps = sum(row.is_gap for row in rows)
    weak = len(rows) - gaps
    if not rows:
        return (
            "Every live contract you can see has KPIs in force, an approved exception or a recorded reason "
            "for having none."
        )
    parts = []
    if gaps:
        parts.append(
            f"{plural(gaps, 'live contract has', 'live contracts have')} no KPIs in force, and nothing is "
            f"reported for {'it' if gaps == 1 else 'them'}."
        )
    if weak:
        parts.append(f"{plural(weak, 'contract has', 'contracts have')} weak ones.")
    unsaid = sum(row.note is None for row in rows)
    parts.append(
        f"Nobody has said why for {figure(unsaid)} of {figure(len(rows))}."
        if unsaid
        else "Somebody has said why for each of them."
    )
    if late := sum(row.is_late for row in rows):
        parts.append(f"{plural(late, 'date has', 'dates have')} passed by which something was to be done.")
    passed = [row.chance for row in rows if row.chance]
    if passed:
        first = min(passed, key=lambda one: one.act_by)
        parts.append(f"The next chance is {first.contract.title}: act by {show_day(first.act_by)}.")
    return " ".join(parts)
