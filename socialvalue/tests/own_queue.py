"""A queue of this test process's own, so that no other process's worker takes its messages.

Other processes of the run use the same broker, and so does a service started from the same folder. A mark of
pytest-xdist can't keep them apart: `--dist loadgroup` of 3.8 does not group under pytest 9.2, without a word.
"""

import contextlib
import os
import uuid
from pathlib import Path

from socialvalue import celery_app


@contextlib.contextmanager
def own_queue():
    """Send this process's messages, and those of the processes it starts, to a queue that goes with it."""
    name = f"tests-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    os.environ["CELERY_QUEUE"] = name
    celery_app.conf.task_default_queue = name
    try:
        yield
    finally:
        _remove(name)


def _remove(name):
    """Leave nothing of the queue with the broker."""
    with celery_app.connection_for_write() as broker:
        queue = celery_app.amqp.queues[name](broker.default_channel)
        queue.declare()
        queue.delete()
    folder = celery_app.conf.broker_transport_options.get("control_folder")
    if folder:
        Path(folder, f"{name}.exchange").unlink(missing_ok=True)
