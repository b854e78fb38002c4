"""A file mailbox that takes its time and notes each hand-over: time to kill a worker in the middle."""

import os
import time
from pathlib import Path

from django.conf import settings

from accounts.mailbox import FileMailbox


class SlowMailbox(FileMailbox):
    """Writes the message, notes its Message-ID in `handed-over`, then dawdles before it says so."""

    def write(self, message):
        """Write one message: a kill during the wait falls between sending and noting that it was sent."""
        written = super().write(message)
        with (Path(settings.LETTERS_FOLDER) / "handed-over").open("a") as file:
            file.write(message.extra_headers["Message-ID"] + "\n")
        time.sleep(float(os.environ.get("SLOW_MAILBOX_SECONDS", "0.05")))
        return written
