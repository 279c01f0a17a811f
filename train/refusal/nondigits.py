"""Strokes that are no digit, made by rules: lines, scribbles, lines with arcs, spoilt digits.

A kind is a function of a generator that gives the strokes of one, each ``[n, 2]``, y down, in any
unit. None was made after letters of any alphabet.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from strokes.ink import Recording, Stroke
from strokes.pictures.pen import FIXED_POINT_BITS, to_fixed_point
from strokes.resampling import fit_to_canvas, quadratic_curve

Kind = Callable[[np.random.Generator], list[Stroke]]
Pictures = npt.NDArray[np.uint8]

_SIDE, _FINER = 28, 6
_PENS = (1.5, 3.2)  # pixels of 28
_EXTENT = 1.0 / 18.0 * 19.0  # of MNIST's digits drawn with a pen, beside thinned ones
_CURVE_POINTS = 12
_MIRRORED = (2, 3, 4, 5, 6, 7, 9)
_UPRIGHT = 40.0  # degrees from the vertical within which a line may be a 1


def line(generator: np.random.Generator) -> list[Stroke]:
    """A straight or slightly bent line that nobody takes for a 1."""
    angle = np.deg2rad(generator.uniform(-(90.0 - _UPRIGHT), 90.0 - _UPRIGHT))
    end = np.array([np.cos(angle), np.sin(angle)])
    bend = generator.normal(0.0, 0.06) * np.array([-end[1], end[0]])
    return [_curve(-end, 2 * bend, end)]


def scribble(generator: np.random.Generator) -> list[Stroke]:
    """A smooth curve to and fro."""
    count = int(generator.integers(7, 26))
    corners = generator.uniform(-1.0, 1.0, (count, 2))
    if generator.random() < 0.5:  # in rows, as one crosses something out
        corners[:, 0] = np.linspace(-1, 1, count) + generator.normal(0, 0.05, count)
        corners[:, 1] = generator.uniform(0.4, 1.0, count) * (-1.0) ** np.arange(count)
        turn = generator.uniform(0, 2 * np.pi)
        corners = corners @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middles = 0.5 * (corners[1:] + corners[:-1])
    inner = zip(middles[:-1], corners[1:-1], middles[1:], strict=True)
    return [np.concatenate([_curve(*three) for three in inner])]


def lines_and_arcs(generator: np.random.Generator) -> list[Stroke]:
    """Two to five lines or arcs between the nodes of a grid of three by three."""
    nodes = np.array([[x, y] for x in (-0.7, 0.0, 0.7) for y in (-1.0, 0.0, 1.0)])
    nodes = nodes * generator.uniform(0.6, 1.1, 2) + generator.normal(0.0, 0.08, nodes.shape)
    found: list[Stroke] = []
    at = int(generator.integers(9))
    for _ in range(int(generator.integers(2, 6))):
        to = int(generator.choice([node for node in range(9) if node != at]))
        across = nodes[to] - nodes[at]
        bow = generator.normal(0.0, 0.9) if generator.random() < 0.35 else 0.0
        control = 0.5 * (nodes[at] + nodes[to]) + bow * np.array([-across[1], across[0]])
        piece = _curve(nodes[at], control, nodes[to])
        goes_on = bool(found) and generator.random() < 0.6
        if goes_on:
            found[-1] = np.concatenate([found[-1], piece])
        else:
            found.append(piece)
        at = to if generator.random() < 0.6 else int(generator.integers(9))
        if at != to and len(found) > 3:
            break
    slant = generator.normal(0.0, 0.25)
    return [stroke @ np.array([[1.0, 0.0], [-slant, 1.0]]) for stroke in found]


def spoilt(recordings: Sequence[Recording]) -> Kind:
    """Digits turned, mirrored, cut off, or two in one place."""

    def make(generator: np.random.Generator) -> list[Stroke]:
        one = recordings[int(generator.integers(len(recordings)))]
        strokes = fit_to_canvas(one)
        way = int(generator.integers(4))
        if way == 0 and one.label in _MIRRORED:
            return [stroke * [-1.0, 1.0] for stroke in strokes]
        if way == 1:
            turn = np.deg2rad(generator.choice([-1.0, 1.0]) * generator.uniform(65.0, 115.0))
            turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            if one.label in (0, 8):  # which lie on their sides now
                strokes = [(stroke - 0.5) * [0.7, 1.0] for stroke in strokes]
            return [(stroke - 0.5) @ turned.T for stroke in strokes]
        other = fit_to_canvas(recordings[int(generator.integers(len(recordings)))])
        beside = [0.0 if way == 2 else generator.uniform(0.35, 0.7), generator.normal(0, 0.08)]
        return [*strokes, *(stroke + beside for stroke in other)]

    return make


def _curve(first: Stroke, control: Stroke, last: Stroke) -> Stroke:
    return quadratic_curve(first, control, last, _CURVE_POINTS)


def make_pictures(kind: Kind, count: int, *, generator: np.random.Generator) -> Pictures:
    """So many of a kind, drawn as MNIST's digits are: uint8 ``[count, 28, 28]``."""
    drawn = [draw_fast(kind(generator), generator=generator) for _ in range(count)]
    return np.array(drawn, np.uint8).reshape(-1, _SIDE, _SIDE)


def draw_fast(strokes: Sequence[Stroke], *, generator: np.random.Generator) -> Pictures:
    """Strokes with a pen as wide as one of MNIST's, their middle in the middle: ``[28, 28]``."""
    placed = fit_to_canvas(Recording(0, list(strokes), "px"))
    placed = [(stroke - 0.5) * _EXTENT + 0.5 for stroke in placed]
    side = _SIDE * _FINER
    paper = np.zeros((side, side), np.uint8)
    width = max(1, round(float(generator.uniform(*_PENS)) * _FINER))
    fixed = [to_fixed_point(stroke, height=side, width=side) for stroke in placed]
    cv2.polylines(paper, fixed, False, 255, width, cv2.LINE_8, FIXED_POINT_BITS)
    return np.asarray(cv2.resize(paper, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)
