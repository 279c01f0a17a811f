"""The gallery's page: tables, curves and animations, all in one file."""

import html
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from strokes.figures.animation import StrokeFigure, frame_durations, frames, still
from strokes.figures.cells import Cell
from strokes.formats.gif import encode_gif
from train.experiments.runs import POINTS, WHAT_TO_SEE
from train.experiments.tables import (
    LINE_HEAD,
    POINTS_HEAD,
    SHOWN,
    VERDICT_HEAD,
    Record,
    line_rows,
    measure_rows,
    points_rows,
    verdict_rows,
)
from train.figures.html import document, embedded, png, table

_CELL, _SECONDS = 64, 2.0
_LARGE = 256  # pixels at which a drawing of any size is shown
_MANY = 40  # rows of a larger drawing that a 28-row one has not
_COLOURS = ("#d1495b", "#8d96a3", "#b4b8c0", "#66a182", "#edae49", "#00798c", "#5b3fa0", "#161c2d")


class Contents(NamedTuple):
    """Everything on the page."""

    record: Record
    curves: dict[str, list[float]]
    """Mean squared error of each epoch, by preset."""
    drawn: dict[str, StrokeFigure]
    """The same ten digits, by preset."""
    probed: dict[str, StrokeFigure]
    """Blank and black paper under each label, by preset."""
    sizes: dict[int, npt.NDArray[np.float32]]
    """The same strokes on canvases of several sizes, each ``[10, size, size]``."""


def _curves(contents: Contents) -> Figure:
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    for colour, (name, curve) in zip(_COLOURS, contents.curves.items(), strict=True):
        epochs = np.arange(1, len(curve) + 1)
        axes.plot(epochs, curve, label=name, color=colour, marker="o", markersize=3)
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean squared error in training")
    axes.set_yscale("log")
    axes.legend(fontsize=8, ncols=2)
    return figure


def _points_plot(contents: Contents) -> Figure:
    figure = Figure(figsize=(8, 3), layout="constrained")
    for axes, measure in zip(figure.subplots(1, 2), ("iou", "chamfer_px"), strict=True):
        values = [contents.record["figures"][f"points-{points}"][measure] for points in POINTS]
        axes.plot(POINTS, values, marker="o", color="#5b3fa0")
        axes.set_xlabel("points")
        axes.set_ylabel(measure)
    return figure


def _gif(drawn: StrokeFigure) -> bytes:
    pictures = list(frames(drawn, _CELL, columns=10, seconds=_SECONDS))
    return encode_gif(pictures, frame_durations(_SECONDS))


def _at_sizes(contents: Contents) -> Cell:
    """One digit's drawing on each canvas, blown up to the same size."""
    cells = []
    for drawings in contents.sizes.values():
        ink = np.clip(drawings[3], 0.0, 1.0)
        how = cv2.INTER_NEAREST if len(ink) < _MANY else cv2.INTER_AREA
        cells.append(cv2.resize(ink, (_LARGE, _LARGE), interpolation=how))
    return (255 * (1.0 - np.concatenate(cells, axis=1))).round().astype(np.uint8)


def _png(picture: Cell | Figure, alt: str) -> str:
    return embedded(png(picture), alt=alt)


def html_page(contents: Contents) -> str:
    """The page; it loads nothing."""
    record = contents.record
    parts = ["<h1>The reference's experiments, and ours</h1><ul>"]
    parts += [f"<li>{html.escape(k)}: {html.escape(v)}</li>" for k, v in record["about"].items()]
    parts.append("</ul><h2>Measures on the 10,000 thinned test digits</h2>")
    parts.append(table(["preset", *SHOWN], measure_rows(record), kind="compared"))
    parts.append("<h2>What the post says, in figures</h2>")
    parts.append(table(VERDICT_HEAD, verdict_rows(record), kind="compared"))
    parts.append("<h2>Loss curves</h2>" + _png(_curves(contents), "Loss curves of all presets"))
    for name, text in WHAT_TO_SEE.items():
        parts.append(f"<h2>{name}</h2><p>{html.escape(text)}</p>")
        parts.append(f"<p><code>{html.escape(contents.record['commands'][name])}</code></p>")
        parts.append(
            embedded(_gif(contents.drawn[name]), alt=f"{name}: ten digits being drawn", kind="gif")
        )
    parts.append("<h2>Blank paper and black paper</h2>")
    for name, drawn in contents.probed.items():
        parts.append(f"<h3>{name}</h3>" + _png(still(drawn, _CELL, columns=10), f"{name} probed"))
    parts.append(f"<h2>One drawing at {', '.join(map(str, contents.sizes))} pixels</h2>")
    parts.append(_png(_at_sizes(contents), "The same strokes on three canvases"))
    parts.append("<h2>Number of points</h2>" + _png(_points_plot(contents), "Error by points"))
    parts.append(table(POINTS_HEAD, points_rows(record), kind="compared"))
    parts.append("<h2>Lines against OpenCV's</h2>")
    parts.append(table(LINE_HEAD, line_rows(record), kind="compared"))
    return document("The reference's experiments, and ours", "\n".join(parts))
