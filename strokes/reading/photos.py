"""Photos to digits, or other characters, with their certainties."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.pictures.digits import Layout, prepare_all
from strokes.pictures.files import read_picture
from strokes.reading.numbers import separate
from strokes.reading.recognizer import Recognizer, form_of, load_recognizer


class Reading(NamedTuple):
    """A digit, or other character, that was read."""

    digit: int
    """Of other classes the number of its class."""
    certainty: float
    """Calibrated probability that it is this one."""
    probabilities: npt.NDArray[np.float64]
    """Of each class of the recogniser, ``[10]`` of digits."""
    picture: npt.NDArray[np.uint8]
    """``[28, 28]``, 0 paper to 255 ink: as it was prepared, and as `Writer.write` takes it; of
    another size where the recogniser reads that."""
    place: str
    """Where it was: "row 1 column 2" of a sheet, "digit 2" or "character 2" of a line; nothing
    where it is alone."""
    done: tuple[str, ...] = ()
    """What preparation did, where that is worth a word: "page straightened", "rules removed"."""
    name: str = ""
    """The name of its class."""


def read(
    photo: Path | str | bytes,
    *,
    grid: tuple[int, int] | None = None,
    sheet: bool = False,
    recognizer: Recognizer | None = None,
) -> list[Reading]:
    """Read the digits, or other characters, of a photo, scan or screenshot.

    Args:
      photo: a file of `strokes.pictures.files.FORMATS`, or its content. Dark on light or light
        on dark.
      grid: rows and columns of a ruled sheet.
      sheet: a sheet without rules, of digits that do not touch one another. Without either the
        photo is of one digit or of a line of them, which may touch; other characters may not.
      recognizer: of grey digits, the shipped one if not given; or of other classes.

    Returns:
      what was read, in reading order.

    Raises:
      DataError: no readable picture, nothing to be seen in it, or the recogniser reads pictures
        that are no squares.
      OSError: the file cannot be read at all.
    """
    source = Path(photo) if isinstance(photo, str) else photo
    name = str(source) if isinstance(source, Path) else "photo"
    reader = load_recognizer() if recognizer is None else recognizer
    layout, form = Layout(grid, sheet), form_of(reader)
    found = list(
        prepare_all(
            read_picture(source, name=name),
            layout,
            form=form,
            separate=lambda mask: separate(mask, reader),
            name=name,
        )
    )
    if not found:
        raise DataError(f"{name}: blank, no cell of the grid holds a {form.noun}")
    prepared = []
    for _, one in found:
        if isinstance(one, DataError):
            raise one
        prepared.append(one)
    chances = reader.probabilities(np.stack([one.picture for one in prepared]))
    return [
        Reading(
            int(name) if form.digits else number,
            float(sure.max()),
            sure,
            one.picture,
            suffix.replace("-", " ").strip(),
            tuple(one.done),
            name,
        )
        for sure, one, (suffix, _) in zip(chances, prepared, found, strict=True)
        for number in [int(sure.argmax())]
        for name in [reader.classes.names[number]]
    ]
