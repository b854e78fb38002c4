"""What the demo council answered on its checklists, and what it told suppliers before they tendered."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.conf import settings

from accounts.calendar import add_months, first_of_month
from accounts.models import HistoryRow, Person
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract, Stage, SupplierStatement
from contracts.stages import statements
from contracts.stages.asked import Checklist
from contracts.stages.defaults import WEIGHTING
from contracts.stages.verbs import said
from kpis.demo.cast import Cast, at
from kpis.demo.register import WITHOUT_KPIS

# Key of a question -> (short answer, words); {place} and {supplier} are the contract's own.
ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "pre-considered": (
        ("yes", "At the commissioning meeting. Jobs and placements for young people come first."),
        ("yes", "In the business case, section 4. Small local firms should be able to take part."),
    ),
    "pre-consulted": (
        ("yes", "Two residents' meetings in {place} and a questionnaire to past bidders."),
        ("yes", "The voluntary sector forum and four suppliers, in May."),
        ("no", "The contract renews one that was consulted on two years ago."),
    ),
    "pre-market": (
        ("", "Apprenticeships and work placements are usual. Several firms buy from local charities already."),
        ("", "Mostly small firms: hours of help and advice rather than money."),
    ),
    "pre-priorities": (
        ("", "Good work for people who grew up in care, and cleaner air."),
        ("", "More apprenticeships that are finished, and money that stays with local firms."),
    ),
    "pre-places": (
        ("", "{place} and Millbrook, where unemployment is highest."),
        ("", "The whole area, with at least a third of the benefit in {place}."),
    ),
    "pre-lots": (
        ("yes", "Two lots by area; the smaller is within reach of a firm of ten."),
        ("no", "One depot serves the whole area. Subcontracting to small firms is asked for instead."),
    ),
    WEIGHTING: (("", "The council's policy asks for at least 10% and more where the work is local."),),
    "tender-proportion": (("yes", "One page, two questions. A charity tried it out in an afternoon."),),
    "tender-told": (
        ("", "Where the need is greatest, three examples from contracts like this, and whom to talk to: the "
             "employment team and the volunteer centre."),
    ),
    "tender-scoring": (
        ("", "Half for how much is promised and how likely it is, half for how it will be shown. What a "
             "supplier does anyway, or has promised under another contract, is not counted."),
    ),
    "tender-measurable": (
        ("", "People taken on (full-time equivalents), apprenticeship weeks, money spent with local small "
             "firms. Each with a number and a date."),
    ),
    "tender-reporting": (
        ("", "Every month, on one page, with starter lists and invoices to hand. The council's form is ready."),
    ),
    "award-commitments": (("", "Four, from the method statement of {supplier}: see schedule 9."),),
    "award-in-contract": (("yes", "Schedule 9, with the right to a plan if figures fall behind."),),
    "award-evidence": (("", "Their human resources lead and our contract manager. Starter lists, pay dates."),),
    "award-first-report": (("", "For the first full month, by the tenth working day of the next."),),
    "award-three-kpis": (("yes", "Five are set, three of them on the service itself."),),
    "live-returns": (("yes", "One was late in spring; it is the supplier's new team now."), ("yes", "")),
    "live-conversation": (
        ("", "At the quarterly meeting. They will offer two more placements from September."),
        ("", "By telephone last month: recruitment is slow, an open day at the college is planned."),
    ),
    "live-next-chance": (("", "Ask for fewer, larger promises: six small ones cost more to count than they give."),),
    "end-delivered": (("", "Nine of twelve placements, all the apprenticeship weeks, local spend above target."),),
    "end-left": (("no", "Three placements. The supplier gave forty hours of advice to charities instead."),),
    "end-lessons": (("", "Name the college in the contract; finding one took half a year."),),
}  # fmt: skip


def answer_checklists(cast: Cast, day: dt.date, rng: Random) -> None:
    """Answer checklists as far as contracts have come, date signatures, and keep two statements."""
    checklist = Checklist()
    answers: list[ChecklistAnswer] = []
    history: list[HistoryRow] = []
    signed: list[Contract] = []
    contracts = list(
        Contract.objects.select_related("manager", "commissioner", "directorate")
        .prefetch_related("wards")
        .order_by("title")
    )
    for contract in contracts:
        if contract.stage in (Stage.MOBILISATION, Stage.LIVE) and contract.title not in WITHOUT_KPIS:
            signed.append(_sign(contract, day, rng))
        mine = _answers_of(contract, checklist, day, rng)
        answers += mine
        if mine:
            history.append(_row(contract, mine))
    Contract.objects.bulk_update(signed, ["signed_on"])
    ChecklistAnswer.objects.bulk_create(answers)
    HistoryRow.objects.bulk_create(history)
    _keep_statements(contracts, day)


def _sign(contract: Contract, day: dt.date, rng: Random) -> Contract:
    """Return the contract with a day on which it was signed: some weeks before its start, never ahead."""
    assert contract.starts_on
    before = contract.starts_on - dt.timedelta(days=rng.randint(20, 70))
    contract.signed_on = min(before, day - dt.timedelta(days=rng.randint(3, 9)))
    return contract


def _answers_of(contract: Contract, checklist: Checklist, day: dt.date, rng: Random) -> list[ChecklistAnswer]:
    """Return what was answered: all before the present stage where it is young, some of the present."""
    stages = Stage.values
    here = stages.index(contract.stage)
    ahead = contract.stage in (Stage.COMMISSIONING, Stage.TENDER, Stage.MOBILISATION)
    if not ahead and rng.random() < 0.6:
        return []
    given_on = _day(contract, day, rng)
    by = contract.manager or contract.commissioner
    assert by
    asked = [
        question
        for stage in (stages[: here + 1] if ahead else [contract.stage])
        for question in checklist.of(contract, stage)
        if stage != contract.stage or rng.random() < 0.75
    ]
    found = [_answer(contract, question, given_on, by, rng) for question in asked]
    return [one for one in found if one is not None]


def _day(contract: Contract, day: dt.date, rng: Random) -> dt.date:
    """Return a day of the last month or so, after the contract came into the register and before today."""
    since = add_months(first_of_month(day), -1) + dt.timedelta(days=2)
    return since + dt.timedelta(days=rng.randint(0, max((day - since).days - 1, 0)))


def _answer(
    contract: Contract, question: ChecklistQuestion, given_on: dt.date, by: Person, rng: Random
) -> ChecklistAnswer | None:
    verdict, words = rng.choice(ANSWERS.get(question.key, (("", ""),)))
    percentage = None
    if question.key == WEIGHTING:
        percentage = contract.social_value_weighting
        if percentage is None:
            return None
    elif question.key == "live-kpis":
        without = contract.title in WITHOUT_KPIS
        verdict, words = ("no" if without else "yes"), WITHOUT_KPIS.get(contract.title, "")
    elif not words and not verdict:
        return None
    wards = [ward.name for ward in contract.wards.all()]
    return ChecklistAnswer(
        contract=contract,
        question=question,
        verdict=verdict,
        percentage=percentage,
        words=words.format(place=wards[0] if wards else "Eastfield", supplier=contract.supplier_text),
        answered_by=by,
        answered_at=at(given_on, rng.randint(9, 15), rng.randint(0, 59)),
    )


def _row(contract: Contract, answers: list[ChecklistAnswer]) -> HistoryRow:
    """Return the history of a contract's answers, as if they had been saved together."""
    last = max(answers, key=lambda one: one.answered_at)
    return HistoryRow(
        at=last.answered_at,
        actor=last.answered_by,
        action="stages.answer",
        subject_type="contracts.contract",
        subject_id=contract.pk,
        contract_number=contract.pk,
        summary=f"Answered {len(answers)} questions of the checklist",
        before={one.question.text: "" for one in answers},
        after={one.question.text: said(one) for one in answers},
    )


def _keep_statements(contracts: list[Contract], day: dt.date) -> None:
    """Keep what was told to suppliers of one contract in tender and one in mobilisation."""
    for stage in (Stage.TENDER, Stage.MOBILISATION):
        contract = next((one for one in contracts if one.stage == stage), None)
        draft = statements.draft_of(contract) if contract else None
        if contract is None or draft is None or not draft.sections:
            continue
        moment = at(max(day - dt.timedelta(days=1), _last_answer(contract)), 16, 40)
        kept = SupplierStatement.objects.create(
            contract=contract,
            number=1,
            content={
                "council": settings.COUNCIL_NAME,
                "title": contract.title,
                "reference": contract.reference,
                "introduction": statements.first_introduction(contract),
                "sections": draft.sections,
            },
            made_by=contract.manager or contract.commissioner,
            made_at=moment,
        )
        HistoryRow.objects.create(
            at=moment,
            actor=kept.made_by,
            action="contracts.keep_statement",
            subject_type="contracts.supplierstatement",
            subject_id=kept.pk,
            contract_number=contract.pk,
            summary="Kept statement 1 for suppliers as published",
            after={"Sections": ", ".join(section["heading"] for section in draft.sections)},
        )


def _last_answer(contract: Contract) -> dt.date:
    latest = contract.checklist_answers.order_by("-answered_at").first()
    assert latest
    return latest.answered_at.date()
