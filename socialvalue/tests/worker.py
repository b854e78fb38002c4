"""A real Celery worker on the broker of the settings and the database of the test."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)


def database_url():
    """Return the address of the database the test is using, as DATABASE_URL takes it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return (
        f"postgres://{quote(facts['USER'])}:{quote(facts['PASSWORD'])}@/{facts['NAME']}?host={facts['HOST']}"
        + (f"&port={facts['PORT']}" if facts["PORT"] else "")
    )


def environment(letters_folder, **more):
    """Return the environment of a process that works beside the test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "socialvalue.settings",
        "SV_VAR": str(settings.VAR),
        "DATABASE_URL": database_url(),
        "EMAIL_BACKEND": "socialvalue.tests.slow_mailbox.SlowMailbox",
        "LETTERS_FOLDER": str(letters_folder),
        "LETTER_CLAIM_SECONDS": "2",
        **more,
    }


def until(condition, seconds, what, said=None):
    """Wait until the condition holds and return its value; fail with `what`, and what was `said` by then."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= deadline:
            log = f":\n{said()}" if said else ""
            pytest.fail(f"{what} did not happen within {seconds} s{log}")
        time.sleep(0.02)


class Worker:
    """One worker in a process group of its own, so that nothing of it outlives the test."""

    def __init__(self, folder, letters_folder, **more):
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        self.env = environment(letters_folder, **more)
        self.process = None

    def __enter__(self):
        """Start it and wait until it takes work."""
        embedded = settings.CELERY_BROKER_URL.startswith("filesystem")
        pool = ["-P", "threads", "-c", "4"] if embedded else ["-P", "prefork", "-c", "2"]
        command = [sys.executable, "-m", "celery", "-A", "socialvalue", "worker", "--loglevel", "INFO", *pool]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle", "-n", f"test-{os.getpid()}@localhost"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            until(self._is_ready, 60, "The worker's start", self.said)
        except BaseException:
            self.kill()
            raise
        return self

    def _is_ready(self):
        assert self.process.poll() is None, f"The worker stopped:\n{self.said()}"
        return " ready." in self.said()

    def said(self):
        """Return the worker's log."""
        return self.log.read_text()

    def kill(self):
        """Kill the worker and all of its processes at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def __exit__(self, *error):
        """Leave nothing behind."""
        self.kill()
