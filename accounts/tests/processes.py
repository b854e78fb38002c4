"""Real processes on a database of their own, for what one process can't show: kills and two at once."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from django.db import connection

from accounts.mailbox import FileMailbox
from socialvalue.tests import kept_database

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import django; django.setup()\n"


class SlowMailbox(FileMailbox):
    """A file mailbox that takes its time and notes each handing over, so that a kill can hit any moment."""

    def write(self, message):
        """Wait, note, write, wait."""
        import time

        from django.conf import settings

        time.sleep(0.04)
        with open(settings.VAR / "handed-over.txt", "a") as file:
            file.write(f"{message.extra_headers['Message-ID']}\n")
        written = super().write(message)
        time.sleep(0.04)
        return written


class OwnDatabase:
    """A migrated database, with the folder beside it, that any process may open by `env`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.env = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in ("DATABASE_URL", "PRODUCTION")
            },
            "DJANGO_SETTINGS_MODULE": "socialvalue.settings",
            "SV_VAR": str(folder),
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": "only for tests",
            "LETTER_CLAIM_SECONDS": "2",
            "CACHE_PREFIX": f"own-{uuid.uuid4().hex[:12]}",
            "EMAIL_BACKEND": "accounts.tests.processes.SlowMailbox",
        }
        self.name = ""
        if connection.vendor == "postgresql":
            self.name = f"own_{uuid.uuid4().hex[:12]}"
            kept_database.copy_to_server(self.name)
            self.env["DATABASE_URL"] = kept_database.url_of(self.name)
        else:
            kept_database.copy_to_file(folder / "socialvalue.sqlite3")

    def run(self, code: str) -> str:
        """Run Python code in a process of its own and return what it printed; fail where it failed."""
        done = subprocess.run(
            [sys.executable, "-c", SETUP + code],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, code: str) -> subprocess.Popen:
        """Start Python code in a process of its own and return the process."""
        return subprocess.Popen(
            [sys.executable, "-c", SETUP + code],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def drop(self):
        """Remove the folder and the database."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.name:
            kept_database.sql(f"DROP DATABASE {self.name} WITH (FORCE)")
