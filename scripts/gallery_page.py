"""The gallery's page: tables, curves and animations, all in one file; and its Markdown."""

import html
from typing import NamedTuple

import cv2
import imageio.v3 as iio
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from scripts.experiments import CLAIMS, POINTS, WHAT_TO_SEE, Figures
from train import report
from train.animation import Drawn, frame_durations, frames, still
from train.pictures import Cell

_SHOWN = (
    "iou",
    "chamfer_px",
    "mse_soft",
    "mse_hard",
    "gap",
    "off_ink",
    "ink_ratio",
    "drawn_twice",
    "crossings",
    "stairway",
    "turning_6_8",
    "direction",
    "human_1nn",
    "legibility",
)
_CELL, _SECONDS = 64, 2.0
_LARGE = 256  # pixels at which a drawing of any size is shown
_MANY = 40  # rows of a larger drawing that a 28-row one has not
_COLOURS = ("#d1495b", "#8d96a3", "#b4b8c0", "#66a182", "#edae49", "#00798c", "#5b3fa0", "#161c2d")


class Contents(NamedTuple):
    """Everything on the page."""

    facts: dict[str, str]
    commands: dict[str, str]
    """By run."""
    figures: Figures
    curves: dict[str, list[float]]
    """Mean squared error of each epoch, by preset."""
    drawn: dict[str, Drawn]
    """The same ten digits, by preset."""
    probed: dict[str, Drawn]
    """Blank and black paper under each label, by preset."""
    sizes: dict[int, npt.NDArray[np.float32]]
    """The same strokes on canvases of several sizes, each ``[10, size, size]``."""
    lines: dict[str, dict[str, float]]
    """Errors of the line models against OpenCV's lines."""


def _verdicts(contents: Contents) -> list[list[str]]:
    """A row for each claim: sentence, measure, two rows with their figures, verdict."""
    rows = []
    for claim in CLAIMS:
        first, second = claim.figures(contents.figures)
        verdict = "holds"
        if not claim.holds(first, second):
            verdict = f"not here: {claim.if_not}" if claim.if_not else "not here"
        rows.append(
            [
                claim.says,
                claim.measure,
                f"{claim.first}: {first:.4f}",
                f"{claim.second}: {second:.4f}",
                verdict,
            ]
        )
    return rows


_VERDICT_HEAD = ["the post says", "measure", "one", "other", "verdict"]


def _measure_rows(contents: Contents) -> list[list[str]]:
    return [
        [name, *(f"{contents.figures[name][measure]:.4f}" for measure in _SHOWN)]
        for name in WHAT_TO_SEE
    ]


def _points_rows(contents: Contents) -> list[list[str]]:
    measures = ("iou", "chamfer_px", "mse_soft", "human_1nn", "stairway")
    return [
        [str(points), *(f"{contents.figures[f'points-{points}'][m]:.4f}" for m in measures)]
        for points in POINTS
    ]


_POINTS_HEAD = ["points", "iou", "chamfer_px", "mse_soft", "human_1nn", "stairway"]


def _line_rows(contents: Contents) -> list[list[str]]:
    return [
        [name, f"{row['mse']:.5f}", f"{row['iou']:.4f}"] for name, row in contents.lines.items()
    ]


_LINE_HEAD = ["line", "mse", "iou"]


def _markdown_table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


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
        values = [contents.figures[f"points-{points}"][measure] for points in POINTS]
        axes.plot(POINTS, values, marker="o", color="#5b3fa0")
        axes.set_xlabel("points")
        axes.set_ylabel(measure)
    return figure


def _gif(drawn: Drawn) -> bytes:
    pictures = list(frames(drawn, _CELL, columns=10, seconds=_SECONDS))
    return iio.imwrite(
        "<bytes>", pictures, extension=".gif", duration=frame_durations(_SECONDS), loop=0
    )


def _at_sizes(contents: Contents) -> Cell:
    """One digit's drawing on each canvas, blown up to the same size."""
    cells = []
    for drawings in contents.sizes.values():
        ink = np.clip(drawings[3], 0.0, 1.0)
        how = cv2.INTER_NEAREST if len(ink) < _MANY else cv2.INTER_AREA
        cells.append(cv2.resize(ink, (_LARGE, _LARGE), interpolation=how))
    return (255 * (1.0 - np.concatenate(cells, axis=1))).round().astype(np.uint8)


def _png(picture: Cell | Figure, alt: str) -> str:
    return report.embedded(report.png(picture), alt=alt)


def html_page(contents: Contents) -> str:
    """The page; it loads nothing."""
    parts = ["<h1>The reference's experiments, and ours</h1><ul>"]
    parts += [f"<li>{html.escape(k)}: {html.escape(v)}</li>" for k, v in contents.facts.items()]
    parts.append("</ul><h2>Measures on the 10,000 thinned test digits</h2>")
    parts.append(report.table(["preset", *_SHOWN], _measure_rows(contents), kind="compared"))
    parts.append("<h2>What the post says, in figures</h2>")
    parts.append(report.table(_VERDICT_HEAD, _verdicts(contents), kind="compared"))
    parts.append("<h2>Loss curves</h2>" + _png(_curves(contents), "Loss curves of all presets"))
    for name, text in WHAT_TO_SEE.items():
        parts.append(f"<h2>{name}</h2><p>{html.escape(text)}</p>")
        parts.append(f"<p><code>{html.escape(contents.commands[name])}</code></p>")
        parts.append(
            report.embedded(
                _gif(contents.drawn[name]), alt=f"{name}: ten digits being drawn", kind="gif"
            )
        )
    parts.append("<h2>Blank paper and black paper</h2>")
    for name, drawn in contents.probed.items():
        parts.append(f"<h3>{name}</h3>" + _png(still(drawn, _CELL, columns=10), f"{name} probed"))
    parts.append(f"<h2>One drawing at {', '.join(map(str, contents.sizes))} pixels</h2>")
    parts.append(_png(_at_sizes(contents), "The same strokes on three canvases"))
    parts.append("<h2>Number of points</h2>" + _png(_points_plot(contents), "Error by points"))
    parts.append(report.table(_POINTS_HEAD, _points_rows(contents), kind="compared"))
    parts.append("<h2>Lines against OpenCV's</h2>")
    parts.append(report.table(_LINE_HEAD, _line_rows(contents), kind="compared"))
    return report.document("The reference's experiments, and ours", "\n".join(parts))


def markdown(contents: Contents) -> str:
    """The tables as Markdown."""
    facts = "\n".join(f"- {name}: {value}" for name, value in contents.facts.items())
    commands = "\n".join(contents.commands.values())
    sections = [
        "# Experiments",
        "Every experiment of Grzego (2017) as a preset, and ours, made by "
        f"`python -m scripts.gallery --budget {contents.facts['budget']}`, which also writes a "
        "page with animations, loss curves and what a model makes of blank paper.",
        facts,
        "## Measures on the 10,000 thinned test digits",
        _markdown_table(["preset", *_SHOWN], _measure_rows(contents)),
        "`gap` is the difference of `mse_hard` and `mse_soft`; `drawn_twice` the share of the "
        "pen's way within 0.7 px of an earlier part of it; `turning_6_8` the mean turn in 6 and "
        "8, in degrees. The others are those of [quality](quality.md).",
        "## What the post says, in figures",
        _markdown_table(_VERDICT_HEAD, _verdicts(contents)),
        "## Number of points",
        "The standard preset at half the small budget's epochs.",
        _markdown_table(_POINTS_HEAD, _points_rows(contents)),
        "## Lines against OpenCV's",
        "Held-out random lines 1 px wide; a fifth of them blank. `iou` of ink above 0.5.",
        _markdown_table(_LINE_HEAD, _line_rows(contents)),
        "## Commands",
        f"```console\n{commands}\n```",
    ]
    return "\n\n".join(sections) + "\n"
