"""Named sets of pen recordings: a table, `SETS`.

The package's own was drawn for it: thirty of each digit, by every plan that people commonly
follow and about as often as they. A new set is a module that finds it, and a row here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from datasets import letters, unipen
from datasets.pen_digits import find_pen_digits, for_teaching
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording

OWN_RECORDINGS = Path(__file__).with_name("own-recordings.ndjson")


class RecordingSet(NamedTuple):
    """A named set."""

    find: Callable[[], Path]
    """Its file; raises DataError where there is none."""
    for_teaching: Callable[[list[Recording]], list[Recording]] = list
    """What is to be made of its recordings before they teach; nothing if not given."""
    for_testing: Callable[[list[Recording]], list[Recording]] = list
    """Those on which what was taught may be measured; all if not given."""
    credit: str = ""
    """Whom to name where what it taught is passed on, and under which licence; nobody if empty."""
    classes: Classes | None = None
    """What its labels mean; whatever is expected of it if not given."""


_UNIPEN = f"The International Unipen Foundation, {unipen.UNIPEN_ORIGIN}, CC BY 4.0"

SETS = {
    "own": RecordingSet(lambda: OWN_RECORDINGS),
    "pendigits": RecordingSet(
        find_pen_digits,
        for_teaching,
        credit="E. Alimoglu and F. Alpaydin, Pen-Based Recognition of Handwritten Digits, UCI "
        "Machine Learning Repository, CC BY 4.0",
    ),
    "unipen": RecordingSet(
        unipen.find_unipen,
        unipen.for_teaching,
        unipen.for_testing,
        credit=_UNIPEN,
    ),
    "letters": RecordingSet(
        letters.find_letters,
        unipen.for_teaching,
        unipen.for_testing,
        credit=_UNIPEN,
        classes=letters.LETTERS,
    ),
}
"""The sets that are known by name; any other name is a file's."""


def _set(source: str) -> RecordingSet:
    return SETS.get(source) or RecordingSet(lambda: Path(source))


def recordings_of(source: str, *, classes: Classes = DIGITS) -> list[Recording]:
    """The recordings that a configuration names.

    Args:
      source: a name of `SETS`, or a path.
      classes: what their labels are to mean.

    Raises:
      DataError: there is no such file, a recording in it is wrong, or a set is of other classes.
    """
    known = _set(source).classes
    if known not in (None, classes):
        raise DataError(f"{source}: its labels are other classes, expected {classes.described}")
    return read_recordings(_set(source).find(), classes=classes)


def teaching_recordings(source: str, *, classes: Classes = DIGITS) -> list[Recording]:
    """The same, as they may teach a decoder. Raises as `recordings_of`."""
    return _set(source).for_teaching(recordings_of(source, classes=classes))


def testing_recordings(
    source: str,
    *,
    classes: Classes = DIGITS,  # noqa: PT028
) -> list[Recording]:
    """The same, of a set of many writers those whom no training sees. Raises as `recordings_of`."""
    return _set(source).for_testing(recordings_of(source, classes=classes))
