"""The demo council's £ are what somebody outside works out, to the penny, low and high included."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from kpis.demo.seed import seed
from kpis.library.models import Kind, RollUp
from kpis.models import KPITerms, Measure
from kpis.valuation.tests.making import make_proxy
from reporting.management.commands.check_worth import differences
from reporting.queries.periods import LIFE, YEAR, Period

DAY = dt.date(2026, 6, 11)
MAY = dt.date(2026, 5, 1)


def price_what_has_no_value():
    """Give every other measure that can be priced a value, so that all of the arithmetic is used."""
    can_be = Measure.objects.filter(
        kind__in=[Kind.COUNT, Kind.MONEY], roll_up=RollUp.SUM, record_only=False, kpis__isnull=False
    ).distinct()
    by_year = ((2025, "3.3333", None, "4"), (2026, "3.4567", "1", "9"))
    for n, measure in enumerate(can_be.order_by("pk")):
        proxy = make_proxy(
            measure,
            *([("16.93", "8.01", None)] if n % 2 else by_year),
            stream="social" if n % 3 else "local",
            deadweight=Decimal("12.5") if n % 4 else None,
            lasts_years=1 + n % 3,
            drop_off=Decimal("7.25") if n % 3 else None,
        )
        KPITerms.objects.filter(kpi__measure=measure, proxy=None).update(proxy=proxy)


@pytest.mark.django_db
def test_the_demo_councils_pounds_are_those_of_bare_sql_to_the_penny(capsys):
    seed(DAY)
    for _ in range(2):
        for basis in (LIFE, YEAR):
            assert differences(Period(MAY, basis)) == []
        price_what_has_no_value()
    call_command("check_worth", month="2026-05")
    printed = capsys.readouterr().out
    assert "social committed: £" in printed
    assert "local reported: £" in printed


@pytest.mark.django_db
def test_a_month_that_cannot_be_is_refused():
    with pytest.raises(CommandError, match="no report"):
        call_command("check_worth", month="1999-05")
