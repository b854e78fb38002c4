"""Typed readings of the environment, so that a wrong value stops the start with a sentence."""

import datetime as dt
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """Return the variable's text, stripped, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return the variable as yes or no; refuse anything that is neither."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def day(name: str, default: str) -> dt.date:
    """Return the variable as a day, written 2013-01-31."""
    value = text(name, default)
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day like {default}, not {value!r}.") from None


def names(name: str, default: str = "") -> list[str]:
    """Return the comma-separated variable as a list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(url: str, var: Path) -> dict:
    """Return Django's database settings for a URL; SQLite under `var` where it is empty.

    SQLite runs in WAL with IMMEDIATE transactions and a 20 s wait: with Django's own defaults most
    concurrent writes fail with "database is locked".
    """
    parts = urlparse(url or f"sqlite:///{var / 'socialvalue.sqlite3'}")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)
            if url.startswith("sqlite:////") or not url
            else unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA cache_size=-16000;",
            },
            # Tests run on a file, as in life: threads and a real worker see the same rows. One a run.
            "TEST": {"NAME": str(var / f"test-{os.getpid()}.sqlite3")},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL must begin with postgres:// or sqlite:///, not {parts.scheme}://."
    )
