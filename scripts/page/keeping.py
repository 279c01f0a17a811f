"""The file of recordings that a person asked to keep."""

import contextlib
import errno
import io
import json
import os
import threading
from pathlib import Path
from typing import Any

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.files import writing
from strokes.formats.ndjson import format_recording, parse_recording
from strokes.ink import Recording, checked_label

MOST_KEPT = 200_000_000
"""Bytes of the file; it does not grow beyond."""

_LATEST = 2_000_000  # bytes of the file that a hand is learned from

Tally = list[int]
"""How many recordings there are of each class."""


class KeptRecordings:
    """A file of recordings, ndjson, that grows by a line for each."""

    def __init__(self, path: Path, classes: Classes = DIGITS):
        """Name the file, and what is kept in it; it is made when the first recording is kept."""
        self.path, self._classes = path, classes
        self._appending = threading.Lock()
        self._tally, self._size = [0] * len(classes), 0
        self._mine: list[tuple[int, int]] = []  # sizes before and after each that was kept here

    def check(self) -> None:
        """Refuse a file of other classes: no reader takes both.

        Raises:
          DataError: it is one; the message says what it holds.
          OSError: it cannot be read.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            said = next((found for found in map(_said, file) if found is not None), None)
        if said is not None:
            try:
                checked_label(said, self._classes)
            except ValueError as error:
                raise DataError(f"{self.path}: {error}; name another file to keep these") from error

    def tally(self) -> Tally:
        """How many recordings of each class the file holds.

        Raises:
          OSError: it cannot be read.
        """
        with self._appending:
            return self._counted()

    def keep(self, recording: Recording) -> Tally:
        """Append a recording; gives how many of each class the file holds then.

        What is written is read back first: a line that no reader takes is none to keep.

        Raises:
          DataError: the file is full, or the recording is none that could be read again.
          OSError: it cannot be written; the file is as it was.
        """
        text = format_recording(recording, self._classes)
        try:
            parse_recording(text, self._classes)
        except ValueError as error:
            raise DataError(f"this cannot be kept: {error}") from error
        with self._appending, writing(self.path):
            self._counted()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b", buffering=0) as file:
                before, after = _append(file, (text + "\n").encode())
            self._mine.append((before, after))
            self._tally[recording.label] += 1
            self._size = after
            return list(self._tally)

    def undo(self) -> Tally:
        """Take away the last recording that was kept here; gives how many are left of each class.

        Raises:
          DataError: none is left of those that were kept here, or the file has changed since.
          OSError: it cannot be written.
        """
        with self._appending, writing(self.path):
            if not self._mine:
                raise DataError("nothing was kept here that could be taken away")
            before, after = self._mine.pop()
            if not self.path.exists() or self.path.stat().st_size != after:
                self._mine.clear()
                raise DataError("the file of recordings was changed by another; it stays as it is")
            os.truncate(self.path, before)
            return self._counted()

    @property
    def version(self) -> tuple[int, int] | None:
        """Differs from what it was before where the file does; none without a file."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_size, found.st_mtime_ns

    def latest(self) -> list[Recording]:
        """The last recordings that the file holds, so many as a hand is learned from.

        Raises:
          OSError: it cannot be read.
        """
        with self._appending:
            if self.version is None:
                return []
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - _LATEST))
                lines = file.read().splitlines()[end > _LATEST :]
        return [found for line in lines if (found := self._recording(line)) is not None]

    def _counted(self) -> Tally:
        """The tally; counted anew where the file is not as it was left here."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if size != self._size:
            self._tally, self._size = [0] * len(self._classes), size
            with self.path.open("rb") if size else io.BytesIO() as file:
                for said in map(_said, file):
                    with contextlib.suppress(ValueError):
                        self._tally[checked_label(said, self._classes)] += 1
        return list(self._tally)

    def _recording(self, line: bytes) -> Recording | None:
        """What a line holds; nothing of half a line."""
        try:
            return parse_recording(line.decode(), self._classes)
        except (RecursionError, ValueError):
            return None


def _said(line: bytes) -> Any:
    """The label that a line says, if it is a recording's."""
    try:
        return json.loads(line)["label"]
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def _append(file: io.FileIO, line: bytes) -> tuple[int, int]:
    """Write a line to a file's end, all of it or nothing; gives its sizes before and after.

    Raises as `KeptRecordings.keep`.
    """
    size = file.seek(0, os.SEEK_END)
    if size + len(line) > MOST_KEPT:
        raise DataError("the file of recordings is full; move it away")
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":  # half a line, of a process that was killed as it wrote
            line = b"\n" + line
    try:
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, "")
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise
    return size, size + len(line)
