"""The embedded broker: kombu's folder of messages, with each message appearing whole.

kombu opens a file before it writes it, so a process that looks between the two reads nothing and stops with
an error. Here a message, as well as the table of an exchange, is written beside its name and then given it,
which is one step.
"""

import contextlib
import os
import uuid
from pathlib import Path
from time import monotonic

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose messages are never seen half written."""

    # kombu's own classes name the second argument differently from one another.
    def _put(self, queue, message, **kwargs):  # type: ignore[override]
        """Add the message to the queue; raise ChannelError where the folder can't be written."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.unfinished"
        try:
            unfinished.write_bytes(str_to_bytes(dumps(message)))
            os.replace(unfinished, folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add the message {name} to {folder}: {error}") from error

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        """Add the queue to the exchange's table; raise ChannelError where the folder can't be written."""
        table = self._exchange_file(exchange)
        if not table.exists():
            # Where web server, worker and clock all start in a new folder, each makes the table.
            # Unlike a renaming, a link never takes the place of what another process made meanwhile.
            unfinished = table.with_name(f"{uuid.uuid4()}.unfinished")
            with contextlib.suppress(OSError):  # On a disk without links kombu makes the table, as ever.
                unfinished.write_text("[]")
                os.link(unfinished, table)
            unfinished.unlink(missing_ok=True)
        super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    """kombu's transport with that channel."""

    Channel = Channel
