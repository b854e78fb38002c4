"""What published notices say of one contract, for its page: notices, facts with their sources, KPIs named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.models import Contract, PublishedRecord
from contracts.notices.facts import FIELDS
from contracts.notices.texts import cut, moment_of, web_address
from contracts.register.merging import Wording, current_text, label_of

# What notice numbers of the Procurement Act 2023 are called.
NOTICE_NAMES = {
    "UK1": "Pipeline notice",
    "UK2": "Preliminary market engagement notice",
    "UK3": "Planned procurement notice",
    "UK4": "Tender notice",
    "UK5": "Transparency notice",
    "UK6": "Contract award notice",
    "UK7": "Contract details notice",
    "UK8": "Contract payment notice",
    "UK9": "Contract performance notice",
    "UK10": "Contract change notice",
    "UK11": "Contract termination notice",
    "UK12": "Procurement termination notice",
    "UK13": "Dynamic market intention notice",
    "UK14": "Dynamic market establishment notice",
    "UK15": "Dynamic market modification notice",
    "UK16": "Dynamic market cessation notice",
    "UK17": "Payments compliance notice",
}
_BY_TAG = {
    "planning": "Planning notice",
    "tender": "Tender notice",
    "award": "Award notice",
    "contract": "Contract notice",
    "implementation": "Performance notice",
}
LONGEST = 300


@dataclass(frozen=True)
class Notice:
    """One notice: what it is called, its number, its moment and its address (http or https, or blank)."""

    name: str
    release: str
    at: dt.datetime | None
    url: str


@dataclass(frozen=True)
class Fact:
    """A fact a notice gave, what the contract holds where that differs, and the notice."""

    label: str
    text: str
    here: str
    differs: bool
    notice: Notice


@dataclass
class Published:
    """What the notices of one procurement say of the contract."""

    ocid: str
    part: str
    notices: list[Notice] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    kpis: list[dict[str, Any]] = field(default_factory=list)
    suitable: str = ""


def published_of(contract: Contract) -> list[Published]:
    """Return what notices say of a contract, a procurement each: one query."""
    records = list(PublishedRecord.objects.filter(contract=contract))
    return [_published(contract, record) for record in records]


def _published(contract: Contract, record: PublishedRecord) -> Published:
    values = record.values
    notices = [_notice(one) for one in values.get("notices", [])]
    by_id = {one.release: one for one in notices}
    wording = Wording({})
    facts = []
    for name in FIELDS:
        said = values.get(name, "")
        if not said or name not in record.sources:
            continue
        source = record.sources[name]
        notice = by_id.get(source.get("release", "")) or _notice(
            {
                "release": source.get("release", ""),
                "date": source.get("date", ""),
                "url": source.get("notice", ""),
            }
        )
        now = current_text(contract, name)
        text, here = cut(wording.say(name, said), LONGEST), cut(wording.say(name, now), LONGEST)
        facts.append(Fact(label_of(name), text, here, now != said, notice))
    return Published(
        record.ocid, record.part, notices[::-1], facts, values.get("kpis", []), values.get("suitable", "")
    )


def _notice(one: Mapping[str, str]) -> Notice:
    number, tags = one.get("type", ""), one.get("tags", "")
    name = NOTICE_NAMES.get(number.upper(), "")
    if name:
        name = f"{name} ({number.upper()})"
    else:
        last = tags.split(", ")[-1]
        name = next((words for tag, words in _BY_TAG.items() if last.startswith(tag)), "Notice")
    return Notice(name, one.get("release", ""), moment_of(one.get("date")), web_address(one.get("url")))
