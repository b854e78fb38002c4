"""Counting what a page asks the database, so that a long list costs no more than a short one."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries(client, address) -> int:
    """Return how many queries a page takes once the session is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
