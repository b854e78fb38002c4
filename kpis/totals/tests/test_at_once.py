"""Totals stay true when several contracts of one directorate submit in the same moment."""

import datetime as dt
import threading

import pytest
from django.db import connection

from conftest import make_contract
from kpis.models import MonthlyReturn, TotalRow
from kpis.returns import verbs as returns
from kpis.returns.tests.conftest import ALL, fill_in
from kpis.tests.factories import make_approved_set, make_measure
from kpis.totals import verbs

APRIL = dt.date(2026, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_submissions_at_once_in_one_directorate_all_count(neighbourhoods, priya):
    weeks = make_measure("Weeks", unit="test-weeks")
    for number in range(4):
        make_approved_set(
            make_contract(f"Contract {number}", neighbourhoods, manager=priya), APRIL, [(weeks, 120)]
        )
    returns.open_month(APRIL)
    items = list(MonthlyReturn.objects.all())
    for item in items:
        fill_in(item, priya, value=10)
    ready = threading.Barrier(len(items))
    wrong = []

    def press(item):
        try:
            ready.wait(10)
            returns.submit(item, by=priya, confirmations=ALL)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert TotalRow.objects.get().reported == 40
    assert verbs.check() == []
