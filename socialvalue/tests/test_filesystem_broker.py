"""The embedded broker never shows a worker half a message."""

import os
from pathlib import Path

from kombu import Connection, Queue

from socialvalue import celery_app, filesystem_broker

QUEUE = Queue("letters", routing_key="letters")


def test_filesystem_addresses_mean_our_broker():
    assert celery_app is not None
    with Connection("filesystem://localhost") as connection:
        assert isinstance(connection.transport, filesystem_broker.Transport)


def test_a_worker_that_looks_while_a_message_is_written_sees_nothing_of_it(tmp_path, monkeypatch):
    folders = {
        "data_folder_in": tmp_path / "in",
        "data_folder_out": tmp_path / "in",
        "processed_folder": tmp_path / "processed",
        "control_folder": tmp_path / "control",
    }
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    options = {name: str(folder) for name, folder in folders.items()}
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
