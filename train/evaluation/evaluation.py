"""All measures of a source, and the people that it is compared with."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.pen_digits import find_pen_digits
from datasets.recordings import testing_recordings
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.reading.recognizer import Recognizer, load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from strokes.writing.inference import Written, concatenated
from train.evaluation.faithfulness import faithfulness_measures
from train.evaluation.humanness import Humans, shapes_of_points
from train.evaluation.legibility import legibility_measures
from train.evaluation.sources import EvaluationSource
from train.evaluation.strokes import stroke_measures
from train.evaluation.tally import Scores, Tally
from train.progress import Progress

MEASURES: list[Callable[[Written], dict[str, npt.NDArray[np.float64]]]] = [
    faithfulness_measures,
    stroke_measures,
]
"""What is measured of strokes by themselves and beside their pictures: values ``[n]`` by name.

Legibility and humanness need a recogniser and people too; `evaluate` adds them."""


class Evaluation(NamedTuple):
    """What was found of a source."""

    scores: Scores
    written: Written
    iou: npt.NDArray[np.float64]
    """Of each picture, ``[N]``."""


def find_humans(source: str, *, classes: Classes = DIGITS) -> Humans:
    """The people to compare with.

    Args:
      source: a name of `datasets.recordings.SETS`, a file of recordings, or "auto", of digits: the
        UCI set if it was downloaded, else the package's own recordings. Of a set of many writers
        those whom no training sees.
      classes: what is written.

    Raises:
      DataError: there is no such file, or a recording in it is wrong.
    """
    if source == "auto":
        try:
            find_pen_digits()
            source = "pendigits"
        except DataError:
            source = "own"
    return Humans.of(testing_recordings(source, classes=classes), source=source)


def held_out_scores(humans: Humans, classes: Classes = DIGITS) -> Scores:
    """What held-out humans score."""
    tally = Tally(classes)
    tally.add(humans.held_out(), humans.held_out_labels)
    return tally.scores()


def evaluate(
    source: EvaluationSource,
    humans: Humans | None,
    progress: Progress,
    *,
    recognizer: Recognizer | None = None,
) -> Evaluation:
    """Compute every measure of what a source wrote.

    Args:
      source: its pictures are thinned, uint8 of 0 and 1.
      humans: to compare with; none leaves their measures out.
      progress: told of every picture.
      recognizer: of thinned pictures of the source's classes; of digits it is the shipped one if
        not given, of others legibility is then left out.
    """
    if recognizer is None and source.classes == DIGITS:
        recognizer = load_recognizer(THINNED_RECOGNIZER, of="thinned")
    tally, ious, parts = Tally(source.classes), [], []
    for written in source.chunks:
        measured = {name: one for measure in MEASURES for name, one in measure(written).items()}
        if recognizer is not None:
            measured |= legibility_measures(recognizer, written, source.write)
        if humans is not None:
            shapes = shapes_of_points(written.points[..., :2], written.pen_up)
            measured |= humans.measure(shapes, written.label)
        tally.add(measured, written.label)
        ious.append(measured["iou"])
        parts.append(written)
        progress.advance(len(written.points))
    return Evaluation(tally.scores(), concatenated(parts), np.concatenate(ious))
