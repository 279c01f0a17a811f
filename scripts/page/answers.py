"""What the page is shown: a digit prepared, read, and written again. Knows nothing of HTTP."""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.figures.animation import StrokeFigure, frame_durations, frames
from strokes.formats.gif import encode_gif
from strokes.ink import Flags, Points, Stroke
from strokes.pictures.files import luminance, read_picture
from strokes.pictures.pen import draw_ink
from strokes.pictures.preparation import Prepared, prepare
from strokes.pictures.stages import Floats, resized
from strokes.pictures.thinning import thin
from strokes.reading.recognizer import Recognizer, top_digits
from strokes.writing.inference import Labels, Written, concatenated
from strokes.writing.writer import Writer

_DRAWN_AT = 280  # pixels of the picture that strokes become
_PEN = 0.035  # width of the page's pen, in canvas units
_STAGE = 112  # pixels of a stage's picture, at most
_GIF_SIZE, _GIF_SECONDS = 140, 2.4
_ENOUGH = 2000  # pixels of an opened picture's longer side
_WAYS = 3  # in which a digit is written, at most
MOST_TOGETHER = 10
"""Digits that are answered in one call."""


def _png(ink: Floats) -> str:
    """Ink or grey ``[H, W]`` in [0, 1] as a PNG in base64."""
    levels = np.round(255.0 * np.clip(ink, 0.0, 1.0)).astype(np.uint8)
    return base64.b64encode(cv2.imencode(".png", levels)[1].tobytes()).decode()


def _stages(prepared: Prepared) -> list[dict[str, str]]:
    found = []
    for stage in prepared.stages:
        picture = stage.picture
        if max(picture.shape) > _STAGE:
            picture = resized(picture, _STAGE, interpolation=cv2.INTER_AREA)
        found.append({"name": stage.name, "png": _png(picture)})
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


class Question(NamedTuple):
    """A digit that is to be read and written."""

    prepared: Prepared
    thinned: npt.NDArray[np.uint8]
    """``[28, 28]``, not blank."""


def _question(grey: Floats, name: str) -> Question:
    prepared = prepare(grey, name=name)
    thinned = thin(prepared.picture[None])[0]
    if not thinned.any():
        raise DataError(f"{name}: nothing is left of it when thinned")
    return Question(prepared, thinned)


def of_strokes(
    strokes: Sequence[Stroke], pressures: Sequence[npt.NDArray[np.float64]] | None = None
) -> Question:
    """What a pen wrote, as a question.

    Args:
      strokes: ``[n, 2]`` or ``[n, 3]`` each, in canvas units.
      pressures: ``[n]`` each, in 0..1, if the pen knows.

    Raises:
      DataError: there is no digit to be seen.
    """
    grey = draw_ink(strokes, side=_DRAWN_AT, width=_PEN, pressures=pressures)
    return _question(grey, "canvas")


def of_picture(content: bytes) -> Question:
    """The digit in a picture file, as a question.

    Raises:
      DataError: it is no picture, or there is no digit to be seen.
    """
    picture = read_picture(content, name="picture", enough=_ENOUGH)
    return _question(luminance(picture), "picture")


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

    def to(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Read and write digits, all in one call.

        Args:
          questions: at least one.

        Returns:
          everything that the page shows of each, as JSON has it.
        """
        pictures = np.stack([one.prepared.picture for one in questions])
        likely = [top_digits(row) for row in self._recognizer.probabilities(pictures)]
        digits = np.array([top[0][0] for top in likely], np.int32)
        written = self._written(np.stack([one.thinned for one in questions]), digits)
        found = []
        for place, (question, top) in enumerate(zip(questions, likely, strict=True)):
            rows = np.flatnonzero(written.picture_index == place)
            found.append(_answer(question, top, [_way(written, int(row)) for row in rows]))
        return found

    def _written(self, thinned: npt.NDArray[np.uint8], digits: Labels) -> Written:
        """Pictures in all their ways, the best of each first."""
        ways = self._writer.write_thinned(
            thinned, digits, refined=self._refined, alternatives=_WAYS
        )
        return concatenated(ways)

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
        question = of_strokes([np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])])
        (entry,) = self.to([question])
        self._writer.draw(np.array(entry["points"], np.float32)[None])
        if self._writer.plans is not None:
            # Digits of fewer plans are written by other programs than those of more.
            ways = np.minimum(self._writer.plans.numbers, _WAYS).tolist()
            for digit in {count: digit for digit, count in enumerate(ways)}.values():
                self._written(question.thinned[None], np.array([digit], np.int32))

    def warm_up_together(self) -> None:
        """Compile what answers many questions in one call."""
        question = of_strokes([np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])])
        count = 2
        while count < 2 * MOST_TOGETHER:  # the recogniser's programs are for powers of two
            self._recognizer.probabilities(np.stack([question.prepared.picture] * count))
            count *= 2
        digits = np.arange(MOST_TOGETHER, dtype=np.int32) % 10
        self._written(np.stack([question.thinned] * MOST_TOGETHER), digits)


def _answer(
    question: Question, top: list[tuple[int, float]], ways: list[dict[str, Any]]
) -> dict[str, Any]:
    """Everything that the page shows of a digit, as JSON has it."""
    thinned = question.thinned
    return {
        "digit": top[0][0],
        "top": [{"digit": one, "certainty": sure} for one, sure in top],
        "stages": [
            *_stages(question.prepared),
            {"name": "thinned", "png": _png(thinned.astype(np.float32))},
        ],
        "thinned": thinned.ravel().tolist(),
        **{name: ways[0][name] for name in ("points", "pen_up", "svg")},
        "alternatives": ways,
    }
