"""Verifying, sending back, reopening, sampling and closing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.calendar import add_working_days, today
from accounts.history import history_of
from accounts.models import Appointment, Letter, Person, Role
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO, make_contract
from kpis.models import Evidence, MonthlyReturn, TotalRow
from kpis.returns import verbs as returns
from kpis.returns.tests.conftest import APRIL, MAY, reading_of, submitted
from kpis.tests.factories import make_approved_set
from kpis.verification import verbs
from kpis.verification.risk import marks_of


def test_verifying_confirms_what_was_reported_and_locks(may, weeks, priya, lena):
    submitted(may, priya)
    item = verbs.verify(may, by=lena)
    assert (item.status, item.checked_by, item.is_locked) == ("verified", lena, True)
    assert reading_of(may, weeks).verified_value == 10
    assert TotalRow.objects.get(measure=weeks).verified == 10


def test_a_verified_amount_that_differs_needs_a_reason_and_both_stand(may, weeks, local_spend, priya, lena):
    submitted(may, priya)
    count, share = reading_of(may, weeks), reading_of(may, local_spend)
    with pytest.raises(Invalid) as wrong:
        verbs.verify(may, by=lena, amounts={count.pk: (Decimal(8), " ")})
    assert wrong.value.errors[0][0] == f"reason_{count.pk}"
    amounts = {
        count.pk: (Decimal(8), "Two weeks lack evidence"),
        share.pk: ((Decimal(40), Decimal(100)), ""),
    }
    verbs.verify(may, by=lena, amounts=amounts)
    count.refresh_from_db()
    assert (count.reported_value, count.verified_value) == (10, 8)
    assert count.verification_note == "Two weeks lack evidence"
    assert count.versions.first().reason == "Two weeks lack evidence"
    row = TotalRow.objects.get(measure=weeks)
    assert (row.reported, row.verified) == (10, 8)


def test_whoever_saved_a_figure_in_it_can_not_verify_it(may, priya, lena):
    Appointment.objects.create(person=priya, role=Role.LEAD, starts_on=LONG_AGO)
    submitted(may, priya)
    del priya.__dict__["authority"]
    with pytest.raises(Refused, match="You saved a figure in this return"):
        verbs.verify(may, by=priya)
    assert verbs.verify(may, by=lena).status == "verified"


def test_whoever_submitted_it_or_added_evidence_can_not_verify_it(may, weeks, priya, dafydd, lena):
    """A lead who is a deputy too confirms nothing of what they sent or supported."""
    for person in (priya, dafydd):
        Appointment.objects.create(person=person, role=Role.LEAD, starts_on=LONG_AGO)
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")
    returns.add_evidence(may, by=priya, file=file, kind="training", readings=[reading_of(may, weeks)])
    submitted(may, dafydd)
    assert Evidence.objects.get().added_by == priya
    may.readings.model.editors.through.objects.all().delete()
    for person, words in ((dafydd, "You submitted this return"), (priya, "You added evidence")):
        with pytest.raises(Refused, match=words):
            verbs.verify(may, by=Person.objects.get(pk=person.pk))
    assert verbs.verify(may, by=lena).status == "verified"


def test_evidence_gets_its_verdict(may, weeks, priya, lena):
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")
    item = returns.add_evidence(may, by=priya, file=file, kind="training", readings=[reading_of(may, weeks)])
    submitted(may, priya)
    verbs.verify(may, by=lena, verdicts={item.pk: "accepted"})
    item.refresh_from_db()
    assert item.verdict == "accepted"
    assert history_of(may).filter(action="verification.judge_evidence").exists()


def test_sending_back_starts_again_with_a_reason_a_date_and_a_letter(may, priya, dafydd, lena):
    submitted(may, priya)
    with pytest.raises(Invalid):
        verbs.send_back(may, by=lena, reason="")
    item = verbs.send_back(may, by=lena, reason="Evidence is for March")
    assert (item.status, item.cycle) == ("sent_back", 2)
    assert item.due_again_on == add_working_days(today(), 5)
    letters = Letter.objects.filter(kind="return-sent-back")
    assert {letter.to for letter in letters} == {priya, dafydd}
    assert "Evidence is for March" in letters[0].body
    assert "$" not in letters[0].body
    assert MonthlyReturn.objects.get().first_submitted_at is not None


def test_reopening_keeps_the_old_figures_until_they_are_replaced(may, weeks, priya, lena):
    submitted(may, priya)
    verbs.verify(may, by=lena)
    item = verbs.reopen(may, by=lena, reason="Counted twice")
    reading = reading_of(may, weeks)
    assert (item.status, item.is_locked) == ("reopened", False)
    assert (reading.reported_value, reading.verified_value) == (10, 10)
    assert reading.versions.first().reason == "Counted twice"
    assert Letter.objects.filter(kind="return-reopened", to=priya).exists()


def test_a_stale_page_does_not_verify(may, priya, lena):
    item = submitted(may, priya)
    with pytest.raises(Stale):
        verbs.verify(may, by=lena, version=item.version - 1)


def at(item, **when):
    MonthlyReturn.objects.filter(pk=item.pk).update(**when)


def test_what_is_not_sampled_closes_ten_working_days_on_and_is_not_verified(may, weeks, priya):
    submitted(may, priya)
    at(may, submitted_at=dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))
    assert verbs.close_unsampled(dt.datetime(2026, 6, 14, 12, tzinfo=dt.UTC)) == 0
    assert verbs.close_unsampled(dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)) == 1
    assert verbs.close_unsampled(dt.datetime(2026, 6, 15, 13, tzinfo=dt.UTC)) == 0
    may.refresh_from_db()
    assert may.status == "closed"
    assert reading_of(may, weeks).verified_at is None
    assert "not sampled" in history_of(may).first().summary


def test_what_is_sampled_or_was_verified_once_waits_for_the_lead(may, priya, lena):
    submitted(may, priya)
    verbs.mark_for_checking(may, by=lena, reason="Sudden jump")
    later = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    assert verbs.close_unsampled(later) == 0
    at(may, sampled_at=None)
    verbs.verify(may, by=lena)
    verbs.reopen(may, by=lena, reason="Counted twice")
    submitted(may, priya, value=9)
    assert verbs.close_unsampled(later) == 0


@pytest.fixture
def many(neighbourhoods, weeks, priya):
    """Return a function that makes that many submitted returns of May."""

    def make(count):
        for number in range(count):
            contract = make_contract(f"Contract {number}", neighbourhoods, manager=priya)
            make_approved_set(contract, APRIL, [(weeks, 120)])
        returns.open_month(APRIL)
        returns.open_month(MAY)
        for item in MonthlyReturn.objects.filter(first_submitted_at=None).order_by("month"):
            submitted(item, priya)
        return list(MonthlyReturn.objects.filter(month=MAY))

    return make


def test_a_draw_can_be_repeated_by_its_seed(many, lena):
    items = many(11)
    draw = verbs.draw_sample(MAY, by=lena, seed="4 June", share=10)
    again = sorted(draw.among, key=lambda pk: verbs.draw_order("4 June", pk))[: len(draw.drawn)]
    assert len(draw.drawn) == 2
    assert again == draw.drawn
    assert sorted(draw.among) == sorted(item.pk for item in items)
    marked = MonthlyReturn.objects.filter(sampled_at__isnull=False)
    assert {item.pk for item in marked} == set(draw.drawn)
    assert marked[0].sample_reason == "Drawn at random, 10% of May 2026"


def test_only_the_lead_draws_and_only_what_is_there(may, lena, sami):
    with pytest.raises(Refused):
        verbs.draw_sample(MAY, by=sami, seed="x")
    with pytest.raises(Stale, match="No submitted returns"):
        verbs.draw_sample(MAY, by=lena, seed="x")
    with pytest.raises(Invalid):
        verbs.draw_sample(MAY, by=lena, seed=" ")


def test_risk_is_said_in_words(may, weeks, priya):
    for month in (dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 8, 1)):
        returns.open_month(month)
    for item in MonthlyReturn.objects.order_by("month"):
        value = 40 if item.month.month == 8 else 10
        submitted(item, priya, value=value, numerator=10, comment="Why")
    last = MonthlyReturn.objects.order_by("-month").select_related("contract").first()
    marks = marks_of([last])[last.pk]
    assert "Came in late" in marks
    assert "Large contract" in marks
    assert "Behind: Spend with local suppliers" in marks
    assert "Big jump: Apprenticeship weeks" in marks


def test_the_list_to_check_costs_the_same_for_two_as_for_twelve(many, lena, as_person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    many(2)
    client = as_person(lena)
    client.get("/verification/")
    with CaptureQueriesContext(connection) as few:
        assert client.get("/verification/").status_code == 200
    many(10)
    with CaptureQueriesContext(connection) as lots:
        assert client.get("/verification/").status_code == 200
    assert len(lots) == len(few)
