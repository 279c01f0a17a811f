"""TensorBoard's events of a run, each record written as it comes.

`tensorboardX` writes from a thread, whose errors nobody sees; here only its records are used, and
what cannot be written is an error like any other.
"""

import socket
import struct
import time
from collections.abc import Mapping
from pathlib import Path

from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.record_writer import masked_crc32c
from tensorboardX.summary import scalar

from strokes.files import writing

_VERSION = "brain.Event:2"


def _record(event: Event) -> bytes:
    """An event as TFRecord: length, its sum, content, its sum."""
    content = event.SerializeToString()
    length = struct.pack("<Q", len(content))
    parts = (length, content)
    return b"".join(part + struct.pack("<I", masked_crc32c(part)) for part in parts)


class Events:
    """A file of scalars over steps."""

    def __init__(self, folder: Path, *, done: int):
        """Begin a file.

        Args:
          folder: of the run's events; made if it is not there.
          done: steps; later ones in earlier files were of a run that was killed, and are hidden.

        Raises:
          OSError: it cannot be written.
        """
        now = time.time_ns() // 1_000_000
        self._file = folder / f"events.out.tfevents.{now}.{socket.gethostname()}"
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        start = SessionLog(status=SessionLog.START)
        self._append(
            Event(file_version=_VERSION),
            Event(step=done, file_version=_VERSION),
            Event(step=done, session_log=start),
        )

    def _append(self, *events: Event) -> None:
        now = time.time()
        for event in events:
            event.wall_time = now
        with writing(self._file), self._file.open("ab", buffering=0) as file:
            file.write(b"".join(map(_record, events)))

    def add(self, values: Mapping[str, float], step: int) -> None:
        """Append values by their tags.

        Raises:
          OSError: they cannot be written.
        """
        summaries = (scalar(tag, value) for tag, value in values.items())
        self._append(*(Event(step=step, summary=summary) for summary in summaries))
