"""KPIs as notices name them: what was agreed, and what was assessed since."""

from __future__ import annotations

from typing import Any

from contracts.notices.compiling import at, leaf, rows
from contracts.notices.texts import amount_of, clean, cut, day_of, line
from govuk.formats import day as show_day
from govuk.formats import money
from spreadsheets.values import CellError

# The words of the Procurement Regulations 2024, regulation 39(5), by their OCDS codes.
RATINGS = {
    "met": "Good",
    "slightlybelow": "Approaching target",
    "below": "Requires improvement",
    "significantlybelow": "Inadequate",
    "other": "Other",
}
MOST = 60


def kpis_of(contract: Any, award: Any) -> list[dict[str, Any]]:
    """Return the KPIs named for a contract: title, description, targets, and published ratings of each.

    Nothing of them becomes a KPI here: those are proposed and approved by people.
    """
    found: dict[str, dict[str, Any]] = {}
    for holder in (contract, award):
        for key, one in rows(holder, "agreedMetrics").items():
            kpi = found.setdefault(key, _kpi(one))
            kpi["agreed"] = True
            kpi["targets"] = kpi["targets"] or _observed(one)
    for key, one in rows(at(contract, "implementation"), "metrics").items():
        title = _text(one, "title")
        same = found.get(key) or next(
            (kpi for kpi in found.values() if title and kpi["title"] == title), None
        )
        kpi = same if same is not None else found.setdefault(key, _kpi(one))
        kpi["ratings"] += _observed(one)
    return list(found.values())[:MOST]


def _kpi(node: Any) -> dict[str, Any]:
    title, description = _text(node, "title"), leaf(node, "description")
    return {
        "title": cut(title or "A KPI without a title", 300),
        "description": cut(clean(description.value), 2000) if description else "",
        "agreed": False,
        "targets": [],
        "ratings": [],
    }


def _observed(node: Any) -> list[str]:
    """Return observations in words: "10 apprentices, 1 April 2026 to 31 March 2027"."""
    found = []
    for one in list(rows(node, "observations").values())[:MOST]:
        parts = [_measure(one), _period(one), _text(one, "notes")]
        rating = leaf(one, "measureClassification", "id")
        if rating:
            words = RATINGS.get(line(rating.value).lower()) or _text(
                one, "measureClassification", "description"
            )
            parts.insert(0, words or line(rating.value))
        text = ", ".join(part for part in parts if part)
        if text:
            found.append(cut(text, 300))
    return found


def _measure(node: Any) -> str:
    measure, unit = _text(node, "measure"), _text(node, "unit", "name")
    amount = leaf(node, "value", "amount")
    if not measure and amount:
        try:
            return money(amount_of(amount.value))
        except CellError:
            return line(amount.value)
    return f"{measure} {unit}".strip() if measure else ""


def _period(node: Any) -> str:
    days = []
    for name in ("startDate", "endDate"):
        told = leaf(node, "period", name)
        try:
            day = day_of(told.value) if told else None
        except CellError:
            day = None
        days.append(show_day(day) if day else "")
    start, end = days
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"to {end}" if end else ""


def _text(node: Any, *path: str) -> str:
    found = leaf(node, *path)
    return line(found.value) if found else ""


def names_of(kpis: list[dict[str, Any]]) -> str:
    """Return the first three titles, and how many more there are."""
    names = "; ".join(cut(one["title"], 80) for one in kpis[:3])
    return names if len(kpis) <= 3 else f"{names}; and {len(kpis) - 3} more"
