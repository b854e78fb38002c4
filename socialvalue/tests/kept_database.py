"""A migrated database kept as a model: migrating takes longer than most tests, copying takes a moment.

It is named by a hash of the source, so that any change of the code makes a new one. `./test` keeps it for its
own run; plain pytest keeps the last few in `var`, or on the PostgreSQL server it was given.
"""

import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
# So many of the last ones stay: somebody may change the code while tests of a moment ago still run.
KEPT = 4


@functools.cache
def key() -> str:
    """Return what stands for all that migrations may depend on: code, packages, the council's words."""
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version} {settings.WORDS}".encode())
    for path in sorted([*ROOT.glob("*/**/*.py"), *ROOT.glob("requirements*.txt")]):
        parts = path.relative_to(ROOT).parts
        if "tests" not in parts and not parts[0].startswith("."):
            found.update(str(path).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def sql(statement: str) -> list[tuple]:
    """Run a statement of the PostgreSQL server itself, outside a transaction, and return its rows."""
    import psycopg2

    facts = connection.settings_dict
    server = psycopg2.connect(
        dbname="postgres",
        user=facts["USER"],
        password=facts["PASSWORD"],
        host=facts["HOST"] or None,
        port=facts["PORT"] or None,
    )
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()


def url_of(name: str) -> str:
    """Return what DATABASE_URL says for a database of this name on the test's PostgreSQL server."""
    facts = connection.settings_dict
    password = f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else ""
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return (
        f"postgres://{quote(facts['USER'], safe='')}{password}@{port}/{name}"
        f"?host={quote(facts['HOST'] or 'localhost', safe='')}"
    )


def migrate(database_url: str, var: Path) -> None:
    """Migrate an empty database in a process of its own."""
    env = {name: value for name, value in os.environ.items() if name != "PRODUCTION"}
    env |= {"DATABASE_URL": database_url, "SV_VAR": str(var), "SECRET_KEY": "only for tests"}
    env |= {"DJANGO_SETTINGS_MODULE": "socialvalue.settings", "PYTHONPATH": str(ROOT)}
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command as call\n"
        "call('migrate', verbosity=0)\ncall('createcachetable')"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def folder() -> Path:
    """Return where the kept SQLite files and the locks of this run's folder are."""
    found = settings.VAR / "kept"
    found.mkdir(exist_ok=True)
    return found


def kept_file() -> Path:
    """Return the kept SQLite file, made where there is none yet."""
    kept = folder() / f"{key()}.sqlite3"
    if not kept.exists():
        making = folder() / f"making-{uuid.uuid4().hex[:12]}"
        making.mkdir()
        try:
            migrate(f"sqlite:///{making}/made.sqlite3", making)
            copy_file(making / "made.sqlite3", making / "whole.sqlite3")
            (making / "whole.sqlite3").replace(kept)
        finally:
            shutil.rmtree(making)
        for older in sorted(folder().glob("*.sqlite3"), key=os.path.getmtime)[:-KEPT]:
            older.unlink(missing_ok=True)
            older.with_suffix(".lock").unlink(missing_ok=True)
    return kept


def copy_file(kept: Path, path: Path) -> None:
    """Copy a SQLite database with all that its log still holds."""
    source, copy = sqlite3.connect(kept), sqlite3.connect(path)
    source.backup(copy)
    source.close()
    copy.close()


def kept_template() -> str:
    """Return the name of the kept PostgreSQL database, made where there is none yet."""
    ours = f"kept_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}_"
    kept = ours + key()
    standing = [name for (name,) in sql("SELECT datname FROM pg_database ORDER BY oid")]
    if kept not in standing:
        for older in [name for name in standing if name.startswith(ours)][: 1 - KEPT]:
            sql(f"DROP DATABASE IF EXISTS {older} WITH (FORCE)")
        making = f"making_{uuid.uuid4().hex[:12]}"
        sql(f"CREATE DATABASE {making}")
        try:
            migrate(url_of(making), settings.VAR)
            sql(f"ALTER DATABASE {making} RENAME TO {kept}")
        finally:
            sql(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)")
    return kept


def alone(work):
    """Let one process of a run do this at a time: the first makes the database, the others wait for it."""

    @functools.wraps(work)
    def waiting(*args):
        import fcntl

        with (folder() / f"{key()}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return work(*args)

    return waiting


@alone
def copy_to_file(path: Path) -> None:
    """Make a new SQLite database here, as migrations leave it."""
    copy_file(kept_file(), path)


@alone
def copy_to_server(name: str) -> None:
    """Make a new PostgreSQL database of this name, as migrations leave it."""
    sql(f"CREATE DATABASE {name} TEMPLATE {kept_template()}")


@alone
def begin_tests_with_a_copy() -> None:
    """Let Django's test database begin as a copy: its own migrating then finds nothing to do."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = kept_template()
        return
    creation: Any = connection.creation
    begin = creation._create_test_db
    kept_file()

    def create(*args, **more):
        name = begin(*args, **more)
        copy_to_file(Path(name))
        return name

    creation._create_test_db = create
