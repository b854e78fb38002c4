"""What would become of every row, worked out without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Department, Directorate
from contracts.models import (
    Category,
    CategoryMapping,
    Contract,
    DirectorateMapping,
    RegisterImport,
    RegisterRow,
)
from contracts.register.matching import (
    MOST_CANDIDATES,
    Known,
    Marks,
    Matches,
    Spoken,
    known_contracts,
    match,
)
from contracts.register.merging import Wording, label_of, merge
from contracts.register.reading import Register, RowRead
from contracts.register.values import title_of, values_hash
from spreadsheets.mapping import normal

Outcome = RegisterRow.Outcome
CHUNK = 500


@dataclass
class PlannedRow:
    """One row and what becomes of it."""

    number: int
    outcome: str
    row: RowRead | None = None
    contract: int | None = None
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """All rows, and what is to be said of the file as a whole."""

    register: Register
    rows: list[PlannedRow]
    warnings: list[tuple[int | None, str]]
    unmapped_directorates: Counter[str]
    unmapped_categories: Counter[str]
    # Contracts that an earlier import brought and no row of this file is: never touched.
    not_in_file: list[int] = field(default_factory=list)


class Lookups:
    """What department and category texts mean: mappings made by people, then names that are the same."""

    def __init__(self, directorates: Mapping[str, int] | None = None) -> None:
        """Read the mappings; `directorates` adds text -> primary key for this run only."""
        self.directorates: dict[str, tuple[int, int | None]] = {}
        self.categories: dict[str, int] = {}
        self.names: dict[str, dict[str, str]] = {"directorate": {}, "department": {}, "category": {}}
        for department in Department.objects.select_related("directorate"):
            self.names["department"][str(department.pk)] = department.name
        for directorate in Directorate.objects.all():
            self.names["directorate"][str(directorate.pk)] = directorate.name
            if directorate.is_active:
                self.directorates[normal(directorate.name)] = (directorate.pk, None)
        for mapping in DirectorateMapping.objects.all():
            self.directorates[mapping.key] = (mapping.directorate_id, mapping.department_id)
        for text, pk in (directorates or {}).items():
            self.directorates[normal(text)[:250]] = (pk, None)
        for category in Category.objects.all():
            self.names["category"][str(category.pk)] = category.name
            self.categories[normal(category.name)] = category.pk
        for meaning in CategoryMapping.objects.all():
            self.categories[meaning.key] = meaning.category_id

    def derive(self, read: dict[str, str]) -> None:
        """Put directorate, department and category into the row's texts, as primary keys or ""."""
        if "directorate_text" in read:
            directorate, department = self.directorates.get(
                normal(read["directorate_text"])[:250], (None, None)
            )
            read["directorate"] = str(directorate or "")
            read["department"] = str(department or "")
        if "category_text" in read:
            read["category"] = str(self.categories.get(normal(read["category_text"])[:250]) or "")


def make_plan(
    register: Register, *, lookups: Lookups | None = None, answers: Mapping[str, Any] | None = None
) -> Plan:
    """Return what would become of every row. Writes nothing; queries don't grow with the file's matches."""
    lookups = lookups or Lookups()
    planned = {row.number: _first_look(row) for row in register.rows}
    _find_repeated(register.rows, planned)
    usable = [row for row in register.rows if not planned[row.number].outcome]
    _find_alike(usable, planned)
    for row in usable:
        lookups.derive(row.read)
    spoken = Spoken(
        frozenset(name for row in usable[:1] for name in row.read), has_titles="title" in register.columns
    )
    matches = match(usable, known_contracts(spoken), answers, spoken=spoken)
    if not spoken.has_titles:
        _keep_titles(matches)
    _find_repeated_before(usable, planned, matches)
    for number in matches.left_out:
        planned[number].outcome = Outcome.REJECTED
        planned[number].reasons.append("You chose to leave it out.")
    for number, could_be in matches.asked.items():
        _ask(planned[number], could_be)
    _compare(planned, matches.found, Wording(lookups.names))
    for one in planned.values():
        one.outcome = one.outcome or Outcome.CREATED
    for number in register.empty:
        planned[number] = PlannedRow(number, Outcome.EMPTY)
    warnings = [*register.warnings]
    if matches.not_in_file:
        warnings.append((None, _not_in_file(matches.not_in_file)))
    unknown = [row for row in usable if row.read.get("directorate_text") and not row.read["directorate"]]
    unmapped = Counter(row.read["directorate_text"] for row in unknown)
    warnings += [(None, text) for text in _without_directorate(unknown, planned)]
    uncategorised = Counter(
        row.read["category_text"]
        for row in usable
        if row.read.get("category_text") and not row.read["category"]
    )
    rows = [planned[number] for number in sorted(planned)]
    missing = sorted(known.number for known in matches.not_in_file)
    return Plan(register, rows, warnings, unmapped, uncategorised, missing)


def _first_look(row: RowRead) -> PlannedRow:
    outcome = Outcome.REJECTED if row.reasons else ""
    return PlannedRow(row.number, outcome, row, reasons=list(row.reasons), warnings=list(row.warnings))


def _find_repeated(rows: Iterable[RowRead], planned: Mapping[int, PlannedRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        one = planned[row.number]
        if one.outcome:
            continue
        earlier = first.setdefault(row.row_hash, row.number)
        if earlier != row.number:
            one.outcome = Outcome.REPEATED
            one.reasons.append(f"It is the same as row {earlier}, which is used.")


def _find_alike(rows: Iterable[RowRead], planned: Mapping[int, PlannedRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        earlier = first.setdefault(row.values_hash, row.number)
        if earlier != row.number:
            planned[row.number].warnings.append(
                f"It is the same as row {earlier} in every column that is used; "
                "kept as a contract of its own."
            )


def _keep_titles(matches: Matches) -> None:
    """A file without titles changes none, except such as were themselves made of the description."""
    for row, known in matches.rows_found():
        last = known.last or {}
        if last.get("title") != title_of(last.get("description", "")):
            row.read.pop("title", None)


def _find_repeated_before(
    rows: Iterable[RowRead], planned: Mapping[int, PlannedRow], matches: Matches
) -> None:
    """Leave out a row that was an exact repeat last time and differs now only in a column not used."""
    twins = {row.values_hash: row.number for row, _ in matches.rows_found()}
    new = [
        row
        for row in rows
        if row.values_hash in twins and not (row.number in matches.found or row.number in matches.left_out)
    ]
    last = (
        RegisterImport.objects.filter(status=RegisterImport.Status.APPLIED).order_by("-finished_at").first()
    )
    if not new or last is None:
        return
    repeated = last.rows.filter(outcome=Outcome.REPEATED).values_list("values", flat=True)
    before = Counter(values_hash(values.get("read", {})) for values in repeated)
    for row in new:
        if before[row.values_hash]:
            before[row.values_hash] -= 1
            matches.asked.pop(row.number, None)
            one = planned[row.number]
            one.outcome, one.warnings = Outcome.REPEATED, []
            one.reasons.append(
                f"It is the same as row {twins[row.values_hash]} in every column that is used, and was an "
                "exact repeat when the register was last imported."
            )


def _ask(one: PlannedRow, could_be: list[Known]) -> None:
    one.outcome = Outcome.REJECTED
    shown = could_be[:MOST_CANDIDATES]
    one.candidates = [known.number for known in shown]
    names = " or ".join(str(known.number) for known in shown)
    more = f" or one of {len(could_be) - len(shown)} more" if len(could_be) > len(shown) else ""
    one.reasons.append(
        f"We could not tell whether it is a new contract: it could be contract {names}{more}, "
        "which shares its reference, supplier or title but not all that tells contracts apart. "
        "Say which it is, or that it is new."
    )


def _compare(planned: Mapping[int, PlannedRow], found: Mapping[int, Known], wording: Wording) -> None:
    """Say for each matched row whether it changes its contract; fetched only where words differ."""
    differing: list[tuple[PlannedRow, Known]] = []
    for number, known in found.items():
        one = planned[number]
        one.contract, one.outcome = known.number, Outcome.UNCHANGED
        if known.last is None or any(known.last.get(name) != text for name, text in _read(one).items()):
            differing.append((one, known))
    for chunk in _chunks(differing):
        contracts = Contract.objects.in_bulk([known.number for _, known in chunk])
        for one, known in chunk:
            contract = contracts[known.number]
            merged = merge(contract, _read(one), known.last)
            one.conflicts = [
                {
                    **clash,
                    "kept": wording.say(clash["field"], clash["kept"]),
                    "file": wording.say(clash["field"], clash["file"]),
                }
                for clash in merged.conflicts
            ]
            if merged.changes:
                one.outcome = Outcome.UPDATED
                one.changes = [
                    [
                        label_of(name),
                        wording.say(name, before_text(contract, name, known.last)),
                        wording.say(name, text),
                    ]
                    for name, text in merged.changes.items()
                ]


def before_text(contract: Contract, name: str, last: Mapping[str, str] | None) -> str:
    """Return what a field held before the change, as text."""
    from contracts.register.fields import SUPPLIER_FIELDS
    from contracts.register.merging import current_text

    return (last or {}).get(name, "") if name in SUPPLIER_FIELDS else current_text(contract, name)


def _read(one: PlannedRow) -> dict[str, str]:
    return one.row.read if one.row else {}


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _not_in_file(known: list[Known]) -> str:
    shown = ", ".join(str(one.number) for one in known[:10])
    more = f" and {len(known) - 10:,} more" if len(known) > 10 else ""
    if len(known) == 1:
        return f"Contract {shown} was imported before and is not in this file. It stays as it is."
    return (
        f"{len(known):,} contracts were imported before and are not in this file (numbers {shown}{more}). "
        "They stay as they are."
    )


def _without_directorate(unknown: list[RowRead], planned: Mapping[int, PlannedRow]) -> Iterator[str]:
    """Say which department texts mean no directorate, and what that comes to for their contracts."""
    if not unknown:
        return
    homeless = set(Contract.objects.filter(directorate=None).values_list("pk", flat=True))
    unseen: Counter[str] = Counter()
    stay: Counter[str] = Counter()
    for row in unknown:
        contract = planned[row.number].contract
        (stay if contract and contract not in homeless else unseen)[row.read["directorate_text"]] += 1
    if unseen:
        yield (
            f"No directorate is known for {_counted(unseen)}: until it is, only the social value lead and "
            "administrators see these contracts."
        )
    if stay:
        yield f"No directorate is known for {_counted(stay)}: these contracts stay in the one they have."


def _counted(texts: Counter[str]) -> str:
    names = ", ".join(f"“{text}” ({count:,})" for text, count in texts.most_common(6))
    return names + (f" and {len(texts) - 6} more" if len(texts) > 6 else "")


def match_key_of(read: Mapping[str, str]) -> str:
    """Return the hash of reference, supplier, title and dates."""
    return Marks.of(read).hash
