"""Files of a recording a line."""

from collections.abc import Callable
from pathlib import Path

from strokes.errors import DataError
from strokes.ink import Recording


def parse_lines(text: str, parse: Callable[[str], Recording], *, source: str) -> list[Recording]:
    """Parse every line that is not blank.

    Args:
      text: of the file.
      parse: a function from a line to a `Recording`; ValueError says what is wrong.
      source: name of the file, for messages.

    Raises:
      DataError: a line is wrong, with its number and the reason; or there is none.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(parse(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise DataError(f"{source}, line {number}: {error}") from error
    if not found:
        raise DataError(f"{source}: no recording in it")
    return found


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
      DataError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text ({error})") from error
