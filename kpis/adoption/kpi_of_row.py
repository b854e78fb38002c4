"""The KPI that a row promises: its measure or its own words, unit, target, months; checked like any other."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.calendar import first_of_month, months_between
from contracts.models import Contract
from kpis.adoption.matching import Library
from kpis.library.models import Across, Cohort, Direction, Kind, Measure, RollUp, Unit
from kpis.measure_imports.cells import text_key
from kpis.measure_imports.meanings import KIND_OF_UNIT, NEW, Meanings, words_of
from kpis.proposals import targets
from kpis.proposals.checks import check_terms
from kpis.proposals.content import number
from kpis.proposals.models import KPI, KPISet, KPITerms
from kpis.proposals.months import usual_last_month
from spreadsheets.mapping import normal

if TYPE_CHECKING:
    from kpis.adoption.plan import PlannedRow

RULE = "As the signed contract says."
EVIDENCE = "As the signed contract says."
_CODED = re.compile(r"^(?P<code>[A-Za-z]{1,6}[-. ]?[0-9]{1,4}[a-z]?)\s*[:\-–—]\s+(?P<rest>\S.*)$")


@dataclass
class Made:
    """One KPI as it will be written."""

    measure: Measure
    terms: KPITerms
    # What a measure of its own is written with; empty for one of the library's.
    own: dict[str, Any] = field(default_factory=dict)
    cohort: Cohort | None = None

    @property
    def key(self) -> object:
        """Return what is the same for the same KPI of one contract."""
        return ("own", normal(self.own["title"])) if self.own else self.measure.pk

    def as_json(self) -> dict[str, Any]:
        """Return it as kept until it is applied."""
        terms = self.terms
        return {
            "measure": None if self.own else self.measure.pk,
            "own": self.own,
            "title": terms.title,
            "target": number(terms.target),
            "starts": f"{terms.starts_month:%Y-%m-%d}",
            "ends": f"{terms.ends_month:%Y-%m-%d}",
            "baseline": number(terms.baseline),
            "cohort": self.cohort.pk if self.cohort else None,
            "rule": terms.counting_rule,
            "evidence": terms.evidence_expected,
            "why": terms.why,
        }


def kpi_of_row(planned: PlannedRow, contract: Contract, library: Library, meanings: Meanings) -> Made | None:
    """Return the KPI of a row; what stands in the way is put on the row as reasons, and None returned."""
    row = planned.row
    assert row is not None
    text, code = row.read["kpi"], row.read["code"]
    unit_text = _unit_text(planned)
    measure, why = _measure(contract, text, code, library)
    if why:
        planned.reasons.append(why)
        return None
    if measure is not None and not _agrees(measure, unit_text, meanings):
        planned.warnings.append(
            f"“{unit_text}” is not what {measure.code} {measure.title} is counted in "
            f"({measure.unit.name}), so it "
            "stands in the contract’s own words."
        )
        measure = None
        text = text or code
    own: dict[str, Any] = {}
    if measure is None:
        measure, own = _own(planned, text, unit_text, meanings)
        planned.warnings.append(
            "No measure of the library fits for certain: it stands in the contract’s own words."
        )
    months = _months(planned, contract)
    if months is None:
        return None
    amount = _amount(planned, measure)
    cohort = library.cohorts.get(normal(row.read["group"])) if row.read["group"] else None
    if row.read["group"] and cohort is None:
        planned.warnings.append(
            f"“{row.read['group'][:60]}” is no group of people we know: it stands in the notes."
        )
    terms = KPITerms(
        kpi_set=KPISet(contract=contract, effective_month=months[0]),
        kpi=KPI(
            contract=contract,
            measure=measure,
            unit=measure.unit,
            direction=measure.direction,
            kind=measure.kind,
        ),
        title=(text or measure.title)[:200],
        target=amount,  # type: ignore[misc]  # checked below
        starts_month=months[0],
        ends_month=months[1],
        baseline=_baseline(planned),
        counting_rule=row.read["rule"] or measure.counting_rule or RULE,
        evidence_expected=row.read["evidence"] or measure.evidence_expected or EVIDENCE,
        why=_why(row.read, cohort),
    )
    if planned.reasons:
        return None
    profile = targets.flat(measure, terms.target, months_between(*months)) if terms.target is not None else {}
    planned.reasons += [f"{sentence}." for _, sentence in check_terms(terms, measure, profile)]
    return Made(measure, terms, own, cohort or measure.cohort)


def _why(read: dict[str, Any], cohort: Cohort | None) -> str:
    group = f"Group: {read['group']}." if read["group"] and cohort is None else ""
    return "\n".join(part for part in (read["notes"], group) if part)


def _unit_text(planned: PlannedRow) -> str:
    """Return the unit in the row's words: its own column's, else what the target says."""
    row = planned.row
    assert row is not None
    return row.read["unit"] or row.target.unit


def _measure(contract: Contract, text: str, code: str, library: Library) -> tuple[Measure | None, str]:
    """Return the measure a row means, None for own words; or why the code it names can't be used."""
    shelf = library.shelf(contract)
    if not code and (match := _CODED.match(text)) and shelf.by_code.get(normal(match["code"])):
        code = match["code"]
    if code:
        found = shelf.by_code.get(normal(code), [])
        if len(found) == 1:
            return found[0], ""
        if len(found) > 1:
            titled = [one for one in found if text and normal(one.title) == normal(text)]
            if len(titled) == 1:
                return titled[0], ""
            named = "; ".join(str(one.framework) for one in found)
            return None, (
                f"The code {code} stands for measures of several editions: {named}. Choose the edition "
                "for this "
                "contract first."
            )
        if not text:
            return None, f"No measure this contract is offered has the code {code}, and it says nothing else."
    return (library.titled(contract, text) if text else None), ""


def _agrees(measure: Measure, text: str, meanings: Meanings) -> bool:
    if not text or text_key(text) in {
        text_key(name) for name in (measure.unit.short, measure.unit.name, measure.unit.code)
    }:
        return True
    said = meanings.unit(text)
    if said:
        return said == measure.unit.code or KIND_OF_UNIT.get(said) == measure.kind != Kind.COUNT
    if text.lstrip().startswith("%"):
        return measure.kind == Kind.PERCENTAGE
    return words_of(text) == "units" and measure.kind == Kind.COUNT


def _own(
    planned: PlannedRow, text: str, unit_text: str, meanings: Meanings
) -> tuple[Measure, dict[str, Any]]:
    """Return an unsaved measure in the row's words, and what it is written with when that is applied."""
    row = planned.row
    assert row is not None
    code = meanings.unit(unit_text)
    kind = KIND_OF_UNIT.get(code, Kind.COUNT)
    if unit_text.lstrip().startswith("%"):
        code, kind = "percent", Kind.PERCENTAGE
    elif unit_text.lstrip().startswith("£"):
        code, kind = "pounds", Kind.MONEY
    if kind not in {Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE}:
        kind = Kind.COUNT if kind == Kind.MILESTONE and row.target.value is not None else kind
    unit = meanings.units.get(code)
    if unit is None:
        words = words_of(unit_text)
        unit, code = Unit(code=NEW, name=words[:80], short=words[:30], places=2), NEW
        planned.warnings.append(f"“{words}” is counted here for the first time: it becomes a unit.")
    rule = row.read["rule"] or RULE
    evidence = row.read["evidence"] or EVIDENCE
    facts = {
        "title": " ".join(text.split())[:200],
        "unit": code,
        "unit_text": unit_text,
        "kind": str(kind),
        "counting_rule": rule,
        "evidence_expected": evidence,
        "numerator_name": "Cases that meet it" if kind == Kind.PERCENTAGE else "",
        "denominator_name": "All cases" if kind == Kind.PERCENTAGE else "",
    }
    adds_up = kind in {Kind.COUNT, Kind.MONEY}
    measure = Measure(
        code="own words", title=facts["title"], unit=unit, kind=kind, direction=Direction.HIGHER,
        roll_up=RollUp.SUM if adds_up else RollUp.AVERAGE if kind == Kind.PERCENTAGE else RollUp.LATEST,
        across=Across.NONE, counting_rule=rule, evidence_expected=evidence, record_only=True,
    )  # fmt: skip
    return measure, facts


def _months(planned: PlannedRow, contract: Contract) -> tuple[dt.date, dt.date] | None:
    row = planned.row
    assert row is not None
    starts = row.starts or (first_of_month(contract.starts_on) if contract.starts_on else None)
    if starts is None:
        planned.reasons.append(
            "It has no first month, and the contract no start date. Write one of them, then upload "
            "this row again."
        )
        return None
    if row.ends is None and contract.last_day is None:
        planned.warnings.append("Neither it nor the contract has an end: it runs for twelve months.")
    return starts, row.ends or usual_last_month(contract, starts)


def _amount(planned: PlannedRow, measure: Measure) -> Decimal | None:
    """Return the target; what is wrong with it is put on the row."""
    row = planned.row
    assert row is not None
    if measure.kind == Kind.YES_NO:
        return Decimal(1)
    if not targets.has_amount(measure):
        return Decimal(0)
    if error := row.read.get("target_error"):
        planned.reasons.append(f"Target: {error}")
        return None
    target = row.target
    if target.numerator is not None:
        planned.reasons.append("Target: write it as one number.")
        return None
    if target.value is None:
        said = f"“{row.read['target'][:40]}” is no target" if row.read["target"] else "It has no target"
        planned.reasons.append(f"{said}. Write what was promised as a number, then upload this row again.")
        return None
    if measure.kind == Kind.PERCENTAGE and target.is_bare and 0 < target.value <= 1:
        planned.reasons.append(
            f"Target: {target.value.normalize():f} could mean {target.value.normalize():f}% or "
            f"{(target.value * 100).normalize():f}%. Write it with the sign, such as 45%."
        )
        return None
    return target.value


def _baseline(planned: PlannedRow) -> Decimal | None:
    row = planned.row
    assert row is not None
    if row.baseline.value is None and row.read["baseline"]:
        planned.warnings.append(f"“{row.read['baseline'][:40]}” is no baseline: it is left blank.")
    return row.baseline.value
