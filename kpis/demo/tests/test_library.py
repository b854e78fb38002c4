"""The demo council's library: made up and marked so, with two editions, values replaced since, and losses."""

import datetime as dt

import pytest

from contracts.models import Contract
from kpis.demo.library import MADE_UP, NAME, ON_EDITIONS, RETIRED
from kpis.demo.seed import seed
from kpis.library import starter
from kpis.library.models import CouncilPriority, Framework, Measure
from kpis.models import KPISet, KPITerms, Reading
from kpis.practice.models import GoodPracticeNote, GuidancePage
from kpis.practice.permissions import may_write_on
from kpis.proposals.content import content_of, hash_of
from kpis.proxies.models import Proxy

DAY = dt.date(2026, 5, 20)


@pytest.mark.django_db
def test_the_library_shows_everything_a_council_will_meet():
    seed(DAY)
    _values_are_marked_as_made_up()
    _kpis_keep_what_they_were_approved_with()
    _two_contracts_of_one_directorate_are_on_two_editions()
    _some_measures_are_retired_and_one_is_a_draft()
    _what_worked_comes_from_several_directorates()
    assert Reading.objects.filter(value__lt=0, reported_value__lt=0).exists()
    assert CouncilPriority.objects.filter(is_active=True, measures__isnull=False).distinct().count() == 4


def _values_are_marked_as_made_up():
    for proxy in Proxy.objects.filter(key="").prefetch_related("values"):
        assert proxy.source == MADE_UP
        assert proxy.measure.can_be_priced
        value = proxy.values.get()
        assert value.low < value.value < value.high
    assert {"social", "local"} == set(Proxy.objects.filter(key="").values_list("stream", flat=True))
    hours = Proxy.objects.filter(measure__code="SV-25", withdrawn_at=None)
    assert sorted(hours.values_list("is_local", "is_usual")) == [(False, False), (True, True)]


def _kpis_keep_what_they_were_approved_with():
    priced = KPITerms.objects.filter(kpi__measure__proxies__isnull=False).distinct()
    assert priced.exists()
    assert not priced.filter(proxy=None).exists()
    approved = KPITerms.objects.filter(kpi_set__status=KPISet.Status.APPROVED)
    assert approved.filter(proxy__withdrawn_at__isnull=False).exists()
    assert approved.filter(proxy__replaces__isnull=False).exists()
    for terms in approved.exclude(proxy=None).select_related("proxy", "kpi_set", "kpi"):
        assert terms.proxy.measure_id == terms.kpi.measure_id
        assert terms.proxy.key or terms.proxy.added_at < terms.kpi_set.decided_at
    for kpi_set in KPISet.objects.filter(submissions__isnull=False)[:10]:
        assert kpi_set.content_hash == hash_of(content_of(kpi_set))


def _two_contracts_of_one_directorate_are_on_two_editions():
    older, newer = Framework.objects.filter(name=NAME).order_by("edition")
    assert (older.edition, newer.edition, newer.previous) == ("2023", "2025", older)
    codes = {one: set(one.measures.values_list("code", flat=True)) for one in (older, newer)}
    assert codes[older] - codes[newer] == {"CM-04"}
    assert "CM-05" in codes[newer] - codes[older]
    contracts = Contract.objects.filter(title__in=ON_EDITIONS)
    assert len({one.directorate_id for one in contracts}) == 1
    for contract in contracts:
        used = set(contract.kpis.values_list("measure__framework__edition", flat=True))
        assert used == {ON_EDITIONS[contract.title], starter.EDITION}
        assert contract.framework_choices.count() == 2


def _some_measures_are_retired_and_one_is_a_draft():
    retired = Measure.objects.filter(status="retired")
    assert {one.code for one in retired} == set(RETIRED)
    # One that contracts still count by.
    assert KPITerms.objects.filter(kpi__measure__in=retired).exists()
    assert Measure.objects.get(status="draft").framework.edition == "2025"


def _what_worked_comes_from_several_directorates():
    notes = GoodPracticeNote.objects.exclude(contract=None)
    assert len({one.directorate_id for one in notes}) >= 5
    for note in notes:
        assert may_write_on(note.written_by, note.contract), note
    assert GoodPracticeNote.objects.filter(withdrawn_at__isnull=False).count() == 1
    assert GuidancePage.objects.filter(is_published=True).count() == 2
