"""The demo council: the same for the same day, whole, and never where it could do harm."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Letter, Person
from contracts.models import Contract
from kpis.demo.seed import seed
from kpis.models import KPISet, MonthlyReturn, Reading
from kpis.totals import verbs as totals

# The first day of a financial year: nothing of it has happened yet.
DAY = dt.date(2026, 4, 1)


def fingerprint():
    """Return what a reader would compare: contracts, promises and figures, without row numbers."""
    return (
        list(
            Contract.objects.order_by("title").values_list(
                "title", "reference", "value", "manager__full_name"
            )
        ),
        list(
            Reading.objects.order_by("contract__title", "measure__code", "month").values_list(
                "contract__title", "measure__code", "month", "target", "value", "numerator", "verified_value"
            )
        ),
        list(
            KPISet.objects.order_by("contract__title", "number").values_list(
                "contract__title", "number", "status", "effective_month", "submitted_at"
            )
        ),
    )


@pytest.mark.django_db
def test_the_council_is_whole_with_true_totals_and_the_same_for_the_same_day():
    with transaction.atomic():
        seed(DAY)
        before = fingerprint()
        transaction.set_rollback(True)
    seed(DAY)
    assert fingerprint() == before
    assert Contract.objects.count() == 120
    assert Contract.objects.exclude(directorate=None).values("directorate").distinct().count() == 8
    assert totals.check() == []
    assert not MonthlyReturn.objects.filter(submitted_at__date__gt=DAY).exists()
    # Something for everybody to find: late returns, one sent back, one being corrected, sets waiting.
    for status in MonthlyReturn.Status:
        assert MonthlyReturn.objects.filter(status=status).exists(), status
    assert MonthlyReturn.objects.late_on(DAY).exists()
    assert KPISet.objects.pending().count() >= 4
    assert not KPISet.objects.filter(contract__title__startswith="Millbrook Village").exists()
    assert Letter.objects.exists()
    loads = [person.managed_contracts.count() for person in Person.objects.appointed("contract_manager")]
    assert max(loads) <= 9


@pytest.mark.django_db
@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2026, 2, 28), dt.date(2026, 12, 31)])
def test_the_council_can_be_made_on_any_day(day):
    seed(day)
    assert totals.check() == []
    assert not MonthlyReturn.objects.filter(submitted_at__date__gt=day).exists()


@pytest.mark.django_db
def test_it_refuses_a_database_that_is_not_empty(colin):
    with pytest.raises(CommandError, match="already holds people"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_it_refuses_in_production_mode(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never made in production"):
        call_command("seed_demo")
    assert not Person.objects.exists()
