"""What the demo council has published of one contract: the award, the contract details with its KPIs."""

from __future__ import annotations

import datetime as dt
from random import Random

from accounts.calendar import add_working_days
from contracts.models import Contract, PublishedRecord
from contracts.register.merging import current_text
from kpis.demo.cast import Cast, at

TITLE = "Housing repairs and voids"
OCID = "ocds-h6vhtk-0d5c1e"
# Known from a notice: what the contract holds as well.
FACTS = ("title", "supplier_text", "starts_on", "ends_on", "value", "value_basis", "regime")


def publish_notices(cast: Cast, day: dt.date, rng: Random) -> None:
    """Say what two notices told of one contract, as an import of them would have left it."""
    contract = Contract.objects.filter(title=TITLE).first()
    if contract is None:
        return
    awarded = add_working_days((contract.starts_on or day) - dt.timedelta(days=60), 1)
    signed = add_working_days(awarded + dt.timedelta(days=25), 1)
    notices = [
        _notice(f"{rng.randint(10000, 49999):06}-{awarded.year}", awarded, "UK6", "award"),
        _notice(f"{rng.randint(50000, 89999):06}-{signed.year}", signed, "UK7", "contract"),
    ]
    values = {name: text for name in FACTS if (text := current_text(contract, name))}
    source = {"release": notices[1]["release"], "date": notices[1]["date"], "notice": notices[1]["url"]}
    PublishedRecord.objects.create(
        contract=contract,
        ocid=OCID,
        part="1",
        values={
            **values,
            "award_id": "1",
            "contract_id": "1",
            "step": "awarded",
            "suitable": "small or medium-sized suppliers",
            "suppliers": [],
            "kpis": [
                _kpi("Repairs finished on the first visit", "92 per cent a month"),
                _kpi("Residents satisfied with the repair", "88 per cent a quarter"),
                _kpi("Social value: apprentices started", "6 in each contract year"),
            ],
            "notices": notices,
        },
        sources=dict.fromkeys(values, source),
        releases={one["release"]: one["date"] for one in notices},
        imported_at=at(signed + dt.timedelta(days=7), 10),
    )


def _notice(number: str, day: dt.date, kind: str, tag: str) -> dict[str, str]:
    return {
        "release": number,
        "date": at(day, 9).isoformat(),
        "tags": tag,
        "type": kind,
        "url": f"https://notices.calderbeck.example/{number}",
    }


def _kpi(title: str, target: str) -> dict:
    return {"title": title, "description": "", "agreed": True, "targets": [target], "ratings": []}
