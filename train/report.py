"""The page that shows an evaluation: tables, pictures and histograms, all in one file."""

import base64
import html
import io
from typing import Any

import cv2
import imageio.v3 as iio
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from train.evaluate import Scores
from train.hard_drawing import draw_hard, pen_runs
from train.inference import Written
from train.pictures import Cell, difference_cell, grid, ink_cell, pen_cell
from train.stroke_measures import turns

_CELL = 96
_SHOWN = 6  # best, median and worst digits of each kind
_ORDER = (0.25, 0.5, 0.75, 1.0)  # shares of the path, as small multiples
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em;
  color: #161c2d; background: #fff; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .2em .7em; text-align: right; border-bottom: 1px solid #dde; }
th { font-weight: 600; } td:first-child, th:first-child { text-align: left; }
table.scores tr:last-child td { font-weight: 600; }
img { max-width: 100%; height: auto; } figure { margin: 1.5em 0; } figcaption { color: #555; }
"""


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


def examples(
    written: Written, targets: npt.NDArray[np.uint8], drawings: npt.NDArray[np.float32]
) -> Cell:
    """Target, strokes, soft drawing, hard drawing and its difference, a column a digit."""
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


def stroke_order(written: Written, labels: npt.NDArray[np.int32]) -> Cell:
    """For each digit a few examples, each growing from left to right."""
    rows, captions = [], []
    for digit in np.unique(labels).tolist():
        members = np.flatnonzero(labels == digit)[:3]
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
        captions.append(str(digit))
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
    angle.set_yscale("log")
    return figure


def png(picture: Cell | Figure) -> bytes:
    """A picture or figure as PNG."""
    if isinstance(picture, Figure):
        buffer = io.BytesIO()
        picture.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()
    return iio.imwrite("<bytes>", picture, extension=".png")


def score_table(scores: Scores) -> str:
    """Scores as an HTML table, a row a digit and the last for all."""
    names = list(scores["all"])
    rows = [
        [digit, *(f"{means[name]:.4f}" for name in names)]
        for digit, means in [*scores["digits"].items(), ("all", scores["all"])]
    ]
    return table(["digit", *names], rows, kind="scores")


def table(head: list[str], rows: list[list[str]], *, kind: str) -> str:
    """An HTML table; the last row of the kind "scores" sums up."""
    cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="{kind}"><tr>{cells}</tr>{body}</table>'


def embedded(content: bytes, *, alt: str, caption: str = "", kind: str = "png") -> str:
    """A picture as an HTML figure that holds its content."""
    encoded = base64.b64encode(content).decode()
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure><img alt="{html.escape(alt, quote=True)}" '
        f'src="data:image/{kind};base64,{encoded}">{below}</figure>'
    )


def page(
    title: str,
    facts: dict[str, Any],
    tables: dict[str, Scores],
    pictures: dict[str, tuple[bytes, str]],
) -> str:
    """One HTML page with everything in it; it loads nothing.

    Args:
      title: of the page.
      facts: what was evaluated, name and value.
      tables: scores by heading.
      pictures: PNG and caption by heading.
    """
    parts = [f"<h1>{html.escape(title)}</h1>", "<ul>"]
    parts += [f"<li>{html.escape(k)}: {html.escape(str(v))}</li>" for k, v in facts.items()]
    parts.append("</ul>")
    for heading, scores in tables.items():
        parts += [f"<h2>{html.escape(heading)}</h2>", score_table(scores)]
    for heading, (content, caption) in pictures.items():
        parts.append(f"<h2>{html.escape(heading)}</h2>")
        parts.append(embedded(content, alt=f"{heading}. {caption}", caption=caption))
    return document(title, "\n".join(parts))


def document(title: str, body: str) -> str:
    """A whole HTML document in this package's style; it loads nothing."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>{body}</html>\n'
    )
