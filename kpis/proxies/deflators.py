"""Keeping series of deflators: add one whole, and say which are still offered for uplifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from kpis.proxies.models import DeflatorIndex, DeflatorSeries
from kpis.proxies.permissions import may_keep


def add_series(
    *,
    by: Person,
    name: str,
    source: str,
    licence: str,
    indices: Sequence[tuple[int, Decimal]],
    source_url: str = "",
    published_on: dt.date | None = None,
) -> DeflatorSeries:
    """Return the new series, offered for uplifts; a newer publication is another series. Raises Invalid."""
    require(may_keep(by))
    errors = []
    if DeflatorSeries.objects.filter(name__iexact=name.strip()).exists():
        errors.append(
            ("name", "There is a series of this name already. Give this one its publication's date")
        )
    if len(indices) < 2:
        errors.append(("lines", "Enter the indices of two years at least"))
    for year, value in indices:
        if value <= 0 or value >= 10**8:
            errors.append(("lines", f"{year}: the index must be more than 0 and less than 100,000,000"))
        elif value != round(value, 4):
            errors.append(("lines", f"{year}: the index must have 4 decimal places or fewer"))
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        series = DeflatorSeries.objects.create(
            name=name.strip(),
            source=source,
            source_url=source_url,
            licence=licence,
            published_on=published_on,
        )
        DeflatorIndex.objects.bulk_create(
            [DeflatorIndex(series=series, year=year, value=value) for year, value in indices]
        )
        years = [year for year, _ in indices]
        record(
            action="proxies.add_series",
            subject=series,
            by=by,
            summary=f"Added the deflators “{series.name}”",
            after={"Years": f"{min(years)} to {max(years)}", "Source": source, "Licence": licence},
        )
    return series


def set_current(series: DeflatorSeries, *, by: Person, current: bool, note: str = "") -> DeflatorSeries:
    """Return the series, offered for uplifts or no longer; what was uplifted by it stands."""
    require(may_keep(by))
    with transaction.atomic():
        series = lock(DeflatorSeries, series.pk)
        if series.is_current == current:
            raise Stale(f"“{series.name}” is {'offered' if current else 'not offered'} for uplifts already.")
        series.is_current = current
        series.save()
        did = "Offered the deflators “{}” again" if current else "No longer offer the deflators “{}”"
        record(
            action="proxies.set_current", subject=series, by=by, note=note, summary=did.format(series.name)
        )
    return series
