"""What would become of every row: contracts that come in whole, repeats, questions, what can't be used."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.calendar import first_of_month, today
from contracts.models import Contract, Stage
from govuk import formats
from kpis.adoption.kpi_of_row import Made, kpi_of_row
from kpis.adoption.matching import Library, Match, Register
from kpis.adoption.models import AdoptionImport, AdoptionRow
from kpis.adoption.reading import KPITable, ResultRow, RowRead
from kpis.adoption.results import check_results
from kpis.measure_imports.meanings import Meanings
from kpis.proposals.models import KPISet
from spreadsheets.mapping import normal

Outcome = AdoptionRow.Outcome
LEAVE = "leave"


@dataclass
class PlannedRow:
    """What becomes of one row."""

    number: int
    outcome: str
    row: RowRead | None = None
    contract: Contract | None = None
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # Of a question: the row that stands for all of this contract, and the contracts it may be.
    asked: int = 0
    candidates: tuple[Contract, ...] = ()
    made: Made | None = None
    results: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class PlannedContract:
    """One contract that comes in, with its rows."""

    contract: Contract
    rows: list[PlannedRow]
    warnings: list[str] = field(default_factory=list)

    @property
    def is_joint(self) -> bool:
        """Return whether directors of several directorates have to approve."""
        return bool(self.contract.partner_directorates.all())

    def as_json(self) -> dict[str, Any]:
        """Return all that is written when it is applied."""
        document = next(
            (
                one.row.read.get("document", "")
                for one in self.rows
                if one.row and one.row.read.get("document")
            ),
            "",
        )
        signed = next((one.row.signed_on for one in self.rows if one.row and one.row.signed_on), None)
        signed = signed or self.contract.signed_on
        said = f"{document or 'The contract'}, signed {formats.day(signed)}" if signed else document
        return {
            "document": (said or "The contract, as signed")[:250],
            "kpis": [
                {"row": one.number, **one.made.as_json(), "results": one.results}
                for one in self.rows if one.made
            ],
            "warnings": self.warnings + [
                f"Row {one.number}: {text}" for one in self.rows for text in one.warnings
            ],
        }  # fmt: skip


@dataclass
class Plan:
    """What becomes of a whole workbook."""

    table: KPITable
    rows: list[PlannedRow]
    warnings: list[tuple[int | None, str]]
    contracts: list[PlannedContract] = field(default_factory=list)
    # The rows of the sheet of results that could not be used: (row, reason).
    results_rejected: list[tuple[int, str]] = field(default_factory=list)
    same_file: int | None = None


def make_plan(
    table: KPITable,
    *,
    first_month: dt.date,
    answers: Mapping[str, str],
    sha256: str = "",
    own: int | None = None,
) -> Plan:
    """Return what would become of every row as things stand; writes nothing. `own`: the import itself."""
    plan = Plan(table, [], list(table.warnings))
    register, library, meanings = Register.read(), Library.read(), Meanings()
    _say_of_same_file(plan, sha256, own)
    standing = _standing_sets()
    groups: dict[int, list[PlannedRow]] = defaultdict(list)
    matches: dict[tuple[str, ...], tuple[Match, int]] = {}
    for row in table.rows:
        planned = PlannedRow(row.number, Outcome.CREATED, row, None, list(row.reasons), list(row.warnings))
        plan.rows.append(planned)
        if not row.read:
            planned.outcome = Outcome.REJECTED
            continue
        contract = _contract_of(planned, register, answers, matches)
        if contract is None:
            planned.outcome = Outcome.REJECTED
            continue
        planned.contract = contract
        if why := _not_adoptable(contract, standing):
            planned.outcome = Outcome.REJECTED
            planned.reasons.append(why)
            continue
        groups[contract.pk].append(planned)
    results = _results_by_contract(plan, register, matches, groups)
    for number, rows in groups.items():
        _contract(
            plan, register.contracts[number], rows, results.get(number, []), first_month, library, meanings
        )
    plan.contracts.sort(key=lambda one: one.rows[0].number)
    plan.rows += [PlannedRow(number, Outcome.EMPTY) for number in table.empty]
    plan.rows.sort(key=lambda one: one.number)
    return plan


def _say_of_same_file(plan: Plan, sha256: str, own: int | None) -> None:
    before = (
        AdoptionImport.objects.filter(sha256=sha256, contracts_done__gt=0)
        .exclude(pk=own or 0)
        .order_by("pk")
        .last()
    )
    if sha256 and before is not None:
        plan.same_file = before.pk
        plan.warnings.insert(
            0,
            (None, f"This very file came in on {formats.day(before.finished_at or before.uploaded_at)}, as "
                   f"batch {before.pk}. What came in then stands: those rows are listed as not used."),
        )  # fmt: skip


def _standing_sets() -> dict[int, KPISet]:
    """Return the set that stands in the way of each contract that has one: approved, or not finished."""
    statuses = [KPISet.Status.APPROVED, KPISet.Status.DRAFT, KPISet.Status.SUBMITTED, KPISet.Status.RETURNED]
    sets = KPISet.objects.filter(status__in=statuses).order_by("pk")
    return {one.contract_id: one for one in sets.only("contract", "number", "kind", "status", "adoption")}


def _not_adoptable(contract: Contract, standing: Mapping[int, KPISet]) -> str:
    """Return why nothing can be adopted for a contract; "" where it can."""
    if contract.directorate_id is None:
        return (
            f"Contract {contract.pk} has no directorate yet, so nobody could confirm it. Say first which it "
            "belongs to, then upload this row again."
        )
    one = standing.get(contract.pk)
    if one is None:
        return ""
    if one.status == KPISet.Status.APPROVED:
        return (
            f"Contract {contract.pk} has approved KPIs already ({one}). To change them, propose the "
            "contract’s "
            "next set on its page."
        )
    if one.adoption_id:
        return f"Contract {contract.pk} came in already: {one} waits to be confirmed with its batch."
    return (
        f"Contract {contract.pk} has {one}, which is “{one.get_status_display().lower()}”. Decide or "
        "withdraw "
        "that first, then upload this row again."
    )


def _contract_of(
    planned: PlannedRow,
    register: Register,
    answers: Mapping[str, str],
    matches: dict[tuple[str, ...], tuple[Match, int]],
) -> Contract | None:
    """Return the row's contract; otherwise put the reason, or the question, on the row."""
    row = planned.row
    assert row is not None
    key = row.identity
    if key not in matches:
        matches[key] = (
            register.find(*(row.read.get(name, "") for name in ("number", "reference", "title", "supplier"))),
            row.number,
        )
    match, asked = matches[key]
    answer = answers.get(str(asked), "")
    if match.candidates:
        if answer == LEAVE:
            planned.reasons.append("You said to leave it out.")
            planned.asked, planned.candidates = asked, match.candidates
            return None
        chosen = next((one for one in match.candidates if str(one.pk) == answer), None)
        if chosen is not None:
            planned.asked, planned.candidates = asked, match.candidates
            planned.warnings.append(f"You said that it is contract {chosen.pk}.")
            return chosen
        planned.asked, planned.candidates = asked, match.candidates
    if match.contract is None:
        planned.reasons.append(match.reason)
    elif match.warning:
        planned.warnings.append(match.warning)
    return match.contract


def _contract(
    plan: Plan,
    contract: Contract,
    rows: list[PlannedRow],
    results: list[ResultRow],
    first_month: dt.date,
    library: Library,
    meanings: Meanings,
) -> None:
    """Settle one contract's rows: all come in, or none does, so that what was put right can come again."""
    _repeats(rows)
    taken = [one for one in rows if one.outcome == Outcome.CREATED]
    for one in taken:
        if one.row is not None:
            one.made = kpi_of_row(one, contract, library, meanings)
    _twice(taken)
    _give_results(plan, taken, results)
    for one in taken:
        if one.made is not None and one.row is not None:
            one.results = check_results(one, first_month, meanings)
    wrong = [one for one in taken if one.reasons]
    for one in wrong:
        one.outcome = Outcome.REJECTED
    if wrong:
        _all_or_none(contract, taken, wrong)
        return
    if taken:
        planned = PlannedContract(contract, taken, _to_know(contract))
        plan.contracts.append(planned)


def _repeats(rows: list[PlannedRow]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for one in rows:
        assert one.row is not None
        same = tuple(one.row.cells)
        if same in seen:
            one.outcome = Outcome.REPEATED
            one.reasons = [f"It is row {seen[same]} again, word for word."]
        else:
            seen[same] = one.number


def _twice(taken: list[PlannedRow]) -> None:
    """Refuse rows that give one KPI of one contract twice in different words or figures."""
    by_key: dict[object, list[PlannedRow]] = defaultdict(list)
    for one in taken:
        if one.made is not None:
            by_key[one.made.key].append(one)
    for found in by_key.values():
        if len(found) < 2:
            continue
        for one in found:
            others = " and ".join(str(other.number) for other in found if other is not one)
            one.reasons.append(
                f"Row {others} gives the same KPI of this contract. A KPI is there once: join them, or "
                "word them "
                "differently."
            )


def _all_or_none(contract: Contract, taken: list[PlannedRow], wrong: list[PlannedRow]) -> None:
    numbers = ", ".join(str(one.number) for one in wrong[:5])
    verb = "can’t be used" if len(wrong) <= 5 else f"and {len(wrong) - 5} more can’t be used"
    for one in taken:
        if one not in wrong:
            one.outcome = Outcome.REJECTED
            one.reasons.append(
                f"Row {numbers} of contract {contract.pk} {verb}, and a contract’s KPIs come in "
                "together. Once "
                f"that is put right, upload this row with it."
            )


def _to_know(contract: Contract) -> list[str]:
    found = []
    if contract.stage != Stage.LIVE:
        found.append(
            f"Contract {contract.pk} is in the stage “{contract.get_stage_display()}”: no returns open "
            "before it is live."
        )
    last = contract.last_day
    if last and last < first_of_month(today()):
        found.append(f"Contract {contract.pk} ended on {formats.day(last)}: no returns will open.")
    if contract.partner_directorates.all():
        found.append("It is a joint contract: each of its directors decides it by itself, under Approvals.")
    return found


def _results_by_contract(
    plan: Plan,
    register: Register,
    matches: Mapping[tuple[str, ...], tuple[Match, int]],
    groups: Mapping[int, list[PlannedRow]],
) -> dict[int, list[ResultRow]]:
    """Return the sheet's results by contract; those of no contract that comes in are listed."""
    numbers: dict[tuple[str, ...], int] = {}
    for key, rows in groups.items():
        for one in rows:
            if one.row is not None:
                numbers[one.row.identity] = key
    found: dict[int, list[ResultRow]] = defaultdict(list)
    for row in plan.table.results:
        number: int | None = numbers.get(row.identity)
        if number is None:
            match = register.find(
                *(row.read.get(name, "") for name in ("number", "reference", "title", "supplier"))
            )
            number = match.contract.pk if match.contract else None
        if number is None or number not in groups:
            plan.results_rejected.append(
                (row.number, "Its contract is none of those that come in with this workbook.")
            )
        else:
            found[number].append(row)
    return found


def _give_results(plan: Plan, taken: list[PlannedRow], results: list[ResultRow]) -> None:
    """Give each result of the sheet to its KPI; one that can't be used keeps its contract out."""
    sheet = plan.table.results_sheet
    for result in results:
        code, text = normal(result.read["code"]), normal(result.read["kpi"])
        mine = [
            one for one in taken
            if one.row
            and (
                (code and normal(one.row.read["code"]) == code)
                or (text and normal(one.row.read["kpi"]) == text)
            )
        ]  # fmt: skip
        if len(mine) != 1:
            said = (
                "No KPI row of this contract has"
                if not mine
                else f"{len(mine)} KPI rows of this contract have"
            )
            result.reasons.append(
                f"{said} these words, “{(result.read['kpi'] or result.read['code'])[:60]}”."
            )
        if result.reasons or result.result is None:
            why = " ".join(result.reasons) or "It has no figure."
            plan.results_rejected.append((result.number, why))
            for one in mine[:1] or taken[:1]:
                one.reasons.append(f"Row {result.number} of the sheet {sheet}: {why}")
            continue
        assert mine[0].row is not None
        mine[0].row.results.append(result.result)
