"""Monthly returns on the home page: to fill in, late, to be checked, with somebody else."""

from __future__ import annotations

from django.db.models import Count, F, Max, Min, Q

from accounts.calendar import today
from accounts.models import Person
from govuk.formats import month, plural
from kpis.returns.models import MonthlyReturn
from reporting.pages.addresses import address
from reporting.pages.home_sections import (
    FINE,
    LOOK,
    OVERDUE,
    TO_DO,
    Row,
    day_of,
    for_how_long,
    short_day,
)

DONE = (
    Q(readings__nothing_to_report=True)
    | Q(readings__value__isnull=False)
    | Q(readings__numerator__isnull=False, readings__denominator__isnull=False)
    | Q(readings__date_value__isnull=False)
    | (Q(readings__text_value__isnull=False) & ~Q(readings__text_value=""))
)
Status = MonthlyReturn.Status
MOST = 200


def to_fill_in(person: Person) -> tuple[list[Row], list[Row]]:
    """Return (what this contract manager must do, what waits on their suppliers): one query."""
    if not person.authority.is_contract_manager:
        return [], []
    mine, theirs = [], []
    returns = (
        MonthlyReturn.objects.to_fill_in_by(person)
        .unfinished()
        .select_related("contract")
        .annotate(all_kpis=Count("readings"), done_kpis=Count("readings", filter=DONE))
        .order_by("due_on", "contract__title")
    )
    for one in returns[:MOST]:
        if one.awaiting_supplier_since and not one.is_overdue:
            theirs.append(_with_supplier(one))
        else:
            mine.append(_to_do(one))
    return mine, theirs


def _to_do(one) -> Row:
    due = one.current_due_on
    started = f"{one.done_kpis} of {one.all_kpis} done" if one.done_kpis else "not started"
    title = f"{one.contract.title}: {one.period_words} return"
    url, on = one.get_absolute_url(), due
    if one.status == Status.SENT_BACK and not one.is_overdue:
        return Row(
            LOOK, "Sent back", title, url, f"since {short_day(day_of(one.sent_back_at))}",
            one.sent_back_reason, "Open", on,
        )  # fmt: skip
    if one.status == Status.REOPENED and not one.is_overdue:
        return Row(LOOK, "Reopened", title, url, "to be corrected", one.sent_back_reason, "Open", on)
    if one.is_overdue:
        return Row(
            OVERDUE, "Overdue", title, url, f"was due {short_day(due)}",
            one.sent_back_reason or started, "Continue" if one.done_kpis else "Start", on,
        )  # fmt: skip
    action = "Continue" if one.done_kpis else "Start"
    return Row(TO_DO, "Due", title, url, f"due {short_day(due)}", started, action, on)


def _with_supplier(one) -> Row:
    since = one.awaiting_supplier_since
    return Row(
        TO_DO, "Supplier", f"{one.contract.title}: {one.period_words} return", one.get_absolute_url(),
        f"with the supplier {for_how_long(since)}", one.awaiting_supplier_note, "Open", since,
    )  # fmt: skip


def late_in_directorates(person: Person) -> list[Row]:
    """Return one row that counts late returns of the person's directorates (of all, for the lead)."""
    held = person.authority
    # As the list of returns counts them: an answer to a return that was sent back can be late too.
    day = today()
    late = MonthlyReturn.objects.unfinished().filter(
        Q(due_again_on__lt=day) | Q(due_again_on=None, due_on__lt=day)
    )
    if held.is_lead:
        words = "in the whole council"
    elif held.leads:
        late, words = late.filter(directorate__in=held.leads), "in your directorate"
    else:
        return []
    found = late.aggregate(count=Count("pk"), first=Min("due_on"))
    if not found["count"]:
        return []
    return [
        Row(
            LOOK, "Late", f"{plural(found['count'], 'return')} {words} not yet in",
            address("kpis:return-list") + "?state=late", f"the first since {short_day(found['first'])}", "",
            "See which", found["first"],
        )
    ]  # fmt: skip


def to_be_checked(person: Person) -> list[Row]:
    """Return one row that counts submitted returns the lead may verify."""
    if not person.authority.is_lead:
        return []
    found = MonthlyReturn.objects.filter(status=Status.SUBMITTED).aggregate(
        count=Count("pk"), sampled=Count("pk", filter=Q(sampled_at__isnull=False)), first=Min("submitted_at")
    )
    if not found["count"]:
        return []
    return [
        Row(
            TO_DO, "Verify", f"{plural(found['count'], 'submitted return')} to verify or let close",
            address("kpis:verification-list"), f"the first since {short_day(day_of(found['first']))}",
            f"{found['sampled']} in the sample" if found["sampled"] else "no sample drawn from these yet",
            "Verify", day_of(found["first"]),
        )
    ]  # fmt: skip


def with_others(person: Person) -> list[Row]:
    """Return rows that count returns with somebody else: submitted, or sent back by the lead."""
    held, rows = person.authority, []
    if held.is_contract_manager:
        sent = (
            MonthlyReturn.objects.to_fill_in_by(person)
            .filter(status=Status.SUBMITTED)
            .aggregate(count=Count("pk"), first=Min("submitted_at"))
        )
        if sent["count"]:
            rows.append(
                Row(
                    FINE, "Submitted", plural(sent["count"], "return"), address("kpis:return-list"),
                    f"with the social value lead {for_how_long(sent['first'])}",
                    "those not sampled close by themselves", "", day_of(sent["first"]),
                )
            )  # fmt: skip
    if held.is_lead:
        back = MonthlyReturn.objects.filter(status__in=[Status.SENT_BACK, Status.REOPENED]).aggregate(
            count=Count("pk"), first=Min("sent_back_at")
        )
        if back["count"]:
            rows.append(
                Row(
                    TO_DO, "Sent back", plural(back["count"], "return"),
                    address("kpis:return-list") + "?state=sent-back",
                    f"with contract managers, the first {for_how_long(back['first'])}", "", "See which",
                    day_of(back["first"]),
                )
            )  # fmt: skip
    return rows


def coverage(person: Person) -> str:
    """Return "31 of 34 returns for May 2026 are in, 28 on time." for the last month opened; or ""."""
    held = person.authority
    seen = MonthlyReturn.objects.owed()
    if not held.sees_all_directorates:
        if not held.directorates_seen:
            return ""
        seen = seen.filter(directorate__in=held.directorates_seen)
    last = seen.aggregate(month=Max("month"))["month"]
    if last is None:
        return ""
    found = seen.filter(month=last).aggregate(
        due=Count("pk"),
        received=Count("pk", filter=Q(first_submitted_at__isnull=False)),
        on_time=Count("pk", filter=Q(first_submitted_at__date__lte=F("due_on"))),
    )
    are = "is" if found["due"] == 1 else "are"
    return (
        f"{found['received']} of {plural(found['due'], 'return')} for {month(last)} {are} in, "
        f"{found['on_time']} on time."
    )
