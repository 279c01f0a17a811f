"""The pictures of an evaluation's report: digits by lot, by order, by quality; histograms."""

import cv2
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from strokes.classes import DIGITS, Classes
from strokes.figures.cells import Cell, difference_cell, grid, ink_cell, pen_cell
from strokes.ink import pen_runs
from strokes.writing.inference import Written
from train.evaluation.hard_drawing import draw_hard
from train.evaluation.strokes import turns

_CELL = 96
_CLASSES = 100  # whose stroke order is shown, at most
_SHOWN = 6  # best, median and worst digits of each kind
_ORDER = (0.25, 0.5, 0.75, 1.0)  # shares of the path, as small multiples


def strokes_cell(written: Written, index: int, *, size: int = _CELL) -> Cell:
    """One digit's strokes coloured by time, its start marked."""
    points, up = written.points[index, :, :2], written.pen_up[index]
    cell = pen_cell(points, up, size, coloured=True)
    return _with_start(cell, points, up)


def _with_start(cell: Cell, points: npt.NDArray[np.float32], up: npt.NDArray[np.bool_]) -> Cell:
    """Mark where each stroke starts by a dot, the first one larger."""
    marked = cell.copy()
    size = cell.shape[0]
    for number, (first, _) in enumerate(pen_runs(up)):
        x, y = np.round(points[first] * size).astype(int).tolist()
        radius = max(2, size // (24 if number == 0 else 36))
        cv2.circle(marked, (x, y), radius, (10, 150, 90), cv2.FILLED, cv2.LINE_AA)
    return marked


def random_digits(written: Written, *, seed: int = 0, count: int = 100) -> Cell:
    """Digits drawn by lot, ten in a row."""
    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(written.points), min(count, len(written.points)), replace=False)
    cells = [strokes_cell(written, int(index)) for index in chosen]
    return grid([cells[start : start + 10] for start in range(0, len(cells), 10)])


def examples(written: Written, drawings: npt.NDArray[np.float32]) -> Cell:
    """Target, strokes, soft drawing, hard drawing and its difference, a column a digit."""
    targets = written.pictures
    height, width = targets.shape[1:]
    hard = draw_hard(written.points[..., :2], written.pen_up, height=height, width=width)
    rows = [
        [ink_cell(target, _CELL) for target in targets],
        [strokes_cell(written, index) for index in range(len(targets))],
        [ink_cell(drawing, _CELL) for drawing in drawings],
        [ink_cell(picture, _CELL) for picture in hard],
        [
            difference_cell(picture, target, _CELL)
            for picture, target in zip(hard, targets, strict=True)
        ],
    ]
    return grid(rows, captions=("target", "strokes", "soft", "hard", "difference"))


def best_median_worst(iou: npt.NDArray[np.float64]) -> dict[str, list[int]]:
    """Indices of a few digits of each kind."""
    order = np.argsort(-iou, kind="stable")
    middle = max(len(order) // 2 - _SHOWN // 2, 0)
    return {
        "best": order[:_SHOWN].tolist(),
        "median": order[middle : middle + _SHOWN].tolist(),
        "worst": order[::-1][:_SHOWN].tolist(),
    }


def stroke_order(written: Written, classes: Classes = DIGITS) -> Cell:
    """For each class, a hundred at most, a few examples, each growing from left to right."""
    rows, captions = [], []
    for label in np.unique(written.label)[:_CLASSES].tolist():
        members = np.flatnonzero(written.label == label)[:3]
        rows.append(
            [
                pen_cell(
                    written.points[index, :, :2],
                    written.pen_up[index],
                    72,
                    progress=share,
                    coloured=True,
                    tip=share < 1.0,
                )
                for index in members
                for share in _ORDER
            ]
        )
        captions.append(classes.names[label])
    return grid(rows, captions=captions)


def histograms(written: Written, *, threshold: float) -> Figure:
    """Softness, segment length and turning angle of everything written.

    Args:
      written: the digits.
      threshold: log-softness at and below which the pen is lifted.
    """
    up = written.pen_up[:, :-1]
    lengths = 28 * np.linalg.norm(np.diff(written.points[..., :2], axis=1), axis=2)
    angles = [
        turns(path[first : last + 1, :2])
        for path, lifted in zip(written.points[:2000], written.pen_up[:2000], strict=True)
        for first, last in pen_runs(lifted)
    ]
    figure = Figure(figsize=(11, 2.8), layout="constrained")
    soft, length, angle = figure.subplots(1, 3)
    soft.hist(np.log(written.points[:, :-1, 2]).ravel(), bins=80, color="#5b3fa0")
    soft.axvline(threshold, color="#eb572d")
    soft.set_xlabel("log-softness (line: the pen lifts)")
    soft.set_yscale("log")
    length.hist([lengths[~up], lengths[up]], bins=60, label=["pen down", "lifted"], stacked=True)
    length.set_xlabel("segment length, pixels")
    length.set_yscale("log")
    length.legend()
    angle.hist(np.concatenate(angles) if angles else [], bins=72, color="#5b3fa0")
    angle.set_xlabel("turning angle, degrees")
    angle.set_yscale("log" if angles else "linear")
    return figure
