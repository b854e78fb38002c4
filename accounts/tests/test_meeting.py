"""Two people who save at once: one of them is told plainly, and nothing is half saved."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import RequestFactory

from accounts.middleware import MET, RefusalMiddleware
from accounts.models import Directorate


def shown(exception, person):
    request = RequestFactory().post("/contracts/1/")
    request.user = person
    return RefusalMiddleware(lambda request: None).process_exception(request, exception)


def test_what_somebody_else_added_in_the_same_moment_is_a_plain_page(lena):
    response = shown(IntegrityError("duplicate key"), lena)
    assert response.status_code == 409
    assert MET.split(",")[0] in response.content.decode()


def test_a_broken_database_is_not_taken_for_two_people(lena):
    assert shown(OperationalError("no connection"), lena) is None


@pytest.mark.django_db(transaction=True)
def test_who_is_let_go_of_when_two_wait_for_each_other_is_told_to_try_again(lena):
    if connection.vendor != "postgresql":
        # SQLite has one writer at a time: nobody can wait for the other.
        assert connection.features.has_select_for_update is False
        return
    one = Directorate.objects.create(name="One", slug="one")
    two = Directorate.objects.create(name="Two", slug="two")
    both_hold, met = threading.Barrier(2), []

    def take(first, second):
        try:
            with transaction.atomic():
                Directorate.objects.select_for_update().get(pk=first.pk)
                both_hold.wait(timeout=20)
                Directorate.objects.select_for_update().get(pk=second.pk)
        except OperationalError as error:
            met.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(met) == 1
    assert shown(met[0], lena).status_code == 409
