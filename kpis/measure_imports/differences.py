"""What one edition says otherwise than the edition before, measure by measure, found by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from govuk.formats import money
from kpis.library.models import Framework, Measure
from kpis.proxies.models import Proxy
from spreadsheets.mapping import normal

ADDED, REMOVED, REWORDED, REVALUED, REMEASURED = "added", "removed", "reworded", "revalued", "remeasured"
HEADS = (
    (ADDED, "New in this edition"),
    (REMOVED, "No longer in this edition"),
    (REVALUED, "Another £ value"),
    (REMEASURED, "Counted otherwise"),
    (REWORDED, "Other words"),
)
_PRICES = re.compile(r"\s*\([^()]*prices\)\s*$")
DOWNLOAD = ["What changed", "Code", "Measure", "Of what", "Before", "Now", "Change in %"]


@dataclass
class Change:
    """One thing that reads otherwise: its name, before, now, and by how much where it is £."""

    what: str
    was: str
    now: str
    percent: Decimal | None = None


@dataclass
class Difference:
    """One measure that is new, gone or changed."""

    kind: str
    measure: Measure
    changes: list[Change] = field(default_factory=list)


@dataclass
class Differences:
    """All of them, and how many measures stay word for word, penny for penny."""

    framework: Framework
    before: Framework
    found: dict[str, list[Difference]]
    same: int

    @property
    def sections(self) -> list[tuple[str, str, list[Difference]]]:
        """Return (kind, heading, differences) of the kinds there are."""
        return [(kind, head, self.found[kind]) for kind, head in HEADS if self.found[kind]]

    def lines(self) -> Iterator[list[Any]]:
        """Yield the lines of the download."""
        for kind, head in HEADS:
            for one in self.found[kind]:
                if not one.changes:
                    yield [head, one.measure.code, one.measure.title, "", "", "", None]
                for change in one.changes:
                    yield [
                        head, one.measure.code, one.measure.title, change.what, change.was, change.now,
                        change.percent,
                    ]  # fmt: skip


def _measures(framework: Framework) -> dict[str, Measure]:
    measures = Measure.objects.filter(framework=framework).select_related("theme", "outcome", "unit")
    found = measures.prefetch_related("proxies__values").order_by("theme__position", "code")
    return {measure.code.casefold(): measure for measure in found}


def differences(framework: Framework, before: Framework) -> Differences:
    """Return what `framework` says otherwise than `before`; codes are compared without regard to capitals."""
    old, new = _measures(before), _measures(framework)
    found: dict[str, list[Difference]] = {kind: [] for kind, _ in HEADS}
    same = 0
    for code, measure in new.items():
        if code not in old:
            found[ADDED].append(Difference(ADDED, measure))
            continue
        was = old[code]
        changed = {
            REVALUED: _values(was, measure),
            REMEASURED: _measured(was, measure),
            REWORDED: _worded(was, measure),
        }
        for kind, changes in changed.items():
            if changes:
                found[kind].append(Difference(kind, measure, changes))
        same += not any(changed.values())
    found[REMOVED] = [Difference(REMOVED, measure) for code, measure in old.items() if code not in new]
    return Differences(framework, before, found, same)


def _changes(pairs: list[tuple[str, str, str]]) -> list[Change]:
    return [Change(what, was, now) for what, was, now in pairs if was != now]


def _worded(was: Measure, now: Measure) -> list[Change]:
    """Return the words that differ; spaces and line ends alone are no difference."""
    pairs = [
        ("Title", was.title, now.title),
        ("Counting rule", was.counting_rule, now.counting_rule),
        ("Evidence expected", was.evidence_expected, now.evidence_expected),
        ("Theme", was.theme.title, now.theme.title),
        ("Outcome", was.outcome.title if was.outcome else "", now.outcome.title if now.outcome else ""),
    ]
    if was.counting_rule == was.title and now.counting_rule == now.title:
        # Its title is all there is of a rule: said once.
        pairs = [pair for pair in pairs if pair[0] != "Counting rule"]
    return _changes([(what, " ".join(a.split()), " ".join(b.split())) for what, a, b in pairs])


def _measured(was: Measure, now: Measure) -> list[Change]:
    return _changes(
        [
            ("Unit", was.unit.name, now.unit.name),
            ("Kind of figure", was.get_kind_display(), now.get_kind_display()),
            ("Which way is better", was.get_direction_display(), now.get_direction_display()),
            ("Above the line", was.numerator_name, now.numerator_name),
            ("Below the line", was.denominator_name, now.denominator_name),
            ("Only recorded", _yes(was.record_only), _yes(now.record_only)),
        ]
    )


def _yes(answer: bool) -> str:
    return "Yes" if answer else "No"


def _values(was: Measure, now: Measure) -> list[Change]:
    """Return the £ values that differ: those of one name, or the only ones there are."""
    old, new = _by_name(was), _by_name(now)
    if len(old) == len(new) == 1:
        new = {next(iter(old)): next(iter(new.values()))}
    found = []
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        said, says = _said(before), _said(after)
        if said == says:
            continue
        label = _PRICES.sub("", (after or before).name)  # type: ignore[union-attr]
        found.append(Change(f"£ value: {label}", said, says, _percent(_central(before), _central(after))))
    return found


def _by_name(measure: Measure) -> dict[str, Proxy]:
    """Return the £ values that stand: not withdrawn, and the newest of those replaced by another."""
    proxies = [proxy for proxy in measure.proxies.all() if proxy.withdrawn_at is None]
    replaced = {proxy.replaces_id for proxy in proxies}
    standing = [proxy for proxy in proxies if proxy.pk not in replaced]
    return {normal(_PRICES.sub("", proxy.name)): proxy for proxy in reversed(standing)}


def _central(proxy: Proxy | None) -> Decimal | None:
    """Return the £ for all years, None where it has a value for each year or there is none."""
    if proxy is None:
        return None
    return next((row.value for row in proxy.values.all() if row.year is None), None)


def _said(proxy: Proxy | None) -> str:
    if proxy is None:
        return "No £ value"
    parts = []
    for row in proxy.values.all():
        span = " to ".join(money(end) for end in (row.low, row.high) if end is not None)
        year = f"{row.year}: " if row.year else ""
        parts.append(f"{year}{money(row.value)}{f' ({span})' if span else ''}")
    return f"{'; '.join(parts)}, {proxy.price_year} prices"


def _percent(was: Decimal | None, now: Decimal | None) -> Decimal | None:
    """Return by how many per cent it rose; None where either is missing or it was £0."""
    if was is None or now is None or not was:
        return None
    return ((now - was) / abs(was) * 100).quantize(Decimal("0.1"))
