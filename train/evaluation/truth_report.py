"""An evaluation against ground truth: scores of a writer and its baselines, worst digits, page."""

import datetime
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.figures.cells import Cell, grid, ink_cell, pen_cell
from strokes.files import atomic_path
from strokes.ink import Recording, Stroke, strokes_of
from strokes.likeness import Strokes, likeness
from strokes.reading.recognizer import Recognizer, load_recognizer
from strokes.resampling import resample
from strokes.writing.inference import Labels, Written, concatenated
from strokes.writing.writer import Writer
from train.device import device_name
from train.evaluation.hard_drawing import Pictures, draw_hard
from train.evaluation.tally import Scores, Tally, score_rows
from train.evaluation.tracing import trace
from train.evaluation.truth import Truth, Values, adaptive_iou, truth_measures, truth_of
from train.figures.html import document, embedded, png, table
from train.recognizer.calibration import calibration_gap

_ALTERNATIVES = 3
_SHOWN = 10  # worst digits of a kind
_CELL = 84
_BLUR = 1.0  # pixels, before pictures are compared
_AT_ONCE = 256  # pictures compared with all others
_POINTS = 64  # of a shown trajectory


class TruthEvaluation(NamedTuple):
    """What was found of one way to write."""

    name: str
    scores: Scores
    measured: dict[str, Values]
    strokes: list[list[Stroke]]
    calibration_error: float | None = None
    """Expected calibration error of how likely the writer thought that this is the person's way;
    none where it said nothing of that."""


def _found(
    name: str,
    strokes: Sequence[list[Stroke]],
    truth: Truth,
    drawings: Pictures | None = None,
    others: Written | None = None,
    *,
    classes: Classes = DIGITS,
) -> TruthEvaluation:
    """Measure one way of writing each digit, and, if some have others, the best of them all."""
    measured = truth_measures(strokes, truth.strokes)
    if drawings is not None:
        measured["aiou"] = adaptive_iou(drawings, truth.grey)
    if others is not None and len(others.label):
        any_of = measured["recovered"].copy()
        theirs = [truth.strokes[picture] for picture in others.picture_index]
        recovered = likeness(others.strokes, theirs).recovered
        np.maximum.at(any_of, others.picture_index, recovered)
        measured[f"recovered_best{_ALTERNATIVES}"] = any_of
    tally = Tally(classes)
    tally.add(measured, truth.labels)
    return TruthEvaluation(name, tally.scores(), measured, list(strokes))


def _of_written(name: str, written: Written, truth: Truth, classes: Classes) -> TruthEvaluation:
    """Of the likeliest ways of writing each digit, a row each, the best first."""
    first = np.diff(written.picture_index, prepend=-1) > 0
    best, others = written.of(np.flatnonzero(first)), written.of(np.flatnonzero(~first))
    height, width = truth.grey.shape[1:]
    hard = draw_hard(best.points[..., :2], best.pen_up, height=height, width=width)
    found = _found(name, best.strokes, truth, hard, others, classes=classes)
    if not len(others.label):
        return found
    error = calibration_gap(best.plan_probability, found.measured["recovered"] > 0)
    return found._replace(calibration_error=error)


def written_truth(
    writer: Writer, truth: Truth, *, refined: int, recognizer: Recognizer | None = None
) -> list[TruthEvaluation]:
    """What a writer writes, told the true labels, and told those that a recogniser reads.

    Args:
      writer: that writes.
      truth: what it is to recover.
      refined: steps of refinement.
      recognizer: of grey pictures of the writer's classes, in their order; of digits it is the
        shipped one if not given, of others true labels alone are told.
    """

    def under(labels: Labels) -> Written:
        ways = writer.write_thinned(
            truth.thinned, labels, refined=refined, alternatives=_ALTERNATIVES
        )
        return concatenated(ways)

    found = [_of_written("true labels", under(truth.labels), truth, writer.classes)]
    if recognizer is None and writer.classes == DIGITS:
        recognizer = load_recognizer()
    if recognizer is not None:
        read = recognizer.read(truth.grey)
        found.append(_of_written("read labels", under(read), truth, writer.classes))
    return found


def traced_truth(truth: Truth, *, classes: Classes = DIGITS) -> TruthEvaluation:
    """What skeleton tracing gives."""
    points, pen_up = trace(truth.thinned)
    strokes = [strokes_of(path, up) for path, up in zip(points, pen_up, strict=True)]
    height, width = truth.grey.shape[1:]
    drawings = draw_hard(points, pen_up, height=height, width=width)
    return _found("skeleton tracing", strokes, truth, drawings, classes=classes)


def _blurred(pictures: Pictures) -> Values:
    flat = [cv2.GaussianBlur(one.astype(np.float32), (0, 0), _BLUR).ravel() for one in pictures]
    return np.stack(flat).astype(np.float64)


def most_similar_truth(
    truth: Truth, known: Sequence[Recording], *, classes: Classes = DIGITS
) -> TruthEvaluation:
    """The strokes of the recording of the same class whose picture is most similar."""
    others = truth_of(known, side=truth.grey.shape[1])
    theirs = _blurred(others.thinned)
    nearest = np.empty(len(truth.labels), np.int64)
    for start in range(0, len(nearest), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        ours = _blurred(truth.thinned[part])
        gaps = (theirs**2).sum(axis=1) - 2.0 * ours @ theirs.T
        gaps[others.labels[None] != truth.labels[part, None]] = np.inf
        nearest[part] = gaps.argmin(axis=1)
    strokes = [others.strokes[index] for index in nearest]
    return _found("most similar recording", strokes, truth, classes=classes)


def _path_cell(strokes: Strokes) -> Cell:
    if not strokes:
        return ink_cell(np.zeros((1, 1)), _CELL)
    path, up = resample([stroke[:, :2] for stroke in strokes], max(_POINTS, 2 * len(strokes)))
    return pen_cell(path, up, _CELL, coloured=True)


def worst_digits(found: TruthEvaluation, truth: Truth) -> dict[str, Cell]:
    """Digits that were not recovered, the worst of each kind first, by kind."""
    distance = found.measured["dtw_px"]
    turned, as_many = found.measured["reversed"] > 0, found.measured["strokes_right"] > 0
    missed = found.measured["recovered"] == 0
    kinds = {
        "another number of strokes": ~as_many,
        "as many strokes, backwards": as_many & turned,
        "as many strokes, another way or place": as_many & ~turned & missed,
    }
    sheets = {}
    for kind, members in kinds.items():
        worst = [int(i) for i in np.argsort(-np.where(members, distance, -1.0)) if members[i]]
        if worst:
            shown = worst[:_SHOWN]
            rows = [
                [ink_cell(truth.thinned[index], _CELL) for index in shown],
                [_path_cell(truth.strokes[index]) for index in shown],
                [_path_cell(found.strokes[index]) for index in shown],
            ]
            sheets[kind] = grid(rows, captions=("picture", "person", "written"))
    return sheets


def write_truth(
    found: Sequence[TruthEvaluation], truth: Truth, about: dict[str, Any], out: Path
) -> None:
    """Write truth.html and, last, truth.json; the worst digits shown are those of the first."""
    facts = about | {
        "digits": len(truth.labels),
        "writers": len(set(truth.sources)),
        "device": device_name(),
        "date": datetime.datetime.now().astimezone().date().isoformat(),
    }
    title = "What was recovered of what people wrote"
    parts = [f"<h1>{title}</h1><ul>"]
    parts += [f"<li>{html.escape(k)}: {html.escape(str(v))}</li>" for k, v in facts.items()]
    parts.append("</ul>")
    for one in found:
        parts.append(f"<h2>{html.escape(one.name)}</h2>")
        parts.append(table(*score_rows(one.scores), kind="scores"))
        if one.calibration_error is not None:
            parts.append(
                f"<p>calibration error of its probabilities: {one.calibration_error:.3f}</p>"
            )
    for kind, sheet in worst_digits(found[0], truth).items():
        caption = "Strokes from dark (first) to bright (last)."
        parts.append(f"<h2>Not recovered: {kind}</h2>")
        parts.append(embedded(png(sheet), alt=f"{kind}. {caption}", caption=caption))
    with atomic_path(out / "truth.html") as temporary:
        temporary.write_text(document(title, "\n".join(parts)))
    record: dict[str, Any] = {"about": facts, **{one.name: one.scores for one in found}}
    record["calibration_error"] = {
        one.name: one.calibration_error for one in found if one.calibration_error is not None
    }
    with atomic_path(out / "truth.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")
