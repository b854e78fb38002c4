"""A mailbox made of files: each message is one file, however often it is handed over."""

import contextlib
import os
import re
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class FileMailbox(BaseEmailBackend):
    """Writes each message to LETTERS_FOLDER under its Message-ID.

    A message handed over a second time overwrites the same file, so after a kill between sending and
    noting it each message still stands exactly once. The file is complete or absent, never half.
    """

    def send_messages(self, email_messages):
        """Write the messages and return how many stand on disk."""
        return sum(self.write(message) for message in email_messages or [])

    def write(self, message) -> int:
        """Write one message, flushed to disk before it takes its name; return 1."""
        folder = Path(settings.LETTERS_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        mail = message.message()
        path = folder / f"{file_name(mail['Message-ID'])}.eml"
        part = folder / f".{path.name}.{os.getpid()}.part"
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(mail.as_bytes(linesep="\n"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
            raise
        _flush_folder(folder)
        return 1


def file_name(message_id: str) -> str:
    """Return the Message-ID as a safe file name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", message_id.strip("<> "))[:150]


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
