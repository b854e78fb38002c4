"""Two registers begun at the same moment: one is applied, the other waits and is told so."""

import pytest

from accounts.verbs.recipe import Stale
from contracts.models import Contract, RegisterImport
from contracts.register import verbs
from contracts.register.tests.files import csv_file, row
from kpis.tests.at_once import at_once, failures_of

pytestmark = pytest.mark.django_db(transaction=True)


def checked(by, name):
    data = csv_file([row(reference=f"{name}{n}", title=f"{name} {n}") for n in range(4)])
    return verbs.check(verbs.start(data, by=by, name=f"{name}.csv"), by=by)


def test_of_two_registers_begun_at_once_one_is_applied_and_the_other_is_told(lena, adam):
    first, second = checked(lena, "North"), checked(adam, "South")
    outcomes = at_once(
        lambda: verbs.begin_applying(first, by=lena), lambda: verbs.begin_applying(second, by=adam)
    )
    assert [type(error) for error in failures_of(outcomes)] == [Stale]
    assert RegisterImport.objects.filter(status="applying").count() == 1


def test_two_workers_who_take_up_one_import_at_once_make_every_contract_once(lena):
    one = verbs.begin_applying(checked(lena, "North"), by=lena)
    outcomes = at_once(lambda: verbs.carry_on(one.pk), lambda: verbs.carry_on(one.pk))
    assert failures_of(outcomes) == []
    assert sum(outcome is None for outcome in outcomes) == 1
    assert Contract.objects.count() == 4
