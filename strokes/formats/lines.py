"""Files of a recording a line."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from strokes.errors import DataError
from strokes.formats.labels import Unlabelled
from strokes.formats.limits import numbered_lines, read_bytes
from strokes.ink import Recording

Found = Recording | DataError
"""What a file holds in a place: a recording, or why it cannot be meant."""

Parse = Callable[[str], Recording]
"""A function from a line to a recording; ValueError says what is wrong."""


def iterate_lines(path: Path, parse: Parse) -> Iterator[Found]:
    """The recording of every line that is not blank, or why there is none.

    Args:
      path: of the file, gzipped or not, in UTF-8.
      parse: of a line.

    Raises:
      DataError: the file as a whole cannot be read.
    """
    return found_in(numbered_lines(path), parse, source=str(path))


def found_in(
    lines: Iterable[tuple[int, bytes | str]], parse: Parse, *, source: str
) -> Iterator[Found]:
    """The same of numbered lines."""
    for number, line in lines:
        where = f"{source}, line {number}"
        try:
            text = line if isinstance(line, str) else line.decode()
            if text.strip():
                yield parse(text)
        except Unlabelled as error:
            yield error
        except UnicodeDecodeError as error:
            yield DataError(f"{where}: not text ({error.reason})")
        except (ValueError, TypeError, RecursionError) as error:
            yield DataError(f"{where}: {error}")


def parse_lines(text: str, parse: Parse, *, source: str) -> list[Recording]:
    """Parse every line of a text that is not blank.

    Args:
      text: of the file.
      parse: of a line.
      source: name of the file, for messages.

    Raises:
      DataError: a line is wrong, with its number and the reason; or there is none.
    """
    recordings = []
    for found in found_in(enumerate(text.splitlines(), start=1), parse, source=source):
        if isinstance(found, DataError):
            raise found
        recordings.append(found)
    if not recordings:
        raise DataError(f"{source}: no recording in it")
    return recordings


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
      DataError: it is not UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text ({error})") from error
