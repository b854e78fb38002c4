"""Submitting: everything missing at once, figures frozen, the old ones kept, once however many press."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Stale
from kpis.models import MonthlyReturn, ReadingVersion, ReturnSubmission, TotalRow
from kpis.returns import verbs
from kpis.returns.tests.conftest import ALL, fill_in, reading_of, submitted
from kpis.verification import verbs as verification


def test_submitting_names_every_problem_at_once(may, weeks, priya):
    verbs.save_reading(reading_of(may, weeks), by=priya, value=Decimal(1))
    with pytest.raises(Invalid) as wrong:
        verbs.submit(may, by=priya, confirmations={"period"})
    assert [name for name, _ in wrong.value.errors] == ["comment", "numerator", "checked", "commitment"]


def test_a_figure_behind_to_date_needs_a_comment_and_one_on_track_does_not(may, weeks, priya):
    fill_in(may, priya, value=8)
    reading, field, sentence = verbs.problems(may)[0]
    assert (reading.measure, field) == (weeks, "comment")
    assert "behind its target to date" in sentence
    fill_in(may, priya, value=9)
    assert verbs.problems(may) == []


def test_a_submission_freezes_the_figures_and_keeps_them_whole(may, weeks, priya):
    item = submitted(may, priya, comment="As planned")
    reading = reading_of(may, weeks)
    assert (item.status, item.submitted_by, item.first_submitted_at) == (
        "submitted",
        priya,
        item.submitted_at,
    )
    assert reading.reported_value == 10
    assert reading.reported_at == item.submitted_at
    kept = ReturnSubmission.objects.get()
    assert kept.content["figures"][0]["value"] == "10"
    assert set(kept.content["confirmed"]) == ALL
    assert ReadingVersion.objects.filter(act="submitted").count() == 2
    total = TotalRow.objects.get(measure=weeks)
    assert (total.reported, total.n_reported, total.verified) == (10, 1, 0)
    assert history_of(may).first().after["Apprenticeship weeks"] == "10"


def test_a_correction_keeps_the_old_figure_and_the_first_date_and_totals_follow(may, weeks, priya, lena):
    first = submitted(may, priya).first_submitted_at
    verification.verify(may, by=lena)
    verification.reopen(may, by=lena, reason="Two weeks counted twice")
    reading = reading_of(may, weeks)
    verbs.save_reading(reading, by=priya, value=Decimal(9))
    assert TotalRow.objects.get(measure=weeks).reported == 10
    again = verbs.submit(may, by=priya, confirmations=ALL)
    assert again.first_submitted_at == first
    assert again.submitted_at > first
    assert (again.status, again.cycle) == ("submitted", 2)
    total = TotalRow.objects.get(measure=weeks)
    # What was verified stands until it is verified anew.
    assert (total.reported, total.verified) == (9, 10)
    acts = list(reading.versions.order_by("pk").values_list("act", "reported_value", "verified_value"))
    assert acts == [
        ("submitted", 10, None),
        ("verified", 10, 10),
        ("reopened", 10, 10),
        ("submitted", 9, 10),
    ]
    assert may.submissions.count() == 2


def test_submitting_an_older_copy_is_refused(may, weeks, priya, dafydd):
    fill_in(may, priya)
    may.refresh_from_db()
    seen = may.version
    verbs.save_reading(reading_of(may, weeks), by=dafydd, value=Decimal(11))
    with pytest.raises(Stale, match="Somebody else changed this return"):
        verbs.submit(may, by=priya, version=seen, confirmations=ALL)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_submit_at_once_submit_once(may, priya, dafydd):
    fill_in(may, priya)
    outcomes = []
    ready = threading.Barrier(2)

    def press(person):
        try:
            ready.wait(10)
            verbs.submit(may, by=person, confirmations=ALL)
            outcomes.append("submitted")
        except Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in (priya, dafydd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["stale", "submitted"]
    assert ReturnSubmission.objects.count() == 1
    assert MonthlyReturn.objects.get(pk=may.pk).status == "submitted"
