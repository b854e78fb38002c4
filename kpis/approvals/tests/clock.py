"""A clock that stands still for tests of midnights and of clocks that go back."""

import datetime as dt
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


@contextmanager
def freeze_time(moment):
    """Let it be this moment, given in UTC as "2026-06-10 10:00"."""
    stands = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    with mock.patch.object(timezone, "now", return_value=stands):
        yield stands
