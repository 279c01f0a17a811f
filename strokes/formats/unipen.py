"""UNIPEN's own format (Guyon et al., 1994), as in its files ``.dat``.

Read are these statements:

- ``.COORD X Y T``: the columns of what the pen did; of these x and y are kept;
- ``.PEN_DOWN`` and ``.PEN_UP``: components, a point a row; y runs up and is turned down here;
- ``.SEGMENT LEVEL COMPONENTS QUALITY "LABEL"``: of which components a label is, as ``3,5-7``;
- ``.INCLUDE FILE``: the file's statements stand here; where one ending in ``.doc`` is lost, as
  that of ``pendigits-orig`` is, rows of two numbers are x and y;
- ``.DATA_SOURCE`` and ``.WRITER_ID``: who gave the ink, and who wrote it.

Whatever else there is (``.COMMENT``, ``.HIERARCHY``, ``.X_DIM``) is passed over. Segments count
the components with the pen down, from 0; those of the donors in `COUNT_ALL` count all.
"""

import itertools
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.limits import numbers_of
from strokes.formats.lines import Found
from strokes.formats.unipen_files import Component, Content, Segment, UnipenError
from strokes.ink import MAX_POINTS, MAX_STROKES, Recording, checked_strokes

COUNT_ALL = frozenset({"pri"})
"""Donors whose segments count the components with the pen up too."""

_MAX_COMPONENTS = 2 * MAX_STROKES  # of a segment, each stroke with the way to the next
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_CATEGORY = re.compile(r"1[a-d]|[2-8]")
_DONOR = re.compile(r"[a-z]{3}[0-9]?")


def donor_of(path: Path) -> str:
    """The donor of a file of the distribution, ``CATEGORY/DONOR/``; empty if it is elsewhere."""
    upward = path.absolute().parts[-2::-1]
    for donor, category in itertools.pairwise(upward):
        if _CATEGORY.fullmatch(category) and _DONOR.fullmatch(donor):
            return donor
    return ""


def _component_numbers(segment: Segment, count: int) -> tuple[int, ...]:
    """Which of ``count`` components a list as ``3,5-7`` names."""
    numbers: list[int] = []
    for part in segment.components.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            parts = ":" in part
            reason = "parts of components are not read" if parts else "no list of components"
            raise UnipenError(segment.where, reason, segment.components[:80])
        first = int(match[1])
        last = first if match[2] is None else int(match[2])
        if not first <= last < count:
            counted = f"{part} of {count}, counted from 0"
            raise UnipenError(segment.where, "components that the file has not", counted)
        if len(numbers) + last - first >= _MAX_COMPONENTS:
            raise UnipenError(segment.where, f"more than {_MAX_COMPONENTS} components")
        numbers.extend(range(first, last + 1))
    if len(set(numbers)) < len(numbers):
        raise UnipenError(segment.where, "a component is named twice", segment.components[:80])
    return tuple(numbers)


def _stroke(component: Component) -> list[list[float]]:
    """Points [x, y] of a component, y down."""
    columns = component.columns or _unnamed(component)
    try:
        numbers = numbers_of(component.numbers, most=len(columns) * MAX_POINTS)
    except ValueError as error:
        raise UnipenError(component.where, str(error)) from error
    if len(numbers) % len(columns):
        raise UnipenError(component.where, "a row that is not full", " ".join(columns[:9]))
    xs, ys = (numbers[columns.index(name) :: len(columns)] for name in "XY")
    return [[x, 0.0 - y] for x, y in zip(xs, ys, strict=True)]


def _unnamed(component: Component) -> tuple[str, ...]:
    """Columns that no statement names are X and Y if there are two: an include may be lost."""
    rows = component.numbers.strip().splitlines()
    if any(len(row.split()) != 2 for row in rows):
        raise UnipenError(component.where, "no .COORD before it")
    return ("X", "Y")


def _recording(
    segment: Segment, components: list[Component], donor: str, classes: Classes
) -> Recording:
    strokes = [stroke for one in components if one.down and (stroke := _stroke(one))]
    if not strokes:
        raise UnipenError(segment.where, "no ink: the pen is never down", segment.components[:80])
    source = "-".join(filter(None, ("unipen", donor, components[0].writer)))
    try:
        return Recording(classes.number(segment.label), checked_strokes(strokes), "px", source)
    except ValueError as error:
        raise UnipenError(segment.where, str(error)) from error


def iterate_unipen(
    text: str, *, path: Path, classes: Classes = DIGITS, labels: Collection[str] | None = None
) -> Iterator[Recording | UnipenError]:
    """Each segment whose label is wanted: its recording, or why it cannot be meant.

    A word of one character is that character's ink at another level: it counts once.

    Args:
      text: of the file.
      path: of the file: for messages, and includes are looked for in its folder and in the
        folders ``include`` beside and above it.
      classes: what labels mean.
      labels: those of them that are wanted, all if not given; other segments are passed over.

    Raises:
      UnipenError: the file as a whole, or a file that it includes, cannot be meant.
    """
    wanted = frozenset(classes.names if labels is None else labels)
    if not wanted.issubset(classes.names):
        raise ValueError(f"labels {sorted(wanted)}: expected {classes.described}, as text")
    content = Content(wanted)
    content.add(text, path, (path.resolve(),))
    donor = donor_of(path) or content.donor
    numbered = [one for one in content.components if one.down or donor in COUNT_ALL]
    seen = set()
    for segment in content.segments:
        if isinstance(segment, UnipenError):
            yield segment
            continue
        try:
            numbers = _component_numbers(segment, len(numbered))
            if (segment.label, numbers) in seen:
                continue
            seen.add((segment.label, numbers))
            found: Recording | UnipenError = _recording(
                segment, [numbered[number] for number in numbers], donor, classes
            )
        except UnipenError as error:
            found = error
        yield found


def found_in_unipen(text: str, *, path: Path, classes: Classes = DIGITS) -> Iterator[Found]:
    """The characters of a UNIPEN file, or why one cannot be meant: as `iterate_unipen`.

    Raises:
      DataError: the file as a whole cannot be meant, or there is none of the classes in it.
    """
    none = True
    for found in iterate_unipen(text, path=path, classes=classes):
        none = False
        yield found
    if none:
        raise DataError(f"{path}: no segment in it whose label is {classes.described}")
