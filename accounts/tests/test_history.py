"""History is added to, never changed: by nobody, on the database that runs."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.history import NotInATransaction, record
from accounts.models import HistoryRow, Person
from accounts.models.history import HistoryIsAppendOnly


@pytest.fixture
def row(adam):
    with transaction.atomic():
        return record(action="people.edit", subject=adam, by=adam, summary="Adam did something")


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: HistoryRow.objects.filter(pk=row.pk).update(summary="Nothing happened"),
        lambda row: HistoryRow.objects.filter(pk=row.pk).delete(),
        lambda row: HistoryRow.objects.all().delete(),
    ],
)
def test_the_orm_refuses_to_change_or_remove_history(row, change):
    with pytest.raises(HistoryIsAppendOnly):
        change(row)
    assert HistoryRow.objects.get().summary == "Adam did something"


@pytest.mark.parametrize(
    "change",
    [
        lambda row: HistoryRow.objects.bulk_update([row], ["summary"]),
        lambda row: HistoryRow._base_manager.filter(pk=row.pk).update(summary="Nothing happened"),
        lambda row: HistoryRow._base_manager.filter(pk=row.pk)._raw_delete("default"),
        lambda row: HistoryRow.objects.bulk_create(
            [row], update_conflicts=True, update_fields=["summary"], unique_fields=["id"]
        ),
    ],
)
def test_ways_round_the_orm_are_refused(row, change):
    row.summary = "Nothing happened"
    with pytest.raises((DatabaseError, HistoryIsAppendOnly)), transaction.atomic():
        change(row)
    assert HistoryRow.objects.get().summary == "Adam did something"


@pytest.mark.parametrize(
    "sql", ["UPDATE accounts_historyrow SET summary = 'Nothing happened'", "DELETE FROM accounts_historyrow"]
)
def test_the_database_itself_refuses(row, sql):
    with (
        pytest.raises(DatabaseError, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert HistoryRow.objects.get().summary == "Adam did something"


@pytest.mark.django_db(transaction=True)
def test_history_is_written_in_the_transaction_of_its_change():
    person = Person.objects.create_user(email="adam@calderbeck.example", full_name="Adam Price")
    with pytest.raises(NotInATransaction):
        record(action="people.edit", subject=person, by=person, summary="Adam did something")
    assert not HistoryRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_leaves_no_history():
    person = Person.objects.create_user(email="adam@calderbeck.example", full_name="Adam Price")

    @transaction.atomic
    def fails():
        record(action="people.edit", subject=person, by=person, summary="Adam did something")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not HistoryRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_triggers_still_stand_after_tables_were_emptied_for_another_test():
    person = Person.objects.create_user(email="adam@calderbeck.example", full_name="Adam Price")
    with transaction.atomic():
        record(action="people.edit", subject=person, by=person, summary="Adam did something")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_historyrow")
