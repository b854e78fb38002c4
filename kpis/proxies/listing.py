"""The council's £ values as a list and as a file: every one with source, prices, range and standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponseBase

from accounts.calendar import today
from accounts.models import Person
from govuk.formats import day
from kpis.library.models import Measure
from kpis.proxies import words
from kpis.proxies.models import Proxy, ProxyValue
from spreadsheets.writing import csv_response, xlsx_response


def listed(text: str, which: str, on: dt.date, person: Person):
    """Return the proxies that match the words and standing, by framework, measure, usual first.

    Those of draft measures only for who may read the drafts.
    """
    found = (
        Proxy.objects.filter(measure__in=Measure.objects.visible_to(person))
        .select_related("measure__framework", "unit").prefetch_related("values")
        .order_by("measure__framework", "measure__code", "-is_usual", "-pk")
    )  # fmt: skip
    if which == "old":
        found = found.offered_on(on).filter(price_year__lt=on.year - words.OLD_PRICES)
    elif which == "local":
        found = found.offered_on(on).filter(is_local=True)
    elif which != "all":
        found = found.offered_on(on)
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(source__icontains=word)
            | Q(measure__title__icontains=word)
            | Q(measure__code__icontains=word)
        )
    return found


# Header, kind of column, what stands in it. A proxy by year has a line for each year.
Column = tuple[str, str, Callable[[Proxy, ProxyValue], object]]
COLUMNS: Sequence[Column] = (
    ("Framework", "text", lambda one, row: str(one.measure.framework)),
    ("Measure", "text", lambda one, row: one.measure.code),
    ("Measure title", "text", lambda one, row: one.measure.title),
    ("Unit", "text", lambda one, row: one.unit.name),
    ("£ value", "text", lambda one, row: one.name),
    ("Calendar year", "text", lambda one, row: str(row.year) if row.year else "all years"),
    ("£ per unit", "number", lambda one, row: row.value),
    ("Low", "number", lambda one, row: row.low),
    ("High", "number", lambda one, row: row.high),
    ("Factor", "number", lambda one, row: one.factor),
    ("Adjustments", "text", lambda one, row: "; ".join(words.adjustments(one))),
    ("Prices of", "text", lambda one, row: str(one.price_year)),
    ("Years old", "whole", lambda one, row: words.years_old(one, today())),
    ("Counts as", "text", lambda one, row: one.get_stream_display()),
    ("Area", "text", lambda one, row: one.geography),
    ("For this council's area", "text", lambda one, row: "yes" if one.is_local else "no"),
    ("Source", "text", lambda one, row: one.source),
    ("Web address", "text", lambda one, row: one.source_url),
    ("Licence", "text", lambda one, row: one.licence),
    ("Valid from", "date", lambda one, row: one.valid_from),
    ("Valid until", "date", lambda one, row: one.valid_until),
    ("Standing", "text", lambda one, row: words.where_it_stands(one, today())[0]),
    ("Uplift", "text", lambda one, row: one.uplift_working),
)


def as_file(proxies: Iterable[Proxy], kind: str) -> HttpResponseBase:
    """Return the proxies as "csv" or "xlsx": one line for a value, or one for each of its years."""
    headers = [header for header, _, _ in COLUMNS]
    rows = ([cell(one, row) for _, _, cell in COLUMNS] for one in proxies for row in _rows(one))
    name = f"£ values {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, rows)
    kinds = [column for _, column, _ in COLUMNS]
    notes = [
        f"£ values of {settings.COUNCIL_NAME}, as at {day(today())}.",
        "£ per unit is as published, in the prices of its own year; Uplift says where it was uplifted.",
        "What a unit counts for is £ per unit times the factor of the council's adjustments.",
    ]
    return xlsx_response(name, "£ values", headers, rows, kinds=kinds, notes=notes)


def _rows(proxy: Proxy) -> list[ProxyValue]:
    return words.by_year(proxy) or list(proxy.values.all())
