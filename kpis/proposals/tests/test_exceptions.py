"""Why a contract has no KPIs: proposed, sent, decided and recorded like a KPI set, without KPIs in it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.calendar import add_months, first_of_month, today
from accounts.models import HistoryRow, Letter, Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import make_contract
from contracts.models import Contract, ProportionateRule
from kpis.approvals import verbs as approvals
from kpis.approvals.models import Decision
from kpis.library.models import Measure
from kpis.proposals import exceptions, verbs
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.models import KPISet
from kpis.proposals.reading import read
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs.opening import open_month
from kpis.tests.factories import make_approved_set, make_measure

WHY = (
    "The supplier visits the site twice a year with one van. We asked for a day of volunteering instead, and "
    "it would have cost more to report than to give."
)
SOON = dt.timedelta(days=300)
# What a set of nothing but its own facts hashed to in the first release.
STORED = "d72ad151894b579c93b21bf51028553717e3e3cf0ffce5bf3a8a20e2049ed845"


def ask(contract, by, **facts):
    """Return a draft exception of the contract."""
    given = {"reason": "small", "why": WHY, "review_on": today() + SOON, **facts}
    return verbs.propose_exception(contract, by=by, **given)


def send(kpi_set, by):
    """Return the exception as sent for approval."""
    verbs.submit(kpi_set, by=by)
    return KPISet.objects.get(pk=kpi_set.pk)


def approve(kpi_set, by):
    """Return the exception as approved."""
    approvals.approve(kpi_set, by=by, content_hash=kpi_set.content_hash)
    return KPISet.objects.get(pk=kpi_set.pk)


def typed(**changed):
    """Return what the form of an exception sends."""
    review, month = today() + SOON, first_of_month(today())
    return {
        "version": "",
        "reason": "small",
        "why": WHY,
        "effective_month_0": month.month,
        "effective_month_1": month.year,
        "review_on_0": review.day,
        "review_on_1": review.month,
        "review_on_2": review.year,
        **changed,
    }


def again(person):
    """Return the person as read anew."""
    return Person.objects.get(pk=person.pk)


def test_an_exception_is_numbered_with_the_sets_and_called_by_its_kind(highways, priya):
    first = ask(highways, priya)
    assert (str(first), first.number, first.kind) == ("Exception 1", 1, "exception")
    verbs.withdraw(first, by=priya)
    assert str(verbs.start_set(highways, by=priya)) == "KPI set 2"
    with pytest.raises(Stale, match="KPI set 2 of this contract is already “draft”"):
        ask(highways, priya)


def test_what_it_says_is_checked_all_at_once(highways, priya):
    with pytest.raises(Invalid) as refusal:
        ask(highways, priya, reason="because", why=" ", review_on=today())
    assert dict(refusal.value.errors) == {
        "reason": "Select why there are no KPIs",
        "why": "Enter the reasons in your own words",
        "review_on": "The day it is reviewed on must be after today",
    }
    assert not highways.kpi_sets.exists()


def test_the_day_of_review_is_within_two_years_and_the_contracts_life(highways, priya):
    with pytest.raises(Invalid, match="at most 24 months from today"):
        ask(highways, priya, review_on=exceptions.months_on(today(), 24) + dt.timedelta(days=1))
    last = today() + dt.timedelta(days=40)
    Contract.objects.filter(pk=highways.pk).update(ends_on=last)
    highways.refresh_from_db()
    assert exceptions.usual_review(highways) == last
    with pytest.raises(Invalid, match="the contract ends then"):
        ask(highways, priya, review_on=last + dt.timedelta(days=1))
    assert ask(highways, priya, review_on=last).review_on == last


def test_a_year_from_the_last_of_february_is_a_day_that_exists():
    assert exceptions.months_on(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)
    assert exceptions.months_on(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)


def test_it_goes_through_all_hands_and_is_frozen_with_what_it_says(highways, priya, dana, colin):
    sent = send(ask(highways, priya), priya)
    submission = sent.submissions.get()
    assert submission.content["kind"] == "exception"
    assert submission.content["reason"] == "small"
    assert submission.content["reason_words"] == "It is too small or too short"
    assert submission.content["why"] == WHY
    assert submission.content["review_on"] == f"{today() + SOON:%Y-%m-%d}"
    assert submission.content["kpis"] == []
    letter = Letter.objects.get(kind="set-waiting", to=dana)
    assert letter.subject == "For your decision: Exception 1 of Highways resurfacing"
    assert "No social value KPIs" in letter.body
    assert WHY in letter.body
    done = approve(sent, dana)
    assert done.status == "approved"
    assert Decision.objects.get().content_hash == submission.content_hash
    told = Letter.objects.filter(kind="set-approved").values_list("subject", flat=True)
    assert set(told) == {"Approved: Exception 1 of Highways resurfacing"}
    assert HistoryRow.objects.first().summary.startswith("Approved Exception 1, in force from")


def test_a_delegate_decides_it_within_the_delegation(highways, priya, della, dana):
    done = approve(send(ask(highways, priya), priya), della)
    assert (Decision.objects.get().acting_for, done.status) == (dana, "approved")


def test_nobody_decides_an_exception_they_had_a_hand_in(highways, colin, dana):
    sent = send(ask(highways, colin), colin)
    with pytest.raises(Refused):
        approve(sent, colin)
    sent.editors.add(dana)
    with pytest.raises(Refused):
        approve(sent, again(dana))


def test_it_is_returned_with_a_reason_for_the_whole(highways, priya, dana):
    sent = send(ask(highways, priya), priya)
    with pytest.raises(Invalid, match="Say what must change"):
        approvals.send_back(sent, by=dana, content_hash=sent.content_hash, reasons={}, note=" ")
    with pytest.raises(Invalid, match="only for KPIs of this set"):
        approvals.send_back(sent, by=dana, content_hash=sent.content_hash, reasons={1: "No"}, note="No")
    back = approvals.send_back(
        sent, by=dana, content_hash=sent.content_hash, reasons={}, note="Ask for a day of volunteering"
    )
    assert back.status == "returned"
    letter = Letter.objects.get(kind="set-returned", to=priya)
    assert "Ask for a day of volunteering" in letter.body
    changed = verbs.change_exception(
        back,
        by=priya,
        reason="in_kind",
        why=WHY,
        review_on=today() + SOON,
        effective_month=back.effective_month,
    )
    assert (changed.reason, changed.is_open) == ("in_kind", True)
    assert approve(send(changed, priya), dana).number == 1


def test_what_waited_past_its_own_day_of_review_is_not_approved(highways, priya, dana):
    sent = send(ask(highways, priya), priya)
    KPISet.objects.filter(pk=sent.pk).update(review_on=today())
    sent.refresh_from_db()
    content = content_of(sent)
    sent.submissions.update(content=content, content_hash=hash_of(content))
    KPISet.objects.filter(pk=sent.pk).update(content_hash=hash_of(content))
    with pytest.raises(Stale, match="which has come while it waited"):
        approvals.approve(sent, by=dana, content_hash=hash_of(content))


def test_a_kpi_can_not_be_put_into_an_exception_nor_an_exception_made_of_a_set(highways, priya):
    exception = ask(highways, priya)
    with pytest.raises(Stale, match="so it holds none"):
        verbs.add_kpi(exception, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(3))
    with pytest.raises(Stale, match="so it holds none"):
        verbs.describe(exception, by=priya, why="Other words")
    verbs.withdraw(exception, by=priya)
    kpis = verbs.start_set(highways, by=priya)
    with pytest.raises(Stale, match="KPI set 2 promises KPIs"):
        verbs.change_exception(
            kpis,
            by=priya,
            reason="small",
            why=WHY,
            review_on=today() + SOON,
            effective_month=kpis.effective_month,
        )


def test_the_hash_of_a_set_is_what_it_was_before_there_were_exceptions(neighbourhoods):
    contract = make_contract("Highways resurfacing", neighbourhoods, number=1001, reference="NB-1001")
    kpi_set = KPISet.objects.create(
        contract=contract, number=3, effective_month=dt.date(2026, 4, 1), why="As signed"
    )
    assert hash_of(content_of(kpi_set)) == STORED


def test_warnings_name_the_rule_the_like_contracts_the_length_and_a_late_review(
    highways, priya, neighbourhoods
):
    ProportionateRule.objects.all().delete()
    ProportionateRule.objects.create(kpis_at_least=3, key="all")
    other = make_contract("Footways", neighbourhoods, category=highways.category)
    make_approved_set(other, add_months(first_of_month(today()), -2), [(make_measure(), "5")])
    weak = ask(highways, priya, why="Too small.", review_on=exceptions.months_on(today(), 18))
    told = " ".join(read(weak).warnings)
    assert "worth £2.4m, and the council’s rule asks such contracts for KPIs (3 or more)" in told
    assert "1 of 1 other live contracts in Highways has KPIs." in told
    assert "more than a year ahead" in told
    assert "The reasons are short" in told


def test_an_exception_after_kpis_says_that_all_of_them_end(highways, priya):
    month = add_months(first_of_month(today()), -3)
    make_approved_set(highways, month, [(make_measure(), "5"), (make_measure("Visits"), "3")])
    reading = read(ask(highways, priya))
    assert any("All 2 KPIs in force would end" in words for words in reading.warnings)
    assert [row.difference.kind for row in reading.rows] == ["removed", "removed"]
    assert reading.summary.endswith("2 KPIs end.")


def test_open_returns_end_with_the_kpis_and_what_was_submitted_stays(highways, priya, dana):
    this = first_of_month(today())
    held = make_approved_set(highways, add_months(this, -4), [(make_measure(), "5")])
    for back in (3, 2, 1):
        open_month(add_months(this, -back))
    first = MonthlyReturn.objects.get(contract=highways, month=add_months(this, -3))
    MonthlyReturn.objects.filter(pk=first.pk).update(
        status="submitted", first_submitted_at=first.opened_at, submitted_at=first.opened_at
    )
    done = approve(send(ask(highways, priya, effective_month=add_months(this, -2)), priya), dana)
    assert done.effective_month == add_months(this, -2)
    assert list(MonthlyReturn.objects.filter(contract=highways)) == [first]
    assert first.kpi_set == held
    assert HistoryRow.objects.filter(summary__contains="taken away: Exception 2 asks for none").count() == 2
    assert open_month(add_months(this, -1)).created == 0


def test_kpis_after_an_exception_begin_afresh(highways, priya, dana):
    approve(send(ask(highways, priya), priya), dana)
    follows = verbs.start_set(highways, by=priya)
    assert (follows.number, follows.kind, follows.terms.count()) == (2, "kpis", 0)


def test_the_pages_lead_from_the_contract_to_the_approval_record(highways, priya, dana, as_person):
    client = as_person(priya)
    start = reverse("kpis:exception-start", args=[highways.pk])
    assert start in client.get(highways.get_absolute_url()).content.decode()
    page = client.get(start).content.decode()
    assert "Ask for an exception" in page
    kept = client.post(start, typed(why=""))
    assert "Enter the reasons in your own words" in kept.content.decode()
    address = client.post(start, typed()).url
    page = client.get(address).content.decode()
    assert "Exception 1" in page
    assert "Check and send for approval" in page
    assert "Add a KPI" not in page
    draft = KPISet.objects.get()
    check = client.get(address + "check/").content.decode()
    assert "It is too small or too short" in check
    client.post(address + "submit/", {"version": draft.version, "note": ""})
    client = as_person(dana)
    decide = client.get(address + "decide/").content.decode()
    assert "Approve this exception" in decide
    assert WHY in decide
    sent = KPISet.objects.get()
    refused = client.post(
        address + "decide/",
        {"decision": "return", "return-content_hash": sent.content_hash, "return-note": ""},
    )
    assert "Say what must change" in refused.content.decode()
    client.post(address + "decide/", {"decision": "approve", "approve-content_hash": sent.content_hash})
    assert KPISet.objects.get().status == "approved"
    record = client.get(address + "record/").content.decode()
    assert "It is too small or too short" in record
    assert WHY in record
    contract = client.get(highways.get_absolute_url()).content.decode()
    assert "approved exception until" in contract
    assert "Live without approved KPIs" not in contract


def test_members_and_scrutiny_read_it_once_approved_and_not_before(
    highways, priya, dana, ewa, sami, as_person
):
    sent = send(ask(highways, priya), priya)
    for person in (ewa, sami):
        assert as_person(person).get(sent.get_absolute_url()).status_code == 404
    approve(sent, dana)
    for person in (ewa, sami):
        assert WHY in as_person(person).get(sent.get_absolute_url()).content.decode()


def test_the_wrong_people_propose_and_change_nothing(highways, priya, cast, as_person):
    draft = ask(highways, priya)
    start = reverse("kpis:exception-start", args=[highways.pk])
    edit = reverse("kpis:exception-edit", args=[highways.pk, draft.number])
    before = HistoryRow.objects.count()
    for name, person in cast.items():
        if name in {"colin", "priya", "dafydd"}:
            continue
        client = as_person(person)
        for url in (start, edit):
            answer = client.post(url, typed(version=draft.version, why="Mine now, not yours."))
            assert answer.status_code in {403, 404}, name
    assert HistoryRow.objects.count() == before


def test_pages_of_kpis_and_of_exceptions_do_not_open_for_each_other(highways, priya, as_person):
    draft = ask(highways, priya)
    client = as_person(priya)
    base = draft.get_absolute_url()
    for page in ("about/", "kpis/new/"):
        assert client.get(base + page).status_code == 409
    assert client.post(base + "about/", {"version": draft.version}).status_code == 409
    verbs.withdraw(draft, by=priya)
    kpis = verbs.start_set(highways, by=priya)
    assert client.get(kpis.get_absolute_url() + "exception/").status_code == 409
    assert client.post(kpis.get_absolute_url() + "exception/", typed()).status_code == 409


def test_two_tabs_do_not_overwrite_each_other(highways, priya, as_person):
    draft = ask(highways, priya)
    verbs.change_exception(
        draft,
        by=priya,
        reason="other",
        why=WHY,
        review_on=today() + SOON,
        effective_month=draft.effective_month,
    )
    url = reverse("kpis:exception-edit", args=[highways.pk, draft.number])
    page = as_person(priya).post(url, typed(version=draft.version, why="What I typed in the other tab."))
    assert page.status_code == 409
    assert "What I typed in the other tab." in page.content.decode()


def test_proposing_it_again_begins_with_what_stands(highways, priya, dana, as_person):
    approve(send(ask(highways, priya), priya), dana)
    page = as_person(priya).get(reverse("kpis:exception-start", args=[highways.pk])).content.decode()
    assert "Propose the exception again" in page
    assert WHY in page
