"""Letters posted by real processes: killed in the middle, and two at once."""

import signal
import time
from collections import Counter

import pytest

from accounts.tests.processes import OwnDatabase

pytestmark = pytest.mark.worker

FORTY = """
from accounts.models import Letter, Person
to = Person.objects.create_user(email='nadia@calderbeck.example', full_name='Nadia Cole')
Letter.objects.bulk_create([
    Letter(
        to=to, kind='delegation-revoked', subject='News', body='Hello', message_id=f'<{n:02d}@localhost>'
    )
    for n in range(40)
])
"""
POST = "from accounts.verbs.letters import post_waiting\nprint(post_waiting())"
UNSENT = "from accounts.models import Letter\nprint(Letter.objects.filter(sent_at=None).count())"
STATE = (
    "from accounts.models import Letter\nprint(list(Letter.objects.values_list('sent_at', 'claimed_until')))"
)


def ids_in(database: OwnDatabase) -> Counter:
    """Return how often each Message-ID stands in the file mailbox."""
    found = Counter()
    for path in (database.folder / "letters").glob("*.eml"):
        lines = path.read_text().splitlines()
        found.update(line.split(" ", 1)[1] for line in lines if line.startswith("Message-ID:"))
    return found


def wait_for_files(database, count, process):
    """Wait until so many letters stand in the mailbox."""
    until = time.monotonic() + 60
    while len(ids_in(database)) < count:
        if process.poll() is not None:
            assert len(ids_in(database)) >= count, (
                process.communicate(),
                ids_in(database),
                database.run(STATE),
            )
            return
        assert time.monotonic() < until
        time.sleep(0.005)


def test_after_kills_in_the_middle_each_letter_stands_exactly_once(own_database):
    own_database.run(FORTY)
    for count in (3, 14):
        sender = own_database.start(POST)
        wait_for_files(own_database, count, sender)
        sender.send_signal(signal.SIGKILL)
        sender.communicate()
        assert sender.returncode == -signal.SIGKILL
        # Until the turn the dead process held runs out: two seconds, rounded up by the cache.
        time.sleep(3.2)
    until = time.monotonic() + 60
    while own_database.run(POST + "\n" + UNSENT).split()[-1] != "0":
        assert time.monotonic() < until
        time.sleep(0.5)
    assert ids_in(own_database) == Counter({f"<{n:02d}@localhost>": 1 for n in range(40)})
    handed_over = (own_database.folder / "handed-over.txt").read_text().split()
    assert len(handed_over) <= 42


def test_two_processes_at_once_hand_each_letter_over_once(own_database):
    own_database.run(FORTY)
    senders = [own_database.start(POST) for _ in range(2)]
    posted = []
    for sender in senders:
        out, err = sender.communicate(timeout=120)
        assert sender.returncode == 0, err
        posted.append(int(out))
    assert sum(posted) == 40
    handed_over = Counter((own_database.folder / "handed-over.txt").read_text().split())
    assert handed_over == Counter({f"<{n:02d}@localhost>": 1 for n in range(40)})
    assert own_database.run(UNSENT) == "0"
