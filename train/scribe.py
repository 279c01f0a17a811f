"""Reading a prepared picture of a digit, and writing it again as strokes."""

from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from datasets import DataError, thin
from strokes import DIGITS
from train.animation import Drawn
from train.errors import RunError
from train.inference import joined
from train.model import SHIPPED_MODEL, Model, load_model
from train.recognition import GREY_READER, Labels, Pictures, Reader, load_reader

Floats = npt.NDArray[np.floating]


def ranked(certainties: Floats, count: int = 3) -> list[tuple[int, float]]:
    """The most likely digits of certainties ``[10]``, best first, with their certainty."""
    order = np.argsort(-certainties, kind="stable")[:count]
    return [(int(digit), float(certainties[digit])) for digit in order]


class Scribe(NamedTuple):
    """A recogniser and a stroke model that work together."""

    reader: Reader
    model: Model

    @classmethod
    def load(cls, *, reader: Path = GREY_READER, model: Path = SHIPPED_MODEL) -> Self:
        """Read both from their files.

        Raises:
          RunError: one is missing or damaged, or the recogniser is not of grey digits.
        """
        scribe = cls(load_reader(reader), load_model(model))
        if scribe.reader.facts["data"] != "grey":
            raise RunError(f"{reader}: reads thinned digits, expected a recogniser of grey ones")
        return scribe

    def read(self, pictures: Pictures) -> npt.NDArray[np.float64]:
        """Calibrated certainties ``[M, 10]`` of prepared pictures ``[M, 28, 28]``."""
        return self.reader.certainties(pictures)

    def write(self, pictures: Pictures, labels: Labels, *, refined: int = 0) -> Drawn:
        """Thin prepared pictures ``[M, 28, 28]``, M at least 1, and write them under labels.

        Raises:
          DataError: nothing is left of a picture when thinned.
        """
        thinned = thin(pictures)
        empty = np.flatnonzero(~thinned.any(axis=(1, 2)))
        if len(empty):
            raise DataError(f"picture {empty[0] + 1}: nothing is left of it when thinned")
        assert ((labels >= 0) & (labels < DIGITS)).all()
        written = joined(self.model.write(thinned, labels, refined=refined))
        return Drawn(thinned, written.points, written.pen_up, self.model.draw(written.points))
