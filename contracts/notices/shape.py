"""Whether a release is built as releases are: each thing of the wrong kind is named with its place."""

from __future__ import annotations

from typing import Any

from contracts.notices.texts import said

# A dict is an object with these parts; a list of one such is a list of objects; WORDS is a list of words,
# for which one word alone is understood; WHOLE is an object whose parts are read one by one.
WORDS = "words"
WHOLE: dict[str, Any] = {}
_PERIODS = {"contractPeriod": WHOLE, "period": WHOLE}
_ITEMS = [{"classification": WHOLE, "additionalClassifications": [WHOLE]}]
_METRICS = [{"observations": [{"period": WHOLE, "unit": WHOLE, "measureClassification": WHOLE}]}]
_DOCUMENTS = [WHOLE]
_AMENDMENTS = [{"rationaleClassifications": [WHOLE]}]
_PARTY = {
    "identifier": WHOLE,
    "additionalIdentifiers": [WHOLE],
    "details": WHOLE,
    "roles": WORDS,
}
_LOT = {**_PERIODS, "value": WHOLE, "techniques": WHOLE, "suitability": WHOLE, "specialRegime": WORDS}
_TENDER = {
    **_LOT,
    "legalBasis": WHOLE,
    "classification": WHOLE,
    "additionalClassifications": [WHOLE],
    "items": _ITEMS,
    "lots": [_LOT],
    "documents": _DOCUMENTS,
    "amendments": _AMENDMENTS,
}
_AWARD = {
    **_PERIODS,
    "value": WHOLE,
    "suppliers": [WHOLE],
    "relatedLots": WORDS,
    "items": _ITEMS,
    "agreedMetrics": _METRICS,
    "documents": _DOCUMENTS,
    "amendments": _AMENDMENTS,
}
_CONTRACT = {
    **_AWARD,
    "proposedAmendments": _AMENDMENTS,
    "terminationRationaleClassifications": [WHOLE],
    "implementation": {
        "metrics": _METRICS,
        "performanceFailures": [WHOLE],
        "documents": _DOCUMENTS,
    },
}
RELEASE = {
    "tag": WORDS,
    "buyer": WHOLE,
    "parties": [_PARTY],
    "planning": {"documents": _DOCUMENTS},
    "tender": _TENDER,
    "awards": [_AWARD],
    "contracts": [_CONTRACT],
    "relatedProcesses": [WHOLE],
}
MOST = 5


def problems_of(data: dict[str, Any], notes: list[str]) -> list[str]:
    """Return a sentence for each part that is not what it should be (at most six); [] where all is well.

    A single word where a list of words is meant is made one in place, and said in `notes`.
    """
    found: list[str] = []
    _look(data, RELEASE, "", found, notes)
    if len(found) > MOST:
        found = [*found[:MOST], f"There are {len(found) - MOST} more such mistakes."]
    return [*found, "Correct this, or ask whoever published it."] if found else []


def _look(node: dict[str, Any], spec: dict[str, Any], place: str, found: list[str], notes: list[str]) -> None:
    for name, wanted in spec.items():
        value = node.get(name)
        if value is None:
            continue
        path = f"{place}.{name}" if place else name
        if wanted == WORDS:
            if isinstance(value, str):
                node[name] = [value]
                notes.append(f"“{path}” should be a list; the one text in it is used.")
            elif not isinstance(value, list):
                found.append(_wrong(path, "a list", value))
        elif isinstance(wanted, list):
            if not isinstance(value, list):
                found.append(_wrong(path, "a list", value))
                continue
            node[name] = rows = [one for one in value if one is not None]
            for index, one in enumerate(rows):
                inner = f"{path}[{index}]"
                if isinstance(one, dict):
                    _look(one, wanted[0], inner, found, notes)
                else:
                    found.append(_wrong(inner, "an object", one))
        elif not isinstance(value, dict):
            found.append(_wrong(path, "an object", value))
        else:
            _look(value, wanted, path, found, notes)


def _wrong(path: str, wanted: str, value: Any) -> str:
    if isinstance(value, dict):
        what = "an object"
    elif isinstance(value, list):
        what = "a list"
    elif isinstance(value, str):
        what = f"text ({said(value, 40)})"
    else:
        what = f"{said(value, 40)}"
    return f"`{path}` should be {wanted}, but is {what}."
