"""Photos to digits, with their certainties."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.pictures.digits import Layout, cut
from strokes.pictures.files import read_grey
from strokes.pictures.preparation import prepare
from strokes.reading.recognizer import Recognizer, load_recognizer


class Reading(NamedTuple):
    """A digit that was read."""

    digit: int
    certainty: float
    """Calibrated probability that it is this digit."""
    probabilities: npt.NDArray[np.float64]
    """Of each digit, ``[10]``."""
    picture: npt.NDArray[np.uint8]
    """``[28, 28]``, 0 paper to 255 ink: the prepared digit, as `Writer.write` takes it."""
    place: str
    """Where on a sheet it was, as "row 1 column 2"; nothing where there is one."""


def read(
    photo: Path | str | bytes,
    *,
    grid: tuple[int, int] | None = None,
    sheet: bool = False,
    recognizer: Recognizer | None = None,
) -> list[Reading]:
    """Read the digits of a photo, scan or screenshot.

    Args:
      photo: a PNG, JPEG or WebP file, or its content. Dark on light or light on dark.
      grid: rows and columns of a ruled sheet.
      sheet: a sheet without rules, of digits that do not touch one another. Without either the
        photo is of one digit.
      recognizer: of grey digits; the shipped one if not given.

    Returns:
      the digits in reading order.

    Raises:
      DataError: no readable picture, or no digit to be seen in it.
      OSError: the file cannot be read at all.
    """
    source = Path(photo) if isinstance(photo, str) else photo
    name = str(source) if isinstance(source, Path) else "photo"
    pieces = list(cut(read_grey(source, name=name), Layout(grid, sheet), name=name))
    if not pieces:
        raise DataError(f"{name}: blank, no cell of the grid holds a digit")
    places = [suffix.replace("-", " ").strip() for suffix, _ in pieces]
    pictures = np.stack(
        [
            prepare(piece, name=f"{name} {place}".strip()).picture
            for place, (_, piece) in zip(places, pieces, strict=True)
        ]
    )
    reader = load_recognizer() if recognizer is None else recognizer
    return [
        Reading(int(chances.argmax()), float(chances.max()), chances, picture, place)
        for chances, picture, place in zip(
            reader.probabilities(pictures), pictures, places, strict=True
        )
    ]
