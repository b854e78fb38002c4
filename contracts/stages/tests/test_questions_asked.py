"""Which questions are asked of a contract, and how far its answers are."""

from decimal import Decimal

import pytest

from conftest import make_contract
from contracts.models import ChecklistQuestion, ContractTier, Stage
from contracts.stages import defaults
from contracts.stages.asked import Checklist, progress_of, progress_of_many


def keys(contract, stage=None):
    """Return the keys of the questions asked."""
    return [question.key for question in Checklist().of(contract, stage)]


def test_every_install_asks_about_twenty_questions_over_the_five_stages(db):
    assert 20 <= ChecklistQuestion.objects.count() <= 25
    assert set(ChecklistQuestion.objects.values_list("stage", flat=True)) == set(Stage.values)


def test_the_starting_questions_come_once_and_a_councils_edits_stay(ask):
    ChecklistQuestion.objects.filter(key="pre-market").update(
        text="What does the market do?", is_active=False
    )
    ask("end-lessons").delete()
    defaults.load()
    assert ask("pre-market").text == "What does the market do?"
    assert not ask("pre-market").is_active
    assert ask("end-lessons").stage == "ended"
    assert ChecklistQuestion.objects.filter(key="tender-told").count() == 1


@pytest.mark.parametrize(
    ("value", "lots", "three_kpis"),
    [(None, False, False), ("999999.99", False, False), ("1000000", True, False), ("5000000", True, True)],
)
def test_some_questions_are_asked_from_a_value_up(highways, value, lots, three_kpis):
    highways.value = value and Decimal(value)
    assert ("pre-lots" in keys(highways)) == lots
    assert ("award-three-kpis" in keys(highways)) == three_kpis


def test_the_value_over_the_whole_life_counts(highways):
    highways.value, highways.value_basis = Decimal(300_000), "annual"
    assert "pre-lots" in keys(highways)


def test_a_question_may_be_asked_of_a_tier_or_a_category_only(ask, highways, home_care):
    ChecklistQuestion.objects.filter(key="pre-market").update(tier=ContractTier.objects.get(name="Gold"))
    ChecklistQuestion.objects.filter(key="pre-places").update(category=highways.category)
    highways.tier = "GOLD"
    assert {"pre-market", "pre-places"} <= set(keys(highways))
    assert not {"pre-market", "pre-places"} & set(keys(home_care))


def test_a_retired_question_is_not_asked(highways):
    ChecklistQuestion.objects.filter(key="live-kpis").update(is_active=False)
    assert "live-kpis" not in keys(highways)


def test_questions_come_in_the_order_of_the_stages(highways):
    stages = [question.stage for question in Checklist().of(highways)]
    assert list(dict.fromkeys(stages)) == Stage.values


def test_progress_counts_answers_that_answer(answer, colin, highways):
    assert progress_of(highways)["live"].asked == 4
    answer(highways, "live-kpis", by=colin, words="Not yet: the director has the set.")
    assert progress_of(highways)["live"].answered == 0
    answer(highways, "live-kpis", by=colin, verdict="no", words="Not yet: the director has the set.")
    answer(highways, "live-conversation", by=colin, verdict="n/a", words="It starts next month.")
    progress = progress_of(highways)["live"]
    assert (progress.answered, progress.left, progress.is_complete) == (2, 2, False)


def test_progress_of_many_takes_as_many_queries_as_of_one(
    django_assert_num_queries, answer, colin, neighbourhoods, highways
):
    answer(highways, "live-kpis", by=colin, verdict="yes")
    many = [make_contract(f"Contract {n}", neighbourhoods) for n in range(12)]
    with django_assert_num_queries(2):
        found = progress_of_many([highways, *many])
    assert found[highways.pk].answered == 1
    assert found[many[0].pk].answered == 0
