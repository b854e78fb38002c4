"""Saving a figure: what may stand, who may, and that two people never lose each other's work."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from kpis.models import Cohort, MonthlyReturn
from kpis.returns import verbs
from kpis.returns.tests.conftest import MAY, reading_of, submitted
from kpis.tests.factories import make_approved_set, make_measure


def errors_of(reading, by, **given):
    with pytest.raises(Invalid) as wrong:
        verbs.save_reading(reading, by=by, **given)
    return dict(wrong.value.errors)


def test_a_figure_is_saved_with_who_saved_it_and_what_was_before(may, weeks, priya, dafydd):
    reading = verbs.save_reading(reading_of(may, weeks), by=priya, value=Decimal(0), comment="None yet")
    assert reading.value == 0
    assert reading.is_done
    assert not reading.nothing_to_report
    reading = verbs.save_reading(reading, by=dafydd, value=Decimal(4))
    assert (reading.saved_by, reading.version, set(reading.editors.all())) == (dafydd, 3, {priya, dafydd})
    row = history_of(may).first()
    assert dict(row.before) == {"Figure": "0", "Comment": "None yet"}
    assert dict(row.after) == {"Figure": "4", "Comment": ""}


def test_saving_the_same_again_changes_nothing(may, weeks, priya):
    reading = verbs.save_reading(reading_of(may, weeks), by=priya, value=Decimal(4))
    again = verbs.save_reading(reading, by=priya, value=Decimal("4.0"))
    assert again.version == reading.version


def test_blank_is_not_nought_and_nothing_to_report_is_an_explicit_nought(may, weeks, local_spend, priya):
    reading = verbs.save_reading(reading_of(may, weeks), by=priya, comment="Waiting for the college")
    assert reading.value is None
    assert not reading.is_done
    reading = verbs.save_reading(reading, by=priya, nothing_to_report=True)
    assert (reading.value, reading.nothing_to_report, reading.is_done) == (0, True, True)
    share = verbs.save_reading(reading_of(may, local_spend), by=priya, nothing_to_report=True)
    assert (share.numerator, share.denominator) == (0, 0)


def test_nothing_to_report_and_a_figure_exclude_each_other(may, weeks, priya):
    assert (
        "not both"
        in errors_of(reading_of(may, weeks), priya, value=Decimal(3), nothing_to_report=True)["value"]
    )


def test_figures_that_can_not_be_are_refused_with_what_to_do(may, weeks, local_spend, priya):
    count, share = reading_of(may, weeks), reading_of(may, local_spend)
    assert "0 or more" in errors_of(count, priya, value=Decimal(-1))["value"]
    assert "decimal place" in errors_of(count, priya, value=Decimal("1.25"))["value"]
    assert "14 digits" in errors_of(count, priya, value=Decimal(10) ** 15)["value"]
    assert "doesn't take" in errors_of(count, priya, numerator=Decimal(1))["numerator"]
    assert "both numbers" in errors_of(share, priya, numerator=Decimal(1))["denominator"]
    assert "out of" in errors_of(share, priya, numerator=Decimal(2), denominator=Decimal(1))["numerator"]


def test_groups_never_come_to_more_than_the_figure(highways, priya):
    children = Cohort.objects.create(code="test-children", name="Test children", definition="In our care")
    others = Cohort.objects.create(code="test-others", name="Others", definition="Others")
    hired = make_measure("People hired", unit="test-people", splits=[children, others])
    make_approved_set(highways, MAY, [(hired, 24)])
    verbs.open_month(MAY)
    reading = reading_of(MonthlyReturn.objects.get(), hired)
    wrong = errors_of(reading, priya, value=Decimal(5), cohort_counts={children.pk: 3, others.pk: 3})
    assert "more than the figure of 5" in wrong[f"cohort_{children.pk}"]
    stranger = Cohort.objects.create(code="test-stranger", name="Stranger", definition="Not here")
    assert errors_of(reading, priya, value=Decimal(5), cohort_counts={stranger.pk: 1})
    verbs.save_reading(reading, by=priya, value=Decimal(5), cohort_counts={children.pk: 3, others.pk: 2})
    assert errors_of(reading, priya, value=Decimal(4))
    verbs.save_reading(reading, by=priya, value=Decimal(5), cohort_counts={children.pk: None})
    assert not reading.cohort_counts.filter(cohort=children).exists()


def test_a_stale_save_is_refused_and_says_what_stands(may, weeks, priya, dafydd):
    reading = reading_of(may, weeks)
    seen = reading.version
    verbs.save_reading(reading, by=dafydd, version=seen, value=Decimal(9))
    with pytest.raises(verbs.SavedMeanwhile) as meanwhile:
        verbs.save_reading(reading, by=priya, version=seen, value=Decimal(7))
    assert meanwhile.value.theirs.value == 9
    assert "Dafydd Pugh saved" in str(meanwhile.value)
    assert reading_of(may, weeks).value == 9


def test_two_people_on_two_kpis_do_not_meet(may, weeks, local_spend, priya, dafydd):
    first, second = reading_of(may, weeks), reading_of(may, local_spend)
    verbs.save_reading(first, by=priya, version=1, value=Decimal(9))
    verbs.save_reading(second, by=dafydd, version=1, numerator=Decimal(1), denominator=Decimal(2))
    assert may.readings.filter(saved_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    "name",
    ["colin", "dana", "desmond", "della", "lena", "ewa", "sami", "adam", "oscar", "olga", "otto", "nadia"],
)
def test_only_the_manager_and_deputies_fill_a_return_in(cast, may, weeks, name):
    with pytest.raises(Refused, match="contract manager and deputies"):
        verbs.save_reading(reading_of(may, weeks), by=cast[name], value=Decimal(1))
    with pytest.raises(Refused):
        verbs.submit(may, by=cast[name], confirmations=set(verbs.CONFIRMATIONS))
    with pytest.raises(Refused):
        verbs.await_supplier(may, by=cast[name], note="Asked")


def test_a_submitted_return_is_closed_to_saving(may, weeks, priya):
    submitted(may, priya)
    with pytest.raises(Stale, match="now “submitted”"):
        verbs.save_reading(reading_of(may, weeks), by=priya, value=Decimal(1))


def test_waiting_for_the_supplier_has_a_date_until_they_answer(may, priya):
    with pytest.raises(Invalid):
        verbs.await_supplier(may, by=priya, note=" ")
    waiting = verbs.await_supplier(may, by=priya, note="Timesheets")
    assert waiting.awaiting_supplier_since == dt.date.today()  # noqa: DTZ011
    assert verbs.supplier_answered(may, by=priya).awaiting_supplier_since is None


def test_additional_benefits_stand_apart_and_stale_words_are_refused(may, priya, dafydd):
    verbs.note_additional_benefits(may, by=priya, text="Painted the hall", version=may.version)
    with pytest.raises(Stale):
        verbs.note_additional_benefits(may, by=dafydd, text="Other", version=may.version)
    may.refresh_from_db()
    assert may.additional_benefits == "Painted the hall"
