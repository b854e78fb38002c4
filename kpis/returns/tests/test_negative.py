"""Figures below 0: entered, checked, rated and added up where the library says a figure can be so."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.verbs.recipe import Invalid
from kpis.library.models import Cohort, Framework
from kpis.models import MonthlyReturn, Reading, TotalRow
from kpis.proposals import verbs as proposals
from kpis.readings.to_date import figures_to_date
from kpis.returns import verbs
from kpis.returns.tests.conftest import ALL, APRIL, MAY, reading_of
from kpis.tests.factories import make_approved_set, make_measure
from kpis.totals.verbs import rebuild
from kpis.verification import verbs as verification


@pytest.fixture
def jobs(db):
    """Return a measure of jobs come and gone."""
    return make_measure("Jobs, net", unit="jobs", can_be_negative=True)


@pytest.fixture
def net_may(highways, jobs, weeks):
    """Return May's return of a contract that promised 12 jobs, net, and 24 weeks."""
    make_approved_set(highways, APRIL, [(jobs, 12), (weeks, 24)])
    verbs.open_month(MAY)
    return MonthlyReturn.objects.get(month=MAY)


def test_a_loss_is_entered_on_the_page_and_in_the_quick_month_and_stands_in_every_sum(
    net_may, jobs, weeks, priya, lena, as_person
):
    reading = reading_of(net_may, jobs)
    client = as_person(priya)
    url = reverse("kpis:reading-edit", args=[net_may.contract_id, "2026-05", reading.kpi_id])
    page = client.get(url).content.decode()
    assert "put a minus in front" in page
    answer = client.post(
        url, {"version": reading.version, "answer": "figure", "value": "−1", "comment": "A team left."}
    )
    assert answer.status_code == 302
    reading.refresh_from_db()
    assert reading.value == -1
    other = reading_of(net_may, weeks)
    grid = reverse("kpis:return-grid", args=[net_may.contract_id, "2026-05"])
    client.post(
        grid,
        {
            f"k{reading.kpi_id}-value": "-3",
            f"k{reading.kpi_id}-version": reading.version,
            f"k{reading.kpi_id}-comment": "A team left.",
            f"k{other.kpi_id}-value": "-2",
            f"k{other.kpi_id}-version": other.version,
        },
    )
    reading.refresh_from_db()
    other.refresh_from_db()
    assert reading.value == -3
    assert other.value is None, "weeks cannot be below 0"
    verbs.save_reading(other, by=priya, value=Decimal(2))
    sent = verbs.submit(MonthlyReturn.objects.get(pk=net_may.pk), by=priya, confirmations=ALL)
    found = figures_to_date(reading.kpi, MAY)
    assert (found.actual, found.rating) == (-3, "behind")
    verification.verify(sent, by=lena, amounts={reading.pk: (Decimal(-4), "One more left")})
    assert Reading.objects.get(pk=reading.pk).verified_value == -4
    rebuild()
    total = TotalRow.objects.get(measure=jobs, month=MAY)
    assert (total.reported, total.verified) == (-3, -4)


def test_nothing_to_report_is_still_nought(net_may, jobs, priya):
    reading = verbs.save_reading(reading_of(net_may, jobs), by=priya, nothing_to_report=True)
    assert reading.value == 0


def test_groups_of_people_are_counted_only_in_figures_of_nought_or_more(highways, priya):
    group = Cohort.objects.first()
    jobs = make_measure("Jobs, net", unit="jobs", can_be_negative=True, splits=[group])
    make_approved_set(highways, APRIL, [(jobs, 12)])
    verbs.open_month(MAY)
    reading = reading_of(MonthlyReturn.objects.get(month=MAY), jobs)
    with pytest.raises(Invalid, match="0 or more"):
        verbs.save_reading(reading, by=priya, value=Decimal(-2), cohort_counts={group.pk: 1})
    saved = verbs.save_reading(reading, by=priya, value=Decimal(-2), cohort_counts={group.pk: 0})
    assert saved.value == -2
    assert verbs.save_reading(saved, by=priya, value=Decimal(0)).value == 0


def test_no_net_loss_can_be_promised_and_no_loss_can(highways, colin, jobs, weeks):
    Framework.objects.update(offered=Framework.Offered.ALWAYS)
    kpi_set = proposals.start_set(highways, by=colin)
    months = {"starts_month": APRIL, "ends_month": dt.date(2027, 3, 1)}
    terms = proposals.add_kpi(
        kpi_set, by=colin, measure=jobs, target=Decimal(0), baseline=Decimal(-4), **months
    )
    assert (terms.target, terms.baseline) == (0, -4)
    with pytest.raises(Invalid, match="0 or more"):
        proposals.change_kpi(terms, by=colin, target=Decimal(-5))
    with pytest.raises(Invalid, match="more than 0"):
        proposals.add_kpi(kpi_set, by=colin, measure=weeks, target=Decimal(0), **months)
