"""A sheet of paper on a table, or a page seen at an angle: found and straightened."""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.stages import Floats, Mask, Outcome, Photo, shrunk

Corners = npt.NDArray[np.float32]
"""``[4, 2]``, x and y: top left, top right, bottom right, bottom left."""

_SMALL = 256  # pixels that are enough to see a page
_LEAST, _MOST = 0.15, 0.97  # of the picture
_FILLED = 0.92  # of the four-cornered shape around it
_OFF_BORDER = 0.02  # of the picture's side: a corner nearer to the border may lie beyond it
_APART = 0.08  # between the page's tone and the table's, of full range
_TRIMMED = 0.025  # of the page's sides, where its edge is
_SMALLEST = 64  # pixels: in less a page cannot be told from a thick stroke
_INK = 0.03  # contrast with the page, at least, for there to be something on it


def ordered(corners: npt.NDArray[np.floating]) -> Corners:
    """Four corners from the top left one on, clockwise."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    return np.asarray(corners[np.argsort(angles)], np.float32)  # from -pi on: the top left


def four_cornered(points: npt.NDArray[np.int32]) -> Corners | None:
    """The shape of four corners around points, or None where there is none."""
    hull = cv2.convexHull(points)
    if len(hull) < 4:
        return None
    return ordered(cv2.approxPolyN(hull, 4, ensure_convex=True).reshape(4, 2).astype(np.float64))


def straightened(picture: Photo, corners: Corners, *, padding: int = 0) -> Photo:
    """What lies between four corners as a rectangle, with so many pixels around it."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = (max(8, round(float(max(sides[i], sides[i + 2])))) for i in (0, 1))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) + padding
    matrix = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
    size = (width + 2 * padding, height + 2 * padding)
    warped = cv2.warpPerspective(
        picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, picture.dtype)


def _tones(picture: Photo) -> list[Floats]:
    """What may tell a page from a table: lightness, and how far a colour is from the border's."""
    if picture.ndim == 2:
        return [picture]
    lab = cv2.cvtColor(picture.astype(np.float32) / np.float32(255.0), cv2.COLOR_RGB2LAB) / 100.0
    border = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    apart = np.linalg.norm(lab - np.median(border, axis=0), axis=-1)
    return [np.ascontiguousarray(lab[..., 0]), apart.astype(np.float32)]


def _region(tone: Floats) -> Mask | None:
    """The largest region of the upper tones, with what is written in it."""
    low, high = float(tone.min()), float(tone.max())
    levels = np.round((tone - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8)
    upper = cv2.threshold(levels, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    contours, _ = cv2.findContours(upper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    region = np.zeros(tone.shape, np.uint8)
    cv2.drawContours(region, [max(contours, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    opened = cv2.morphologyEx(region, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return np.asarray(opened > 0)


def _is_page(tone: Floats, region: Mask, corners: Corners) -> bool:
    height, width = tone.shape
    if not _LEAST < region.mean() < _MOST:
        return False
    if region.sum() < _FILLED * cv2.contourArea(corners):
        return False
    off = _OFF_BORDER * max(height, width)
    x, y = corners.T
    inside = (x > off) & (x < width - 1 - off) & (y > off) & (y < height - 1 - off)
    if inside.sum() < 2:  # one straight edge from border to border is a shadow's
        return False
    kernel = np.ones((3, 3), np.uint8)
    reach = max(2, round(0.04 * min(height, width)))
    inner = cv2.erode(region.astype(np.uint8), kernel, iterations=reach, borderValue=0) > 0
    outer = cv2.dilate(region.astype(np.uint8), kernel, iterations=3) == 0
    if not inner.any() or not outer.any():
        return False
    page, table = float(np.median(tone[inner])), float(np.median(tone[outer]))
    edge = float(np.median(tone[region & ~inner]))
    if page - table < _APART or page - edge > 0.3 * (page - table):
        return False
    away = np.abs(tone[inner] - page)
    return float(np.percentile(away, 99.7)) > max(_INK, 3.0 * float(np.median(away)))


def find_page(picture: Photo) -> Corners | None:
    """Corners of a sheet of paper that lies on something else, or None.

    It has four straight sides, another tone than what is around it, and something on it; at
    least two of its corners lie in the picture.
    """
    small = shrunk(picture, _SMALL)
    scale = max(picture.shape[:2]) / max(small.shape[:2])
    blurred = cv2.GaussianBlur(small, (0, 0), 1.0)
    for tone in _tones(blurred):
        region = _region(tone)
        if region is None or not region.any():
            continue
        rows, columns = np.nonzero(region)
        corners = four_cornered(np.stack([columns, rows], axis=-1).astype(np.int32))
        if corners is not None and _is_page(tone, region, corners):
            return np.asarray((corners + 0.5) * scale - 0.5, np.float32)
    return None


def page_step(picture: Photo) -> Outcome:
    """Cut a page out of a photo and straighten it."""
    if min(picture.shape[:2]) < _SMALLEST:
        return Outcome(picture, skipped="too small to show a page on something")
    corners = find_page(picture)
    if corners is None:
        return Outcome(picture, skipped="no page with something around it")
    page = straightened(picture, corners)
    down, across = (max(2, round(_TRIMMED * side)) for side in page.shape[:2])
    return Outcome(page[down:-down, across:-across], done="page straightened")
