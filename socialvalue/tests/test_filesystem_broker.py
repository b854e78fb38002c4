"""The embedded broker never shows a process half a message or half a table."""

import os
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue
from kombu.transport import filesystem

from socialvalue import celery_app, filesystem_broker

QUEUE = Queue("letters", routing_key="letters")


def test_filesystem_addresses_mean_our_broker():
    assert celery_app is not None
    with Connection("filesystem://localhost") as connection:
        assert isinstance(connection.transport, filesystem_broker.Transport)


@pytest.fixture
def options(tmp_path):
    """Return the options of a broker in a new folder."""
    folders = {
        "data_folder_in": tmp_path / "in",
        "data_folder_out": tmp_path / "in",
        "processed_folder": tmp_path / "processed",
        "control_folder": tmp_path / "control",
    }
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


def test_a_worker_that_looks_while_a_message_is_written_sees_nothing_of_it(options, monkeypatch):
    seen_while_writing = []

    def appear(unfinished, name):
        """Look as a worker does at the last moment before the message has its name."""
        with Connection("filesystem://localhost", transport_options=options) as other:
            channel = other.channel()
            seen_while_writing.append(channel.basic_get("letters"))
        assert Path(unfinished).stat().st_size > 0
        os.rename(unfinished, name)

    monkeypatch.setattr(filesystem_broker.os, "replace", appear)
    with Connection("filesystem://localhost", transport_options=options) as connection:
        simple = connection.SimpleQueue(QUEUE)
        simple.put({"number": 1})
        message = simple.get(timeout=5)
        assert message.payload == {"number": 1}
        message.ack()
    assert seen_while_writing == [None]


def test_a_process_that_looks_while_a_table_is_made_can_read_it(options, monkeypatch):
    name = "table-being-made"
    table = Path(options["control_folder"], f"{name}.exchange")
    sizes = []
    lock = filesystem.lock

    def look(file, flags):
        """Look as another process may between the opening and the locking of the table."""
        sizes.append(table.stat().st_size)
        lock(file, flags)

    monkeypatch.setattr(filesystem, "lock", look)
    with Connection("filesystem://localhost", transport_options=options) as connection:
        Queue(name, Exchange(name), routing_key=name)(connection.default_channel).declare()
        assert [row.queue for row in connection.default_channel.get_table(name)] == [name]
    assert sizes
    assert all(sizes)
    assert os.listdir(table.parent) == [table.name]


def test_a_table_that_another_process_makes_meanwhile_is_kept(options, monkeypatch):
    name = "table-made-twice"
    link = os.link

    def second(unfinished, table):
        """Let the other process be a moment earlier."""
        Path(table).write_text('[["other", "", "other"]]')
        link(unfinished, table)

    monkeypatch.setattr(filesystem_broker.os, "link", second)
    with Connection("filesystem://localhost", transport_options=options) as connection:
        Queue(name, Exchange(name), routing_key=name)(connection.default_channel).declare()
        assert {row.queue for row in connection.default_channel.get_table(name)} == {name, "other"}
