"""The checklist as a council has it from the first day, and a short way to answer it."""

import pytest

from contracts.models import ChecklistQuestion
from contracts.stages import verbs
from contracts.stages.verbs import Given


@pytest.fixture
def ask(db):
    """Return a function that gives a question by its key."""
    return lambda key: ChecklistQuestion.objects.select_related("band").get(key=key)


@pytest.fixture
def answer(ask):
    """Return a function that answers a question of a contract by its key."""

    def put(contract, key, *, by, verdict="", percentage=None, words="", seen=None):
        return verbs.answer(contract, [Given(ask(key), verdict, percentage, words, seen)], by=by)

    return put
