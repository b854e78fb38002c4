"""The contract page's section on the five stages: where the contract stands and how far its checklist is."""

from __future__ import annotations

from contracts.models import Contract, Stage
from contracts.stages import permissions
from contracts.stages.asked import progress_of
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section


def stages_section(contract: Contract, person) -> Section:
    """Return the stages with where the contract stands, its progress and this person’s links."""
    number, order = contract.number, Stage.values
    here = order.index(contract.stage)
    reads = bool(permissions.may_read_answers(person, contract))
    return Section(
        key="stages",
        title="Stage and checklist",
        template="reporting/sections/_stages.html",
        context={
            "stages": [
                (label, "now" if place == here else "passed" if place < here else "ahead")
                for place, label in enumerate(Stage.labels)
            ],
            "progress": progress_of(contract)[contract.stage],
            "checklist_url": address("contracts:checklist", number) if reads else "",
            "draft_url": address("contracts:statement-draft", number) if reads else "",
            "may_answer": bool(permissions.may_answer(person, contract)),
            "move_url": address("contracts:stage-move", number)
            if permissions.may_move_stage(person, contract)
            else "",
            "statements": [
                (one, address("contracts:statement-page", number, one.number))
                for one in contract.supplier_statements.defer("content")
            ],
        },
    )
