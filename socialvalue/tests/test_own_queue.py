"""No worker but a test process's own takes its messages."""

import subprocess
import sys

from socialvalue import celery_app
from socialvalue.tests.worker import ROOT, environment

ASK = "from socialvalue import celery_app\nprint(celery_app.conf.task_default_queue)"


def waiting():
    """Return the name of the queue that messages go to, and how many wait in it."""
    name = celery_app.conf.task_default_queue
    with celery_app.connection_for_write() as broker:
        return name, celery_app.amqp.queues[name](broker.default_channel).queue_declare().message_count


def test_messages_go_to_a_queue_of_this_process():
    name, before = waiting()
    assert name.startswith("tests-")
    celery_app.send_task("accounts.tasks.post_letters", retry=False, ignore_result=True)
    assert waiting() == (name, before + 1)


def test_the_processes_a_test_starts_use_its_queue(db, tmp_path):
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
    )
    assert asked.stdout.strip() == celery_app.conf.task_default_queue, asked.stderr
