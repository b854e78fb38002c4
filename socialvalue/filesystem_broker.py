"""The embedded broker: kombu's folder of messages, with each message appearing whole.

kombu opens a message's file before it writes it, so a worker that looks between the two reads nothing and
stops with an error. Here a message is written beside its name and then given it, which is one step.
"""

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


class Transport(filesystem.Transport):
    """kombu's transport with that channel."""

    Channel = Channel
