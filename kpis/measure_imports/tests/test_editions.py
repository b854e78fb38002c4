"""One edition after another: nothing older is touched, and what differs can be read."""

import hashlib

import pytest
from django.urls import reverse

from accounts.verbs.recipe import Invalid, Stale
from kpis.library.models import Framework, Measure, Unit
from kpis.measure_imports import verbs
from kpis.measure_imports.differences import differences
from kpis.measure_imports.models import MeasureImport
from kpis.measure_imports.tests.files import csv_file, row
from kpis.proxies.models import Proxy

FIRST = [
    row(code="A1", title="Locks mended", value="100", low="80", high="120"),
    row(code="A2", title="Leaks stopped", rule="Count each leak."),
    row(code="A3", title="Boats named"),
    row(code="A4", title="Hedges laid"),
]
SECOND = [
    row(code="a1", title="Locks mended", value="125", year="2025", low="100", high="150"),
    row(code="A2", title="Leaks stopped", rule="Count each leak once, when it is dry."),
    row(code="A4", title="Hedges laid", unit="metres", value=""),
    row(code="A5", title="Ducks counted"),
]


@pytest.fixture
def two(bring_in):
    """Return two editions of one framework."""
    return bring_in(FIRST), bring_in(SECOND, edition="2027", name="canal SET")


def test_a_new_edition_stands_beside_the_one_before_which_is_not_touched(bring_in):
    first = bring_in(FIRST)
    before = list(Measure.objects.filter(framework=first).order_by("pk").values())
    proxies = list(Proxy.objects.filter(measure__framework=first).order_by("pk").values())
    second = bring_in(SECOND, edition="2027", name="canal SET")
    assert (second.name, second.previous) == (first.name, first)
    assert list(Measure.objects.filter(framework=first).order_by("pk").values()) == before
    assert list(Proxy.objects.filter(measure__framework=first).order_by("pk").values()) == proxies


def test_the_differences_are_read_by_code_whatever_its_capitals(two):
    first, second = two
    found = differences(second, first)
    codes = {kind: [one.measure.code for one in some] for kind, some in found.found.items()}
    assert codes == {
        "added": ["A5"], "removed": ["A3"], "reworded": ["A2"], "revalued": ["A4", "a1"],
        "remeasured": ["A4"],
    }  # fmt: skip
    gone, changed = (one.changes[0] for one in found.found["revalued"])
    assert (gone.now, gone.percent) == ("No £ value", None)
    assert (changed.was, changed.now) == (
        "£100 (£80 to £120), 2024 prices",
        "£125 (£100 to £150), 2025 prices",
    )
    assert changed.percent == 25
    words = found.found["reworded"][0].changes[0]
    assert (words.what, words.was) == ("Counting rule", "Count each leak.")


def test_everybody_with_a_post_reads_and_downloads_the_differences(two, as_person, cast):
    first, second = two
    url = reverse("kpis:framework-differences", args=[second.pk])
    client = as_person(cast["priya"])
    text = client.get(url).content.decode()
    assert "+25%" in text
    assert "Count each leak once, when it is dry." in text
    assert "Ducks counted" in text
    answer = client.get(reverse("kpis:framework-differences-download", args=[second.pk]))
    lines = b"".join(answer.streaming_content).decode()
    assert "Another £ value,a1,Locks mended" in lines
    text = client.get(reverse("kpis:framework-differences", args=[first.pk])).content.decode()
    assert "no edition before this one" in text
    assert as_person(cast["nadia"]).get(url).status_code == 403


def test_the_differences_ask_no_more_of_the_database_for_many_measures(bring_in, django_assert_num_queries):
    few = bring_in([row(code=f"X{n}", title=f"M {n}") for n in range(3)])
    many = bring_in([row(code=f"X{n}", title=f"N {n}", value=str(n + 1)) for n in range(40)], edition="2027")
    with django_assert_num_queries(6):
        differences(many, few)


def test_the_same_file_and_edition_again_is_nothing_to_do_and_says_so(bring_in, start, as_person, lena):
    framework = bring_in(FIRST)
    again = start(FIRST)
    assert (again.counts["unchanged"], again.counts["created"]) == (4, 0)
    with pytest.raises(Stale):
        verbs.begin_applying(again, by=lena)
    text = as_person(lena).get(reverse("kpis:measure-import-page", args=[again.pk])).content.decode()
    assert "There is nothing to do" in text
    assert framework.get_absolute_url() in text
    assert Framework.objects.filter(name="Canal set").count() == 1


def test_the_same_edition_from_another_file_is_refused_with_what_to_do(bring_in, start):
    bring_in(FIRST)
    with pytest.raises(Invalid, match="Give this table an edition name of its own"):
        start(SECOND, edition="2026", name="CANAL set")


def test_an_edition_made_meanwhile_is_not_written_over(start, lena):
    started = start(FIRST)
    Framework.objects.create(name="Canal set", edition="2026", source="x", licence="x")
    with pytest.raises(Stale, match="is in the library already"):
        verbs.begin_applying(started, by=lena)


def test_nothing_is_checked_before_somebody_says_which_edition_it_is(as_person, lena, db):
    started = verbs.start(csv_file(FIRST), by=lena, name="m.csv")
    for act in ("check", "apply"):
        as_person(lena).post(reverse(f"kpis:measure-import-{act}", args=[started.pk]))
    with pytest.raises(Stale, match="Say first which edition"):
        verbs.begin_checking(started, by=lena)
    assert MeasureImport.objects.get().status == "reading"


def test_the_file_its_fingerprint_who_and_when_are_kept(bring_in, lena):
    framework = bring_in(FIRST)
    done = framework.imports.get()
    assert done.sha256 == hashlib.sha256(csv_file(FIRST)).hexdigest()
    assert (done.file_name, done.uploaded_by, done.status) == ("measures.csv", lena, "applied")
    assert done.finished_at is not None


def test_what_a_unit_means_is_said_once_and_a_new_unit_is_made_once(bring_in, lena):
    bring_in([row(unit="No. of otters"), row(code="X2", title="Two", unit="no of Otters")])
    assert Unit.objects.filter(name__icontains="otters").count() == 1
    bring_in([row(unit="NO OF OTTERS")], edition="2027")
    assert Unit.objects.filter(name__icontains="otters").count() == 1
    started = verbs.start(csv_file([row(unit="headz")]), by=lena, name="m.csv")
    verbs.set_meanings(started, by=lena, units={"headz": "people"})
    framework = bring_in([row(unit="Headz")], edition="2028")
    assert framework.measures.get().unit.code == "people"


def test_a_table_is_carried_on_where_a_worker_left_it(start, lena, monkeypatch):
    started = start([row(code=f"X{n}", title=f"Measure {n}") for n in range(250)])
    verbs.begin_applying(started, by=lena)
    whole, calls = verbs.Applier.apply, []

    def dies(self, rows):
        calls.append(len(rows))
        if len(calls) == 2:
            raise RuntimeError("the power went")
        whole(self, rows)

    monkeypatch.setattr(verbs.Applier, "apply", dies)
    stopped = verbs.carry_on(started.pk)
    assert (stopped.status, stopped.rows_done) == ("stopped", 100)
    assert not stopped.framework.is_usable
    verbs.begin_applying(verbs.check(stopped, by=lena), by=lena)
    MeasureImport.objects.filter(pk=started.pk).update(worker_until=None)
    assert verbs.carry_on_abandoned() == 1
    done = MeasureImport.objects.get(pk=started.pk)
    assert (done.status, done.rows_done) == ("applied", 250)
    assert Measure.objects.filter(framework=done.framework, status="live").count() == 250
    assert verbs.summary(done)["rows_read"] == 250
