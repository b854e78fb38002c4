# ruff: noqa: E402 (settings come before models)
"""Times the reports over 2,000 contracts, 10 KPIs and 60 months in a scratch database (DATABASE_URL).

    DATABASE_URL=postgres://... .venv/bin/python bench/dashboards.py [contracts] [kpis] [months]

Builds the council once (a database that already holds readings is used as it stands), rebuilds its totals,
and prints medians over 15 runs beside the same figure by bare SQL over totals and over readings.
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

import django

django.setup()

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.calendar import add_months, months_between
from accounts.models import Appointment, Directorate, Person, Role
from contracts.models import Category, Contract, Stage
from kpis.library import starter
from kpis.models import (
    KPI,
    KPISet,
    KPITerms,
    Measure,
    MonthlyReturn,
    MonthlyTarget,
    Proxy,
    ProxyValue,
    Reading,
    TotalRow,
)
from kpis.totals import verbs as totals
from reporting.queries import behind, coverage, measures, names, one_measure, standing, worth
from reporting.queries.periods import Period, latest_month
from reporting.queries.scope import Scope

RUNS = int(os.environ.get("BENCH_RUNS", "15"))
LAST = latest_month()


def build(contracts: int, kpis: int, months: int) -> None:
    """Write the council: 8 directorates, every KPI reported every month, a tenth verified, some late."""
    starter.load()
    first = add_months(LAST, 1 - months)
    span = months_between(first, LAST)
    chosen = list(
        Measure.objects.filter(kind__in=["count", "money", "percentage"]).select_related("unit")[:kpis]
    )
    now = timezone.now()
    with transaction.atomic():
        where = [
            Directorate.objects.create(name=f"Directorate {n}", slug=f"directorate-{n}") for n in range(1, 9)
        ]
        category = Category.objects.create(name="Everything")
        lead = Person.objects.create_user(email="lead@bench.example", full_name="Bench Lead", password=None)
        Appointment.objects.create(person=lead, role=Role.LEAD, starts_on=dt.date(2020, 1, 1))
        Contract.objects.bulk_create(
            Contract(
                title=f"Contract {n}",
                directorate=where[n % 8],
                category=category,
                stage=Stage.LIVE,
                starts_on=first,
                ends_on=add_months(LAST, 24),
                value=Decimal(1000000),
                supplier_text="A supplier",
            )
            for n in range(contracts)
        )
        every = list(Contract.objects.order_by("number"))
        KPISet.objects.bulk_create(
            KPISet(contract=c, number=1, status="approved", effective_month=first, decided_at=now)
            for c in every
        )
        sets = list(KPISet.objects.order_by("contract"))
        KPI.objects.bulk_create(
            KPI(contract=c, measure=m, unit_id=m.unit_id, direction=m.direction, kind=m.kind)
            for c in every
            for m in chosen
        )
        promised = list(KPI.objects.order_by("contract", "pk"))
        by_contract = {s.contract_id: s for s in sets}
        proxies = {m.pk: price(m) for m in chosen if m.can_be_priced}
        last = add_months(LAST, 24)
        KPITerms.objects.bulk_create(
            (
                KPITerms(
                    kpi_set=by_contract[k.contract_id],
                    kpi=k,
                    position=1,
                    title="A KPI",
                    target=Decimal(1200),
                    starts_month=first,
                    ends_month=last,
                    proxy=proxies.get(k.measure_id),
                    counting_rule="-",
                    evidence_expected="-",
                )
                for k in promised
            ),
            batch_size=5000,
        )
        terms = list(
            KPITerms.objects.values_list("pk", "kpi", "kpi_set", "kpi__contract", "kpi__measure", "kpi__kind")
        )
        MonthlyTarget.objects.bulk_create(
            (
                MonthlyTarget(terms_id=row[0], month=month, amount=Decimal(10))
                for row in terms
                for month in months_between(first, last)
            ),
            batch_size=5000,
        )
        of_contract = {}
        for row in terms:
            of_contract.setdefault(row[3], []).append(row)
        directorate = {c.pk: c.directorate_id for c in every}
        for month in span:
            due = add_months(month, 1).replace(day=14)
            came = dt.datetime(due.year, due.month, 10, 12, tzinfo=dt.UTC)
            late = month == LAST
            MonthlyReturn.objects.bulk_create(
                (
                    MonthlyReturn(
                        contract=c,
                        month=month,
                        kpi_set=by_contract[c.pk],
                        directorate_id=directorate[c.pk],
                        due_on=due,
                        opened_at=came,
                        **(
                            {}
                            if late and c.pk % 12 == 0
                            else {
                                "status": "verified" if c.pk % 10 == 0 else "closed",
                                "first_submitted_at": came,
                                "submitted_at": came,
                            }
                        ),
                    )
                    for c in every
                ),
                batch_size=2000,
            )
            readings = []
            for pk, contract in MonthlyReturn.objects.filter(month=month).values_list("pk", "contract"):
                given = not (late and contract % 12 == 0)
                for term, kpi, _, _, measure, kind in of_contract[contract]:
                    pct = kind == "percentage"
                    amount = Decimal(8 + (kpi * 7 + month.month) % 5)
                    reading = Reading(
                        monthly_return_id=pk,
                        kpi_id=kpi,
                        terms_id=term,
                        contract_id=contract,
                        month=month,
                        directorate_id=directorate[contract],
                        measure_id=measure,
                        target=Decimal(80 if pct else 10),
                    )
                    if given:
                        reading.reported_at = came
                        if pct:
                            reading.reported_numerator, reading.reported_denominator = amount, Decimal(12)
                        else:
                            reading.reported_value = amount
                        if contract % 10 == 0:
                            reading.verified_at = came
                            reading.verified_value = reading.reported_value
                            reading.verified_numerator = reading.reported_numerator
                            reading.verified_denominator = reading.reported_denominator
                    readings.append(reading)
            Reading.objects.bulk_create(readings, batch_size=5000)
            print(f"\r{month:%Y-%m}", end="", flush=True)
    print()


def price(measure: Measure) -> Proxy:
    """Return a £ value of the measure, made up for this, with a range."""
    proxy = Proxy.objects.create(
        measure=measure, name=f"Bench {measure.code}", unit=measure.unit, price_year=2024, geography="-",
        source="Made up", licence="-", is_usual=not measure.proxies.exists(), deadweight=Decimal(20),
    )  # fmt: skip
    ProxyValue.objects.create(proxy=proxy, value=Decimal(100), low=Decimal(80), high=Decimal(130))
    return proxy


def timed(call) -> float:
    """Return the median milliseconds of a call."""
    runs = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        runs.append((time.perf_counter() - start) * 1000)
    return statistics.median(runs)


def sql(text: str, *values):
    """Return a call that runs a bare statement and fetches all its rows."""

    def call():
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()

    return call


def main(contracts: int = 2000, kpis: int = 10, months: int = 60) -> None:
    """Build where nothing stands, time, print."""
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    if not Reading.objects.exists():
        start = time.perf_counter()
        build(contracts, kpis, months)
        print(f"Built in {time.perf_counter() - start:.0f} s")
        start = time.perf_counter()
        totals.rebuild()
        print(f"Totals rebuilt in {time.perf_counter() - start:.1f} s")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {Reading.objects.count():,} readings, {TotalRow.objects.count():,} totals")
    lead = Person.objects.get(email="lead@bench.example")
    directorate = Directorate.objects.order_by("pk").first()
    period, scope, council = Period(LAST), Scope(lead, directorate), Scope(lead)
    measure = Measure.objects.filter(readings__directorate=directorate).order_by("code").first()
    client = Client()
    client.force_login(lead)
    slug = f"{directorate.slug}/{period.slug}"

    def page(address):
        def call():
            assert client.get(address).status_code == 200

        return call

    bounds = (directorate.pk, period.start, period.month)
    one = "WHERE directorate_id = %s AND month BETWEEN %s AND %s GROUP BY measure_id"
    bare_totals = timed(sql(f"SELECT measure_id, SUM(reported), SUM(due) FROM kpis_totalrow {one}", *bounds))
    bare_readings = timed(
        sql(f"SELECT measure_id, SUM(reported_value), SUM(target) FROM kpis_reading {one}", *bounds)
    )
    all_readings = timed(
        sql(
            "SELECT measure_id, SUM(reported_value), SUM(target) FROM kpis_reading "
            "WHERE month BETWEEN %s AND %s GROUP BY measure_id",
            *bounds[1:],
        )
    )
    lifelong = timed(
        sql(
            "SELECT kpi_id, SUM(reported_value), SUM(target) FROM kpis_reading "
            "WHERE directorate_id = %s AND month <= %s GROUP BY kpi_id",
            directorate.pk,
            period.month,
        )
    )
    show("Bare SQL over totals, a directorate's year", bare_totals)
    show("Bare SQL over readings, a directorate's year", bare_readings)
    show("Bare SQL over readings, the council's year", all_readings)
    show("Bare SQL over readings, a directorate's whole life", lifelong)
    found = standing.standings(scope, period)
    for name, call, bare in (
        ("coverage", lambda: coverage.coverage(scope, period), bare_totals),
        ("heat_by_contract", lambda: coverage.heat_by_contract(scope, period), bare_totals),
        ("measure_table", lambda: measures.measure_table(scope, period), bare_totals),
        ("standings", lambda: standing.standings(scope, period), lifelong),
        ("behind", lambda: behind.behind(scope, period, found, limit=50), bare_readings),
        ("late_returns", lambda: names.late_returns(scope, period), bare_totals),
        ("contracts_without_kpis", lambda: names.contracts_without_kpis(scope, period), bare_totals),
        ("one_measure.by_contract", lambda: one_measure.by_contract(scope, period, measure), bare_readings),
        ("worth_of_scope", lambda: worth.worth_of_scope(scope, period), bare_readings),
        ("worth_of_scope, council", lambda: worth.worth_of_scope(council, period), all_readings),
        ("measure_table, council", lambda: measures.measure_table(council, period), all_readings),
        ("Directorate page", page(f"/reports/directorates/{slug}/"), bare_readings),
        (
            "Directorate measure page",
            page(f"/reports/directorates/{slug}/measures/{measure.pk}/"),
            bare_readings,
        ),
        ("Measure page", page(f"/reports/measures/{measure.pk}/{period.slug}/"), all_readings),
        ("standings, council", lambda: standing.standings(council, period), all_readings),
        ("Council page", page(f"/reports/council/{period.slug}/"), all_readings),
    ):
        show(name, timed(call), bare)


def show(name: str, ms: float, bare: float | None = None) -> None:
    """Print one line."""
    ratio = f"{ms / bare:8.1f} x bare SQL" if bare else ""
    print(f"{name:52} {ms:9.1f} ms {ratio}", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
