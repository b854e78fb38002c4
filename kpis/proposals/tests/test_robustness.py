"""Each robustness warning both ways: said where the promise is weak, silent where it is sound."""

import datetime as dt
from decimal import Decimal

import pytest

from contracts.models import ProportionateRule
from kpis.library.models import CouncilPriority, Measure
from kpis.proposals import verbs
from kpis.proposals.alike import Alike, Compared, Quartiles
from kpis.proposals.differences import differences
from kpis.proposals.models import KPISet
from kpis.proposals.reading import read
from kpis.proposals.warnings import Beside, of_set

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2027, 3, 1)


def measure(code):
    return Measure.objects.select_related("unit").get(code=code)


@pytest.fixture
def sound(highways, colin):
    """Return a draft of one KPI with nothing to say against it by itself."""
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=APRIL, why="As tendered")
    verbs.add_kpi(
        kpi_set, by=colin, measure=measure("SV-25"), target=Decimal(36), baseline=Decimal(0),
        ends_month=dt.date(2029, 3, 1),
    )  # fmt: skip
    return KPISet.objects.get(pk=kpi_set.pk)


def said(kpi_set, **beside):
    """Return every warning as one text."""
    found = differences(kpi_set)
    for one in found:
        if one.will_be:
            one.will_be.kpi_set = kpi_set
    every = of_set(kpi_set, found, our_children="Our Children", beside=Beside(**beside))
    return "\n".join(one.sentence for one in every)


def change(kpi_set, colin, **facts):
    verbs.change_kpi(kpi_set.terms.get(), by=colin, **facts)
    return said(KPISet.objects.get(pk=kpi_set.pk))


def test_a_sound_kpi_has_only_what_the_set_lacks(sound):
    assert said(sound) == (
        "No KPI counts Our Children, alone or as a group within a measure. Ask what the supplier could offer "
        "them, or say why nothing fits."
    )


@pytest.mark.parametrize("code", ["SV-01", "SV-09", "SV-26", "SV-36", "SV-42", "SV-66"])
def test_measures_of_the_starter_set_are_not_called_vague(sound, colin, code):
    verbs.add_kpi(
        sound, by=colin, measure=measure(code), target=Decimal(4), baseline=Decimal(0),
        ends_month=dt.date(2029, 3, 1),
    )  # fmt: skip
    words = said(KPISet.objects.get(pk=sound.pk))
    assert "can be anything" not in words
    assert "names nothing" not in words
    assert "too short" not in words


def test_no_baseline(sound, colin):
    assert "No baseline" in change(sound, colin, baseline=None)
    assert "No baseline" not in change(sound, colin, baseline=Decimal(3))


def test_a_vague_unit_until_the_rule_says_what_one_is(sound, colin):
    assert "“hours” can be anything" in change(
        sound, colin, counting_rule="As agreed with the supplier at the time"
    )
    assert "can be anything" not in change(
        sound, colin, counting_rule="Count each hour somebody is paid for it"
    )


def test_a_rule_too_short_to_count_by(sound, colin):
    assert "too short to count by" in change(sound, colin, counting_rule="As usual")
    assert "too short" not in change(sound, colin, counting_rule="Count each hour once, in its month.")


def test_evidence_that_names_nothing(sound, colin):
    assert "names nothing one could look at" in change(sound, colin, evidence_expected="To be discussed")
    assert "names nothing" not in change(sound, colin, evidence_expected="Signed timesheets")


def test_words_instead_of_a_figure(sound, colin):
    assert "words, not a figure" not in said(sound)
    verbs.add_kpi(sound, by=colin, measure=measure("SV-71"), ends_month=MARCH)
    assert "words, not a figure" in said(KPISet.objects.get(pk=sound.pk))


def test_everything_due_at_the_end(sound, colin):
    months = [dt.date(2026, month, 1) for month in range(4, 13)] + [
        dt.date(2027, month, 1) for month in (1, 2, 3)
    ]
    last = {month: Decimal(0) for month in months} | {MARCH: Decimal(12)}
    hand = {"profile": "by_hand", "target": Decimal(12), "ends_month": MARCH}
    assert "All of it is due in the last month, March 2027" in change(sound, colin, monthly=last, **hand)
    late = {month: Decimal(0) for month in months} | {MARCH: Decimal(6), months[-2]: Decimal(6)}
    assert "More than half of the target is due in the last quarter" in change(
        sound, colin, monthly=late, **hand
    )
    even = dict.fromkeys(months, Decimal(1))
    words = change(sound, colin, monthly=even, **hand)
    assert "last month" not in words
    assert "last quarter" not in words
    assert "last quarter" not in change(sound, colin, profile="by_term", target=Decimal(12), ends_month=MARCH)


@pytest.mark.parametrize(
    ("direction", "mine", "weak"),
    [("higher", 7, True), ("higher", 8, False), ("lower", 21, True), ("lower", 20, False)],
)
def test_a_target_worse_than_three_in_four_is_told_of_how_many(sound, direction, mine, weak):
    about = measure("SV-25")
    about.direction = direction
    marks = Quartiles(Decimal(8), Decimal(14), Decimal(20), 9)
    compared = Compared(about, Decimal(mine), marks, "a year per £100k")
    words = said(sound, alike=Alike(by_kpi={sound.terms.get().kpi_id: compared}))
    assert ("three in four similar contracts" in words) is weak
    if weak:
        does = "promises less" if direction == "higher" else "allows more"
        assert f"It {does} than three in four similar contracts (9)." in words


def test_nothing_for_a_priority_only_where_the_council_has_some(sound):
    assert "priorities" not in said(sound)
    assert "No KPI serves any of the council’s priorities" in said(sound, has_priorities=True)
    assert "priorities" not in said(sound, has_priorities=True, serves_a_priority=True)


def test_priorities_are_those_of_today_that_a_measure_of_the_set_points_to(sound):
    def all_said():
        return "\n".join(read(KPISet.objects.get(pk=sound.pk)).warnings)

    assert "priorities" not in all_said()
    priority = CouncilPriority.objects.create(title="Young people")
    assert "No KPI serves any of the council’s priorities" in all_said()
    measure("SV-25").priorities.add(priority)
    assert "priorities" not in all_said()
    CouncilPriority.objects.update(is_active=False)
    CouncilPriority.objects.create(title="Clean air")
    assert "No KPI serves any" in all_said()


def test_too_many_or_too_few_against_the_councils_rule(sound):
    rule = ProportionateRule(kpis_at_least=2, kpis_at_most=4)
    assert "1 KPI is fewer than the council asks of such a contract (2 to 4" in said(sound, rule=rule)
    assert "the council asks" not in said(sound, rule=ProportionateRule(kpis_at_least=1, kpis_at_most=4))
    assert "1 KPI is more than the council asks" in said(
        sound, rule=ProportionateRule(kpis_at_least=0, kpis_at_most=0)
    )


def test_too_many_beside_similar_contracts(sound, colin):
    def marks(upper):
        return Alike(counts=Quartiles(Decimal(0), Decimal(0), Decimal(upper), 8))

    assert "1 KPI is more than three in four similar contracts have (half have 0 to 0; 8 contracts)" in said(
        sound, alike=marks(0)
    )
    assert "similar contracts have" not in said(sound, alike=marks(1))


def test_an_unchanged_kpi_carried_over_is_not_called_vague_again(sound, colin):
    verbs.change_kpi(sound.terms.get(), by=colin, evidence_expected="To be discussed", baseline=None)
    KPISet.objects.filter(pk=sound.pk).update(status="approved", decided_at=sound.started_at)
    following = verbs.start_set(sound.contract, by=colin)
    words = said(KPISet.objects.get(pk=following.pk))
    assert "names nothing" not in words
    assert "No baseline" not in words


def test_warnings_never_keep_a_set_from_being_sent(sound, colin, dana):
    verbs.change_kpi(sound.terms.get(), by=colin, evidence_expected="To be discussed", baseline=None)
    CouncilPriority.objects.create(title="Young people")
    assert verbs.submit(KPISet.objects.get(pk=sound.pk), by=colin).status == "submitted"
