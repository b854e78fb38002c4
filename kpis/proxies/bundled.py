"""The open £ values every install begins with, each with its source, prices and range."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps as current_apps

DATA = Path(__file__).parent / "data"
STARTER = "starter-measures"
OGL = "Open Government Licence v3.0"
UK = "United Kingdom"

CARBON = {
    "name": "Government carbon values, November 2023",
    "stream": "social",
    "price_year": 2022,
    "geography": UK,
    "source": "DESNZ, Green Book supplementary guidance: valuation of energy use and greenhouse gas "
    "emissions, data table 3, November 2023",
    "source_url": "https://www.gov.uk/government/publications/"
    "valuation-of-energy-use-and-greenhouse-gas-emissions-for-appraisal",
    "licence": OGL,
    "note": "£ per tonne of CO2 equivalent, by the year in which it is emitted or saved.",
}
WELLBY = {
    "name": "WELLBY, HM Treasury 2021",
    "stream": "social",
    "price_year": 2019,
    "geography": UK,
    "source": "HM Treasury, Wellbeing Guidance for Appraisal: Supplementary Green Book Guidance, July 2021",
    "source_url": "https://www.gov.uk/government/publications/green-book-supplementary-guidance-wellbeing",
    "licence": OGL,
    "note": "£ per point of life satisfaction, from 0 to 10, for one person for one year. In 2019 prices as "
    "published: not uplifted.",
}
FACE = {
    "price_year": 2026,
    "geography": "Wherever it is paid",
    "source": "Face value: one pound is one pound, no multiplier",
    "licence": "None needed",
    "note": "Pounds of the year in which they are paid or given. No local multiplier is applied.",
}
SPEND = {**FACE, "name": "Face value of local spend", "stream": "local"}
GIFT = {**FACE, "name": "Face value of what was given", "stream": "social"}
GDP = {
    "key": "hmt-gdp-deflators-2025-12",
    "name": "GDP deflators at market prices, December 2025 (2024 = 100)",
    "source": "HM Treasury, GDP deflators at market prices, quarterly national accounts, December 2025",
    "source_url": "https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp",
    "licence": OGL,
}


@dataclass(frozen=True)
class Bundled:
    """One open value, and the starter measure whose units it prices."""

    key: str
    code: str
    unit: str
    facts: dict[str, Any]
    file: str = ""


# The starter set's other spend (with VCSEs, SV-18; with small firms, SV-61) is part of the spend in the area
# or beside it: the same pound would count twice, so it has no £ value. Nor has a figure whose £ is no gift.
BUNDLED = (
    Bundled("desnz-carbon-2023-emitted", "SV-31", "tco2e", CARBON, "carbon_values.csv"),
    Bundled("desnz-carbon-2023-saved", "SV-32", "tco2e", CARBON, "carbon_values.csv"),
    Bundled("hmt-wellby-2021", "SV-60", "wellbys", WELLBY, "wellby.csv"),
    Bundled("face-value-local-spend", "SV-17", "pounds", SPEND),
    Bundled("face-value-cash-given", "SV-23", "pounds", GIFT),
    Bundled("face-value-equipment-given", "SV-24", "pounds", GIFT),
)


def load(apps=current_apps) -> None:
    """Add the bundled deflators and proxies that are not there, by key; change nothing that is.

    A value is added only where the starter measure is there, still counts in the unit the value is for, and
    adds up by month: a council may have made it another. A data migration passes its historic models.
    """
    _load_deflators(apps)
    for one in BUNDLED:
        _load_proxy(apps, one)


def _load_deflators(apps) -> None:
    Series, Index = apps.get_model("kpis", "DeflatorSeries"), apps.get_model("kpis", "DeflatorIndex")
    if Series.objects.filter(key=GDP["key"]).exists() or Series.objects.filter(name=GDP["name"]).exists():
        return
    series = Series.objects.create(**GDP)
    Index.objects.bulk_create(
        [
            Index(series=series, year=int(row["year"]), value=Decimal(row["index"]))
            for row in _rows("gdp_deflator.csv")
        ]
    )


def _load_proxy(apps, one: Bundled) -> None:
    Proxy, Value = apps.get_model("kpis", "Proxy"), apps.get_model("kpis", "ProxyValue")
    if Proxy.objects.filter(key=one.key).exists():
        return
    measure = (
        apps.get_model("kpis", "Measure")
        .objects.filter(
            framework__key=STARTER,
            code=one.code,
            unit__code=one.unit,
            kind__in=["count", "money"],
            roll_up="sum",
            record_only=False,
        )
        .first()
    )
    if measure is None:
        return
    proxy = Proxy.objects.create(
        measure=measure,
        unit=measure.unit,
        key=one.key,
        # A council's own choice stays the one new KPIs take.
        is_usual=not Proxy.objects.filter(measure=measure, is_usual=True).exists(),
        **one.facts,
    )
    rows = _rows(one.file) if one.file else iter([{"year": "", "value": "1", "low": "", "high": ""}])
    Value.objects.bulk_create(
        [
            Value(
                proxy=proxy,
                year=int(row["year"]) if row["year"] else None,
                value=Decimal(row["value"]),
                low=Decimal(row["low"]) if row["low"] else None,
                high=Decimal(row["high"]) if row["high"] else None,
            )
            for row in rows
        ]
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def unload(apps) -> None:
    """Take away the bundled proxies and deflators that nobody used."""
    keys = [one.key for one in BUNDLED]
    Proxy = apps.get_model("kpis", "Proxy")
    Proxy.objects.filter(key__in=keys, terms=None, replaced_by=None).delete()
    used = Proxy.objects.exclude(deflators=None).values("deflators")
    apps.get_model("kpis", "DeflatorSeries").objects.filter(key=GDP["key"]).exclude(pk__in=used).delete()
