"""What the page is shown: a digit prepared, read, and written again. Knows nothing of HTTP."""

import base64
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from strokes.figures.animation import StrokeFigure, frame_durations, frames
from strokes.formats.gif import encode_gif
from strokes.ink import Flags, Points, Stroke
from strokes.pictures.files import read_grey
from strokes.pictures.pen import draw_ink
from strokes.pictures.preparation import SIDE, Floats, Prepared, prepare, resized
from strokes.reading.recognizer import Recognizer, top_digits
from strokes.writing.inference import Written
from strokes.writing.writer import Writer

_DRAWN_AT = 280  # pixels of the picture that strokes become
_PEN = 0.035  # width of the page's pen, in canvas units
_STAGE = 112  # pixels of a stage's picture, at most
_GIF_SIZE, _GIF_SECONDS = 140, 2.4
_WAYS = 3  # in which a digit is written, at most


def _png(ink: Floats) -> str:
    """Ink or grey ``[H, W]`` in [0, 1] as a PNG in base64."""
    levels = np.round(255.0 * np.clip(ink, 0.0, 1.0)).astype(np.uint8)
    return base64.b64encode(cv2.imencode(".png", levels)[1].tobytes()).decode()


def _stages(prepared: Prepared) -> list[dict[str, str]]:
    found = []
    for name, picture in prepared.stages:
        if max(picture.shape) > _STAGE:
            picture = resized(picture, _STAGE, interpolation=cv2.INTER_AREA)
        found.append({"name": name, "png": _png(picture)})
    return found


def _way(written: Written, index: int) -> dict[str, Any]:
    """One way of writing a digit, as JSON has it."""
    return {
        "plan": int(written.plan[index]),
        "probability": round(float(written.plan_probability[index]), 4),
        "points": np.round(written.points[index].astype(np.float64), 5).tolist(),
        "pen_up": written.pen_up[index].tolist(),
        "svg": written.svg(index, seconds=_GIF_SECONDS),
    }


class Answers:
    """A recogniser and a writer that answer together. Many threads may ask at a time."""

    def __init__(self, recognizer: Recognizer, writer: Writer, *, refined: int = 0):
        """Answer with a recogniser of grey digits, and with a writer.

        Args:
          recognizer: reads what was prepared.
          writer: writes what was read.
          refined: steps of refinement of what is written.
        """
        self._recognizer, self._writer, self._refined = recognizer, writer, refined

    @property
    def points(self) -> int:
        """Of each digit that is written."""
        return self._writer.config.written_points

    def to_strokes(
        self,
        strokes: Sequence[Stroke],
        pressures: Sequence[npt.NDArray[np.float64]] | None = None,
    ) -> dict[str, Any]:
        """Read and write what a pen wrote.

        Args:
          strokes: ``[n, 2]`` or ``[n, 3]`` each, in canvas units.
          pressures: ``[n]`` each, in 0..1, if the pen knows.

        Returns:
          everything that the page shows, as JSON has it.

        Raises:
          DataError: there is no digit to be seen.
        """
        grey = draw_ink(strokes, side=_DRAWN_AT, width=_PEN, pressures=pressures)
        return self._to_grey(grey, name="canvas")

    def to_picture(self, content: bytes) -> dict[str, Any]:
        """Read and write the digit in a picture file, as `to_strokes` does.

        Raises:
          DataError: it is no picture, or there is no digit to be seen.
        """
        return self._to_grey(read_grey(content, name="picture"), name="picture")

    def _to_grey(self, grey: Floats, *, name: str) -> dict[str, Any]:
        prepared = prepare(grey, name=name)
        top = top_digits(self._recognizer.probabilities(prepared.picture[None])[0])
        digit = top[0][0]
        written = self._written(prepared.picture, digit)
        ways = [_way(written, index) for index in range(len(written.label))]
        thinned = written.pictures[0]
        return {
            "digit": digit,
            "top": [{"digit": one, "certainty": sure} for one, sure in top],
            "stages": [*_stages(prepared), {"name": "thinned", "png": _png(thinned)}],
            "thinned": thinned.ravel().tolist(),
            **{name: ways[0][name] for name in ("points", "pen_up", "svg")},
            "alternatives": ways,
        }

    def _written(self, picture: npt.NDArray[np.uint8], digit: int) -> Written:
        """A picture in all its ways, the best first."""
        return self._writer.write(picture, digit, refine=self._refined, alternatives=_WAYS)

    def animation(self, points: Points, pen_up: Flags, thinned: Floats) -> bytes:
        """A written digit as a GIF that writes it.

        Args:
          points: ``[T, 3]``.
          pen_up: ``[T]``.
          thinned: ``[28, 28]`` in [0, 1], the picture that was to be written.
        """
        drawing = self._writer.draw(points[None])
        figure = StrokeFigure(thinned[None], points[None], pen_up[None], drawing)
        pictures = list(frames(figure, _GIF_SIZE, columns=1, seconds=_GIF_SECONDS))
        return encode_gif(pictures, frame_durations(_GIF_SECONDS))

    def warm_up(self) -> None:
        """Compile all that a first question would wait for."""
        entry = self.to_strokes([np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])])
        self._writer.draw(np.array(entry["points"], np.float32)[None])
        if self._writer.plans is not None:
            # Digits of fewer plans are written by other programs than those of more.
            ways = np.minimum(self._writer.plans.numbers, _WAYS).tolist()
            thinned = np.array(entry["thinned"], np.uint8).reshape(SIDE, SIDE)
            for digit in {count: digit for digit, count in enumerate(ways)}.values():
                self._written(thinned, digit)
