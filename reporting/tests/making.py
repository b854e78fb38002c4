"""Returns with figures, as reports' tests need them, on one fixed day: Thursday 11 June 2026."""

import csv
import datetime as dt
import io
from decimal import Decimal

from accounts.calendar import add_months, working_day_of_month
from kpis.models import KPI, KPITerms, MonthlyReturn, Reading
from kpis.tests.factories import make_approved_set
from kpis.totals import verbs as totals

NOW = dt.datetime(2026, 6, 11, 11, tzinfo=dt.UTC)
APRIL, MAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)
START = dt.date(2026, 1, 1)
# The report of one directorate for May.
HERE = "/reports/directorates/neighbourhoods/2026-05/"


def noon(day):
    """Return noon of a day in UTC."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def promise(contract, *kpis, **facts):
    """Return an approved set of (measure, target) pairs in force since January 2026."""
    return make_approved_set(contract, START, list(kpis), ends_month=dt.date(2026, 12, 1), **facts)


def make_return(kpi_set, month, figures=(), *, came_on="on time", verified=(), status=None, comment=""):
    """Return the month's return with a reading for each KPI of the set.

    `figures` maps measures to an amount or (numerator, denominator); came_on is a day, "on time" or None (not
    submitted); `verified` maps measures in the same way.
    """
    contract = kpi_set.contract
    due = working_day_of_month(add_months(month, 1), 10)
    day = due if came_on == "on time" else came_on
    figures, verified = dict(figures), dict(verified)
    stamped = {"first_submitted_at": noon(day), "submitted_at": noon(day)} if day else {}
    monthly = MonthlyReturn.objects.create(
        contract=contract,
        month=month,
        kpi_set=kpi_set,
        directorate=contract.directorate,
        due_on=due,
        status=status or ("verified" if verified else "submitted" if day else "open"),
        sampled_at=noon(day) if verified else None,
        **stamped,
    )
    for terms in KPITerms.objects.filter(kpi_set=kpi_set).select_related("kpi__measure"):
        measure = terms.kpi.measure
        reading = Reading(
            monthly_return=monthly,
            kpi=terms.kpi,
            terms=terms,
            contract=contract,
            month=month,
            directorate=contract.directorate,
            measure=measure,
            target=terms.monthly_targets.get(month=month).amount,
            comment=comment,
        )
        if day and measure in figures:
            put(reading, "reported", figures[measure], day)
        if measure in verified:
            put(reading, "verified", verified[measure], day)
        reading.save()
    return monthly


def put(reading, which, amount, day):
    """Set a figure of the reading, reported or verified on a day."""
    if isinstance(amount, tuple):
        setattr(reading, f"{which}_numerator", Decimal(amount[0]))
        setattr(reading, f"{which}_denominator", Decimal(amount[1]))
    else:
        setattr(reading, f"{which}_value", Decimal(amount))
    setattr(reading, f"{which}_at", noon(day))


def add_up():
    """Make all totals true."""
    totals.rebuild()


def kpi_of(contract, measure):
    """Return a contract's KPI for a measure."""
    return KPI.objects.get(contract=contract, measure=measure)


def csv_rows(response):
    """Return a CSV answer as dictionaries."""
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def table_of(client, url, table, **query):
    """Return a report's table as a file's rows."""
    return csv_rows(client.get(url, {"table": table, "format": "csv", **query}))
