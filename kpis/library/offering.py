"""Measures as a form's box offers them: under their edition wherever there are several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kpis.library.models import Measure


def by_edition(measures: Iterable[Measure], empty: str) -> list[Any]:
    """Return choices of the measures, `empty` first; they should come with their framework fetched."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for one in measures:
        groups.setdefault(str(one.framework), []).append((one.pk, str(one)))
    if len(groups) == 1:
        return [("", empty), *next(iter(groups.values()))]
    return [("", empty), *groups.items()]
