"""KPI sets on the home page: to finish, to decide, with somebody else; contracts that have none."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from accounts.calendar import first_of_month, today, working_days_between
from accounts.models import Person
from contracts.models import Contract
from govuk.formats import plural
from kpis.adoption.presenting import waiting_parts
from kpis.approvals.permissions import awaiting_decision_by
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.reading import short_waiting
from reporting.pages.addresses import address
from reporting.pages.home_sections import (
    LOOK,
    OVERDUE,
    TO_DO,
    Row,
    day_of,
    for_how_long,
    short_day,
)

Status = KPISet.Status
MOST = 100
NAMED = 5
# After this many working days a set that nobody decided is the lead's business.
LONG = 10


def without_approved_kpis(contracts):
    """Return those live today, in a directorate, with nothing approved and no recorded reason for no KPIs.

    A contract under an approved exception is not among them; one to be reviewed has a row of its own.
    """
    approved = KPISet.objects.filter(contract=OuterRef("pk"), status=Status.APPROVED)
    return contracts.live_on(today()).filter(~Exists(approved), directorate__isnull=False, kpi_exemption="")


def proposes_for(person: Person) -> Q:
    """Return the condition "the person manages this contract or is a commissioner of its directorate"."""
    own = Q(pk__in=Contract.objects.managed_by(person).values("number"))
    return own | Q(directorate__in=person.authority.commissions)


def _sets_of(person: Person):
    held = person.authority
    if not (held.is_contract_manager or held.commissions):
        return KPISet.objects.none()
    mine = Contract.objects.filter(proposes_for(person)).values("number")
    return KPISet.objects.filter(contract__in=mine)


def to_finish(person: Person) -> list[Row]:
    """Return the sets a manager or commissioner still has to send: those returned to them, and drafts."""
    rows = []
    sets = (
        _sets_of(person)
        .filter(status__in=[Status.DRAFT, Status.RETURNED])
        .select_related("contract")
        .order_by("started_at", "pk")
    )
    for one in sets[:MOST]:
        title, url = f"{one.contract.title}: {one}", address_of(one)
        if one.status == Status.RETURNED:
            since = day_of(one.decided_at)
            rows.append(
                Row(
                    LOOK, "Returned", title, url, f"since {short_day(since)}",
                    "with reasons from the director", "Open", since,
                )
            )  # fmt: skip
        else:
            since = day_of(one.started_at)
            rows.append(
                Row(
                    TO_DO, "Draft", title, url, f"begun {short_day(since)}", "not sent yet", "Continue", since
                )
            )
    return rows


def address_of(kpi_set: KPISet) -> str:
    """Return the address of the set's page."""
    return address("kpis:kpi-set-page", kpi_set.contract_id, kpi_set.number)


def to_decide(person: Person) -> list[Row]:
    """Return the sets this director, deputy or delegate may decide now, those waiting longest first."""
    held = person.authority
    if not (held.leads or held.delegated):
        return []
    rows = [
        Row(
            LOOK, "Confirm", one.words, one.part.get_absolute_url(),
            f"waiting {for_how_long(one.part.waiting_since)}", f"brought in by {one.part.uploaded_by}",
            "Look", day_of(one.part.waiting_since),
        )
        for one in waiting_parts(person)
        if one.is_mine
    ]  # fmt: skip
    sets = (
        awaiting_decision_by(person)
        .select_related("contract", "submitted_by")
        .annotate(how_many=Count("terms"))
        .order_by("submitted_at", "pk")
    )
    for one in sets[:MOST]:
        since = day_of(one.submitted_at)
        days = working_days_between(since, today()) if since else 0
        rows.append(
            Row(
                OVERDUE if days > LONG else LOOK,
                "Decide",
                f"{one.contract.title}: {one}",
                address("kpis:kpi-set-decide", one.contract_id, one.number) or address_of(one),
                f"waiting {for_how_long(one.submitted_at)}",
                f"{'exception' if one.is_exception else plural(one.how_many, 'KPI')} from {one.submitted_by}",
                "Decide",
                since,
            )
        )
    return rows


def waiting_long(person: Person) -> list[Row]:
    """Return, for the lead, sets nobody has decided for more than ten working days."""
    if not person.authority.is_lead:
        return []
    sets = list(
        KPISet.objects.pending()
        .select_related("contract", "contract__directorate")
        .prefetch_related("editors")
        .order_by("submitted_at")[:MOST]
    )
    old = [one for one in sets if working_days_between(day_of(one.submitted_at) or today(), today()) > LONG]
    who = seats_of_many(old)
    return [
        Row(
            LOOK, "Waiting", f"{one.contract.title}: {one}", address_of(one),
            f"{short_waiting(who[one.pk])} {for_how_long(one.submitted_at)}", "", "Open",
            day_of(one.submitted_at),
        )
        for one in old
    ]  # fmt: skip


def with_others(person: Person) -> list[Row]:
    """Return sets sent for approval, with whom they lie; for directors, sets they returned."""
    rows = []
    sent = list(
        _sets_of(person)
        .filter(status=Status.SUBMITTED)
        .select_related("contract", "contract__directorate")
        .prefetch_related("editors")
        .order_by("submitted_at", "pk")[:MOST]
    )
    who = seats_of_many(sent)
    for one in sent:
        rows.append(
            Row(
                TO_DO, "For approval", f"{one.contract.title}: {one}", address_of(one),
                f"{short_waiting(who[one.pk])} {for_how_long(one.submitted_at)}", "", "Open",
                day_of(one.submitted_at),
            )
        )  # fmt: skip
    leads = person.authority.leads
    if leads:
        returned = KPISet.objects.filter(status=Status.RETURNED, contract__directorate__in=leads)
        for one in returned.select_related("contract", "submitted_by").order_by("decided_at")[:NAMED]:
            rows.append(
                Row(
                    TO_DO, "Returned", f"{one.contract.title}: {one}", address_of(one),
                    f"with {one.submitted_by} {for_how_long(one.decided_at)}", "", "Open",
                    day_of(one.decided_at),
                )
            )  # fmt: skip
    return rows


def contracts_without(person: Person) -> list[Row]:
    """Return a manager's or commissioner's live contracts with no KPIs, nor any in the making."""
    held = person.authority
    if not (held.is_contract_manager or held.commissions):
        return []
    begun = KPISet.objects.filter(contract=OuterRef("pk")).open_or_waiting()
    bare = without_approved_kpis(Contract.objects.filter(proposes_for(person))).filter(~Exists(begun))
    named = list(bare.order_by("-starts_on", "title")[: NAMED + 1])
    if len(named) > NAMED:
        count = bare.count()
        return [
            Row(
                LOOK, "No KPIs", f"{plural(count, 'live contract')} without approved KPIs",
                f"{address('kpis:gap-register')}?kind=gap", "", "and none in the making", "See which",
            )
        ]  # fmt: skip
    return [
        Row(
            LOOK, "No KPIs", one.title,
            address("kpis:kpi-set-start", one.number) or one.get_absolute_url(),
            f"live since {short_day(one.starts_on)}" if one.starts_on else "live",
            "no KPIs approved or in the making", "Propose KPIs",
        )
        for one in named
    ]  # fmt: skip


def exceptions_to_review(person: Person) -> list[Row]:
    """Return a manager's or commissioner's exceptions to be reviewed, nothing in the making."""
    held = person.authority
    if not (held.is_contract_manager or held.commissions):
        return []
    begun = KPISet.objects.filter(contract=OuterRef("contract")).open_or_waiting()
    live = Contract.objects.filter(proposes_for(person)).live_on(today()).filter(directorate__isnull=False)
    sets = (
        KPISet.objects.in_force(first_of_month(today()))
        .exceptions()
        .filter(~Exists(begun), review_on__lt=today(), contract__in=live.order_by().values("pk"))
        .select_related("contract")
        .order_by("review_on", "pk")
    )
    return [
        Row(
            LOOK, "Review", f"{one.contract.title}: {one}", one.contract.get_absolute_url(),
            f"since {short_day(one.review_on)}", "no KPIs: propose some, or the exception again", "Open",
            one.review_on,
        )
        for one in sets[:MOST]
    ]  # fmt: skip


def contracts_without_manager(person: Person) -> list[Row]:
    """Return one row that counts live contracts of a commissioner nobody manages."""
    commissions = person.authority.commissions
    if not commissions:
        return []
    count = Contract.objects.live_on(today()).filter(directorate__in=commissions, manager=None).count()
    if not count:
        return []
    url = address("contracts:contract-list") + "?manager=none&live=on"
    return [
        Row(LOOK, "Nobody", f"{plural(count, 'live contract')} without a contract manager", url,
            "", "nobody can log returns for them", "Name people")
    ]  # fmt: skip
