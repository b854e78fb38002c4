"""The contract page says where the contract stands, to everybody, and leads on those who may go on."""

import pytest

from contracts.stages import statements


@pytest.mark.parametrize(
    ("name", "checklist", "move"),
    [("colin", True, True), ("dana", True, False), ("sami", False, False), ("ewa", False, False)],
)
def test_everybody_sees_the_stage_and_how_many_are_answered(
    as_person, cast, answer, highways, name, checklist, move
):
    answer(highways, "live-kpis", by=cast["colin"], verdict="no", words="The director is slow.")
    answer(highways, "pre-priorities", by=cast["colin"], words="Jobs for care leavers.")
    statements.keep(highways, by=cast["colin"], introduction="What matters.")
    text = as_person(cast[name]).get(f"/contracts/{highways.number}/").content.decode()
    assert 'aria-current="step">Live' in text
    assert "1 of 4 questions of this stage is answered." in text
    assert f'href="/contracts/{highways.number}/statement/1/"' in text
    assert (f'href="/contracts/{highways.number}/checklist/"' in text) == checklist
    assert (f'href="/contracts/{highways.number}/stage/"' in text) == move
    assert ("The director is slow." in text) == checklist
