"""From the bytes of a file to its releases: packages, records, single releases, lists, JSON lines."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.notices.shape import problems_of
from contracts.notices.texts import line, moment_of, said, web_address

ASK = "Download it again, or ask whoever published it."
WANTED = (
    "We need a release package (with “releases”), a record package (with “records”) or releases themselves "
    "(each with an “ocid”), as Contracts Finder and Find a Tender give them."
)
TAGS = frozenset(
    (
        *("planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation"),
        *("award", "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment"),
        *("contractTermination", "implementation", "implementationUpdate", "compiled"),
    )
)

_UNSOUND = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
# Releases nest some ten levels deep.
DEEPEST = 60


class PackageError(Exception):
    """The file as a whole can't be read; str() is a sentence that says where and what to do."""


@dataclass
class Release:
    """One release that can be read: its place in the file, what it belongs to, when it was published."""

    position: int
    label: str
    ocid: str
    id: str
    date: dt.datetime
    data: dict[str, Any]
    warnings: list[str] = field(default_factory=list)


@dataclass
class Package:
    """What a file holds: releases that can be read, and an error for each that can't."""

    kind: str
    about: dict[str, str]
    releases: list[Release] = field(default_factory=list)
    # {"release": position, "ocid", "id", "message"}.
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    releases_read: int = 0


@dataclass
class _Found:
    label: str
    data: Any
    error: str = ""


def read_package(data: bytes) -> Package:
    """Return what the file holds; raise PackageError where it is not JSON or holds no releases."""
    warnings: list[str] = []
    text = _decoded(data, warnings)
    whole, broken = _parsed(text, warnings)
    kind = _kind_of(whole)
    package = Package(kind, _about(whole, kind), warnings=warnings)
    found = [*_found(whole, kind), *broken]
    if not found:
        raise PackageError(f"The file holds no releases. {ASK}")
    package.releases_read = len(found)
    for position, one in enumerate(found, start=1):
        label = one.label.replace("{}", str(position))
        if one.error:
            error = {"release": position, "ocid": "", "id": "", "message": f"{label}: {one.error}"}
            package.errors.append(error)
        else:
            _take(package, position, label, one.data)
    return package


def _decoded(data: bytes, warnings: list[str]) -> str:
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0") or data[:2] == b"\x1f\x8b":
        raise PackageError(
            "This is not a JSON file but a compressed file, workbook or PDF. Unpack it, or download the "
            "notices as JSON."
        )
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise PackageError(f"The file is empty. {ASK}")
    encoding = json.detect_encoding(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = data.count(b"\n", 0, error.start) + 1
        warnings.append(
            f"The letters are not UTF-8 as JSON should be (line {place:,}); they were read as Windows "
            "letters. Look at pound signs, dashes and accents."
        )
        return data.decode("cp1252", errors="replace")


def _parse(text: str, repeated: set[str]) -> Any:
    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) != len(given):
            names = [name for name, _ in given]
            repeated.update(name for name in names if names.count(name) > 1)
        return made

    return json.loads(text, parse_float=Decimal, parse_constant=str, object_pairs_hook=pairs)


def _parsed(text: str, warnings: list[str]) -> tuple[Any, list[_Found]]:
    """Return (what the file holds, lines of a file of JSON lines that can't be read)."""
    repeated: set[str] = set()
    try:
        whole = _parse(text, repeated)
        broken: list[_Found] = []
    except json.JSONDecodeError as error:
        whole, broken = _lines(text, error, repeated)
    except RecursionError:
        raise PackageError(f"The file is nested too deeply to be a package of notices. {ASK}") from None
    except ValueError:
        raise PackageError(f"The file holds a number with thousands of digits. {ASK}") from None
    if _UNSOUND.search(text):
        try:
            whole = _sound(whole)
        except RecursionError:
            raise PackageError(f"The file is nested too deeply to be a package of notices. {ASK}") from None
    warnings += [
        f"“{line(name)[:60]}” stands more than once in the same place of the file; the last of them is used."
        for name in sorted(repeated)
    ]
    return whole, broken


def _sound(whole: Any) -> Any:
    """Return what was read without characters no database keeps: NUL, and halves of a character."""
    if isinstance(whole, str):
        return whole.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(whole, list):
        return [_sound(one) for one in whole]
    if isinstance(whole, dict):
        return {_sound(name): _sound(one) for name, one in whole.items()}
    return whole


def _depth(value: Any) -> int:
    """Return how deep lists and objects are nested in each other, up to just more than is allowed."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        level = [one for one in inner if isinstance(one, dict | list)]
        depth += 1
    return depth


def _lines(text: str, error: json.JSONDecodeError, repeated: set[str]) -> tuple[Any, list[_Found]]:
    """Read JSON lines, one release or package a line; raise where the first line is not JSON either."""
    lines = [(number, one) for number, one in enumerate(text.split("\n"), start=1) if one.strip()]
    good: list[Any] = []
    broken: list[_Found] = []
    for number, one in lines:
        try:
            good.append(_parse(one, repeated))
        except (ValueError, RecursionError) as problem:
            if not good or len(lines) < 2 or not isinstance(good[0], dict):
                raise _not_json(text, error) from None
            what = problem.msg if isinstance(problem, json.JSONDecodeError) else "it can't be read"
            broken.append(_Found(f"Line {number}", None, f"it is not JSON ({what}). {ASK}"))
    return good, broken


def _not_json(text: str, error: json.JSONDecodeError) -> PackageError:
    start = text.lstrip()[:200].lower()
    place = f"line {error.lineno:,}, column {error.colno:,}"
    if start.startswith("<"):
        what = "a web page" if "<html" in start or "<!doctype" in start else "XML"
        return PackageError(f"This is {what}, not JSON. Download the notices as OCDS JSON.")
    rest = text[error.pos :].strip()
    if start[:1] in "{[" and (not rest or error.msg.startswith("Unterminated string")):
        return PackageError(f"The file is cut off: it ends in the middle, at {place}. {ASK}")
    if start[:1] not in "{[":
        return PackageError(
            f"This is not JSON (from {place} on: {said(rest, 40)}). Upload the .json file of the notices."
        )
    return PackageError(f"The file is not JSON from {place} on ({error.msg}: {said(rest, 40)}). {ASK}")


def _kind_of(whole: Any) -> str:
    if isinstance(whole, dict):
        for name, kind in (("releases", "release package"), ("records", "record package")):
            if name in whole:
                if not isinstance(whole[name], list):
                    raise PackageError(f"“{name}” should be a list, but is {_sort(whole[name])}. {ASK}")
                return kind
        if "compiledRelease" in whole:
            return "record"
        if "ocid" in whole:
            return "release"
        if "properties" in whole and "$schema" in whole:
            raise PackageError(f"This is a schema that describes notices, not notices. {WANTED}")
        names = ", ".join(f"“{line(name)[:40]}”" for name in list(whole)[:6]) or "nothing"
        raise PackageError(f"This is JSON, but no package of notices: at its top it has {names}. {WANTED}")
    if isinstance(whole, list):
        if whole and not any(isinstance(one, dict) for one in whole):
            raise PackageError(f"This is a JSON list of {_sort(whole[0])}, not of notices. {WANTED}")
        if whole and not any(
            isinstance(one, dict) and {"ocid", "releases", "records"} & set(one) for one in whole
        ):
            raise PackageError(f"This is a JSON list, but nothing in it is a notice. {WANTED}")
        return "list of releases"
    raise PackageError(f"This is JSON, but only {_sort(whole)}. {WANTED}")


def _sort(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "text" if isinstance(value, str) else "a number"


def _about(whole: Any, kind: str) -> dict[str, str]:
    top = whole if isinstance(whole, dict) else {}
    publisher = top.get("publisher")
    return {
        "kind": kind,
        "publisher": line(publisher.get("name"))[:200] if isinstance(publisher, dict) else "",
        "licence": line(top.get("license"))[:300],
        "address": web_address(top.get("uri")),
        "published": line(top.get("publishedDate"))[:40],
    }


def _found(whole: Any, kind: str) -> Iterator[_Found]:
    if kind == "release package":
        yield from (_Found("Release {}", one) for one in whole["releases"])
    elif kind == "record package":
        for number, one in enumerate(whole["records"], start=1):
            yield from _of_record(one, f"Record {number}")
    elif kind == "record":
        yield from _of_record(whole, "The record")
    elif kind == "release":
        yield _Found("The release", whole)
    else:
        for one in whole:
            if isinstance(one, dict) and ("releases" in one or "records" in one) and "ocid" not in one:
                name = "releases" if "releases" in one else "records"
                if isinstance(one[name], list):
                    yield from _found(one, "release package" if name == "releases" else "record package")
                else:
                    yield _Found("Package {}", None, f"“{name}” should be a list, but is {_sort(one[name])}.")
            else:
                yield _Found("Release {}", one)


def _of_record(record: Any, label: str) -> Iterator[_Found]:
    """Yield a record's compiled release, or its releases, or why there is neither."""
    if not isinstance(record, dict):
        yield _Found(label, None, f"it should be an object, but is {_sort(record)}.")
        return
    compiled, releases = record.get("compiledRelease"), record.get("releases")
    ocid = record.get("ocid")
    if isinstance(compiled, dict):
        if ocid and not compiled.get("ocid"):
            compiled = {**compiled, "ocid": ocid}
        yield _Found(label, compiled)
    elif isinstance(releases, list) and releases:
        for number, one in enumerate(releases, start=1):
            place = f"{label}, release {number}" if len(releases) > 1 else label
            if isinstance(one, dict) and "url" in one and "ocid" not in one:
                address = said(one.get("url"), 120)
                yield _Found(
                    place, None, f"it is only a link ({address}) to a release kept elsewhere. Download the "
                    "package with whole or compiled releases; this service opens no addresses by itself.",
                )  # fmt: skip
            else:
                yield _Found(place, one)
    else:
        reason = (
            "it has only a “versionedRelease”, which this service does not read. Download the package with "
            "compiled releases."
            if record.get("versionedRelease")
            else "it has neither a “compiledRelease” nor releases."
        )
        named = f" (ocid {line(ocid)[:80]})" if ocid else ""
        yield _Found(f"{label}{named}", None, reason)


def _take(package: Package, position: int, label: str, data: Any) -> None:
    """Add a release to the package, or what is wrong with it to the errors."""
    if not isinstance(data, dict):
        message = f"{label}: it should be an object with an “ocid”, but is {_sort(data)}."
        package.errors.append({"release": position, "ocid": "", "id": "", "message": message})
        return
    ocid, name = line(data.get("ocid"))[:120], line(data.get("id"))[:200]
    if _depth(data) > DEEPEST:
        message = f"{label} ({ocid or name}): it is nested too deeply to be a notice. {ASK}"
        package.errors.append({"release": position, "ocid": ocid, "id": name, "message": message})
        return
    named = f"{label} ({ocid or name or 'no ocid, no id'})"
    wrong: list[str] = []
    if not ocid:
        wrong.append(
            "it has no “ocid”, so we can’t tell which procurement it belongs to. Ask whoever published it."
        )
    moment = moment_of(data.get("date"))
    if moment is None:
        given = data.get("date")
        what = f"its “date” is {said(given)}, which is no date" if given else "it has no “date”"
        wrong.append(
            f"{what}, so we can’t put it in order with other releases. Write it like 2026-04-01T09:00:00Z."
        )
    notes: list[str] = []
    wrong += problems_of(data, notes)
    if wrong or moment is None:
        message = f"{named}: {' '.join(wrong)}"
        package.errors.append({"release": position, "ocid": ocid, "id": name, "message": message})
        return
    if not name:
        name = f"{moment:%Y-%m-%dT%H:%M:%S}"
        notes.append("The release has no “id”; its date stands for it.")
    tags = [line(one) for one in data.get("tag") or []]
    notes += [
        f"“{tag[:40]}” is no tag of OCDS; what the release holds was read all the same."
        for tag in tags
        if tag not in TAGS
    ]
    package.releases.append(Release(position, label, ocid, name, moment, data, notes))


def same_ocid(ocid: str) -> str:
    """Return an ocid as it is compared: capitals and stray spaces don't count."""
    return "".join(ocid.split()).lower()[:120]
