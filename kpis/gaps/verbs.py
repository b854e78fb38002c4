"""What is done about gaps: saying why, taking stock of a directorate contract by contract."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.calendar import today
from accounts.history import record
from accounts.models import Directorate, Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, check_version, lock, require
from contracts.models import Contract
from govuk.formats import plural
from kpis.gaps import permissions
from kpis.gaps.checks import problems, who_can_act
from kpis.gaps.models import GapNote, StockTake, StockTakeContract
from kpis.gaps.weakness import counts, weaknesses

SAID = "gaps.say"


def say(
    contract: Contract,
    *,
    by: Person,
    reason: str,
    next_step: str,
    words: str = "",
    who: Person | None = None,
    by_when: dt.date | None = None,
    stock_take: StockTake | None = None,
    seen: int | None = None,
) -> GapNote:
    """Record why a live contract has no or weak KPIs, what is to happen, by whom and when; return the note.

    `seen` is the mark of the last answer the person had before them (`mark_of`): where somebody answered
    since, raises Stale with what they said. Raises Invalid by field, and Stale where the contract has ended
    or the stock-take was closed.
    """
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(permissions.may_say(by, contract))
        if not contract.is_live:
            raise Stale("This contract is not live any more, so nothing has to be said about its KPIs.")
        if stock_take is not None:
            stock_take = lock(StockTake, stock_take.pk)
            _check_belongs(stock_take, contract, by)
        check_seen(contract, SAID, seen, "what is said about this contract’s KPIs")
        people = who_can_act(contract)
        if next_step == GapNote.NextStep.NOTHING:
            who = by_when = None
        given = {"reason": reason, "next_step": next_step, "words": words, "who": who, "by_when": by_when}
        found = weaknesses([contract], today())[contract.number]
        wrong = problems(given, found, today(), anybody=people.exists())
        if who is not None and not people.filter(pk=who.pk).exists():
            wrong.append(("who", "Select one of the contract’s people or of the directorate’s commissioners"))
        if wrong:
            raise Invalid(wrong)
        note = GapNote.objects.create(
            contract=contract, stock_take=stock_take, made_by=by, **{**given, "words": words.strip()}
        )
        after: dict[str, object] = {
            "Why": note.get_reason_display(),
            "Next step": note.get_next_step_display(),
        }
        if who is not None:
            after["Who"] = str(who)
        if by_when is not None:
            after["By"] = by_when
        record(
            action=SAID,
            subject=contract,
            by=by,
            summary=f"Said about its KPIs: {note.get_reason_display()}",
            after=after,
            note=note.words,
            contract_number=contract.number,
        )
        return note


def _check_belongs(stock_take: StockTake, contract: Contract, by: Person) -> None:
    require(permissions.may_look(by, stock_take))
    if not stock_take.is_open:
        raise Stale("This stock-take was closed while you had it open. Say it on the contract’s own page.")
    if not stock_take.contracts.filter(contract=contract).exists():
        raise Invalid("This contract does not belong to the stock-take.")
    if contract.directorate_id != stock_take.directorate_id:
        raise Stale("This contract has moved to another directorate and needs no answer here.")


def start(directorate: Directorate, *, by: Person, gaps_only: bool = True) -> StockTake:
    """Begin a stock-take: its contracts are those live in the directorate today, fixed from now on.

    Only those with no or weak KPIs where `gaps_only`. Raises Invalid where there is none, and where one of
    the directorate is open.
    """
    with transaction.atomic():
        directorate = lock(Directorate, directorate.pk)
        require(permissions.may_take_stock_of(by, directorate))
        if StockTake.objects.filter(directorate=directorate, closed_at=None).exists():
            raise Invalid(
                [
                    (
                        "directorate",
                        f"A stock-take of {directorate} is open already. Continue or close it first",
                    )
                ]
            )
        live = list(
            Contract.objects.live_on(today())
            .filter(directorate=directorate)
            .prefetch_related("deputies")
            .order_by("title", "number")
        )
        found = weaknesses(live, today())
        chosen = [one for one in live if not gaps_only or counts(found[one.number])]
        if not chosen:
            none = "live contract with no or weak KPIs" if gaps_only else "live contract"
            raise Invalid([("directorate", f"{directorate} has no {none}")])
        stock_take = StockTake.objects.create(directorate=directorate, started_by=by, gaps_only=gaps_only)
        StockTakeContract.objects.bulk_create(
            StockTakeContract(
                stock_take=stock_take,
                contract=contract,
                position=position,
                found=[one.code for one in found[contract.number]],
            )
            for position, contract in enumerate(chosen, 1)
        )
        which = "with no or weak KPIs" if gaps_only else "live"
        record(
            action="gaps.start",
            subject=stock_take,
            by=by,
            summary=f"Stock-take of {directorate} begun: {plural(len(chosen), 'contract')} {which}",
        )
        return stock_take


def close(stock_take: StockTake, *, by: Person, version: int | None = None) -> StockTake:
    """Close a stock-take for good; history says how many contracts nobody looked at."""
    with transaction.atomic():
        stock_take = lock(StockTake, stock_take.pk)
        require(permissions.may_look(by, stock_take))
        if not stock_take.is_open:
            raise Stale("This stock-take is closed already.")
        check_version(stock_take, version, "this stock-take")
        places = set(stock_take.contracts.values_list("contract", flat=True))
        looked = set(stock_take.notes.order_by().values_list("contract", flat=True))
        stock_take.closed_at, stock_take.closed_by = timezone.now(), by
        stock_take.version += 1
        stock_take.save(update_fields=["closed_at", "closed_by", "version"])
        record(
            action="gaps.close",
            subject=stock_take,
            by=by,
            summary=f"Stock-take of {stock_take.directorate} closed: {len(places & looked)} of {len(places)} "
            f"contracts looked at, {len(places - looked)} not",
        )
        return stock_take
