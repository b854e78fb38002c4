"""Packages of notices for tests, small and our own."""

import copy
import json

US = {"id": "GB-PPON-PCAL-0001-DERB", "name": "Calderbeck Council"}
SUPPLIER = {"id": "GB-COH-00123456", "name": "Fellside Works Ltd"}
SUPPLIER_PARTY = {
    **SUPPLIER,
    "roles": ["supplier"],
    "identifier": {"scheme": "GB-COH", "id": "00123456"},
    "details": {"scale": "sme", "vcse": False},
}
ACT = {"id": "2023/54", "scheme": "UKPGA"}


def tender(**more):
    """Return a tender."""
    return {
        "id": "CB-100",
        "title": "Grounds maintenance",
        "description": "Parks and verges",
        "status": "complete",
        "legalBasis": ACT,
        "procurementMethodDetails": "Open procedure",
        "classification": {"scheme": "CPV", "id": "77314000", "description": "Grounds maintenance services"},
        **more,
    }


def award(key="1", **more):
    """Return an award."""
    return {
        "id": key,
        "status": "active",
        "suppliers": [SUPPLIER],
        "value": {"amount": 250000, "amountGross": 300000, "currency": "GBP"},
        "contractPeriod": {
            "startDate": "2025-09-01T00:00:00+01:00",
            "endDate": "2028-08-31T23:59:59+01:00",
        },
        **more,
    }


def release(ocid="ocds-test01-1", name="r1", date="2025-08-01T09:00:00Z", tag="award", **more):
    """Return a release of one award, or what is given instead."""
    made = {
        "ocid": ocid,
        "id": name,
        "date": date,
        "tag": [tag],
        "initiationType": "tender",
        "buyer": US,
        "parties": [{**US, "roles": ["buyer"]}, SUPPLIER_PARTY],
        "tender": tender(),
        "awards": [award()],
    }
    made.update(more)
    return copy.deepcopy({key: value for key, value in made.items() if value is not ...})


def package(*releases, **more):
    """Return the bytes of a release package."""
    top = {
        "uri": "https://notices.example/1", "version": "1.1", "publisher": {"name": "Test"},
        "releases": list(releases), **more,
    }  # fmt: skip
    return json.dumps(top).encode()
