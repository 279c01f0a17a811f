"""Photos of recordings in every kind of trouble: papers, pens, light, places, files.

Each kind makes, from a person's strokes, a picture of the digit, uint8 ``[H, W, 3]`` RGB, whose
sizes, places, colours and noise are drawn by lot.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.ink import Stroke
from strokes.pictures.pen import draw_ink

Floats = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]
Strokes = Sequence[Stroke]
Random = np.random.Generator
Maker = Callable[[Strokes, Random], Picture]
Colour = Sequence[float]

_WHITE, _BLACK = (250, 250, 248), (20, 20, 25)
_SEGMENTS = (
    "abcdef",
    "bc",
    "abged",
    "abgcd",
    "fgbc",
    "afgcd",
    "afgedc",
    "abc",
    "abcdefg",
    "abcfgd",
)
_PLACES = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 1)),
    "c": ((1, 1), (1, 2)),
    "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)),
    "g": ((0, 1), (1, 1)),
}


class _Pen(NamedTuple):
    """How a digit is drawn: shares of its longer side, and of the picture's."""

    width: tuple[float, float] = (0.06, 0.10)
    size: tuple[float, float] = (0.45, 0.7)
    side: tuple[int, int] = (220, 420)
    turn: float = 6.0
    """Degrees, at most."""


def _placed(strokes: Strokes, rng: Random, *, size: float, turn: float) -> list[Stroke]:
    """Strokes turned, scaled to a share of the picture, somewhere in it."""
    points = np.concatenate([stroke[:, :2] for stroke in strokes])
    angle = np.radians(rng.uniform(-turn, turn))
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = points @ matrix
    low, high = turned.min(axis=0), turned.max(axis=0)
    scale = size / float((high - low).max())
    room = np.maximum(1.0 - (high - low) * scale - 0.16, 0.0)
    corner = 0.08 + room * rng.uniform(0.1, 0.9, 2)
    return [(stroke[:, :2] @ matrix - low) * scale + corner for stroke in strokes]


def _ink(strokes: Strokes, rng: Random, pen: _Pen = _Pen()) -> Floats:  # noqa: B008
    """Ink 1 on paper 0, ``[side, side]``."""
    side = int(rng.integers(*pen.side))
    size = rng.uniform(*pen.size)
    placed = _placed(strokes, rng, size=size, turn=pen.turn)
    return np.float32(1.0) - draw_ink(placed, side=side, width=rng.uniform(*pen.width) * size)


def _painted(ink: Floats, paper: Colour | Floats, colour: Colour) -> Floats:
    """Ink of a colour on paper of another, or on a picture, ``[H, W, 3]``."""
    ground = np.broadcast_to(np.asarray(paper, np.float32), (*ink.shape, 3))
    return np.asarray(
        ground + ink[..., None] * (np.asarray(colour, np.float32) - ground), np.float32
    )


def _finished(picture: Floats, rng: Random, noise: float = 2.0) -> Picture:
    noisy = picture + rng.normal(0.0, noise, picture.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def _any_dark(rng: Random) -> Colour:
    return [(20, 20, 25), (25, 40, 130), (60, 60, 60), (120, 20, 30)][rng.integers(4)]


def _plain(pen: _Pen = _Pen(), noise: float = 2.0) -> Maker:  # noqa: B008
    return lambda strokes, rng: _finished(
        _painted(_ink(strokes, rng, pen), _WHITE, _any_dark(rng)), rng, noise
    )


def _light_on_dark(strokes: Strokes, rng: Random) -> Picture:
    return _finished(_painted(_ink(strokes, rng), (30, 45, 40), (235, 235, 230)), rng, 4.0)


def _tight(strokes: Strokes, rng: Random) -> Picture:
    picture = _plain()(strokes, rng)
    rows, columns = np.nonzero(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) < 150)
    edge = int(rng.integers(2, 9))
    top, left = max(0, rows.min() - edge), max(0, columns.min() - edge)
    return picture[top : rows.max() + edge, left : columns.max() + edge]


def _one_pixel(strokes: Strokes, rng: Random) -> Picture:
    side = int(rng.integers(500, 1300))
    size = float(rng.uniform(0.15, 0.7))
    picture = np.full((side, side, 3), 255, np.uint8)
    for stroke in _placed(strokes, rng, size=size, turn=6.0):
        cv2.polylines(picture, [np.round(stroke * side).astype(np.int32)], False, (0, 0, 0), 1)
    return picture


def _dashed(strokes: Strokes, rng: Random) -> Picture:
    """Pieces of the strokes: two thirds of each twelfth of the digit's length."""
    whole = np.concatenate(strokes)[:, :2]
    step = float(np.ptp(whole, axis=0).max()) * rng.uniform(0.16, 0.22)
    pieces = []
    for stroke in strokes:
        lengths = np.r_[0.0, np.cumsum(np.linalg.norm(np.diff(stroke[:, :2], axis=0), axis=1))]
        for start in np.arange(0.0, lengths[-1], step):
            along = np.linspace(start, min(start + 0.62 * step, lengths[-1]), 8)
            pieces.append(np.stack([np.interp(along, lengths, c) for c in stroke[:, :2].T], -1))
    return _plain(_Pen(width=(0.05, 0.07)))(pieces, rng)


def _seven_segments(digit: int, rng: Random) -> list[Stroke]:
    slant, gap = rng.uniform(0.0, 0.15), rng.uniform(0.08, 0.14)
    strokes = []
    for name in _SEGMENTS[digit]:
        ends = np.array(_PLACES[name], np.float64)
        ends += gap * (ends[::-1] - ends)
        ends[:, 0] -= slant * ends[:, 1]
        strokes.append(ends)
    return strokes


def _brush(strokes: Strokes, rng: Random) -> Picture:
    placed = _placed(strokes, rng, size=rng.uniform(0.5, 0.7), turn=6.0)
    pressures = [0.5 + 0.5 * np.sin(np.linspace(0, rng.uniform(2, 6), len(s))) for s in placed]
    ink = np.float32(1.0) - draw_ink(placed, side=320, width=0.055, pressures=pressures)
    return _finished(_painted(ink, _WHITE, _BLACK), rng)


def _two_level(paper: Colour | None = None) -> Maker:
    def make(strokes: Strokes, rng: Random) -> Picture:
        ink = (_ink(strokes, rng) > 0.5).astype(np.float32)
        colours = [(255, 255, 255), (170, 180, 160), (255, 240, 160)] if paper is None else [paper]
        inks = [(0, 0, 220), (30, 35, 28), (200, 0, 0)] if paper is None else [(0, 0, 0)]
        which = int(rng.integers(len(colours)))
        return _painted(ink, colours[which], inks[which]).astype(np.uint8)

    return make


def _with_lines(
    paper: Floats, rng: Random, *, colour: Colour, across: bool, share: tuple[float, float]
) -> Floats:
    """Paper ``[H, W, 3]`` with parallel rules that run off it."""
    height, width, _ = paper.shape
    spacing = rng.uniform(*share) * height
    thick, tilt = int(rng.integers(1, 4)), rng.uniform(-0.02, 0.02)
    turned = np.ascontiguousarray(paper if across else paper.swapaxes(0, 1))
    for y in np.arange(rng.uniform(0.2, 1.0) * spacing, height, spacing):
        ends = (-5, round(y)), (width + 5, round(y + tilt * width))
        cv2.line(turned, *ends, tuple(map(float, colour)), thick, cv2.LINE_AA)
    return turned if across else turned.swapaxes(0, 1)


def _blank(side: int, colour: Colour = _WHITE) -> Floats:
    return np.tile(np.asarray(colour, np.float32), (side, side, 1))


def _ruled(colour: Colour, *, squared: bool) -> Maker:
    def make(strokes: Strokes, rng: Random) -> Picture:
        ink = _ink(strokes, rng, _Pen(width=(0.06, 0.09), size=(0.5, 0.75)))
        share = (0.07, 0.11) if squared else (0.1, 0.22)
        paper = _with_lines(_blank(len(ink)), rng, colour=colour, across=True, share=share)
        if squared:
            paper = _with_lines(paper, rng, colour=colour, across=False, share=share)
        return _finished(_painted(ink, paper, _any_dark(rng)), rng)

    return make


def _framed(*, twice: bool = False, turn: float = 0.0) -> Maker:
    def make(strokes: Strokes, rng: Random) -> Picture:
        ink = _ink(strokes, rng, _Pen(size=(0.45, 0.6)))
        side = len(ink)
        thick = int(rng.integers(2, 6))
        for inset in (0.03, 0.055) if twice else (rng.uniform(0.02, 0.06),):
            low, high = inset * side, (1 - inset) * side
            box = ((side / 2, side / 2), (high - low, high - low), rng.uniform(-turn, turn))
            corners = np.round(cv2.boxPoints(box)).astype(np.int32)
            cv2.polylines(ink, [corners], True, 1.0, thick, cv2.LINE_AA)
        return _finished(_painted(ink, _WHITE, _any_dark(rng)), rng)

    return make


def _form_cell(strokes: Strokes, rng: Random) -> Picture:
    """A cell of a form whose rules run on to its neighbours."""
    ink = _ink(strokes, rng, _Pen(size=(0.4, 0.55), turn=3.0))
    side, thick = len(ink), int(rng.integers(2, 4))
    for share in rng.uniform(0.02, 0.07, 2) + np.array([0.0, 0.91]):
        place = round(share * side)
        cv2.line(ink, (0, place), (side, place), 1.0, thick, cv2.LINE_AA)
        cv2.line(ink, (place, 0), (place, side), 1.0, thick, cv2.LINE_AA)
    return _finished(_painted(ink, _WHITE, _any_dark(rng)), rng)


def _table(side: int, colour: Colour, rng: Random) -> Floats:
    grain = cv2.GaussianBlur(rng.normal(0, 14, (side, side)).astype(np.float32), (0, 0), 1.5)
    return np.asarray(_blank(side, colour) + grain[..., None], np.float32)


def _on_table(table: Colour, *, bend: float, off: float = 0.0) -> Maker:
    """A sheet on a table; ``bend`` moves its corners, ``off`` moves it out of the picture."""

    def make(strokes: Strokes, rng: Random) -> Picture:
        ink = _ink(strokes, rng, _Pen(width=(0.05, 0.09), size=(0.4, 0.6), side=(300, 500)))
        side = len(ink)
        paper = _painted(ink, (244, 245, 238), _any_dark(rng))
        edge = rng.uniform(0.1, 0.18)
        square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        corners = edge + (1 - 2 * edge) * square + rng.uniform(-bend, bend, (4, 2))
        corners += np.array([rng.uniform(0.5, 1.0) * off, 0.0])
        matrix = cv2.getPerspectiveTransform(
            square * np.float32(side), (corners * side).astype(np.float32)
        )
        laid = cv2.warpPerspective(paper, matrix, (side, side), flags=cv2.INTER_LINEAR)
        there = cv2.warpPerspective(np.ones_like(ink), matrix, (side, side))[..., None]
        return _finished(laid + (1 - there) * _table(side, table, rng), rng, 3.0)

    return make


def _shadowed(sharpness: float) -> Maker:
    """Paper of which a part lies in the shade, whose edge is soft or less so."""

    def make(strokes: Strokes, rng: Random) -> Picture:
        ink = _ink(strokes, rng)
        y, x = np.mgrid[-1 : 1 : len(ink) * 1j, -1 : 1 : len(ink) * 1j]
        angle = rng.uniform(0, 2 * np.pi)
        away = np.cos(angle) * x + np.sin(angle) * y - rng.uniform(-0.4, 0.4)
        light = 1.0 - rng.uniform(0.2, 0.35) / (1 + np.exp(-sharpness * away))
        painted = _painted(ink, _WHITE, _any_dark(rng))
        return _finished((light[..., None] * painted).astype(np.float32), rng)

    return make


def _faint(strokes: Strokes, rng: Random) -> Picture:
    ink = _ink(strokes, rng, _Pen(width=(0.035, 0.07), size=(0.5, 0.8)))
    paper = rng.uniform(200, 240)
    return _finished(_painted(ink, [paper] * 3, [paper - rng.uniform(18, 30)] * 3), rng, 4.0)


def _as_bright(strokes: Strokes, rng: Random) -> Picture:
    """Ink of another colour than its paper, and of the same luminance."""
    pairs = (
        ((112, 112, 112), (215, 70, 60)),
        ((120, 120, 120), (20, 145, 190)),
        ((150, 150, 150), (190, 120, 230)),
        ((90, 130, 200), (190, 110, 40)),
        ((200, 180, 120), (120, 200, 190)),
    )
    paper, colour = pairs[rng.integers(len(pairs))]
    weights = np.array([0.299, 0.587, 0.114])
    matched = np.array(colour) + weights @ (np.array(paper) - np.array(colour))
    return _finished(_painted(_ink(strokes, rng), paper, matched.tolist()), rng)


def _coloured(strokes: Strokes, rng: Random) -> Picture:
    pairs = (
        ((255, 236, 120), (230, 60, 120)),
        ((60, 140, 90), (250, 240, 120)),
        ((245, 200, 205), (40, 120, 200)),
        ((90, 90, 200), (240, 160, 60)),
    )
    paper, colour = pairs[rng.integers(len(pairs))]
    return _finished(_painted(_ink(strokes, rng), paper, colour), rng, 3.0)


def _saved_badly(strokes: Strokes, rng: Random) -> Picture:
    picture = _plain(noise=4.0)(strokes, rng)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 30))]
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR))


def _blurred(strokes: Strokes, rng: Random) -> Picture:
    picture = _plain()(strokes, rng).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), len(picture) * 0.015), np.float32)
    return _finished(soft, rng)


def _speckled(strokes: Strokes, rng: Random) -> Picture:
    """Dust: dots all over, smaller than the pen."""
    ink = _ink(strokes, rng)
    for x, y in rng.integers(0, len(ink), (25, 2)).tolist():
        cv2.circle(ink, (x, y), int(rng.integers(1, 3)), 1.0, -1, cv2.LINE_AA)
    return _finished(_painted(ink, _WHITE, _BLACK), rng)


_BLUE_RULES, _DARK_RULES = (175, 200, 230), (90, 90, 105)

KINDS: dict[str, Maker] = {
    "dark on light": _plain(),
    "light on dark": _light_on_dark,
    "cropped to the digit": _tight,
    "small in its picture": _plain(_Pen(size=(0.12, 0.2), side=(500, 900))),
    "20 to 40 pixels": _plain(_Pen(width=(0.1, 0.14), size=(0.6, 0.8), side=(20, 41))),
    "2,000 pixels": _plain(_Pen(side=(1800, 2200))),
    "a pen of one pixel": _one_pixel,
    "a fine pen": _plain(_Pen(width=(0.012, 0.02), side=(500, 900))),
    "a marker": _plain(_Pen(width=(0.16, 0.22))),
    "short and thick": _plain(_Pen(width=(0.17, 0.22), size=(0.6, 0.75), side=(20, 29))),
    "dashed": _dashed,
    "a brush": _brush,
    "two levels, black and white": _two_level((255, 255, 255)),
    "two levels, coloured": _two_level(),
    "lined, dark": _ruled(_DARK_RULES, squared=False),
    "lined, light": _ruled(_BLUE_RULES, squared=False),
    "squared, dark": _ruled(_DARK_RULES, squared=True),
    "squared, light": _ruled(_BLUE_RULES, squared=True),
    "framed": _framed(),
    "framed twice": _framed(twice=True),
    "framed, turned": _framed(turn=4.0),
    "a form's cell": _form_cell,
    "paper on a light table": _on_table((186, 172, 150), bend=0.04),
    "paper on a dark table": _on_table((70, 52, 40), bend=0.04),
    "a page at an angle": _on_table((120, 96, 78), bend=0.09),
    "a page cut by the picture's edge": _on_table((110, 90, 70), bend=0.03, off=0.2),
    "light from a side": _shadowed(2.0),
    "a shadow across": _shadowed(25.0),
    "faint pencil": _faint,
    "ink as bright as its paper": _as_bright,
    "coloured ink and paper": _coloured,
    "saved badly": _saved_badly,
    "out of focus": _blurred,
    "dust": _speckled,
}
"""Makers by what is difficult about their pictures."""


def seven_segment_photo(digit: int, rng: Random) -> Picture:
    """A digit as displays show it."""
    pen = _Pen(width=(0.07, 0.13), turn=0.0)
    maker = _two_level() if rng.random() < 0.5 else _plain(pen)
    return maker(_seven_segments(digit, rng), rng)
