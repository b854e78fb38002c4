"""What a file may be, and what is said of one that can't be read."""

import json

import pytest

from contracts.notices.package import PackageError, read_package
from contracts.notices.tests.files import award, package, release, tender


def words(data):
    with pytest.raises(PackageError) as error:
        read_package(data)
    return str(error.value)


def test_packages_records_single_releases_lists_and_lines_are_read():
    one, two = release(), release(ocid="ocds-test01-2", name="r2")
    records = {"records": [{"ocid": one["ocid"], "compiledRelease": one, "releases": [{"url": "x"}]},
                           {"ocid": two["ocid"], "releases": [two]}]}  # fmt: skip
    for data, kind, count in (
        (package(one, two), "release package", 2),
        (json.dumps(records).encode(), "record package", 2),
        (json.dumps(one).encode(), "release", 1),
        (json.dumps([one, two]).encode(), "list of releases", 2),
        (b"\xef\xbb\xbf" + package(one), "release package", 1),
        (json.dumps({"releases": [one]}).encode("utf-16"), "release package", 1),
        (b"\n".join(json.dumps(each).encode() for each in (one, two)), "list of releases", 2),
        (json.dumps([json.loads(package(one)), two]).encode(), "list of releases", 2),
    ):
        found = read_package(data)
        assert (found.kind, len(found.releases), found.errors) == (kind, count, []), data[:60]


def test_a_record_of_links_says_that_no_address_is_opened():
    records = {"records": [{"ocid": "ocds-a-1", "releases": [{"url": "https://x.example/1"}]},
                           {"ocid": "ocds-a-2", "versionedRelease": {"ocid": "ocds-a-2"}},
                           {"ocid": "ocds-a-3", "compiledRelease": release(ocid=...)}]}  # fmt: skip
    found = read_package(json.dumps(records).encode())
    assert "only a link (“https://x.example/1”)" in found.errors[0]["message"]
    assert found.errors[1]["message"].startswith("Record 2 (ocid ocds-a-2): it has only a “versionedRelease”")
    assert [one.ocid for one in found.releases] == ["ocds-a-3"]


def test_a_file_that_is_no_package_says_what_it_is_and_what_to_do():
    whole = package(release())
    assert "cut off: it ends in the middle, at line 1, column" in words(whole[:-30])
    assert "line 2, column 14" in words(b'{"uri": 1,\n "releases": oops}')
    assert words(b"<!DOCTYPE html><html></html>").startswith("This is a web page, not JSON")
    assert words(b"PK\x03\x04aaaa").startswith("This is not a JSON file but a compressed file")
    assert words(b"  \n").startswith("The file is empty")
    assert "at its top it has “type”, “features”" in words(b'{"type": "F", "features": []}')
    assert words(b'{"releases": {"a": 1}}').startswith("“releases” should be a list, but is an object")
    assert words(b"[1, 2]").startswith("This is a JSON list of a number")
    assert words(b"12").startswith("This is JSON, but only a number")
    assert words(b'{"releases": []}').startswith("The file holds no releases")
    assert words(b"[" * 100_000).startswith("The file is nested too deeply")
    assert words(b"[" + b"1" * 5000 + b"]").startswith("The file holds a number with thousands of digits")
    assert words(b"reference,title\n1,2").startswith("This is not JSON (from line 1, column 1 on")


def test_each_release_that_cannot_be_read_gets_its_own_error_and_the_others_go_on():
    found = read_package(package(
        release(), release(ocid=...), release(date=...), release(date="soon", name="r4"), 7,
        release(name="r6", awards={"id": "1"}), release(name="r7", awards=[award(suppliers="Fellside"), 3]),
        release(name="r8", tender="Grounds"), release(name="r9", buyer="Calderbeck"),
    ))  # fmt: skip
    said = {one["release"]: one["message"] for one in found.errors}
    assert len(found.releases) == 1
    assert found.releases_read == 9
    assert sorted(said) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert said[2].startswith("Release 2 (r1): it has no “ocid”")
    assert said[3].startswith("Release 3 (ocds-test01-1): it has no “date”")
    assert "its “date” is “soon”, which is no date" in said[4]
    assert said[5] == "Release 5: it should be an object with an “ocid”, but is a number."
    assert "`awards` should be a list, but is an object." in said[6]
    assert "`awards[0].suppliers` should be a list, but is text (“Fellside”)." in said[7]
    assert "`awards[1]` should be an object, but is “3”." in said[7]
    assert "`tender` should be an object" in said[8]
    assert "`buyer` should be an object" in said[9]


def test_what_can_be_understood_is_read_with_a_word():
    one = release(tag="kpi", id=..., tender=tender(lots=[None]))
    one["tag"] = "kpi"
    found = read_package(package(one))
    assert len(found.releases) == 1
    assert found.releases[0].id == "2025-08-01T09:00:00"
    assert any("“tag” should be a list" in text for text in found.releases[0].warnings)
    assert any("“kpi” is no tag of OCDS" in text for text in found.releases[0].warnings)


def test_letters_that_are_not_utf8_and_names_that_stand_twice_are_said():
    data = package(release(tender=tender(title="PLACE"))).replace(
        b"PLACE", "Caf\u00e9 \u00a3".encode("cp1252")
    )
    found = read_package(data)
    assert found.releases[0].data["tender"]["title"] == "Caf\u00e9 \u00a3"
    assert "not UTF-8" in found.warnings[0]
    twice = read_package(b'{"uri": 1, "releases": [' + json.dumps(release()).encode() + b'], "uri": 2}')
    assert twice.warnings == [
        "“uri” stands more than once in the same place of the file; the last of them is used."
    ]


def test_nan_is_no_number_and_breaks_nothing():
    data = package(release()).replace(b'"amount": 250000', b'"amount": NaN')
    assert len(read_package(data).releases) == 1


def test_characters_no_database_keeps_and_endless_nesting_break_nothing():
    deep: dict = {}
    for _ in range(200):
        deep = {"a": deep}
    odd = release(tender={"id": "X-1", "title": "Half \ud83d and \x00 nothing"})
    found = read_package(package(odd, release(name="r2", tender=deep)))
    assert found.releases[0].data["tender"]["title"] == "Half  and  nothing"
    assert "nested too deeply" in found.errors[0]["message"]
