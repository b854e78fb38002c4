"""Posting letters: claims, failures, files, secrets."""

import datetime as dt
import errno
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.utils import timezone

from accounts import letters
from accounts.mailbox import FileMailbox, file_name
from accounts.models import HistoryRow, Letter
from accounts.tests.counting import queries
from accounts.verbs import letters as verbs
from accounts.verbs.recipe import Invalid, Stale

KIND = "delegation-revoked"


@pytest.fixture
def letter(nadia):
    return letters.write(KIND, to=nadia, values={"directorate": "Neighbourhoods"})


@pytest.fixture
def files(settings):
    settings.EMAIL_BACKEND = "accounts.mailbox.FileMailbox"
    return settings.LETTERS_FOLDER


class Broken(BaseEmailBackend):
    """A mail system that refuses every message, or the one to somebody."""

    refuse_to = ""
    opened = True

    def open(self):
        if not self.opened:
            raise ConnectionRefusedError("no mail server here")

    def send_messages(self, messages):
        if any(self.refuse_to in message.to[0] for message in messages):
            raise OSError("mailbox full")
        return len(messages)


def make_due():
    Letter.objects.filter(sent_at=None).update(claimed_until=None)


def test_a_letter_stands_in_a_file_as_plain_text(letter, files):
    assert verbs.post_waiting() == 1
    (path,) = files.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["Message-ID"] == letter.message_id
    assert message["To"] == "nadia.cole@calderbeck.example"
    assert message["Subject"] == "Your delegation for Neighbourhoods has been revoked"
    assert message.get_content_type() == "text/plain"
    assert "Hello Nadia," in message.get_content()
    assert path.stat().st_mode & 0o077 == 0
    letter.refresh_from_db()
    assert letter.sent_at
    assert letter.claimed_until is None


def test_a_second_sweep_sends_nothing(letter, files):
    assert [verbs.post_waiting(), verbs.post_waiting()] == [1, 0]


def test_the_same_letter_handed_over_twice_is_one_file_of_the_same_bytes(letter, files):
    for _ in range(2):
        FileMailbox().send_messages([verbs.message_of(letter)])
        first = [path.read_bytes() for path in files.iterdir()]
    assert len(first) == 1
    FileMailbox().send_messages([verbs.message_of(Letter.objects.get())])
    assert [path.read_bytes() for path in files.iterdir()] == first


def test_a_message_id_can_not_leave_the_folder():
    assert "/" not in file_name("<../../etc/passwd@x>")


def test_a_letter_claimed_by_another_worker_is_left_alone_until_the_claim_runs_out(letter, files):
    Letter.objects.update(claimed_until=timezone.now() + dt.timedelta(seconds=30))
    assert verbs.post_waiting() == 0
    Letter.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert verbs.post_waiting() == 1


def test_one_that_fails_does_not_keep_the_others(letter, lena):
    other = letters.write(KIND, to=lena)
    broken = Broken()
    broken.refuse_to = "nadia"
    assert verbs.post_waiting(broken) == 1
    letter.refresh_from_db()
    other.refresh_from_db()
    assert other.sent_at
    assert not letter.sent_at
    assert letter.last_error == "OSError: mailbox full"
    assert letter.attempts == 1
    assert dt.timedelta(seconds=50) < letter.claimed_until - timezone.now() <= dt.timedelta(minutes=1)


def test_each_wait_is_longer_up_to_six_hours():
    waits = [
        (verbs.next_try(n) - timezone.now()).total_seconds() / 60 for n in range(1, verbs.MOST_ATTEMPTS + 1)
    ]
    assert [round(wait) for wait in waits[:5]] == [1, 2, 4, 8, 16]
    assert round(waits[-1]) == 360


def test_a_mail_system_that_is_away_costs_one_letter_one_attempt(letter, lena):
    letters.write(KIND, to=lena)
    broken = Broken()
    broken.opened = False
    assert verbs.post_waiting(broken) == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]


def test_after_the_last_attempt_it_is_given_up_and_shown(as_person, adam, letter):
    for _ in range(verbs.MOST_ATTEMPTS):
        make_due()
        verbs.post_waiting(Broken())
    letter.refresh_from_db()
    assert letter.given_up_at
    make_due()
    assert verbs.post_waiting() == 0
    client = as_person(adam)
    assert "1 letter could not be posted" in client.get("/administration/").content.decode()
    page = client.get("/administration/outbox/?state=failed").content.decode()
    assert "mailbox full" in page
    client.post(f"/administration/outbox/{letter.pk}/send-again/")
    assert verbs.post_waiting() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id
    assert HistoryRow.objects.of(letter).get().action == "letters.send-again"
    assert client.post(f"/administration/outbox/{letter.pk}/send-again/").status_code == 409


@pytest.mark.parametrize("leaves", [True, False])
def test_a_secret_text_is_wiped_when_it_left_or_was_given_up(adam, nadia, leaves):
    letter = letters.write("password-reset", to=nadia, values={"link": "http://localhost/secret"})
    for _ in range(1 if leaves else verbs.MOST_ATTEMPTS):
        make_due()
        verbs.post_waiting(None if leaves else Broken())
    letter.refresh_from_db()
    assert letter.body == ""
    assert bool(letter.sent_at) is leaves
    with pytest.raises(Stale if leaves else Invalid):
        verbs.send_again(letter, by=adam)


def test_a_secret_still_waiting_keeps_its_text(nadia):
    letter = letters.write("password-reset", to=nadia, values={"link": "http://localhost/secret"})
    verbs.post_waiting(Broken())
    letter.refresh_from_db()
    assert "secret" in letter.body


def test_the_outbox_is_for_administrators(as_person, lena, letter):
    assert as_person(lena).get("/administration/outbox/").status_code == 403
    assert as_person(lena).post(f"/administration/outbox/{letter.pk}/send-again/").status_code == 403


def test_the_command_says_how_many_left(letter, capsys):
    call_command("post_letters")
    assert capsys.readouterr().out == "1 letters posted.\n"


def test_a_full_outbox_costs_the_same_queries_to_read(as_person, adam, nadia, letter):
    client = as_person(adam)
    few = queries(client, "/administration/outbox/")
    for _ in range(30):
        letters.write(KIND, to=nadia)
    assert queries(client, "/administration/outbox/") == few


@pytest.mark.parametrize("trouble", ["no folder can be made", "the disk is full"])
def test_a_letter_that_cant_be_kept_stays_waiting_with_the_reason_in_the_outbox(
    as_person, adam, letter, files, monkeypatch, settings, tmp_path, trouble
):
    if trouble == "the disk is full":

        def full(_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("accounts.mailbox.os.fsync", full)
        reason = "No space left on device"
    else:
        (tmp_path / "taken").write_text("a file stands where the folder should")
        settings.LETTERS_FOLDER = tmp_path / "taken"
        reason = "File exists"
    assert verbs.post_waiting() == 0
    letter.refresh_from_db()
    assert letter.sent_at is None
    assert reason in as_person(adam).get("/administration/outbox/").content.decode()
    assert list(tmp_path.glob("**/*.part")) == list(tmp_path.glob("**/*.eml")) == []
    monkeypatch.undo()
    settings.LETTERS_FOLDER = files
    make_due()
    assert verbs.post_waiting() == 1
