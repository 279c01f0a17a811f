"""The file of recordings that a person asked to keep."""

import os
import threading
from pathlib import Path

from strokes.errors import DataError
from strokes.formats.ndjson import format_recording, parse_recording
from strokes.ink import Recording

MOST_KEPT = 200_000_000
"""Bytes of the file; it does not grow beyond."""


class KeptRecordings:
    """A file of recordings, ndjson, that grows by a line for each."""

    def __init__(self, path: Path):
        """Name the file; it is made when the first recording is kept."""
        self.path = path
        self._appending = threading.Lock()

    def keep(self, recording: Recording) -> int:
        """Append a recording; gives how many the file holds.

        What is written is read back first: a line that no reader takes is none to keep.

        Raises:
          DataError: the file is full, or the recording is none that could be read again.
        """
        text = format_recording(recording)
        try:
            parse_recording(text)
        except ValueError as error:
            raise DataError(f"this cannot be kept: {error}") from error
        line = (text + "\n").encode()
        with self._appending:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                if file.tell() + len(line) > MOST_KEPT:
                    raise DataError("the file of recordings is full; move it away")
                file.write(line)  # one write, to the end: no half a line between two others
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                return sum(1 for _ in file)
