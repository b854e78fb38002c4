"""Who is at work on an import, and whether that process is still there: a killed one is relieved at once."""

from __future__ import annotations

import hashlib
import os
import socket
import uuid
from pathlib import Path


def _here() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def new_token() -> str:
    """Return a name for this piece of work (at most 32 letters) that tells machine and process."""
    return f"{_here()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def has_died(token: str) -> bool:
    """Return whether the token's process ran on this machine and is gone; False where that can't be told.

    A mistake costs nothing: whoever is relieved finds another's token at its next batch and stops.
    """
    machine, _, rest = token.partition("-")
    process = rest.partition("-")[0]
    if machine != _here() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return _is_zombie(int(process))


def _is_zombie(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
