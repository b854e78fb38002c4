"""How far the checklists are, by stage and directorate: figures for everybody, answers for nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Directorate
from contracts.models import Contract, Stage
from contracts.stages.asked import Progress, progress_of_many

# What stands for "its directorate is not known" in an address; the list of contracts says the same.
UNKNOWN = "none"
HEADERS = (
    "Stage", "Directorate", "Contracts", "Checklist complete", "Questions asked", "Questions answered",
)  # fmt: skip
KINDS = ("text", "text", "whole", "whole", "whole", "whole")


@dataclass(frozen=True)
class Cell:
    """The contracts of one stage and one directorate (None where it is not known; "" names a sum)."""

    stage: str
    directorate_id: int | None
    directorate: str
    contracts: int
    complete: int
    questions: Progress

    @property
    def stage_label(self) -> str:
        """Return the stage in words."""
        return str(Stage(self.stage).label)

    @property
    def query(self) -> str:
        """Return what narrows a list of contracts to this cell."""
        if not self.directorate:
            return f"stage={self.stage}"
        return f"stage={self.stage}&directorate={self.directorate_id or UNKNOWN}"

    @property
    def row(self) -> list[object]:
        """Return the cell as a row of a file."""
        asked, answered = self.questions.asked, self.questions.answered
        return [
            self.stage_label, self.directorate or "All directorates", self.contracts, self.complete,
            asked, answered,
        ]  # fmt: skip


def coverage(contracts: QuerySet[Contract]) -> list[tuple[Cell, list[Cell]]]:
    """Return for each stage that has contracts its sum and its directorates by name; four queries."""
    # What tells which questions fit, and no more: there may be thousands.
    rows = list(
        contracts.order_by().only(
            "number", "stage", "directorate_id", "tier", "category_id", "value", "value_basis", "starts_on",
            "ends_on",
        )
    )  # fmt: skip
    progress = progress_of_many(rows, among=contracts)
    names = dict(Directorate.objects.values_list("pk", "name"))
    grouped: dict[str, dict[int | None, list[Progress]]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        grouped[one.stage][one.directorate_id].append(progress[one.pk])
    found = []
    for stage in Stage.values:
        cells = [
            _cell(stage, pk, names[pk] if pk is not None else "Not known", some)
            for pk, some in grouped[stage].items()
        ]
        if cells:
            cells.sort(key=lambda cell: (cell.directorate_id is None, cell.directorate))
            whole = [one for some in grouped[stage].values() for one in some]
            found.append((_cell(stage, None, "", whole), cells))
    return found


def _cell(stage: str, directorate_id: int | None, name: str, progress: list[Progress]) -> Cell:
    return Cell(
        stage=stage,
        directorate_id=directorate_id,
        directorate=name,
        contracts=len(progress),
        complete=sum(one.is_complete for one in progress),
        questions=sum(progress, Progress()),
    )


def contracts_of(contracts: QuerySet[Contract], stage: str, directorate: str) -> QuerySet[Contract] | None:
    """Return the contracts of one cell; None where the address names none."""
    if stage not in Stage.values:
        return None
    found = contracts.filter(stage=stage)
    if directorate == UNKNOWN:
        return found.filter(directorate=None)
    if not directorate:
        return found
    if not (directorate.isascii() and directorate.isdigit() and len(directorate) < 10):
        return None
    return found.filter(directorate=int(directorate))
